"""What is published of the working calendar (versions, and each as a file to count by), and a notice before that."""
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from chalicelib.kernel.calendar import Instant
from chalicelib.kernel.fields import Note, Remark
from chalicelib.kernel.record import Case

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern="^[^/]*$")]
"""文号; it names a version of the calendar in an address, and so holds no slash."""
Festival = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10)]


class Noticed(BaseModel, frozen=True):
    """A notice on holidays (节假日安排的通知), as lists show it."""

    number: str
    publisher: str
    source: str                            # where its days were taken from, and what is not known of it
    known_at: Instant
    year: int


class Declared(Noticed, frozen=True):
    """A notice with the days that it sets, in order. A day may lie in the December before its year."""

    holidays: dict[date, str]              # day -> festival
    makeup_days: list[date]


class Assumed(BaseModel, frozen=True):
    """The days taken to be off in a year that no notice has spoken of (全国年节及纪念日放假办法)."""

    year: int
    holidays: dict[date, str]


class Versions(BaseModel, frozen=True):
    """All versions of the calendar, the oldest first; each is called by the number of its last notice."""

    items: list[Noticed]
    current: str


class CalendarFile(BaseModel, frozen=True):
    """One version of the working calendar: all that counting takes, with no knowledge of ours.

    A day is worked if the last of the `notices` that names it calls it a make-up day, and off if that one calls it a
    holiday. Any other day is off on Saturday and Sunday; and, in a year of which no notice speaks (`year`), on the days
    `assumed` for it, or in a year not listed there on `assumed_yearly` (month and day). Such years are provisional.
    """

    calendar: str                          # the version, as ledgers name it
    notices: list[Declared]                # in the order that counts: a later one overrules an earlier
    assumed: list[Assumed]
    assumed_yearly: dict[str, str]         # `05-01` -> festival


class Proposal(Case, frozen=True):
    """A notice on holidays as one keeper has entered it and another is to approve. `number` is the notice's own."""

    publisher: str = ""
    source: str = ""
    year: int = 0
    holidays: dict[date, str] = {}
    makeup_days: tuple[date, ...] = ()
    proposed_by: str = ""
    approved_at: Instant | None = None     # since when the notice is known here


class Propose(BaseModel, extra="forbid"):
    """Body of POST /calendars/notices: a notice of the State Council, word for word."""

    number: Number
    publisher: Name
    source: Note                           # where it can be read
    year: Annotated[int, Field(ge=2000, le=2100)]
    holidays: Annotated[dict[date, Festival], Field(max_length=60)]
    makeup_days: Annotated[list[date], Field(max_length=30)] = []


class Plain(BaseModel, extra="forbid"):
    act: Literal["approve", "withdraw"]
    note: Remark = ""


class Reasoned(BaseModel, extra="forbid"):
    act: Literal["reject"]
    note: Note


Act = Annotated[Plain | Reasoned, Field(discriminator="act")]
"""Body of POST /calendars/notices/{id}/acts."""


class Shown(BaseModel, frozen=True):
    """A notice as the keepers of the calendar see it; lists show its number, title and state."""

    id: str
    number: str
    title: str
    state: str
    area: str
    publisher: str
    source: str
    year: int
    holidays: dict[date, str]
    makeup_days: tuple[date, ...]
    opened_at: datetime
    approved_at: datetime | None


class Move(BaseModel, frozen=True):
    """So many cases of a kind and an area have a clock whose last day the notice would move. No case is named.

    Of a clock that a pause holds open (`held`), the days are those it would end on if the pause ended now.
    """

    kind: str
    area: str
    clock: str
    before_on: date
    after_on: date
    held: bool
    cases: int
    cards_withdrawn: int                   # of these, how many have a card for being late, and would not be late
    cards_due: int                         # how many are in time, and would be late at once, for which there is a card


class Effect(BaseModel, frozen=True):
    """A page of what a notice would do, were it in force: of the `cases` with a running clock looked at, which move."""

    moves: list[Move]
    cases: int
    cursor: str | None = None
    as_of: datetime
