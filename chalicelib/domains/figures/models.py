"""Figures as they are read. Shapes only."""
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints

from chalicelib.kernel.fields import Area
from chalicelib.kernel.views import InMonth

MayUnit = Annotated[str, StringConstraints(pattern=r"^([0-9]{12}\.[a-z][a-z0-9-]{1,30})?$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z_0-9]{1,40}$")]
About = Literal["hotline", "ratings", "complaints"]


class Which(InMonth, extra="forbid"):
    """Query of the indicators: of one unit; none is the whole area, or for a head their own unit."""

    about: About = "hotline"
    unit: MayUnit = ""


class Ranked(InMonth, extra="forbid"):
    """Query of a ranking by one indicator."""

    code: Code
    by: Literal["unit", "item"] = "unit"


class Trace(InMonth, extra="forbid"):
    """Query of the cases from which one sum was counted: of a unit or, without one, of a service item."""

    unit: MayUnit = ""
    item: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{0,40}$")] = ""
    measure: Annotated[str, StringConstraints(pattern=r"^(hotline|ratings|complaints)\.[a-z_0-9]{1,40}$")]


class InArea(InMonth, extra="forbid"):
    """Query of what the public reads of an area's month: of its institutions, or of its service items."""

    area: Area
    by: Literal["unit", "item"] = "unit"


class Figure(BaseModel, frozen=True):
    """An indicator. `value` in percent, or points of a score; null where there was nothing to be counted of. The
    numbers are null where a share has none of its own, or where so few were counted that persons could be guessed.
    """

    code: str
    title: str
    value: str | None
    numerator: int | None
    denominator: int | None
    measures: list[str]                    # what the trace is asked for: of the numerator, then of the denominator
    definition: str
    source: str
    floor: str | None = None               # what a month should not fall below
    below: bool = False                    # and does


class Figures(BaseModel, frozen=True):
    """The indicators of a unit, or of a whole area where `unit` is empty, in a month."""

    area: str
    unit: str
    month: str
    items: list[Figure]
    as_of: datetime


class Place(BaseModel, frozen=True):
    """A unit or an item in a ranking; those that are equal share a rank, a small cell has none."""

    rank: int | None
    whose: str
    name: str
    value: str | None
    numerator: int | None
    denominator: int | None


class Ranking(BaseModel, frozen=True):
    """Units or items by one indicator in a month, the highest first."""

    area: str
    month: str
    code: str
    title: str
    definition: str
    items: list[Place]
    as_of: datetime


class Share(BaseModel, frozen=True):
    """A case from which a sum was counted, and what it adds."""

    case: str                              # `<KIND>#<id>`
    n: int


class Definition(BaseModel, frozen=True):
    """What a published indicator means."""

    code: str
    title: str
    definition: str
    source: str


class Value(BaseModel, frozen=True):
    """What an indicator comes to; all three are null where so few were counted that persons could be guessed."""

    code: str
    value: str | None
    numerator: int | None
    denominator: int | None


class Cell(BaseModel, frozen=True):
    """What the public reads of a unit or an item."""

    whose: str
    name: str
    figures: list[Value]


class Published(BaseModel, frozen=True):
    """A page of the ratings of an area's institutions or items in a month; of no person, and nothing of small cells."""

    area: str
    month: str
    definitions: list[Definition]
    items: list[Cell]
    cursor: str | None = None
    as_of: datetime
