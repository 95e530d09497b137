"""The monthly bulletin of cards by unit (通报). Shapes only."""
from datetime import datetime

from pydantic import BaseModel

DUE = "本单位当月作出决定、办结或者首次超期的事项，每件只计一次"
FIRED = "本单位当月亮牌且未撤销的黄牌、红牌"


class Share(BaseModel, frozen=True):
    """A rate as its two numbers, what the second counts, and the month."""

    numerator: int
    denominator: int
    denominator_definition: str
    period: str


class UnitLine(BaseModel, frozen=True):
    """What a unit's month came to. A card that grew red is red; withdrawn ones count nowhere else."""

    unit: str
    yellow: int
    red: int
    escalated: int
    warnings: int
    withdrawn: int
    explained_in_time: int
    corrected_in_time: int
    card_rate: Share
    correction_rate: Share


class Bulletin(BaseModel, frozen=True):
    """An area's month, unit by unit."""

    area: str
    month: str
    items: list[UnitLine]
    as_of: datetime


class Counted(BaseModel, frozen=True):
    """A card or a case from which a unit's numbers were counted, and what it adds to them."""

    case: str                              # `<KIND>#<id>`
    sums: dict[str, int]


def line(unit: str, month: str, sums: dict[str, int]) -> UnitLine:
    """Return the line of a unit from the sums that are kept."""
    return UnitLine(
        unit=unit, **{name: sums.get(name, 0) for name in (
            "yellow", "red", "escalated", "warnings", "withdrawn", "explained_in_time", "corrected_in_time")},
        card_rate=Share(numerator=sums.get("fired", 0), denominator=sums.get("due", 0), denominator_definition=DUE,
                        period=month),
        correction_rate=Share(numerator=sums.get("corrected_in_time", 0), denominator=sums.get("fired", 0),
                              denominator_definition=FIRED, period=month))
