"""What is read from a source of items, and what is reported of it."""
import json
from pathlib import Path

import pytest

from chalicelib.domains.catalogue.importer import read

AREA = "430198000000"
HEADER = "department,main_item,name,area_code,item_code,task_type,department_code"
REAL = Path(__file__).parents[4] / "shared" / "data" / "catalogue-511602.csv"

LOOK_ALIKE = f"""{HEADER}
区市监局,食品经营许可,食品经营许可新办,{AREA},430A01310001-{AREA}-000-11430198MBDEM1019P-1-00,1,11430198MBDEM1019P
区市监局,食品经营许可,食品经营许可变更,{AREA},430A01310002-{AREA}-000-11430198MBDEM1019P-1-00,1,11430198MBDEM1019P
区市监局,未分类,"食品经营许可补证,换证",{AREA},430A01310003-{AREA}-000-11430198MBDEM1019P-1-00,1,11430198MBDEM1019P
区市监局,未分类,小餐饮,备案,{AREA},430Z01310004-{AREA}-000-11430198MBDEM1019P-1-00,10,11430198MBDEM1019P
区市监局,个体工商户查询,{AREA},430C01310005-{AREA}-000-11430198MBDEM1019P-1-00,20,11430198MBDEM1019P
区民政局,未分类,高龄津贴,{AREA},430E01110001-{AREA}-000-083372204-1-00,5,083372204
区民政局,未分类,高龄津贴,{AREA},430E01110002-{AREA}-000-083372204-1-00,5,083372204
区民政局,未分类,高龄津贴,{AREA},430E01110002-{AREA}-000-083372204-1-00,5,083372204
区人社局,未分类,职工退休申请,{AREA},430B01140001-{AREA}-000-TE4301980105116050-1-00,20,0833722041_5143
区人社局,未分类,企业职工争议裁决,{AREA},E-000021-001-1111111111111111,9,0833722041_6391

区人社局,未分类,未知类型的事项,{AREA},430B01140002-{AREA}-000-083372204-1-00,99,
区水务局,未分类,别处的事项,511602000000,430A01190001-511602000000-000-083372204-1-00,1,
区水务局,未分类,列数不对
区水务局,未分类,编码不对,{AREA},编码 1,1,
"""


@pytest.fixture(scope="module")
def reading():
    return read(LOOK_ALIKE, "csv", AREA)


def test_every_row_becomes_an_item_or_is_reported(reading):
    report = reading.report
    assert (report.rows, report.items, report.duplicates, report.unreadable_rows) == (14, 10, 1, 3)
    assert (report.departments, report.publishable, report.applicable, report.missing_limits) == (3, 10, 0, 10)
    lines = {(one.line, one.pointer) for one in report.findings if one.level == "error"}
    assert lines == {(9, "/code"), (14, "/area"), (15, ""), (16, "/code")}


def test_codes_are_counted_by_form_and_credit_codes_by_check_digit(reading):
    assert reading.report.codes == {"regional": 6, "regional-no-credit-code": 3, "other": 1}
    assert reading.report.bad_credit_codes == 1


def test_a_row_with_a_comma_too_many_or_a_cell_too_few_is_set_right_by_its_area_code(reading):
    assert reading.report.shifted_rows == 2
    names = {item.name: item for item in reading.items}
    assert names["小餐饮,备案"].kind == "10" and names["个体工商户查询"].main_item == ""
    assert names["食品经营许可补证,换证"].kind == "01"


def test_nothing_is_filled_in_that_the_source_does_not_state(reading):
    item = reading.items[2]
    assert (item.main_item, item.statutory, item.materials, item.contact, item.fee) == ("", None, (), None, None)
    assert next(item for item in reading.items if item.name == "未知类型的事项").kind == ""


def test_a_department_without_a_unit_gets_one_from_its_name(reading):
    assert {item.department for item in reading.items} == {
        f"{AREA}.qushijianju", f"{AREA}.quminzhengju", f"{AREA}.qurensheju"}


def test_one_name_twice_in_a_department_is_remarked(reading):
    assert [(one.line, one.detail) for one in reading.report.findings if one.pointer == "/name"] == [
        (8, "同一部门有同名事项")]


def test_limits_and_units_are_read_where_the_source_has_them():
    text = (f"{HEADER},unit,statutory,promised\n"
            f"区市监局,,甲,{AREA},A1,1,,{AREA}.market,20wd@XKF42,10wd@YSHJ36\n"
            f"区市监局,,乙,{AREA},A2,1,,{AREA}.market,20wd@XKF42,30wd@YSHJ36\n"
            f"区市监局,,丙,{AREA},A3,1,,{AREA}.market,二十天,\n")
    reading = read(text, "csv", AREA)
    assert [(item.name, item.department, item.statutory.count) for item in reading.items] == [
        ("甲", f"{AREA}.market", 20)]
    assert reading.withheld == ("A2", "A3") and reading.report.errors == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_files_are_read_in_the_encodings_that_offices_use(encoding):
    assert read(LOOK_ALIKE.encode(encoding), "csv", AREA).report.items == 10


@pytest.mark.parametrize("content, form, why", [
    ("name,code\n", "csv", "缺少列"), ("", "csv", "缺少列"), ("{", "json", "不是有效的 JSON"),
    ('{"a": 1}', "json", "事项的列表"), ("[1]", "json", "事项的列表"), (b"\xff\xff\xff", "csv", "编码"),
])
def test_a_source_that_is_none_is_refused_as_a_whole(content, form, why):
    with pytest.raises(ValueError, match=why):
        read(content, form, AREA)


def test_a_misspelt_element_of_a_json_item_is_reported_not_lost():
    row = {"area": AREA, "code": "A1", "name": "甲", "department": f"{AREA}.market", "department_name": "区市监局"}
    reading = read(json.dumps([row, row | {"code": "A2", "staturory": "20wd@XKF42"}]), "json", AREA)
    assert [item.code for item in reading.items] == ["A1"] and reading.withheld == ("A2",)
    assert [one.pointer for one in reading.report.findings if one.level == "error"] == ["/staturory"]


@pytest.mark.skipif(not REAL.exists(), reason="the real catalogue is not at hand")
def test_the_real_catalogue_loads_whole():
    report = read(REAL.read_bytes(), "csv", "511602000000").report
    assert (report.rows, report.items, report.departments, report.publishable) == (1135, 1135, 34, 1135)
    assert (report.missing_limits, report.applicable) == (1135, 0), "it states no limits, so nothing is open"
    assert report.codes == {"regional": 989, "regional-no-credit-code": 143, "other": 3}
    assert (report.bad_credit_codes, report.duplicates, report.shifted_rows, report.errors) == (7, 0, 0, 0)
