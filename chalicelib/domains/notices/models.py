"""Written notices (文书): numbered, dated, with a code by which anyone can check them. Shapes only."""
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from chalicelib.kernel.record import Case

Note = Annotated[str, StringConstraints(max_length=150)]


class Paper(Case, frozen=True):
    """A notice made from one event of an application. Its page is the immutable part PAGE."""

    sort: str                              # code of the row in SORTS
    source: str                            # id of the application
    source_event: int
    dated: date
    served_by: str = ""                    # channel of service (送达方式)


class Serve(BaseModel, extra="forbid"):
    """The notice was served on the addressee by an official; the note names the receipt."""

    act: Literal["serve"]
    served_by: Literal["窗口直接送达", "邮寄送达", "电子送达", "公告送达"]
    note: Note = ""


class Acknowledge(BaseModel, extra="forbid"):
    """The addressee has received the notice electronically."""

    act: Literal["acknowledge"]


class Annul(BaseModel, extra="forbid"):
    """The notice was made in error; the note says why. It stands no longer, and is kept."""

    act: Literal["annul"]
    note: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=150)]


Act = Annotated[Serve | Acknowledge | Annul, Field(discriminator="act")]
"""Body of POST /notices/{id}/acts."""


class Shown(BaseModel, frozen=True):
    """A notice as its addressee and the offices of the case see it."""

    id: str
    number: str
    title: str
    state: str
    sort: str
    source: str
    dated: date
    served_by: str
    opened_at: datetime
    check_code: str


class Of(BaseModel, extra="forbid"):
    """Query of GET /notices: the notices of one application, instead of those addressed to me."""

    application: Annotated[str, StringConstraints(pattern=r"^[a-z2-7]{26}$")] | None = None


class Verify(BaseModel, extra="forbid"):
    """Query of GET /notices/verify."""

    number: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    code: Annotated[str, StringConstraints(pattern=r"^[a-z2-7]{8}$")]


class Verified(BaseModel, frozen=True):
    """What anyone with number and code is told: that the notice is genuine, of which sort and day, and if it stands."""

    number: str
    title: str
    dated: date
    stands: bool
