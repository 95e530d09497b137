"""The putting right of a bad rating (差评整改). Shapes only."""
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StrictBool, StringConstraints

from chalicelib.kernel.fields import AskExtension, HandOver, Note, Remark, Text, Unit
from chalicelib.kernel.record import Case

from .models import Said

Judgement = Literal["mistaken", "malicious", "not_ours"]


class Correction(Case, frozen=True):
    """The putting right of a bad rating. It holds nothing of the rater: who that is stands in the rating alone.

    `anonymous`: nobody can be called back, because no name was given or whose it is stays hidden from the units.
    `rated` are kept away from it. `asked_days` is an extension asked for and not yet approved.
    """

    rating: str
    level: int
    tags: tuple[int, ...] = ()
    rated: tuple[str, ...] = ()
    inspected_by: str = ""                 # the supervisor who found it when inspecting, and decides no appeal
    anonymous: bool = False
    terms: str = ""
    judgement: str = ""                    # what the unit claims instead of being at fault
    result: str = ""
    reply: str = ""                        # part: what was done, or why nothing could be
    corrected_by: str = ""
    corrected_at: datetime | None = None
    asked_days: int = 0
    asked_by: str = ""
    missed: tuple[date, ...] = ()          # days of calls that nobody took
    satisfied: bool | None = None          # of the call back
    reworked: bool = False
    spent: int = 0                         # working days of the unit's, the present time not counted
    sent_back: int = 0
    contacted_in_time: bool | None = None  # None: not yet
    corrected_in_time: bool | None = None  # the last time it was put right
    at_once: bool = False                  # clear and reasonable: put right at once (立行立改)
    published: datetime | None = None      # when it was made public as representative; `text`: what was, of no person
    text: str = ""


class Behind(Said, frozen=True):
    """What lies behind a correction, for who handles it and the supervisor: who rated what, and the words.

    Of a rater who is hidden there are only the words.
    """

    person: str = ""
    party: str = ""
    source: str = ""
    number: str = ""
    title: str = ""


class Noted(BaseModel, extra="forbid"):
    """An act that says what came of it. `contact`: the rater was spoken to, or (anonymous) the facts looked at."""

    act: Literal["contact", "miss_call", "annul", "uphold", "overrule", "send_back", "deny_extension"]
    note: Note


class Dispute(BaseModel, extra="forbid"):
    """The unit says, with reasons, that the rating is mistaken (误评), malicious (恶意) or not of it (非本单位)."""

    act: Literal["dispute"]
    judgement: Judgement
    note: Note


class Redirect(BaseModel, extra="forbid"):
    """The supervisor gives the correction to the unit whose it is."""

    act: Literal["redirect"]
    unit: Unit
    note: Note


class Correct(BaseModel, extra="forbid"):
    """What was put right, or (explained) why the demand has no basis in law."""

    act: Literal["correct"]
    result: Literal["corrected", "explained"]
    reply: Text


class CallBack(BaseModel, extra="forbid"):
    act: Literal["call_back"]
    satisfied: StrictBool
    note: Remark = ""


class Publish(BaseModel, extra="forbid"):
    """What the public reads of a representative bad rating: what was wrong and what came of it, and no person."""

    act: Literal["publish"]
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=400)]


class Plain(BaseModel, extra="forbid"):
    act: Literal["claim", "admit", "admit_at_once", "unpublish", "approve_extension", "pass", "rework", "close"]
    note: Remark = ""


CorrectionAct = Annotated[
    Noted | Dispute | Redirect | Correct | AskExtension | CallBack | HandOver | Publish | Plain,
    Field(discriminator="act")]
"""Body of POST /corrections/{id}/acts."""


class CorrectionView(BaseModel, frozen=True):
    """A correction as its offices see it: nothing that names the rater or the case."""

    id: str
    number: str
    title: str
    state: str
    area: str
    unit: str
    handler: str
    level: int
    tags: tuple[int, ...]
    anonymous: bool
    judgement: str
    result: str
    asked_days: int
    missed: tuple[date, ...]
    satisfied: bool | None
    reworked: bool
    at_once: bool
    published: datetime | None
    text: str
    opened_at: datetime


class Published(BaseModel, frozen=True):
    """A representative bad rating as the public reads it."""

    unit: str
    office: str
    month: str                             # in which it was rated
    level: int
    tags: tuple[int, ...]
    result: str
    text: str
    published: datetime


class Replied(BaseModel, frozen=True):
    """What the unit answered."""

    result: str
    reply: str
