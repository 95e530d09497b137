"""What each reader of an application is shown, and the query by which anyone follows one. Shapes only."""
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, StringConstraints

from .models import Code, Lack


class Shown(BaseModel, frozen=True):
    """What every reader of an application is shown."""

    id: str
    number: str
    title: str
    state: str
    item: str
    item_version: int
    area: str
    unit: str
    channel: str
    party: str
    opened_at: datetime
    received_at: datetime | None
    counted_from: datetime | None
    accepted_at: datetime | None
    accept_mode: str
    owed: bool | None
    suspended_for: str
    hearing: str
    hearing_on: date | None
    hearing_place: str
    inspection: bool
    inspected_on: date | None
    joint: bool
    first_review: bool
    renews: str
    expires_on: date | None
    renewal_in_time: bool | None
    granted: bool | None
    decision_mode: str
    delivery: str


class HolderView(Shown):
    """For the applicant and whoever holds their mandate: also the query code, and which parts hold their papers."""

    query_code: str


class DeskView(Shown):
    """For the officials of the case: also whose it is and who handles it."""

    person: str
    handler: str
    asked_days: int
    notified: bool
    close_type: int
    inspectors: tuple[str, ...]


Seen = HolderView | DeskView


class Papers(BaseModel, frozen=True):
    """What was handed in, as it stands, and the last list of what is lacking."""

    form: dict[str, str]
    materials: dict[str, str]
    lacks: list[Lack]


class Track(BaseModel, extra="forbid"):
    """Query of GET /applications/track: both together follow a case without signing in."""

    number: Code
    code: Annotated[str, StringConstraints(pattern=r"^[a-z2-7]{6}$")]


class Progress(BaseModel, frozen=True):
    """What anyone with number and query code is told: the state and the dates, no name and no paper."""

    number: str
    title: str
    state: str
    state_label: str
    received_at: datetime | None
    accepted_at: datetime | None
    due_on: date | None = None
    paused: bool = False
    as_of: datetime
