"""A sign that a rating may not be a citizen's own free word (评价异常线索). Shapes only."""
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from chalicelib.kernel.fields import Note
from chalicelib.kernel.record import Case


class Signal(Case, frozen=True):
    """A sign of gaming: raised by a published rule, reviewed by a person; the rating is never deleted.

    `rating`: the one that it is about; "" where it is about all of a window's month. It holds nothing of the rater.
    """

    rule: str
    rating: str = ""
    window: str = ""
    rated: tuple[str, ...] = ()            # the officials of that rating: none of them judges
    month: str = ""
    found: int = 0
    threshold: int = 0
    terms: str = ""                        # version of the limits in force when it was raised


class ObjectTo(BaseModel, extra="forbid"):
    """The unit says why nothing is wrong."""

    act: Literal["object"]
    note: Note


class Judge(BaseModel, extra="forbid"):
    """`uphold`: the rating is kept, and not counted. `dismiss`: it counts as before."""

    act: Literal["uphold", "dismiss"]
    note: Note


SignalAct = Annotated[ObjectTo | Judge, Field(discriminator="act")]
"""Body of POST /signals/{id}/acts."""


class SignalView(BaseModel, frozen=True):
    """A signal as the unit sees it: which rule, how often, nothing of the rating."""

    id: str
    number: str
    title: str
    state: str
    area: str
    unit: str
    rule: str
    window: str
    month: str
    found: int
    threshold: int
    opened_at: datetime


class WatchSignal(SignalView, frozen=True):
    """For the supervisor and the auditor: also which rating."""

    rating: str


SignalSeen = SignalView | WatchSignal
