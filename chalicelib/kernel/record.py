"""What a case is and what its timeline is made of: the state, the event, and that one follows from the other. Pure."""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, TypeVar, cast

from pydantic import BaseModel, field_serializer, field_validator

from .calendar import Instant
from .clocks import Clock, shared_pauses_read, shared_pauses_written
from .identity import Actor

KEYS = 8
"""How many act keys a state remembers."""
NEW = "new"
"""The state of a case that is not stored yet: every workflow begins here."""


class Summary(BaseModel, frozen=True):
    """What every case shows of itself in a list: the fields that indexes project. Rights are decided on these alone."""

    id: str
    number: str = ""                       # for people
    title: str = ""
    state: str = NEW
    version: int = 0                       # how many acts were done
    area: str = ""
    unit: str = ""                         # the unit now responsible
    handler: str = ""                      # the official who has taken it up
    person: str = ""                       # whose case it is
    party: str = ""                        # that person's masked name
    opened_at: datetime


class Case(Summary, frozen=True):
    """What every case has. `clocks` holds those that run; `ended` names the event in which a stopped one stands."""

    item: str = ""                         # code of the service item, for figures
    clocks: dict[str, Clock] = {}
    ended: dict[str, int] = {}
    done: tuple[str, ...] = ()             # the last KEYS act keys: `<key hash>:<body hash>:<number>`
    erased: bool = False                   # its time of keeping is over: it names nobody any more

    personal: ClassVar[Mapping[str, Any]] = {"person": "", "party": ""}
    """The fields that name a person or were written by one, and what they are once that time is over."""

    @field_validator("clocks", mode="before")
    @classmethod
    def _read_clocks(cls, written: Any) -> Any:
        return shared_pauses_read(written)

    @field_serializer("clocks", when_used="json")
    def _write_clocks(self, clocks: dict[str, Clock]) -> dict[str, str]:
        return shared_pauses_written(clocks)


@dataclass(frozen=True, slots=True)
class Key:
    """An Idempotency-Key as digests: of the key itself, and of the request that came with it."""

    value: str = ""
    digest: str = ""


class Moved(BaseModel, frozen=True):
    """A deadline that a notice on holidays moved: the due instants by the calendar before it and by that after it.

    Of a clock that a pause holds open, they are those it would have if the pause ended at the recount.
    """

    clock: str
    before: Instant
    after: Instant
    held: bool = False                     # by a pause
    lapsed: Instant | None = None          # the due instant on which the system had acted, and which has not come now


class Event(BaseModel, frozen=True):
    """One line of the timeline. `number` is the version of the case that this act produced."""

    case_id: str
    number: int
    act: str
    source: str
    target: str
    by: Actor
    at: datetime
    basis: str
    area: str = ""
    unit: str = ""                         # that was responsible when the act was done
    desk: str = ""                         # the unit to which the act passed the case on, if it did
    item: str = ""
    note: str = ""
    changes: dict[str, Any] = {}
    clocks: dict[str, Clock] = {}          # those the act touched, as it left them
    moved: tuple[Moved, ...] = ()          # by a recount
    key: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Hands:
    """An event of a case, the official who had taken the case up before it, and all officials who acted on the case."""

    event: Event
    handler: str
    acted: frozenset[str]
    clocks: Mapping[str, Clock] = field(default_factory=dict)      # as its events have left them, the ended ones too
    unit: str = ""                         # that has the case now
    ended: bool = False                    # nothing more is done in the case


C = TypeVar("C", bound=Case)


def apply(event: Event, case: C) -> C:
    """Return the case as `event` leaves it, validated anew."""
    clocks = case.clocks | event.clocks
    done = (*case.done, f"{event.key}:{event.digest}:{event.number}")[-KEYS:] if event.key else case.done
    return type(case).model_validate(dict(case) | event.changes | {
        "state": event.target, "version": event.number, "done": done,
        "clocks": {name: clock for name, clock in clocks.items() if not clock.stopped},
        "ended": {name: n for name, n in case.ended.items() if name not in event.clocks}
        | {name: event.number for name, clock in event.clocks.items() if clock.stopped}})


def replay(model: type[C], timeline: Iterable[Event]) -> C:
    """Return the case that a timeline tells of: the audit check that state and record agree."""
    first, *rest = timeline
    case = apply(first, cast(C, model.model_construct(**{"id": first.case_id, **first.changes})))
    for event in rest:
        case = apply(event, case)
    return case
