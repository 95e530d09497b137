"""What each reader of an order is shown. Shapes only."""
from datetime import date, datetime

from pydantic import BaseModel

from .duties import Suggestion


class Shown(BaseModel, frozen=True):
    """What every reader of an order is shown."""

    id: str
    number: str
    title: str
    state: str
    area: str
    unit: str
    category: str
    urgency: str
    channel: str
    street: str
    transfer: str                          # the emergency line that its words call for: offered to whoever registers
    result: str
    promised: str                          # of what is shelved: until which day
    satisfaction: int | None
    solved: bool | None
    contacted: bool | None
    opened_at: datetime


class HolderView(Shown):
    """For the citizen, and whoever holds their mandate."""

    party: str
    hidden: bool
    against: str


class WatchView(Shown):
    """For the supervisor and the auditor, and for the units of an order whose reporter is hidden: not whose it is."""

    handler: str
    intricate: bool
    designated: bool
    returns: int
    returned_for: str
    reworks: int
    asked_days: int
    level: int
    anonymous: bool
    hidden: bool
    collective: bool
    helpers: dict[str, int]
    article: str


class UnitView(WatchView):
    """For the units that have or had the order: also whose it is, by the masked name; the telephone number is read at
    the order, on record (`/caller/reveal`).
    """

    party: str


class CentreView(UnitView):
    """For the hotline centre: everything."""

    person: str
    against: str
    units: tuple[str, ...]
    misses: tuple[date, ...]
    source_number: str
    repeats: str
    crowd: int
    main: str
    children: int
    linked: str                            # others have it from the thread, if they may: who rated is not told by it


Seen = HolderView | CentreView | UnitView | WatchView


class Said(BaseModel, frozen=True):
    """A long text of an act: `act` number `number` of the timeline."""

    number: int
    act: str
    text: str
    code: str = ""                         # of the result, or of the return
    basis: str = ""
    suggested: str = ""
    told: str = ""                         # how the citizen was answered before the platform
    measures: str = ""                     # of what is shelved: what will be done,
    promised_on: str = ""                  # and until which day
    unit: str = ""                         # of a report: the unit that helped
    files: list[str] = []                  # materials


class Words(BaseModel, frozen=True):
    """The words of an order: what was asked, what the citizen was told; for officials also their reasons."""

    content: str
    place: str
    location: dict[str, dict[str, str]]    # by the system in which it was given (wgs84, gcj02): lon, lat
    files: list[str]                       # materials
    replies: list[Said]
    reasons: list[Said]
    reports: list[Said]                    # of the units that helped


class Near(BaseModel, frozen=True):
    """An order that may be on the same matter; `score` from 0 to 100."""

    id: str
    number: str
    title: str
    state: str
    state_label: str
    category: str
    unit: str
    main: str
    opened_at: datetime
    same_person: bool
    score: int


class Neighbours(BaseModel, frozen=True):
    """The orders near one, or merged into it."""

    items: list[Near]


class Suggestions(BaseModel, frozen=True):
    """The units to which an order may go, the best first."""

    items: list[Suggestion]


class Board(BaseModel, frozen=True):
    """How much is open at a unit or in a street. Of the first hundred; `more`: there is more than that."""

    unit: str
    street: str
    open: int
    overdue: int
    today: int                             # due by tonight
    more: bool


class Phone(BaseModel, frozen=True):
    """A telephone number in clear."""

    phone: str
