"""Shares of what was counted: what a case adds to which sums, formulas, and what the sums come to. Pure.

Shares are counted from whole numbers and rounded half up. A cell of fewer than so many shows neither share nor numbers
where single persons could be guessed from it.
"""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Marks = Mapping[tuple[str, str, str], int]
"""What a case adds: by whose figures (a unit, or `item:<code>`), civil month (2026-03) and measure."""
OF_ITEM = "item:"


@dataclass(frozen=True, slots=True)
class Counted:
    """What a case adds to the figures of its area, and the version of it that this was read from."""

    area: str
    version: int
    marks: Marks


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


@dataclass(frozen=True, slots=True)
class Score:
    """A score of a cell. All three are None where the cell is small; `value` is None where nothing was to be counted.
    """

    value: str | None                      # 99.71: of a hundred, or the points of a composite
    numerator: int | None
    denominator: int | None


def together(cells: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return the sums of several cells: of months, of an area's units."""
    total: dict[str, int] = {}
    for sums in cells:
        for name, number in sums.items():
            total[name] = total.get(name, 0) + number
    return total


def share(numerator: int, denominator: int, scale: int, small: int = 0, digits: int = 2) -> Score:
    """Return `scale` times a quotient; nothing of a cell of fewer than `small`."""
    if 0 < denominator < small:
        return Score(None, None, None)
    return Score(rounded(numerator * scale, denominator, digits) if denominator else None, numerator, denominator)


def rounded(numerator: int, denominator: int, digits: int) -> str:
    """Return a quotient of whole numbers with so many digits, half up."""
    units = (2 * numerator * 10 ** digits + denominator) // (2 * denominator)
    whole, rest = divmod(units, 10 ** digits)
    return f"{whole}.{rest:0{digits}d}" if digits else str(whole)
