"""A slot of the day's online dispatching (每日线上调度) and its entry in the log. Shapes only."""
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from chalicelib.kernel.fields import Note
from chalicelib.kernel.record import Case


class Slots(BaseModel, frozen=True):
    """A row of DISPATCH-SLOTS: at which hours of a working day (`09:00`, Asia/Shanghai) an area dispatches."""

    area: str
    hours: tuple[Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")], ...]


class Dispatch(Case, frozen=True):
    """One slot. `person` is `<area>@<day>`, under which the log of a day is found; `opened_at` is the slot's hour.

    `minutes` are those until the next slot opens. The list as it stood then is the part `LIST`.
    """

    total: int = 0                         # cards on the list, at most MOST
    more: bool = False                     # there were more
    minutes: int = 1


class Listed(BaseModel, frozen=True):
    """A card on the list of a slot: the unit carded, and when its next deadline is due."""

    id: str
    number: str
    title: str
    state: str
    unit: str
    due_at: datetime | None


class OverdueList(BaseModel, frozen=True):
    """What was overdue when a slot opened, the first due first, and how many of it by unit."""

    items: list[Listed]
    counts: dict[str, int]


class DispatchAct(BaseModel, extra="forbid"):
    """Body of POST /supervision/dispatches/{id}/acts: what was done, or why the entry is wrong."""

    act: Literal["sign", "annul"]
    note: Note


class OnDay(BaseModel, extra="forbid"):
    """Query of GET /supervision/dispatches."""

    day: date


class DispatchShown(BaseModel, frozen=True):
    """A slot as the supervisor sees it."""

    id: str
    number: str
    title: str
    state: str
    area: str
    total: int
    more: bool
    opened_at: datetime
