"""What the checks find in a text, and where; what they leave alone."""
from datetime import date

import pytest

from chalicelib.domains.disclosure.checks import findings

TODAY = date(2026, 3, 2)


def found(text, published=("12345",)):
    return [(one.kind, one.level) for one in findings("/text", text, TODAY, published)]


@pytest.mark.parametrize("number", ["11010519491231002X", "11010519491231002x", "440524188001010014",
                                    "１１０１０５１９４９１２３１００２Ｘ", "١١٠١٠٥١٩٤٩١٢٣١٠٠٢X",
                                    "110105 19491231 002X", "110105-19491231-002X", "ID11010519491231002X",
                                    "1101 0519 4912 3100 2X", "110105194912\n31002X",
                                    "1 11010519491231002X", "1101051949–1231–002X", "11010519491231002X（女",
                                    "1101051949123\u03011002X", "110105 \n 19491231\u3000002X"])
def test_a_valid_resident_number_blocks_however_it_is_written(number):
    assert found(f"申请人证件{number}。") == [("resident-id", "block")]


@pytest.mark.parametrize("number", [
    "110105194912310021",          # the check digit is another
    "110105194913310026",          # there is no thirteenth month
    "11010520261231002X",          # born after today
    "1101051949123100",            # too short, and no card
    "12441500196720244T3442199806003",     # code of a service item
    "430199GK20260302A0001"])      # our own number
def test_what_only_looks_like_a_resident_number_is_left_alone(number):
    assert found(f"编号{number}。") == []


def test_fifteen_digits_block_only_where_the_line_calls_them_an_identity_card():
    assert found("身份证号：430104700101001") == [("resident-id", "block")]
    assert found("流水号 430104700101001") == [("resident-id-15", "warn")]
    assert found("流水号 430104701301001") == [], "there is no thirteenth month"
    assert found("流水号 990104700101001") == [], "nor a province 99"


@pytest.mark.parametrize("number", ["6222021234567890128", "6222 0212 3456 7890 128", "4111111111111111",
                                    "5555-5555-5555-4444", "NO6222021234567890128",
                                    "411111111\n1111111", "622202 1234567890128", "4111\n1111 1111-1111",
                                    "3 4111111111111111"])
def test_a_card_number_with_luhn_s_digit_blocks(number):
    assert found(f"开户行账号{number}") == [("bank-card", "block")]


@pytest.mark.parametrize("number", ["6222021234567890129", "4111111111111112", "1111111111111117",
                                    "113700000045046442", "411111 1111111111", "41 1111 1111 1111 11"])
def test_another_long_number_is_no_card(number):
    assert found(f"代码{number}") == []


def test_a_table_of_figures_is_neither_a_card_nor_a_person():
    rows = [" ".join(str(row * row * 7919 % 99_991 + column * 977) for column in range(8)) for row in range(1, 120)]
    assert found("\n".join(rows)) == []


@pytest.mark.parametrize("mark", ["机密★十年", "秘密 ★", "绝密★长期", "密级：机密", "秘密"])
def test_a_secrecy_mark_blocks(mark):
    assert found(f"{mark}\n关于工作的通知") == [("secrecy", "block")]


def test_speaking_of_secrets_is_no_mark_but_internal_papers_warn():
    assert found("依法保守国家秘密和商业秘密，机密文件管理办法另行制定。") == []
    assert found("内部资料，注意保存") == [("internal", "warn")]


def test_a_personal_mobile_number_warns_and_what_units_publish_passes():
    assert found("联系电话13912345678") == [("mobile", "warn")]
    assert found("联系电话+86 139-1234-5678") == [("mobile", "warn")]
    assert found("值班电话13912345678", published=["139 1234 5678"]) == []
    assert found("咨询 0731-88123456、88123456，投诉 12345，传真 0731-8812345") == []


def test_a_name_with_a_home_warns_and_either_alone_does_not():
    assert found("户主：张三，住示范路12号3栋") == [("name-address", "warn")]
    assert found("王小明同志家住幸福社区八组") == [("name-address", "warn")]
    assert found("地址：示范路12号政务服务中心一楼") == [] and found("联系人：张三") == []


@pytest.mark.parametrize("text, place", [("甲\ufffd乙", "U+FFFD"), ("甲\ue000乙", "U+E000"), ("甲\x07乙", "U+0007"),
                                         ("甲\u200b乙", "U+200B")])
def test_a_character_that_nobody_can_read_is_reported_with_its_place(text, place):
    one, = findings("/text", f"第一行\n{text}", TODAY)
    assert (one.kind, one.level, one.line, one.column, one.excerpt) == ("unreadable", "warn", 2, 2, place)


def test_traces_of_a_bad_conversion_are_reported_and_not_mended():
    one, = findings("/text", "规(guī)范治理", TODAY)
    assert (one.kind, one.column, one.excerpt) == ("garbled", 2, "(guī)")
    assert found("做好“?！文章/strong>") == [("garbled", "warn"), ("garbled", "warn")]
    assert found("什么是“一件事”？（见附件）") == []


def test_traditional_characters_are_reported_once_a_line():
    first, second = findings("/text", "持續優化營商環境\n简体\n國務院", TODAY)
    assert (first.kind, first.line, first.column, first.excerpt) == ("uncommon", 1, 2, "續優營環等4字")
    assert (second.line, second.column, second.excerpt) == (3, 1, "國務等2字")


def test_a_finding_names_its_line_and_column_and_shows_no_more_than_a_mask():
    text = "第一行\n张三的号码是11010519491231002X，卡号4111111111111111，手机13912345678"
    told = [(one.kind, one.line, one.column, one.excerpt) for one in findings("/text", text, TODAY)]
    assert told == [("resident-id", 2, 7, "110***********002X"), ("bank-card", 2, 28, "************1111"),
                    ("mobile", 2, 47, "139****5678")]
    assert findings("/text", text, TODAY)[0].words == "第2行第7字：居民身份证号码（110***********002X）"


def test_findings_come_in_the_order_of_the_text_each_place_once():
    kinds = [kind for kind, _ in found("13912345678\n11010519491231002X\n国务院機構")]
    assert kinds == ["mobile", "resident-id", "uncommon"]


LONG = {"Han": "户主张三" + "汉" * 59_990 + "示范路9号", "digits": "户主张三" + "9" * 59_980 + "室",
        "blanks": "姓名" + " " * 59_990 + "1", "level": "密级" + " " * 59_990 + "乙",
        "lines": "甲" + "\n" * 59_990 + "乙", "ones": "1 " * 30_000, "unseen": "\u200b" * 60_000,
        "mobiles": "13912345678 " * 5_000, "villages": "村" * 60_000}


@pytest.mark.parametrize("line", LONG.values(), ids=LONG)
def test_a_text_of_the_greatest_length_is_looked_through_at_once(line):
    kinds = {kind for kind, _ in found(line)}
    assert ("name-address" in kinds) == line.startswith("户主")


def test_an_address_at_the_end_of_a_long_sentence_is_found():
    assert found("户主张三" + "自一九九零年起一直居住生活" * 40 + "示范路12号") == [("name-address", "warn")]


def test_a_mask_shows_no_more_of_a_number_that_is_parted():
    text = "1101 0519 4912 3100 2X、4111 1111 1111 1111、+86 139-1234-5678"
    told = [one.excerpt for one in findings("/text", text, TODAY)]
    assert told == ["110***********002X", "************1111", "86139****5678"]


@pytest.mark.parametrize("number, kind", [("1101051949\u200b1231002X", "resident-id"),
                                          ("41111111\u200b11111111", "bank-card"), ("139\u00ad12345678", "mobile")])
def test_what_nobody_sees_hides_no_number_and_each_is_told_where_it_stands(number, kind):
    told = [(one.kind, one.line, one.column) for one in findings("/text", f"第一行\n甲\u200b乙{number}", TODAY)]
    assert told[:2] == [("unreadable", 2, 2), (kind, 2, 4)]
    assert told[2][0] == "unreadable" and told[2][2] > 4
