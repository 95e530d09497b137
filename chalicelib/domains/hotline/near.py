"""Which orders may be on the same matter: by place, time and words. Pure.

A place is compared as people would read it; where only coordinates are given, by the cell in which they lie. Of the
words only a sketch is kept: the smallest hashes of their pairs of characters, from which the overlap of two texts is
estimated. The hashes are keyed (kernel/vault.py): who has no key can look for no word in them.
"""
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

SKETCH = 48
"""Hashes kept of a text."""
CELLS = 1000
"""Cells of a degree."""
MOST = 50
"""Orders of one place that are looked at, the newest first."""
WORDS, CATEGORY, TIME = 60, 20, 20
"""What the overlap of words, the same category and nearness in time weigh, of a hundred. The place is the same."""
_DIGITS = {digit: value for value, digits in enumerate(("零〇", "一", "二两", "三", "四", "五", "六", "七", "八", "九"))
           for digit in digits}
_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百]+(?=[号栋幢座单元室楼层弄组户])")
_ONE = "[一二两三四五六七八九]"
_COUNTED = re.compile(f"(?:(?P<hundreds>{_ONE})百)?"
                      f"(?:[零〇]?(?P<tens>{_ONE}?)(?P<ten>十)|(?<=百)[零〇](?={_ONE})|(?<=百)$)(?P<ones>{_ONE}?)")
_BETWEEN = re.compile(r"[^\w]|_")


def normalised(place: str) -> str:
    """Return a place by whose letters alike places are alike: one width, no spaces or marks, numbers in digits.

    Chinese numerals are numbers only before 号、栋、室 and the like: 五一路 stays what it is.
    """
    bare = _BETWEEN.sub("", unicodedata.normalize("NFKC", place).lower())
    return _NUMERAL.sub(lambda found: found[0] if (read := number(found[0])) is None else str(read), bare)


def where(place: str, location: Mapping[str, Mapping[str, str]]) -> str:
    """Return by what orders of one place are found: the place as told, else the cell in which it lies; "" for neither.
    """
    return normalised(place) or cell(location)


def cell(location: Mapping[str, Mapping[str, str]]) -> str:
    """Return the thousandth of a degree (about 100 m) in which a location lies, within the system it was given in.

    It misses what lies beyond the cell's edge, what was given in the other system, what was told in words.
    """
    return "".join("#".join((system, *(str(int(Decimal(point[axis]) * CELLS)) for axis in ("lon", "lat"))))
                   for system, point in location.items())


def number(numeral: str) -> int | None:
    """Return a Chinese numeral below a thousand, or digits one by one (一二〇), as a number; None where it is none
    (十十), or may be two (一百五).
    """
    if all(digit in _DIGITS for digit in numeral):
        return int("".join(str(_DIGITS[digit]) for digit in numeral))
    if not (read := _COUNTED.fullmatch(numeral)):
        return None
    hundreds, tens, ones = (_DIGITS[read[name]] if read[name] else 0 for name in ("hundreds", "tens", "ones"))
    return 100 * hundreds + 10 * (tens or bool(read["ten"])) + ones


def pairs(text: str) -> set[str]:
    """Return the pairs of neighbouring characters of a text, without marks and spaces."""
    bare = _BETWEEN.sub("", unicodedata.normalize("NFKC", text).lower())
    return {bare[at:at + 2] for at in range(len(bare) - 1)}


def sketch(text: str, hashed: Callable[[Iterable[str]], Iterable[int]]) -> list[int]:
    """Return the smallest hashes of the text's pairs of characters, in order."""
    return sorted(hashed(pairs(text)))[:SKETCH]


def overlap(one: Iterable[int], other: Iterable[int]) -> float:
    """Return the share of pairs that two texts have in common, of all that either has, as their sketches tell it."""
    first, second = set(one), set(other)
    smallest = set(sorted(first | second)[:SKETCH])
    return len(smallest & first & second) / len(smallest) if smallest else 0.0


def score(words: float, same_category: bool, apart: timedelta, within: timedelta) -> int:
    """Return from 0 to 100 how likely two orders of one place are on one matter."""
    recent = max(0.0, 1 - abs(apart) / within)
    return round(WORDS * words + CATEGORY * same_category + TIME * recent)


def earliest(at: datetime, days: int) -> datetime:
    """Return the first instant at which an order counts as near."""
    return at - timedelta(days=days)
