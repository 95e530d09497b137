"""How an article is written out for people: short codes (docs/sources.md) to the law's name and the article. Pure."""
import json
import re
from functools import cache
from pathlib import Path

DEFAULT = "本系统的默认办理规则（待本地规定确认）"
_DIGITS = "零一二三四五六七八九"


def cite(code: str) -> str:
    """Return XKF42 as 《中华人民共和国行政许可法》第四十二条, HCP51 as the document that it is, GZ… as our own default.

    Any other text is returned as it is.
    """
    if re.fullmatch(r"GZ[0-9.]+", code):
        return DEFAULT
    if code in _laws():
        return f"《{_laws()[code]}》"
    match = re.fullmatch(r"([A-Z]+)([0-9]+)", code)
    if not match or match[1] not in _laws():
        return code
    return f"《{_laws()[match[1]]}》第{_numeral(int(match[2]))}条"


def ground(reason: str) -> str:
    """Return the code of the article by which time is not counted for such a reason (听证: XKF45); "" if none says so.
    """
    return _grounds().get(reason, "")


@cache
def _grounds() -> dict[str, str]:
    grounds: dict[str, str] = json.loads(Path(__file__).with_name("pauses.json").read_text("utf-8"))
    return grounds


@cache
def _laws() -> dict[str, str]:
    laws: dict[str, str] = json.loads(Path(__file__).with_name("laws.json").read_text("utf-8"))
    return laws


def _numeral(number: int) -> str:
    """Return 1 to 999 as articles are numbered: 四十二, 一百零二, 十."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        words += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        words += "零"
    return words + (_DIGITS[ones] if ones else "")
