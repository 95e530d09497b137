"""What callers send, read as the model it should be: each fault with its pointer and a Chinese word. Pure."""
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from .problems import Invalid, Malformed, TooLarge, Unsupported, fault

MOST_BODY = 6 * 1024 * 1024                # bytes a Lambda may be called with
REPLACED = "\ufffd".encode()               # what a gateway puts where bytes are no UTF-8
ESCAPED = re.compile(rb"\\(u00[01]|u007f|u00[89]|[bf])", re.IGNORECASE)
"""How JSON writes control characters; they are looked for only where this is found."""
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Those that no text has: all but tabulators and ends of lines."""
HIDDEN = re.compile(rb"\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf|\xc2\xad|\\u(20[026]|feff|00ad)",
                    re.IGNORECASE)
"""Characters that nobody sees (zero width, direction, byte order), as UTF-8 and as JSON escapes them."""
BLANK = re.compile(r"^[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+$")
"""A text of such characters alone: it looks empty and is not."""
TURNED = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
"""What turns the direction of the letters after it: by these a text reads otherwise than it is."""
UNSEEN = ((ESCAPED, CONTROL, "control_character", "含有不可见的控制字符"),
          (HIDDEN, TURNED, "direction_override", "含有改变文字方向的控制字符"),
          (HIDDEN, BLANK, "blank", "只有看不见的字符"))
"""What no text may be: where in the bytes to suspect it, how it is found in a text, and the fault that it is."""
OF_NAME = "[key]"
"""The last step of pydantic's path where not the value of an entry is wrong but its name."""
WORDS = {
    "missing": "缺少此项", "extra_forbidden": "没有此项",
    "string_too_short": "至少{min_length}个字", "string_too_long": "至多{max_length}个字",
    "too_short": "至少{min_length}项", "too_long": "至多{max_length}项",
    "greater_than": "应大于{gt}", "greater_than_equal": "不得小于{ge}",
    "less_than": "应小于{lt}", "less_than_equal": "不得大于{le}",
    "enum": "应为下列之一：{expected}", "literal_error": "应为下列之一：{expected}",
    "string_pattern_mismatch": "格式应为{pattern}",
    "union_tag_invalid": "没有这种办理；可以是：{expected_tags}", "union_tag_not_found": "须说明要办理什么（act）"}
"""By pydantic's code; in braces what pydantic says of the limit. Never what was given."""
KINDS = {"string": "应为文字", "int": "应为整数", "float": "应为数字", "finite": "应为数字",
         "bool": "应为 true 或 false", "list": "应为列表", "tuple": "应为列表", "dict": "应为对象", "model": "应为对象",
         "date": "应为日期，如2026-03-02", "datetime": "应为带时区的时间，如2026-03-02T02:00:00Z",
         "timezone": "应为带时区的时间，如2026-03-02T02:00:00Z"}
"""By the first word of pydantic's code, where the value is of another kind altogether."""
PATTERNS = {r"^1[3-9][0-9]{9}$": "11位手机号码", r"^[0-9]{12}$": "12位数字的行政区划代码",
            r"^[a-z2-7]{26}$": "26位编号（小写字母和数字2至7）",
            r"^[a-z2-7]{6}$": "6位查询码（小写字母和数字2至7）", r"^[a-z2-7]{8}$": "8位验证码（小写字母和数字2至7）",
            r"^[A-Z]+#[a-z2-7]{26}$": "事项种类、井号、26位编号，如APPLICATION#…",
            r"^([A-Z]+#[a-z2-7]{26})?$": "事项种类、井号、26位编号，如APPLICATION#…，或者为空",
            r"^M[0-9]{1,2}$": "材料清单中的序号，如M1", r"^(M[0-9]{1,2})?$": "材料清单中的序号，如M1，或者为空",
            r"^[0-9a-f]{64}$": "64位小写十六进制的 SHA-256 摘要",
            r"^20[0-9]{2}-(0[1-9]|1[0-2])$": "2000年以后的月份，如2026-03",
            r"^[0-9]{12}\.[a-z][a-z0-9-]{1,30}$": "12位行政区划代码、点、机构代号（小写字母、数字）",
            r"^[0-9]{12}\.[a-z0-9]{1,60}$": "12位行政区划代码、点、机构代号（小写字母、数字）",
            r"^[0-9A-Za-z_-]{1,80}$": "字母、数字、下划线、连字符，至多80个",
            r"^[^/\\\x00-\x1f]+$": "不含斜线、反斜线和控制字符的文件名",
            "^[^/]*$": "不含斜线的文号，如国办发明电〔2025〕7号", r"^[YR][1-9]$": "规则编号，如Y4",
            r"^[A-Za-z0-9]{1,8}$": "窗口编号（字母、数字），至多8个字符",
            r"^[A-Za-z0-9]{0,8}$": "窗口编号（字母、数字），至多8个字符，或者为空",
            r"^[A-Za-z0-9]{0,40}$": "事项编码（字母、数字），至多40个字符，或者为空",
            r"^([0-9]{12}\.[a-z][a-z0-9-]{1,30})?$": "12位行政区划代码、点、机构代号（小写字母、数字），或者为空",
            r"^(hotline|ratings|complaints)\.[a-z_0-9]{1,40}$": "如hotline.sent、ratings.good",
            r"^[a-z_0-9]{1,40}$": "代号（小写字母、数字、下划线），至多40个字符",
            r"^[a-z2-7]{36}$": "36位链接标识（小写字母和数字2至7）"}


@cache
def adapter(shape: Any) -> TypeAdapter[Any]:
    """Return what validates and describes `shape`, made when it is first needed: a process meets few of them."""
    return TypeAdapter(shape)


def only_json(media: str) -> None:
    """Raise Unsupported unless a Content-Type says that a body is JSON. What a page of another site may send without
    being asked first (a form, plain text) never is.
    """
    if media.partition(";")[0].strip().lower() != "application/json":
        raise Unsupported("请求体应为 JSON，请在请求头中写明 Content-Type: application/json")


def parsed(body: TypeAdapter[Any], raw: bytes | str) -> Any:
    """Return the model that a request's body is. Raise TooLarge, Malformed or Invalid."""
    if len(raw) > MOST_BODY:
        raise TooLarge("请求体过大")
    given = raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogatepass")
    if REPLACED in given:
        raise Malformed("请求体含有不是 UTF-8 编码的内容")
    model = validated(body, given)
    for sign, shape, code, words in UNSEEN:
        if sign.search(given) and (places := list(_places(json.loads(given), shape))):
            raise Invalid("填写内容有误，请按提示修改", errors=[fault(place, code, words) for place in places])
    return model


def validated(adapter: TypeAdapter[Any], given: bytes | dict[str, str]) -> Any:
    """Return the model of a body or of query parameters. Raise Malformed, or Invalid with a pointer to each fault.

    In a body `"5"` is no number and `"true"` no truth value; query parameters are always text.
    """
    try:
        return adapter.validate_json(given, strict=True) if isinstance(given, bytes) else adapter.validate_python(given)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        if faults[0]["type"] == "json_invalid":
            raise Malformed("请求体不是有效的 JSON", code="not-json") from error
        raise Invalid("填写内容有误，请按提示修改", errors=[
            _pointed(adapter, one) for one in faults if not _follows(one, faults)]) from error


def _places(given: Any, shape: re.Pattern[str], place: str = "") -> Iterator[str]:
    """Yield a pointer to each text, and to each name, of a JSON document in which `shape` is found."""
    if isinstance(given, str):
        if shape.search(given):
            yield place
    elif isinstance(given, dict):
        for name, value in given.items():
            if shape.search(name):
                yield place
            yield from _places(value, shape, f"{place}/{_step(name)}")
    elif isinstance(given, list):
        for number, value in enumerate(given):
            yield from _places(value, shape, f"{place}/{number}")


def _step(name: str | int) -> str:
    """Return one step of an RFC 6901 pointer."""
    return str(name).replace("~", "~0").replace("/", "~1")


def _follows(one: ErrorDetails, faults: list[ErrorDetails]) -> bool:
    """Whether a list is too short only for the faults inside it, which pydantic does not count."""
    place = one["loc"]
    return one["type"] == "too_short" and any(
        len(other["loc"]) > len(place) and other["loc"][:len(place)] == place for other in faults)


def _pointed(adapter: TypeAdapter[Any], one: ErrorDetails) -> dict[str, str]:
    """Return a fault with its RFC 6901 pointer: to the act where that is not known or not said.

    A union's tag is in pydantic's path, not in the document, and so is the mark of a fault in a name.
    """
    union = "discriminator" in adapter.json_schema()
    steps = one["loc"][1:] if union else one["loc"]
    if steps[1:] and steps[-1] == OF_NAME:
        steps = steps[:-1]
    if one["type"].startswith("union_tag"):
        steps = *steps, one["ctx"]["discriminator"].strip("'")
    return fault("".join(f"/{_step(step)}" for step in steps), one["type"], in_words(one))


def in_words(one: ErrorDetails) -> str:
    """Return what is wrong and where the limit lies: length, values, pattern in words."""
    code, limit = one["type"], dict(one.get("ctx", {}))
    if limit.get("field_type") == "Value" and code in ("too_short", "too_long"):
        code = f"string_{code}"            # of a text that is looked at by a function before
    if code == "value_error":
        return one["msg"].removeprefix("Value error, ") or "填写有误"
    if code == "string_too_short" and limit["min_length"] == 1:
        return "不能为空"
    for name in ("expected", "expected_tags"):
        limit[name] = str(limit.get(name, "")).replace("'", "").replace(" or ", "、").replace(", ", "、")
    limit["pattern"] = PATTERNS.get(limit.get("pattern", ""), limit.get("pattern"))
    return WORDS[code].format(**limit) if code in WORDS else KINDS.get(code.partition("_")[0], "格式不正确")
