"""A rating of a service (好差评). Shapes only."""
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, Field, StringConstraints, model_validator

from chalicelib.kernel.record import Case

Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=150)]
MayNote = Annotated[str, StringConstraints(strip_whitespace=True, max_length=150)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Unit = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}\.[a-z][a-z0-9-]{1,30}$")]
Window = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,8}$")]
Level = Literal[5, 4, 3, 2, 1]
"""非常满意, 满意, 基本满意 are good; 不满意, 非常不满意 are bad (国办发〔2019〕51号)."""
BAD = (2, 1)
QR = 3
"""The channel (评价渠道) of a code that hangs at a window; an invitation is answered on 2, the mobile client."""


class Rating(Case, frozen=True):
    """One service event and its one rating. `number`, `title` and `unit` are those of what was done, `person` rates.

    `rated`: the officials who did it, who never learn who rated. `words` names the part that holds the rater's words.
    """

    source: str = ""                       # `<KIND>#<id>` of the case that ended; "" at a window
    window: str = ""
    rated: tuple[str, ...] = ()
    terms: str = ""                        # version of the limits in force at the invitation
    channel: int = 2
    anonymous: bool = False
    hidden: bool = False                   # whose case it was is hidden from the units (举报)
    level: int = 0
    tags: tuple[int, ...] = ()
    words: str = ""
    changed: bool = False
    excluded: str = ""                     # judged mistaken or malicious: kept, and not counted

    personal: ClassVar[Mapping[str, Any]] = {**Case.personal, "words": "", "title": "（内容已清除）"}


class Marks(BaseModel, extra="forbid"):
    """What a rater gives: a level, tags of that level (RATING-TAGS), words."""

    level: Level
    tags: Annotated[tuple[int, ...], Field(max_length=10)] = ()
    words: Words = ""

    @model_validator(mode="after")
    def _of_the_level(self) -> "Marks":
        if any(tag // 100 != self.level for tag in self.tags) or len(set(self.tags)) != len(self.tags):
            raise ValueError("评价标签应与所选等级对应，且不重复")
        return self


class Rate(Marks):
    """The rating, or its one change or supplement."""

    act: Literal["rate", "change"]


class AnnulRating(BaseModel, extra="forbid"):
    act: Literal["annul"]
    note: Note


RatingAct = Annotated[Rate | AnnulRating, Field(discriminator="act")]
"""Body of POST /ratings/{id}/acts."""


class AtWindow(Marks):
    """Body of POST /ratings/window: what hangs at a window says unit, window and code; nobody signs in."""

    unit: Unit
    window: Window
    code: Annotated[str, StringConstraints(pattern=r"^[a-z2-7]{8}$")]


class Received(BaseModel, frozen=True):
    """A rating at a window was taken down."""

    received: bool = True


class WindowCode(BaseModel, frozen=True):
    """What the code at a window says."""

    unit: str
    window: str
    code: str


class RaterView(BaseModel, frozen=True):
    """What the rater sees."""

    id: str
    number: str
    title: str
    state: str
    unit: str
    level: int
    tags: tuple[int, ...]
    changed: bool
    opened_at: datetime


class WatchView(RaterView, frozen=True):
    """For the supervisor: also who rated, about what, and whether it counts."""

    person: str
    party: str
    source: str
    window: str
    anonymous: bool
    excluded: str


RatingSeen = RaterView | WatchView


class Said(BaseModel, frozen=True):
    """The rater's own words."""

    words: str
