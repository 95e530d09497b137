"""What every reader of a case gets beside the case itself: its clocks, its timeline, the acts open. Pure shapes."""
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, SerializeAsAny, StringConstraints

from .calendar import Calendar
from .clocks import Clock
from .record import Moved, Summary

V = TypeVar("V", bound=BaseModel)
R = TypeVar("R")
MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"    # before there was nothing, and what comes after is a slip of the pen
Month = Annotated[str, StringConstraints(pattern=MONTH)]
"""A civil month in which something may have been closed or counted."""


class InMonth(BaseModel, extra="forbid"):
    """Query of what was closed or counted in a month."""

    month: Month


@dataclass(frozen=True, slots=True)
class Answer(Generic[R]):
    """What a create or an act answers; `replayed`: the same request had been done before, nothing was written."""

    result: R
    replayed: bool = False


class ClockFace(BaseModel, frozen=True):
    """A clock as shown beside a case. `due_at` is the first late instant; both are null while it is paused."""

    name: str
    basis: str
    due_on: date | None
    due_at: datetime | None
    paused: bool
    stopped_at: datetime | None
    provisional: bool                      # counted over a year whose holidays are not announced yet
    left: int | None                       # units of the limit, as of the answer
    unit: str


class Entry(BaseModel, frozen=True):
    """One line of the timeline as a reader sees it. `office` is who acted, never a person's name or id."""

    number: int
    act: str
    label: str
    source: str
    target: str
    at: datetime
    office: str
    unit: str
    basis: str
    note: str
    moved: list[Moved] = []                # the deadlines that a new notice on holidays moved


class Open(BaseModel, frozen=True):
    """An act that is open to the reader now."""

    act: str
    label: str
    basis: str


class Blocked(BaseModel, frozen=True):
    """An act of the reader's office in this state that is not open now, and why: what trying it would answer."""

    act: str
    label: str
    reason: str


class File(BaseModel, Generic[V], frozen=True):
    """A case as its reader sees it. `timeline` is newest first, in pages of 50; an act's answer carries none."""

    case: SerializeAsAny[V]
    state_label: str
    version: int
    clocks: list[ClockFace]
    acts: list[Open]
    blocked: list[Blocked] = []
    timeline: list[Entry] = []
    cursor: str | None = None              # of the next page of the timeline
    as_of: datetime


class Found(BaseModel, Generic[V], frozen=True):
    """A page of a list, and the instant at which it was read; an index lags by moments."""

    items: list[V]
    cursor: str | None = None
    as_of: datetime


class Row(BaseModel, frozen=True):
    """A case in a list."""

    id: str
    number: str
    title: str
    state: str
    state_label: str
    version: int
    unit: str
    about_unit: str = ""                   # that the case is about, where another unit is responsible for it
    party: str
    claimed: bool
    opened_at: datetime
    due_at: datetime | None                # the first duty to run out, on a desk; null elsewhere and while paused


def shown(model: type[V], case: Summary, **more: Any) -> V:
    """Return what `model` shows of a case or of a row of a list, which lacks fields; `more` in place of what it has."""
    fields = model.model_fields
    return model.model_construct(**{name: value for name, value in vars(case).items() if name in fields} | more)


def face(name: str, clock: Clock, calendar: Calendar, at: datetime) -> ClockFace:
    """Return how a clock looks at an instant."""
    due = clock.due(calendar)
    last = clock.last_day(calendar)
    return ClockFace(name=name, basis=clock.limit.basis, due_on=last, due_at=due, paused=clock.paused,
                     stopped_at=clock.stopped, unit=clock.limit.unit, left=clock.left(calendar, at),
                     provisional=last is not None and calendar.is_provisional(last))
