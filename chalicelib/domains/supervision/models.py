"""Warnings, yellow and red cards (红黄牌). Shapes only."""
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from chalicelib.kernel.fields import HandOver, Id, Note, Remark, Text, Unit
from chalicelib.kernel.record import Case
from chalicelib.kernel.views import Month

Level = Literal["warning", "yellow", "red"]


def watching(area: str) -> str:
    """Return the unit that supervises in an area."""
    return f"{area}.supervision"


class Row(BaseModel, frozen=True):
    """A row of the rule table (SUPERVISION-RULES). The system fires on the event `act` of a case of `kind`, that ends
    or reminds of the clock `clock`; a supervisor fires on what they find. `unit`, `item`: for whom it is, "" for all;
    `off`: for them there is no such card.
    """

    code: str
    kind: str
    act: str
    clock: str
    level: Level
    title: str
    basis: str
    by: Literal["system", "supervisor"]
    unit: str = ""
    item: str = ""
    off: bool = False


class Card(Case, frozen=True):
    """A card on a case of another kind. `person` is the unit carded, `unit` the supervising one of its area.

    `handler` is the official who had the case when it was fired, as long as the card is not handed over.
    """

    level: Level
    rule: str                              # code of the row; R2 once it was escalated
    basis: str = ""
    source: str                            # `<KIND>#<id>` of the case, or `UNIT#<unit>`
    source_event: int = 0                  # the last event told of: that fired it, withdrew it, or is complained of
    clock: str = ""
    deadline: str = ""                     # version: the due instant missed, the reminder's, the month (R4)
    terms: str = ""                        # version of the limits in force when it was fired
    had: tuple[str, ...] = ()              # officials who handed it over, and keep seeing it
    found_by: str = ""                     # who fired it by hand
    behind: tuple[str, ...] = ()           # of a red card of a month: the yellow ones that made it
    escalated: bool = False
    explained_in_time: bool = False
    corrected_in_time: bool = False
    appeal: str = ""                       # part: what the unit says against it, and with which materials
    withdrawn: str = ""                    # why it does not count: appeal, or the notice on holidays, or the count


class Finding(BaseModel, extra="forbid"):
    """Body of POST /supervision/cards: what a supervisor found in the event `event` of a case, under a rule."""

    rule: Annotated[str, StringConstraints(pattern=r"^[YR][1-9]$")]
    kind: Literal["APPLICATION"] = "APPLICATION"
    case_id: Id
    event: Annotated[int, Field(ge=1, le=999_999)]
    note: Note


class Reasoned(BaseModel, extra="forbid"):
    """An act that says why, or what was done."""

    act: Literal["explain", "correct", "send_back", "verify", "annul", "confirm", "dismiss", "uphold", "reject"]
    note: Note


class Appeal(BaseModel, extra="forbid"):
    """The unit says, with evidence, that the card is undeserved."""

    act: Literal["appeal"]
    text: Text
    materials: Annotated[tuple[Id, ...], Field(max_length=20)] = ()


class Claim(BaseModel, extra="forbid"):
    act: Literal["claim"]
    note: Remark = ""


Act = Annotated[Reasoned | Appeal | HandOver | Claim, Field(discriminator="act")]
"""Body of POST /supervision/cards/{id}/acts."""


class Which(BaseModel, extra="forbid"):
    """Query of GET /supervision/cards: of one unit, fired in a month, or not yet taken up in one's unit."""

    unit: Unit | None = None
    month: Month | None = None
    unclaimed: bool = False


class Shown(BaseModel, frozen=True):
    """A card as the unit carded and the supervisor see it."""

    id: str
    number: str
    title: str
    state: str
    level: Level
    rule: str
    basis: str
    source: str
    clock: str
    deadline: str
    area: str
    person: str
    handler: str
    escalated: bool
    withdrawn: str
    opened_at: datetime


class Appealed(BaseModel, frozen=True):
    """What the unit says against a card."""

    text: str
    materials: tuple[str, ...]
