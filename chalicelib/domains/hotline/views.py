"""What each reader of an order is shown. Shapes only."""
from datetime import date, datetime

from pydantic import BaseModel


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
    result: str
    satisfaction: int | None
    solved: bool | None
    opened_at: datetime


class HolderView(Shown):
    """For the citizen, and whoever holds their mandate."""

    party: str
    hidden: bool


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


class UnitView(WatchView):
    """For the units that have or had the order: also whose it is."""

    person: str
    party: str


class CentreView(UnitView):
    """For the hotline centre: everything."""

    units: tuple[str, ...]
    misses: tuple[date, ...]


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


class Words(BaseModel, frozen=True):
    """The words of an order: what was asked, what the citizen was told; for officials also their reasons."""

    content: str
    place: str
    replies: list[Said]
    reasons: list[Said]
