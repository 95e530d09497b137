"""What a refused body is told: where, which limit, in Chinese; and never what was sent."""
import json
from datetime import date
from typing import Annotated

import pytest
from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field, StringConstraints, TypeAdapter

from chalicelib.domains.applications.models import DELIVERY, Act, Draft, Materials
from chalicelib.kernel.bodies import parsed
from chalicelib.kernel.limits import Limit, Unit
from chalicelib.kernel.problems import Invalid, Malformed


class Asked(BaseModel, extra="forbid"):
    area: Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")] = ""
    other: Annotated[str, StringConstraints(pattern="^x$")] = ""
    name: Annotated[str, StringConstraints(min_length=1, max_length=5)] = "x"
    reason: Annotated[str, StringConstraints(min_length=4)] = "xxxx"
    days: Annotated[int, Field(ge=1, le=365)] = 1
    hours: Annotated[float, Field(gt=0, lt=9)] = 1
    delivery: DELIVERY = "邮寄"
    lines: Annotated[list[str], Field(min_length=1, max_length=2)] = []
    form: dict[str, str] = {}
    on: date = date(2026, 3, 2)
    at: AwareDatetime | None = None
    yes: bool = False
    materials: Materials = {}
    days_off: dict[date, str] = {}
    text: Annotated[str, BeforeValidator(str.strip), StringConstraints(min_length=1, max_length=5)] = "x"


@pytest.mark.parametrize("raw, pointer, words", [
    ('{"area": "43"}', "/area", "格式应为12位数字的行政区划代码"),
    ('{"other": "y"}', "/other", "格式应为^x$"),
    ('{"name": ""}', "/name", "不能为空"),
    ('{"name": "一二三四五六"}', "/name", "至多5个字"),
    ('{"reason": "短"}', "/reason", "至少4个字"),
    ('{"days": 0}', "/days", "不得小于1"), ('{"days": 366}', "/days", "不得大于365"),
    ('{"days": "many"}', "/days", "应为整数"), ('{"days": 1.5}', "/days", "应为整数"),
    ('{"hours": 0}', "/hours", "应大于0.0"), ('{"hours": 9}', "/hours", "应小于9.0"),
    ('{"hours": "x"}', "/hours", "应为数字"),
    ('{"delivery": "飞鸽"}', "/delivery", "应为下列之一：窗口自取、邮寄、电子送达、自助柜"),
    ('{"lines": []}', "/lines", "至少1项"), ('{"lines": ["a", "b", "c"]}', "/lines", "至多2项"),
    ('{"lines": "a"}', "/lines", "应为列表"), ('{"lines": [1]}', "/lines/0", "应为文字"),
    ('{"form": []}', "/form", "应为对象"), ('[]', "", "应为对象"),
    ('{"on": "2026-02-30"}', "/on", "应为日期，如2026-03-02"),
    ('{"at": "2026-03-02T02:00:00"}', "/at", "应为带时区的时间，如2026-03-02T02:00:00Z"),
    ('{"yes": "perhaps"}', "/yes", "应为 true 或 false"),
    ('{"materials": {"M1": "x"}}', "/materials/M1", "格式应为26位编号（小写字母和数字2至7）"),
    ('{"form": {"店/名": 1}}', "/form/店~1名", "应为文字"),
    ('{"days_off": {"2026-13-01": "元旦"}}', "/days_off/2026-13-01", "应为日期，如2026-03-02"),
    ('{"text": "一二三四五六"}', "/text", "至多5个字"), ('{"text": ""}', "/text", "不能为空"),
    ('{"colour": 1}', "/colour", "没有此项"),
])
def test_a_fault_names_its_limit(raw, pointer, words):
    with pytest.raises(Invalid) as found:
        parsed(TypeAdapter(Asked), raw)
    one, = found.value.facts["errors"]
    assert (one["pointer"], one["detail"]) == (pointer, words)


@pytest.mark.parametrize("raw, pointers", [
    (r'{"name": "a\u0000b"}', ["/name"]), (r'{"name": "\u0085"}', ["/name"]), (r'{"name": "\b"}', ["/name"]),
    (r'{"form": {"店/名": "\u001b[2J", "b": "x\u007F"}}', ["/form/店~1名", "/form/b"]),
    (r'{"form": {"\u0007": "x"}}', ["/form"]), (r'{"lines": ["a", "\f"]}', ["/lines/1"])])
def test_control_characters_are_pointed_at(raw, pointers):
    with pytest.raises(Invalid) as found:
        parsed(TypeAdapter(Asked), raw)
    assert [one["pointer"] for one in found.value.facts["errors"]] == pointers


@pytest.mark.parametrize("raw, pointers", [
    ('{"name": "\u200b"}', ["/name"]), (r'{"name": "\u200B"}', ["/name"]),
    ('{"lines": ["店", " \u2060\ufeff "]}', ["/lines/1"]),
    (r'{"form": {"a": "\uFEFF \u00ad"}}', ["/form/a"])])
def test_a_text_that_only_looks_empty_is_none(raw, pointers):
    with pytest.raises(Invalid) as found:
        parsed(TypeAdapter(Asked), raw)
    assert [one["pointer"] for one in found.value.facts["errors"]] == pointers


@pytest.mark.parametrize("raw, pointers", [
    ('{"name": "a\u202eb"}', ["/name"]), (r'{"name": "a\u202Eb"}', ["/name"]),
    ('{"lines": ["店", "\u2066店\u2069"]}', ["/lines/1"]),
    (r'{"form": {"\u202a名": "x", "b": "\u2069"}}', ["/form", "/form/b"])])
def test_a_text_that_reads_otherwise_than_it_is_is_refused(raw, pointers):
    with pytest.raises(Invalid) as found:
        parsed(TypeAdapter(Asked), raw)
    assert [(one["pointer"], one["code"]) for one in found.value.facts["errors"]] == [
        (pointer, "direction_override") for pointer in pointers]


@pytest.mark.parametrize("raw", [r'{"form": {"a": "一行\n二行\r\n\t三行"}}', '{"form": {"a": "店\u200b名", "b": ""}}',
                                 '{"form": {"a": "店\u200e名\u200f\u2060\u00ad"}}',
                                 r'{"form": {"a": "c:\\u0000"}}',
                                 r'{"form": {"a": "\u00e9\u4e00"}}'])
def test_ends_of_lines_and_other_escapes_are_text(raw):
    assert parsed(TypeAdapter(Asked), raw).form["a"]


def test_a_list_with_a_bad_line_is_not_called_too_short():
    with pytest.raises(Invalid) as found:
        parsed(TypeAdapter(Act), '{"act": "return", "lacks": [{"material": "one", "reason": "无"}]}')
    assert [one["pointer"] for one in found.value.facts["errors"]] == ["/lacks/0/material"]


def test_an_unknown_act_is_told_which_there_are():
    with pytest.raises(Invalid) as found:
        parsed(TypeAdapter(Act), '{"act": "张三的秘密"}')
    said, pointer = (found.value.facts["errors"][0][name] for name in ("detail", "pointer"))
    assert pointer == "/act"
    assert said.startswith("没有这种办理；可以是：revise、resubmit、supply、supply_owed、return、")
    assert "张三" not in said


@pytest.mark.parametrize("raw", [
    b'{"area": "430199000000", "item": "\xff"}', b"\xff", b'{"area": "430199000000", "item": "\xed\xa0\x80"}',
    '{"area": "430199000000", "item": "\ufffd"}', '{"area": "430199000000", "item": "\ud800"}',
    br'{"area": "430199000000", "item": "\ud800"}', br'{"area": "430199000000", "item": "\udc00\ud800"}'])
def test_what_is_no_utf_8_or_half_a_character_cannot_be_read(raw):
    with pytest.raises(Malformed):
        parsed(TypeAdapter(Draft), raw)


@pytest.mark.parametrize("raw", [b'{"count": "5"}', b'{"count": true}', b'{"count": 5, "solved": "true"}',
                                 b'{"count": 5, "solved": 1}'])
def test_text_is_no_number_and_no_truth_value(raw):
    with pytest.raises(Invalid):
        parsed(TypeAdapter(Counted), raw)


def test_days_instants_and_codes_are_read_from_text():
    said = parsed(TypeAdapter(Counted), b'{"count": 5, "solved": true, "on": "2026-03-02", "unit": "wd"}')
    assert (said.count, said.solved, said.on, said.unit) == (5, True, date(2026, 3, 2), Unit.WORKING_DAYS)


class Counted(BaseModel):
    count: int
    solved: bool = False
    on: date | None = None
    unit: Unit | None = None


class Bound(BaseModel, extra="forbid"):
    limit: Limit


@pytest.mark.parametrize("limit", [
    "20wd+10/1!1,80?5,1,0@XKF42",
    {"count": 20, "unit": "wd", "extra": 10, "times": 1, "warn_left": 1, "warn_used": 80, "remind": [5, 1, 0],
     "basis": "XKF42"}])
def test_a_limit_is_read_in_either_of_its_two_forms(limit):
    body = parsed(TypeAdapter(Bound), json.dumps({"limit": limit}).encode())
    assert body.limit == Limit(count=20, unit=Unit.WORKING_DAYS, extra=10, times=1, warn_left=1, warn_used=80,
                               remind=(5, 1, 0), basis="XKF42")


@pytest.mark.parametrize("limit", ["20wd", "20xy@XKF42", "0wd@XKF42", {"count": "20", "unit": "wd", "basis": "XKF42"}])
def test_a_limit_in_neither_form_is_pointed_at(limit):
    with pytest.raises(Invalid) as problem:
        parsed(TypeAdapter(Bound), json.dumps({"limit": limit}).encode())
    assert problem.value.facts["errors"][0]["pointer"].startswith("/limit")


@pytest.mark.parametrize("area", ["４３０１０２０００００００", "٤٣٠١٠٢٠٠٠٠٠٠"])
def test_a_digit_of_another_script_is_none(area):
    with pytest.raises(Invalid):
        parsed(TypeAdapter(Asked), json.dumps({"area": area[:12]}))
