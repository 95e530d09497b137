"""The forms that item codes have, and the credit codes inside them. Pure.

The standard has 31 characters (实施编码: credit code of the body, 1 digit of level, 12 of the basic code) or 33 where
the item is split (业务办理项编码). Districts also publish codes of their own making, kept here as they are:
`<basic>-<area>-<000>-<body>-<level>-<sequence>`.
"""
import re
from typing import Literal

Pattern = Literal["standard-31", "standard-33", "regional", "regional-no-credit-code", "other"]
_STANDARD = re.compile(r"(?P<body>[0-9A-Z]{18})(?P<level>[1-6])(?P<basic>[0-9]{12})(?P<sequence>[0-9]{2})?")
_REGIONAL = re.compile(r"[0-9A-Z-]+?-[0-9]{12}-[0-9]{3}-(?P<body>[0-9A-Za-z-]+)-[0-9]-[0-9]{2}")
_CREDIT = re.compile(r"[0-9A-Za-z]{18}")


def pattern(code: str) -> Pattern:
    """Return which form the code has."""
    if match := _STANDARD.fullmatch(code):
        return "standard-33" if match["sequence"] else "standard-31"
    if match := _REGIONAL.fullmatch(code):
        return "regional" if _CREDIT.fullmatch(match["body"]) else "regional-no-credit-code"
    return "other"


def body(code: str) -> str:
    """Return the credit code inside an item's code, or "" where its form has none."""
    match = _STANDARD.fullmatch(code) or _REGIONAL.fullmatch(code)
    return match["body"] if match and _CREDIT.fullmatch(match["body"]) else ""


def level(code: str) -> str:
    """Return the digit of the level (行使层级) in a standard code, or ""."""
    match = _STANDARD.fullmatch(code)
    return match["level"] if match else ""


def looks_like_credit_code(text: str) -> bool:
    """Whether a department's code is meant as a credit code, not as an organisation code or a local number."""
    return bool(_CREDIT.fullmatch(text))


def good_credit_code(text: str) -> bool:
    """Whether the check digit of a unified social credit code is right (GB 32100)."""
    from stdnum.cn import uscc  # here: it takes long to import
    return bool(uscc.is_valid(text.upper()))


def bad(code: str, department_code: str) -> bool:
    """Whether a credit code, of the item's own or its department's, fails its check digit."""
    return any(not good_credit_code(one) for one in (body(code), department_code) if looks_like_credit_code(one))
