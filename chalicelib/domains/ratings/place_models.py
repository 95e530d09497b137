"""Ratings that no invitation asks for, and invitations that a service asks for. Shapes only."""
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints, model_validator

from chalicelib.kernel.fields import Id, Unit

from .models import QR, Given, Marks

Window = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,8}$")]
MayWindow = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{0,8}$")]
MayItem = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{0,40}$")]
Token = Annotated[str, StringConstraints(pattern=r"^[a-z2-7]{36}$")]
Body = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]


class Place(BaseModel, extra="forbid"):
    """What a code stands for: a window of a unit, an item that it handles, or (neither) its hall as a whole."""

    window: MayWindow = ""
    item: MayItem = ""

    @model_validator(mode="after")
    def _one(self) -> "Place":
        if self.window and self.item:
            raise ValueError("评价码对应窗口或者事项，不能同时指定")
        return self


class AtWindow(Marks, Place):
    """Body of POST /ratings/window: what hangs there says unit, place and code; nobody signs in.

    `channel`: a code (3), the hall's tablet (4) or another device of it (5). `handling`: scanned before or after.
    """

    unit: Unit
    code: Annotated[str, StringConstraints(pattern=r"^[a-z2-7]{8}$")]
    channel: Literal[3, 4, 5] = QR
    handling: Literal["", "before", "after"] = ""


class Received(BaseModel, frozen=True):
    """A rating without a name, or by a link, was taken down."""

    received: bool = True


class PlaceCode(BaseModel, frozen=True):
    """What the code says that hangs at a place."""

    unit: str
    window: str
    item: str
    code: str


class Inspect(Marks, Place):
    """Body of POST /ratings/inspections: a supervisor, or a body `commissioned`, tried the service as a citizen would.
    """

    unit: Unit
    visited_on: date
    commissioned: Body = ""


class Visit(BaseModel, extra="forbid"):
    """Body of POST /ratings/visits: an official has served somebody in a case; they are asked to rate that visit."""

    application: Id
    window: MayWindow = ""


class Asked(BaseModel, frozen=True):
    """Somebody was asked to rate a visit: which service of their case that was."""

    service_number: int


class ByToken(BaseModel, extra="forbid"):
    """Body of POST /ratings/links/open."""

    token: Token


class ByLink(Marks):
    """Body of POST /ratings/links: the rating by whoever a link was sent to."""

    token: Token


class ByTelephone(Given):
    """Body of POST /ratings/by-telephone: what the rater said when the centre called about a service that was done.

    `service_number`: which service of the case; none is its end.
    """

    kind: Literal["APPLICATION", "ORDER"]
    case_id: Id
    service_number: Annotated[int, Field(ge=1)] | None = None


class LinkView(BaseModel, frozen=True):
    """What stands behind a link: what is to be rated, or that it was."""

    title: str
    office: str
    area: str
    state: str
    state_label: str
