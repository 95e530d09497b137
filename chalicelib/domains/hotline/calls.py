"""A day of the centre's telephones (接听统计): what came into the queue for a person, what was answered, how soon.

The switchboard's numbers are entered once a day by the centre and corrected with a reason; the rates of the hotline
are counted from these events. Pure.
"""
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, model_validator

from chalicelib.kernel.deskwork import WORDS, own_unit
from chalicelib.kernel.fields import Note
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.record import Case, Summary
from chalicelib.kernel.shares import Marks
from chalicelib.kernel.workflow import Rule, Workflow

from .guards import CENTRE, HEAD, centre_of

EARLIEST = date(2000, 1, 1)                # before there was nothing: a slip of the pen
Count = Annotated[int, Field(ge=0, le=10_000_000, strict=True)]


class Calls(Case, frozen=True):
    """The telephones of an area's centre on a day."""

    day: str = ""
    entered: int = 0                       # calls that came into the queue for a person
    answered: int = 0
    within: int = 0                        # of these, within fifteen seconds


class Counts(BaseModel, extra="forbid"):
    """What the switchboard counted: no more answered than entered, no more within fifteen seconds than answered."""

    entered: Count
    answered: Count
    within: Count

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.within <= self.answered <= self.entered:
            raise ValueError("接听数不超过进入人工队列数，15秒内接听数不超过接听数")
        return self


class Day(Counts, extra="forbid"):
    """Body of POST /hotline/calls."""

    day: Annotated[date, Field(ge=EARLIEST)]


class CallsAct(Counts, extra="forbid"):
    """Body of POST /hotline/calls/{id}/acts: the day's numbers as they should have been, and why."""

    act: Literal["correct"]
    note: Note


class CallsShown(BaseModel, frozen=True):
    """A day of the centre's telephones."""

    id: str
    state: str
    area: str
    unit: str
    day: str
    entered: int
    answered: int
    within: int
    opened_at: datetime


CALLS: Workflow[Calls] = Workflow(
    Rule("record",  "new",      "recorded", CENTRE, "GZ4", when=(own_unit,)),
    Rule("correct", "recorded", "",         CENTRE, "GZ4", when=(own_unit,)),
    words={**WORDS, "recorded": "已登记", "record": "登记接听统计", "correct": "更正接听统计"})


def shown_to(case: Summary, who: Actor) -> bool:
    """Say whether `who` may read a day: the centre's seats and head, the supervisor and the auditor of the area."""
    here: Any = who.area and who.area == case.area
    return bool(here) and (who.role in ("supervisor", "auditor")
                           or who.role in (CENTRE, HEAD) and who.unit == centre_of(case.area))


OF_CALLS = frozenset({"record", "correct"})
"""The acts that may change what a day adds to the figures."""


def of_calls(case: Calls) -> Marks:
    """Return what a day adds to the figures of its month."""
    counted = {"entered": case.entered, "answered": case.answered, "answered_soon": case.within}
    return {(case.unit, case.day[:7], name): n for name, n in counted.items() if n}
