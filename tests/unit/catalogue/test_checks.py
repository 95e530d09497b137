"""What keeps an item from publication, one sentence each."""
import json
from pathlib import Path

import pytest

from chalicelib.domains.catalogue import codes
from chalicelib.domains.catalogue.checks import check
from chalicelib.domains.catalogue.importer import read
from chalicelib.domains.catalogue.models import Item
from chalicelib.domains.catalogue.words import limit_words
from chalicelib.kernel.identity import Level
from chalicelib.kernel.law import cite
from chalicelib.kernel.limits import Limit

SEEDS = json.loads((Path(__file__).parents[3] / "seeds" / "items.json").read_text("utf-8"))
FOOD = SEEDS[0]


def item(**changes):
    return Item.model_validate(FOOD | changes)


def errors(**changes):
    return {one.pointer for one in check(item(**changes)) if one.level == "error"}


def warnings(**changes):
    return {one.pointer for one in check(item(**changes)) if one.level == "warning"}


def material(**changes):
    return [FOOD["materials"][0] | changes, *FOOD["materials"][1:]]


def test_our_own_items_are_without_fault():
    reading = read(json.dumps(SEEDS), "json", "430199000000")
    report = reading.report
    assert (report.items, report.errors, report.publishable, report.applicable) == (42, 0, 42, 40)
    assert report.warnings == {"statutory": 2}, "only the two that show what an item without a limit looks like"


def test_our_own_items_are_of_many_kinds():
    kinds = {one["kind"] for one in SEEDS}
    assert kinds == {"01", "05", "07", "10", "20"} and len({one["department"] for one in SEEDS}) >= 10
    assert {one["project_type"] for one in SEEDS} == {"1", "2"}
    assert len({one["name"] for one in SEEDS}) == len({one["code"] for one in SEEDS}) == 42
    assert sum(one["fee"]["charged"] for one in SEEDS) == 3


def test_every_limit_of_our_own_items_names_an_article_that_can_be_written_out():
    for one in map(Item.model_validate, SEEDS):
        for limit in filter(None, (one.statutory, one.promised)):
            assert cite(limit.basis) != limit.basis and cite(limit.basis).endswith("条")


@pytest.mark.parametrize("changes, pointer", [
    ({"depth": "Ⅳ", "visits": 1}, "/visits"),
    ({"visits": 0, "visit_reason": "领取证书"}, "/visit_reason"),
    ({"visits": 0, "depth": "Ⅲ", "channels": ["window"]}, "/channels"),
    ({"fee": {"charged": True, "standard": "80元/件"}}, "/fee/basis"),
    ({"fee": {"charged": True, "basis": "某文件"}}, "/fee/standard"),
    ({"contact": {"consult_phone": "0731-00001010", "complaint_phone": "0731-00001010"}}, "/contact/complaint_phone"),
    ({"contact": {"consult_phone": "00001010", "complaint_phone": "0731-00009999"}}, "/contact/consult_phone"),
    ({"promised": "21wd@YSHJ36"}, "/promised"),
    ({"statutory": "20wd@ "}, "/statutory"),
    ({"materials": material(source="")}, "/materials/0/source"),
    ({"materials": material(id="M2")}, "/materials/1/id"),
    ({"department": "430198000000.market"}, "/department"),
    ({"code": "11430199MBDEM0013X4430101001000"}, "/code"),
    ({"level": "3"}, "/level"),
    ({"procedures": [{"name": "检验", "days": 5}, {"name": "检验", "days": 6}]}, "/procedures"),
    ({"first_review": True, "joint": True}, "/first_review"),
    ({"first_review": True, "renewal": True}, "/renewal"),
])
def test_a_contradiction_keeps_an_item_back(changes, pointer):
    assert errors() == set()
    assert errors(**changes) == {pointer}


@pytest.mark.parametrize("name", ["其他材料", "其它证明材料", "法律规定的其他文件", "相关证明材料", "身份证明等材料",
                                  "有关资料"])
def test_a_material_without_a_definite_name_is_refused(name):
    assert errors(materials=material(name=name)) == {"/materials/0/name"}


@pytest.mark.parametrize("changes, pointer", [
    ({"promised": "10cd@YSHJ36"}, "/promised"),
    ({"project_type": "1"}, "/promised"),
    ({"code": "511A-511602000000-000-12345-1-00"}, "/code"),
    ({"department_code": "11430199MBDEM0013X"}, "/department_code"),
    ({"materials": material(source="2")}, "/materials/0/issuer"),
    ({"contact": None}, "/contact"),
])
def test_a_doubt_does_not_keep_an_item_back(changes, pointer):
    assert errors(**changes) == set() and pointer in warnings(**changes)


def test_an_item_without_a_statutory_limit_says_so_and_is_not_open():
    bare = item(statutory=None)
    assert (bare.applicable, bare.why_not) == (False, "未公布法定办结时限")
    assert errors(statutory=None) == set() and "/statutory" in warnings(statutory=None)


def test_without_a_word_on_it_an_applicant_must_be_known_by_name():
    assert item(real_name="").required_level is Level.REAL_NAME and item(real_name="window").required_level == 3


@pytest.mark.parametrize("code, form", [
    ("11430199MBDEM0013D4430101001000", "standard-31"),
    ("11430199MBDEM0013D443010100100001", "standard-33"),
    ("511Z07001006-511602000000-000-11511301008778183N-1-00", "regional"),
    ("511Z07001006-511602000000-000-083372204-1-00", "regional-no-credit-code"),
    ("E-000021-001-1111111111111111", "other"),
])
def test_codes_are_told_apart_by_form(code, form):
    assert codes.pattern(code) == form


def test_a_credit_code_inside_a_regional_code_is_checked():
    assert not codes.bad("511Z07001006-511602000000-000-11511301008778183N-1-00", "083372204")
    assert codes.bad("511A62001004-511602000000-000-TE5116020105116050-1-00", "")
    assert codes.bad("", "11511301008778183M")


@pytest.mark.parametrize("code, words", [
    ("XKF42", "《中华人民共和国行政许可法》第四十二条"), ("GJJ9", "《住房公积金管理条例》第九条"),
    ("XKF10", "《中华人民共和国行政许可法》第十条"), ("XKF103", "《中华人民共和国行政许可法》第一百零三条"),
    ("XKF110", "《中华人民共和国行政许可法》第一百一十条"), ("XYZ1", "XYZ1"), ("某办法第三条", "某办法第三条"),
])
def test_an_article_is_written_out_in_words(code, words):
    assert cite(code) == words


def test_a_limit_is_written_out_with_its_unit():
    assert limit_words(Limit.model_validate("3mo@MBCJ17")) == "3个月"


def test_what_an_item_says_does_not_depend_on_its_version():
    assert item().content == item(version=7).content != item(name="食品生产许可").content
