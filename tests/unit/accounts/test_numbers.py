"""Numbers of persons and bodies: what is accepted, what is refused and why, what is shown of them."""
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domains.accounts.numbers import (
    CHECKS,
    CREDIT,
    WEIGHTS,
    credit_code,
    masked_name,
    masked_number,
    mobile,
    resident_id,
)

TODAY = date(2026, 3, 2)


def with_check(body):
    """A resident ID of 17 digits with its check character."""
    return body + CHECKS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True)) % 11]


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_the_examples_of_the_standard_are_valid(number):
    assert resident_id(number, TODAY) == (number, "")


def test_a_lower_case_x_and_spaces_around_are_mended():
    assert resident_id(" 11010519491231002x ", TODAY) == ("11010519491231002X", "")


@pytest.mark.parametrize("region", ["810000", "820000", "830000"])
def test_the_permits_of_hong_kong_macao_and_taiwan_residents_are_of_the_same_form(region):
    number = with_check(f"{region}19900101001")
    assert resident_id(number, TODAY) == (number, "")


def test_an_unknown_region_only_warns():
    number, warning = resident_id(with_check("99010119900101001"), TODAY)
    assert number.startswith("990101") and "地区代码" in warning


@pytest.mark.parametrize(("number", "reason"), [
    ("110105194912310021", "校验位"), ("1101051949123100", "18位"), ("1101051949123100２X", "18位"),
    ("11010519491231O02X", "18位"), ("", "18位"), ("X1010519491231002X", "18位"),
    (with_check("11010519900230001"), "不存在"), (with_check("11010519901301001"), "不存在"),
    (with_check("11010500000101001"), "不存在"), (with_check("11010520260303001"), "晚于今天")])
def test_a_number_that_cannot_be_is_refused_with_its_reason(number, reason):
    with pytest.raises(ValueError, match=reason):
        resident_id(number, TODAY)


def test_somebody_born_today_may_have_a_number():
    number = with_check("11010520260302001")
    assert resident_id(number, TODAY) == (number, "")


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(place, change):
    right = "440524188001010014"
    wrong = right[:place] + str((int(right[place]) + change) % 10) + right[place + 1:]
    with pytest.raises(ValueError, match="校验位|不存在|晚于今天"):
        resident_id(wrong, TODAY)


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91110000600037341L", "11430000006122244L",
                                  "12441500196720244T", "113700000045046442"])
def test_credit_codes_in_use_are_valid(code):
    assert credit_code(f" {code.lower()} ") == code


def test_the_code_of_a_village_s_collective_begins_with_a_letter():
    body = "N2430181MF1234567"
    check = CREDIT[-sum(CREDIT.index(one) * 3 ** place for place, one in enumerate(body)) % 31]
    assert credit_code(body + check) == body + check


@pytest.mark.parametrize(("code", "reason"), [
    ("91350100M000100Y44", "校验位"), ("91350100M000100Y4", "18位"), ("9135010OM000100Y43", "字符"),
    ("91350100I000100Y43", "字符"), ("9135010AM000100Y43", "字符"), ("91 50100M000100Y43", "字符")])
def test_a_credit_code_that_cannot_be_is_refused_with_its_reason(code, reason):
    with pytest.raises(ValueError, match=reason):
        credit_code(code)


@given(st.integers(0, 17), st.integers(1, 30))
def test_one_wrong_character_of_a_credit_code_is_always_found(place, change):
    right = "91110000600037341L"
    wrong = right[:place] + CREDIT[(CREDIT.index(right[place]) + change) % 31] + right[place + 1:]
    with pytest.raises(ValueError, match="校验位|字符"):
        credit_code(wrong)


def test_a_mobile_number_has_eleven_digits_of_ascii():
    assert mobile(" 13800001234 ") == "13800001234"
    for wrong in ("1380000123", "12800001234", "138000012345", "1380000１234", "0731-8000000"):
        with pytest.raises(ValueError, match="手机号码"):
            mobile(wrong)


def test_what_is_shown_of_names_and_numbers():
    names = {"张明": "张*", "张小明": "张*明", "欧阳小明": "欧**明", "张": "张*", "": ""}
    assert {name: masked_name(name) for name in names} == names
    assert masked_name("示例食品有限公司", organisation=True) == "示例食品有限公司"
    assert [masked_number(number) for number in ("11010519491231002X", "13800001234", "1234567", "")] == [
        "110***********002X", "138****1234", "*******", ""]
