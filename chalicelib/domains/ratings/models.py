"""A rating of a service (好差评). Shapes only."""
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints, model_validator

from chalicelib.kernel.fields import Note
from chalicelib.kernel.record import Case

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Level = Literal[5, 4, 3, 2, 1]
"""非常满意, 满意, 基本满意 are good; 不满意, 非常不满意 are bad (国办发〔2019〕51号)."""
BAD = (2, 1)
Sort = Literal["case", "visit", "general", "inspection"]
"""一事一评 of a case at its nodes, 一次一评 of a visit, 综合点评 by a code that hangs out, 监督查评 by a supervisor."""
MOBILE: Final = 2
QR: Final = 3
TELEPHONE: Final = 6
LINK: Final = 7
"""Channels (评价渠道, RATING-CHANNELS): where an invitation is answered, a code that hangs out, a call, a link sent."""


class Rating(Case, frozen=True):
    """One service event and its one rating. `number`, `title` and `unit` are those of what was done, `person` rates.

    `service_number`: which service of the case it was; with number and channel it is the key of the upstream. `rated`:
    the officials who did it, who never learn who rated. `words` names the part that holds the rater's words. `traces`
    are digests of where it came from, bound to the day, and `seconds` how long the question had been shown: signals.
    """

    sort: str = ""                         # Sort; see `sort_of`
    node: str = ""                         # of RATING-NODES, at which it was asked
    service_number: int = 1
    handling: str = ""                     # a code was scanned before or after handling
    rated_at: datetime | None = None
    is_default: bool = False               # the province counts silence as praise: noted, never counted here
    commissioned: str = ""                 # the body that inspected for the supervisor
    inspected_by: str = ""                 # the supervisor who entered the inspection
    traces: tuple[str, ...] = ()           # `<sort>:<digest>`
    seconds: int | None = None

    source: str = ""                       # `<KIND>#<id>` of the case that ended; "" at a window
    window: str = ""
    rated: tuple[str, ...] = ()
    terms: str = ""                        # version of the limits in force at the invitation
    channel: int = 2
    anonymous: bool = False
    hidden: bool = False                   # whose case it was is hidden from the units (举报)
    called: bool = False                   # who rates is known by name and number only, is called and sent nothing
    level: int = 0
    tags: tuple[int, ...] = ()
    words: str = ""
    changed: bool = False
    change_until: datetime | None = None   # the first instant at which it is too late to change or supplement it
    excluded: str = ""                     # judged mistaken or malicious: kept, and not counted

    personal: ClassVar[Mapping[str, Any]] = {**Case.personal, "words": "", "traces": (), "source": "",
                                               "title": "（内容已清除）"}


def sort_of(case: Rating) -> str:
    """Return the sort of a rating: those at a window that were kept before there were sorts are general."""
    return case.sort or ("general" if case.window else "case")


class Given(BaseModel, extra="forbid"):
    """What a rater gives: a level, tags of that level (RATING-TAGS), words."""

    level: Level
    tags: Annotated[tuple[int, ...], Field(max_length=10)] = ()
    words: Words = ""

    @model_validator(mode="after")
    def _of_the_level(self) -> "Given":
        if any(tag // 100 != self.level for tag in self.tags) or len(set(self.tags)) != len(self.tags):
            raise ValueError("评价标签应与所选等级对应，且不重复")
        return self


class Marks(Given):
    """What a rater gives on a client of their own or of the hall.

    `device` (the client's own fingerprint) and `shown_at` (when the question was shown) are signals against gaming;
    the first is kept as a digest bound to the day.
    """

    device: Annotated[str, StringConstraints(max_length=64)] = ""
    shown_at: AwareDatetime | None = None


class Rates(Marks):
    act: Literal["rate", "change"]


class Rate(Rates):
    """The rating, or its one change or supplement. `channel`: the client on a desk (1) or in a hand (2)."""

    channel: Literal[1, 2] = MOBILE


class Traced(Rates):
    """The same as it reaches the rules, with the digest of the address that it came from, which no client can say."""

    channel: Literal[1, 2, 7]
    source: str


class NoteDefault(BaseModel, extra="forbid"):
    """The province counts this silence as praise (默认好评): noted, and kept out of every rate."""

    act: Literal["note_default"]
    note: Note


class AnnulRating(BaseModel, extra="forbid"):
    act: Literal["annul"]
    note: Note


RatingAct = Annotated[Rate | NoteDefault | AnnulRating, Field(discriminator="act")]
"""Body of POST /ratings/{id}/acts."""


class RaterView(BaseModel, frozen=True):
    """What the rater sees."""

    id: str
    number: str
    title: str
    state: str
    unit: str
    sort: str
    node: str
    service_number: int
    level: int
    tags: tuple[int, ...]
    changed: bool
    change_until: datetime | None
    opened_at: datetime


class WatchView(RaterView, frozen=True):
    """For the supervisor: also who rated, about what, and whether it counts."""

    person: str
    party: str
    source: str
    window: str
    channel: int
    handling: str
    anonymous: bool
    is_default: bool
    commissioned: str
    excluded: str


RatingSeen = RaterView | WatchView


class Said(BaseModel, frozen=True):
    """The rater's own words."""

    words: str
