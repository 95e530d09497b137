"""What is kept of persons and how long; what a person asks about it; what holds it back. Shapes only."""
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, Field, StringConstraints, model_validator

from chalicelib.kernel.calendar import Instant
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.fields import Area, HandOver, Id, Note, Remark
from chalicelib.kernel.record import Case

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Source = Annotated[str, StringConstraints(pattern=r"^[A-Z]+#[a-z2-7]{26}$")]
Kind = Literal["APPLICATION", "MATERIAL", "NOTICE", "ORDER", "COMPLAINT", "RATING", "SUBJECT"]
"""The kinds of case that can be a person's."""
Sort = Literal["correct", "delete"]
TITLES: Mapping[str, str] = {"correct": "更正个人信息", "delete": "删除个人信息"}


class DataClass(BaseModel, frozen=True):
    """A class of data (个人信息类别): what it holds, what for, on which basis, how long and what then becomes of it.

    `keep` runs from `since`: `closed` (the case has ended), `written`, or in words. `kind`: of the cases that it is.
    `on_request`: goes earlier when its person asks; no law orders it to be kept.
    """

    code: str
    name: str
    holds: str
    purpose: str
    basis: str
    kind: str
    keep: Limit | None
    since: str
    end: Literal["anonymise", "delete", "expire", "keep"]
    on_request: bool
    note: str


class Classes(BaseModel, frozen=True):
    """The classes in force in an area, and their version."""

    version: str
    items: list[DataClass]


class InArea(BaseModel, extra="forbid"):
    area: Area


class Request(Case, frozen=True):
    """What a person asks about their own data (个人信息权利请求). FORM, sealed: what is to be right, and why.

    `kept`: codes of the classes that stay, as a law has it; of a refusal, of a deletion that was carried out.
    """

    sort: Sort = "correct"
    fields: tuple[str, ...] = ()           # to be corrected: name, phone
    materials: tuple[str, ...] = ()        # files that prove it
    kept: tuple[str, ...] = ()
    carried_at: Instant | None = None
    asked: str = ""                        # a keyed digest of what was asked for

    personal: ClassVar[Mapping[str, Any]] = {**Case.personal, "materials": (), "asked": ""}


class Lodge(BaseModel, extra="forbid"):
    """Body of POST /privacy/requests: a correction names what is right and its proof, a deletion neither."""

    area: Area
    sort: Sort
    name: Name | None = None
    phone: Annotated[str, StringConstraints(pattern=r"^1[3-9][0-9]{9}$")] | None = None
    materials: Annotated[list[Id], Field(max_length=5)] = []
    reason: Note

    @model_validator(mode="after")
    def _of_its_sort(self) -> Self:
        given = bool(self.name or self.phone)
        if given != (self.sort == "correct"):
            raise ValueError("更正须填写正确的姓名或者手机号码，删除不填")
        if self.name and not self.materials:
            raise ValueError("更正姓名须提交证明材料")
        return self


class Refuse(BaseModel, extra="forbid"):
    """The request is refused; of a deletion, the classes that a law orders to be kept."""

    act: Literal["refuse"]
    kept: Annotated[tuple[Short, ...], Field(max_length=16)] = ()
    note: Note


class Annul(BaseModel, extra="forbid"):
    act: Literal["annul"]
    note: Note


class Plain(BaseModel, extra="forbid"):
    act: Literal["grant", "withdraw", "claim"]
    note: Remark = ""


Act = Annotated[Refuse | HandOver | Annul | Plain, Field(discriminator="act")]
"""Body of POST /privacy/requests/{id}/acts."""


class Shown(BaseModel, frozen=True):
    """A request as who watches over the area sees it."""

    id: str
    number: str
    title: str
    state: str
    area: str
    unit: str
    sort: str
    fields: tuple[str, ...]
    kept: tuple[str, ...]
    opened_at: datetime
    carried_at: datetime | None


class HolderView(Shown):
    """For whose request it is: also the files that they gave."""

    materials: tuple[str, ...]


class DeskView(HolderView):
    """For the office that decides: also whose it is and who has it."""

    person: str
    party: str
    handler: str


class Proposal(BaseModel, frozen=True):
    """What is to be right, masked, and why."""

    name: str
    phone: str
    reason: str


class Reveal(BaseModel, extra="forbid"):
    """Body of POST /privacy/requests/{id}/reveal."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=150)]


class Held(BaseModel, frozen=True):
    """How many cases of a kind a person has, at most a hundred counted."""

    kind: Kind
    label: str
    cases: int


class Mine(BaseModel, frozen=True):
    """What is held on the reader: the account, masked, and the cases by kind."""

    account: dict[str, Any]
    held: list[Held]


class Of(BaseModel, extra="forbid"):
    """Query of the lists of one's own: which kind."""

    kind: Kind


class Document(BaseModel, frozen=True):
    """A case as its person may read it, with its whole timeline: one entry of an export."""

    kind: str
    file: dict[str, Any]


class Hold(BaseModel, extra="forbid"):
    """Body of POST /privacy/holds: the case is not to be anonymised while this stands (诉讼、复议、审计、调查)."""

    case: Source
    reason: Note


class Release(BaseModel, extra="forbid"):
    """Body of POST /privacy/holds/release."""

    case: Source
    reason: Note


class Standing(BaseModel, frozen=True):
    """A legal hold, or one that was released."""

    case: str
    reason: str
    at: datetime
    released_at: datetime | None = None
    released_for: str = ""
