"""What the sums of measures.py mean: each score with its formula in words, and ranks of units and items. Pure.

Shares are counted from whole numbers and rounded half up. A cell of fewer than so many ratings (`small_cell` of
RATING-LIMITS) shows neither share nor numbers, since who rated could be guessed.
"""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from .measures import LEVELS

WEIGHTS = tuple(f"weight_{level}" for level in LEVELS)
"""The names of the weights among the numbers of RATING-LIMITS."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A score: the share of one measure in another. `definition` is published with it, its `source` a row of
    docs/sources.md."""

    name: str
    title: str
    numerator: str
    denominator: str
    definition: str
    source: str


FORMULAS = (
    Formula("good_rate", "好评率", "good", "ratings",
            "非常满意、满意、基本满意的评价数，除以全部计入统计的评价数", "HCP51"),
    Formula("bad_rate", "差评率", "bad", "ratings",
            "不满意、非常不满意的评价数，除以全部计入统计的评价数", "HCP51"),
    Formula("active_rate", "主动评价率", "answered", "could_rate",
            "当月邀请评价且已评价的服务数，除以当月邀请评价且已评价或者评价期已届满的服务数；二维码评价、监督查评和默认好评不计入",
            "GZ3"),
    Formula("disposal_rate", "差评处置率", "bad_ended", "bad_opened",
            "已办结或者复核认定不予计入的差评数，除以当月收到的差评数", "HCP51"),
    Formula("righted_rate", "差评整改率", "righted", "bad_upheld",
            "整改经审核通过的差评数，除以未被认定不予计入的差评数", "HCP51"),
    Formula("righted_in_time_rate", "按期整改率", "righted_in_time", "bad_upheld",
            "在整改期限内提交整改并经审核通过的差评数，除以未被认定不予计入的差评数", "GZ3"),
    Formula("called_back_rate", "实名差评回访整改率", "named_righted_and_called", "named",
            "已整改并已回访的实名差评数，除以未被认定不予计入的实名差评数", "HCP51"),
    Formula("contact_rate", "实名差评按期联系率", "named_contacted_in_time", "named",
            "在一个工作日内联系核实的实名差评数，除以未被认定不予计入的实名差评数", "AY52"),
)
BY_NAME = {formula.name: formula for formula in FORMULAS}
COMPOSITE = "各等级评价数乘以该等级权重之和，除以计入统计的评价数；权重为已公布的参数（十分制）"
CSAT = "各等级评价数乘以等级数乘以20之和，除以计入统计的评价数（百分制）"


@dataclass(frozen=True, slots=True)
class Score:
    """A score of a cell. All three are None where the cell is small; `value` is None where nothing was to be counted.
    """

    value: str | None                      # 99.71: of a hundred, or the points of a composite
    numerator: int | None
    denominator: int | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit's or an item's place: those that are equal share it; a small cell has none."""

    rank: int | None
    key: str
    score: Score


def score(formula: Formula, sums: Mapping[str, int], small: int, digits: int = 2) -> Score:
    """Return a share in percent, with the whole numbers it was counted from."""
    return _score(sums.get(formula.numerator, 0), sums.get(formula.denominator, 0), 100, small, digits)


def composite(sums: Mapping[str, int], weights: Mapping[str, int], small: int, digits: int = 2) -> Score:
    """Return the mean of the levels' weights (综合得分)."""
    points = sum(sums.get(f"level_{level}", 0) * weights[f"weight_{level}"] for level in LEVELS)
    return _score(points, sums.get("ratings", 0), 1, small, digits)


def csat(sums: Mapping[str, int], small: int, digits: int = 2) -> Score:
    """Return the mean satisfaction of a hundred points."""
    return composite(sums, {f"weight_{level}": level * 20 for level in LEVELS}, small, digits)


def ranking(formula: Formula, cells: Mapping[str, Mapping[str, int]], small: int) -> list[Ranked]:
    """Return units or items by a share, the highest first; small cells come last and have neither rank nor number."""
    shown = {key: score(formula, sums, small) for key, sums in cells.items()}
    shares = {key: Fraction(one.numerator or 0, one.denominator) for key, one in shown.items() if one.denominator}
    ranked = [Ranked(1 + sum(other > share for other in shares.values()), key, shown[key])
              for key, share in shares.items()]
    rest = [Ranked(None, key, one) for key, one in shown.items() if key not in shares]
    return sorted(ranked, key=lambda one: (one.rank, one.key)) + sorted(rest, key=lambda one: one.key)


def together(cells: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return the sums of several cells: of months, of an area's units."""
    total: dict[str, int] = {}
    for sums in cells:
        for name, number in sums.items():
            total[name] = total.get(name, 0) + number
    return total


def _score(numerator: int, denominator: int, scale: int, small: int, digits: int) -> Score:
    if 0 < denominator < small:
        return Score(None, None, None)
    return Score(rounded(numerator * scale, denominator, digits) if denominator else None, numerator, denominator)


def rounded(numerator: int, denominator: int, digits: int) -> str:
    """Return a quotient of whole numbers with so many digits, half up."""
    units = (2 * numerator * 10 ** digits + denominator) // (2 * denominator)
    whole, rest = divmod(units, 10 ** digits)
    return f"{whole}.{rest:0{digits}d}" if digits else str(whole)
