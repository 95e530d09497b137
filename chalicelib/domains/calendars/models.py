"""What is published of the working calendar: its versions, and one version as a file that anyone can count by."""
from datetime import date

from pydantic import BaseModel

from chalicelib.kernel.calendar import Instant


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
