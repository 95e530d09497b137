"""What callers send, read as the model it should be: each fault with its pointer and a Chinese word. Pure."""
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from .problems import Invalid, Malformed, TooLarge, fault

MOST_BODY = 6 * 1024 * 1024                # bytes a Lambda may be called with
WORDS = {"missing": "缺少此项", "extra_forbidden": "没有此项", "string_too_short": "文字过短或为空",
         "string_too_long": "文字过长", "enum": "不在允许的取值之内", "literal_error": "不在允许的取值之内",
         "union_tag_invalid": "没有这种办理", "union_tag_not_found": "须说明要办理什么（act）",
         "value_error": "", "string_pattern_mismatch": "格式不正确"}


def parsed(body: TypeAdapter[Any], raw: bytes | str) -> Any:
    """Return the model that a request's body is. Raise TooLarge, Malformed or Invalid."""
    if len(raw) > MOST_BODY:
        raise TooLarge("请求体过大")
    return validated(body, raw if isinstance(raw, bytes) else raw.encode())


def validated(adapter: TypeAdapter[Any], given: bytes | dict[str, str]) -> Any:
    """Return the model of a body or of query parameters. Raise Malformed, or Invalid with a pointer to each fault."""
    try:
        return adapter.validate_json(given) if isinstance(given, bytes) else adapter.validate_python(given)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        if faults[0]["type"] == "json_invalid":
            raise Malformed("请求体不是有效的 JSON", code="not-json") from error
        raise Invalid("填写内容有误，请按提示修改", errors=[_pointed(adapter, one) for one in faults]) from error


def _pointed(adapter: TypeAdapter[Any], one: ErrorDetails) -> dict[str, str]:
    """Return a fault with its RFC 6901 pointer; a union's tag is in pydantic's path, not in the document."""
    union = "discriminator" in adapter.json_schema()
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in (one["loc"][1:] if union else one["loc"]))
    words = one["msg"].removeprefix("Value error, ") if one["type"] == "value_error" else WORDS.get(one["type"])
    return fault("".join(f"/{step}" for step in steps), one["type"], words or "格式不正确")
