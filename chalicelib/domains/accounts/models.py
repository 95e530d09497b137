"""Who there is: persons and bodies, staff and their offices, units, mandates, sessions. Shapes only."""
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from chalicelib.kernel.fields import Area, Id, Unit
from chalicelib.kernel.identity import Level, Office

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=30)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=150)]
Kind = Literal["natural", "organisation"]
ROLES = Literal["clerk", "reviewer", "head", "supervisor", "centre", "rectifier",
                "publisher", "leader", "government", "keeper", "calendar_keeper", "registrar", "admin", "auditor",
                "security"]
READERS = ("clerk", "reviewer", "head", "registrar", "centre", "rectifier", "supervisor")
"""Who may see the account of anybody, masked; in clear with a reason, for a case of theirs."""
WITHOUT_CASE = ("clerk", "registrar")
"""Who may read in clear for no case: they serve persons at a window, or keep their accounts."""


class Wechat(BaseModel, extra="forbid"):
    """A one-time code of WeChat: of wx.login to sign in, of getPhoneNumber to give one's number."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=128)]


class SingleSignOn(BaseModel, extra="forbid"):
    """Body of POST /accounts/sessions/staff: the ID token of the staff's OpenID Connect provider."""

    id_token: Annotated[str, StringConstraints(min_length=1, max_length=4096)]


class Session(BaseModel, frozen=True):
    """A sign-in: the token goes into `Authorization: Bearer`, until `expires_at` or until it is ended."""

    token: str
    person: str
    level: Level
    offices: list[str]                     # as a request names them in Acting-Office
    expires_at: datetime


class Identity(BaseModel, extra="forbid"):
    """Body of POST /accounts/me/identity: real-name registration of the person signed in."""

    name: Name
    number: Number                         # resident ID, or the 18-digit permit of 港澳台 residents


class Registration(BaseModel, extra="forbid"):
    """Body of POST /accounts/persons: someone seen at a window with their document."""

    kind: Kind
    name: Name
    number: Number                         # resident ID, or unified social credit code
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=20)] = ""
    representative: Id | None = None       # of an organisation: the natural person who acts for it


class Profile(BaseModel, frozen=True):
    """A person or body as shown: masked."""

    id: str
    kind: Kind
    party: str
    number: str
    phone: str
    level: Level
    warning: str = ""
    version: int = 1


class Revealed(BaseModel, frozen=True):
    """Identity fields in clear; the reading is recorded."""

    id: str
    name: str = ""
    number: str = ""
    phone: str = ""


FIELD = Literal["name", "number", "phone"]


class Reveal(BaseModel, extra="forbid"):
    """Body of POST /accounts/persons/{id}/reveal: which fields, what for, and for which case (`<KIND>#<id>`) of
    that person: one that the reader is shown. A clerk and a registrar may name none."""

    reason: Reason
    fields: Annotated[list[FIELD], Field(min_length=1, max_length=3)] = ["name", "number", "phone"]
    case: Annotated[str, StringConstraints(pattern=r"^([A-Z]+#[a-z2-7]{26})?$")] = ""


class Read(BaseModel, frozen=True):
    """One reading of identity fields, for the auditor."""

    at: datetime
    person: str                            # whose fields
    by: str
    office: str
    fields: str
    reason: str
    case: str = ""                         # `<KIND>#<id>`, where the reader named one


class ReadOfMine(BaseModel, frozen=True):
    """One reading of one's own identity fields: by which office, when, which fields; not by whom."""

    at: datetime
    office: str
    fields: str


class Day(BaseModel, extra="forbid"):
    """Query of the auditor's list."""

    day: date


class UnitEntry(BaseModel, extra="forbid", frozen=True):
    """A unit of an area: a hall, a department."""

    id: Unit
    name: Name


class Units(BaseModel, frozen=True):
    items: list[UnitEntry]


class InArea(BaseModel, extra="forbid"):
    area: Area


class Post(BaseModel, extra="forbid", frozen=True):
    """One office given to a member of staff."""

    role: ROLES
    unit: Unit


class Staff(BaseModel, extra="forbid"):
    """Body of POST /accounts/staff: a member of staff as the single sign-on knows them, with all their offices."""

    subject: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    name: Name
    offices: Annotated[list[Post], Field(max_length=10)]


class StaffEntry(BaseModel, frozen=True):
    person: str
    party: str
    offices: list[Office]


class Give(BaseModel, extra="forbid"):
    """Body of POST /accounts/mandates: power for another to act in one's name, until a day."""

    agent: Id
    until: date


class MandateEntry(BaseModel, frozen=True):
    """A mandate as its two sides see it."""

    id: str
    principal: str
    party: str                             # the principal's masked name
    agent: str
    until: date
    ended: bool
    version: int = 1


class Mandates(BaseModel, frozen=True):
    items: list[MandateEntry]
