"""What a person types, and what they find."""
import pytest

from chalicelib.domains.catalogue.find import find
from chalicelib.domains.catalogue.models import ItemLine
from chalicelib.domains.catalogue.words import plain, sounds

NAMES = ["食品经营许可", "食品小作坊登记", "公共场所卫生许可", "个体工商户设立登记", "出版物零售单位设立审批",
         "住房公积金提取", "住房公积金贷款申请", "重庆小面（示范）经营登记", "食品经营许可变更", "A类场所 登记"]


def line(name, code="", department="示范区市场监督管理局"):
    return ItemLine(code=code or f"C-{NAMES.index(name)}", version=1, name=name, kind="01", main_item="",
                    department="430199000000.market", department_name=department, applicable=True, why_not="",
                    sounds=sounds(name), content="c")


LINES = [line(name) for name in NAMES]


def found(asked):
    return [one.name for one in find(LINES, asked)]


@pytest.mark.parametrize("asked, first", [
    ("食品经营许可", "食品经营许可"),          # the very name before a longer one
    ("经营 食品", "食品经营许可"),             # words in any order
    ("许可　卫生", "公共场所卫生许可"),         # a full-width space parts words too
    ("shipinjingyingxuke", "食品经营许可"),
    ("ShiPin xuke", "食品经营许可"),
    ("spjyxk", "食品经营许可"),
    ("食品jyxk", "食品经营许可"),             # characters and initials mixed
    ("gongjijint", "住房公积金提取"),          # the last syllable unfinished
    ("gjj贷", "住房公积金贷款申请"),
    ("chongqing", "重庆小面（示范）经营登记"),   # read as the phrase has it
    ("a类", "A类场所 登记"),
    ("Ａ", "A类场所 登记"),
    ("C-3", "个体工商户设立登记"),
])
def test_the_best_answer_comes_first(asked, first):
    assert found(asked)[0] == first


def test_the_name_beats_its_beginning_beats_its_middle_beats_pinyin_beats_initials():
    lines = [line(name, name) for name in ("登记", "登记表", "户口登记", "等级评定", "大家好")]
    assert [one.name for one in find(reversed(lines), "登记")] == ["登记", "登记表", "户口登记"]
    assert [one.name for one in find(reversed(lines), "dengji")] == ["登记", "登记表", "等级评定", "户口登记"]
    assert [one.name for one in find(reversed(lines), "dj")] == ["登记", "大家好", "登记表", "等级评定", "户口登记"]


def test_what_stands_in_brackets_need_not_be_typed():
    lines = [line("食品（含保健食品）经营许可", "1"), line("某项", "2")]
    for asked in ("食品经营许可", "spjyxk", "保健食品", "食品（含保健食品）经营许可"):
        assert [one.code for one in find(lines, asked)] == ["1"]


def test_a_department_is_found_after_the_names():
    lines = [line("某项", "1"), line("市场准入", "2", "示范区商务局")]
    assert [one.code for one in find(lines, "市场")] == ["2", "1"]


def test_every_word_must_be_answered():
    assert found("食品 不存在") == [] and found("xyz") == []


def test_nothing_typed_lists_everything_in_its_order():
    assert found("  ") == NAMES


def test_equal_answers_keep_one_order():
    assert found("登记") == [one.name for one in find(reversed(LINES), "登记")]


def test_a_long_senseless_query_is_answered_at_once():
    assert found("a" * 60) == [] and found(" ".join("a" * 30)) is not None


@pytest.mark.parametrize("name", [*NAMES, "绿化㎡（Ⅳ级）——ü女", "空 格"])
def test_each_character_has_one_sound(name):
    assert len(sounds(name).split(" ")) == len(plain(name))
