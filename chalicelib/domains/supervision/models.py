"""Warnings, yellow and red cards (红黄牌). Shapes only."""
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from chalicelib.kernel.record import Case

Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=150)]
Level = Literal["warning", "yellow", "red"]


class Card(Case, frozen=True):
    """A card on a case of another kind. `person` is the unit carded, `unit` the supervising one of its area."""

    level: Level
    rule: str                              # code of the row in RULES
    source: str                            # `<KIND>#<id>` of the case
    source_event: int                      # the number of the event that fired it


class Reasoned(BaseModel, extra="forbid"):
    """An act that says why, or what was done."""

    act: Literal["explain", "correct", "send_back", "verify", "annul"]
    note: Note


class HandOver(BaseModel, extra="forbid"):
    act: Literal["assign", "hand_over"]
    handler: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    note: Annotated[str, StringConstraints(max_length=150)] = ""


class Claim(BaseModel, extra="forbid"):
    act: Literal["claim"]
    note: Annotated[str, StringConstraints(max_length=150)] = ""


Act = Annotated[Reasoned | HandOver | Claim, Field(discriminator="act")]
"""Body of POST /supervision/cards/{id}/acts."""


class Shown(BaseModel, frozen=True):
    """A card as the unit carded and the supervisor see it."""

    id: str
    number: str
    title: str
    state: str
    level: Level
    rule: str
    source: str
    area: str
    person: str
    handler: str
    opened_at: datetime
