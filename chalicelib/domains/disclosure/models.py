"""What a document to be published (公开文件) is, what staff may send, and what they are shown. Shapes only."""
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from chalicelib.kernel.calendar import Instant
from chalicelib.kernel.fields import HandOver, Note, Remark
from chalicelib.kernel.record import Case

Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
Body = Annotated[str, BeforeValidator(lambda text: unmarked(text) if isinstance(text, str) else text),
                 StringConstraints(strip_whitespace=True, min_length=1, max_length=60_000)]
"""The text: a paragraph a line."""


def unmarked(text: str) -> str:
    """Return a text without the marks of the file it came from: byte order, and ends of lines as others write them."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


class Document(Case, frozen=True):
    """A document from draft to publication. `person` is the unit that wrote it, `unit` the one that has it now."""

    column: str = ""                       # 栏目
    reference: str = ""                    # 文号
    formed_on: date | None = None          # 成文日期: day zero of the twenty days
    issuer: str = ""                       # 发布机构, by name
    topic: str = ""                        # 主题分类
    text: str = ""                         # part: {text}
    terms: str = ""                        # version of the limits in force when it was drafted
    authors: tuple[str, ...] = ()          # everybody who wrote at it
    reviewers: tuple[str, ...] = ()        # who passed it, in order
    warnings: int = 0                      # findings that a reviewer must judge
    confirmed: str = ""                    # the part whose warnings a reviewer has judged
    hour: datetime | None = None           # 发布时点, or when its withdrawal was approved: its place in the queue
    serial: int = 0                        # in its column: fixed when publishing begins, without gaps
    published_at: datetime | None = None
    asked_by: str = ""                     # who asked to withdraw it
    source: str = ""                       # id of the application whose licence it tells of


class Written(BaseModel, extra="forbid"):
    """What the author writes. The text is whole each time."""

    title: Title
    column: Code
    reference: Short = ""
    issuer: Short = ""                     # the unit's own name unless given
    topic: Short = ""
    text: Body


class Draft(Written):
    """Body of POST /disclosure/documents: what a unit wants to publish, formed on a day that is a fact."""

    formed_on: date                        # since 1949-10-01 and not later than today


class Revise(Written):
    """The draft written again."""

    act: Literal["revise"]


class Approve(BaseModel, extra="forbid"):
    """Passed to the next review. `confirm`: the warnings were judged, as the note says."""

    act: Literal["approve"]
    confirm: bool = False
    note: Remark = ""


class Schedule(BaseModel, extra="forbid"):
    """The final review: published at `hour`, at once if none is given."""

    act: Literal["schedule"]
    hour: Instant | None = None
    confirm: bool = False
    note: Remark = ""


class Reasoned(BaseModel, extra="forbid"):
    act: Literal["send_back", "recall", "ask_withdrawal", "deny_withdrawal", "annul"]
    note: Note


class Plain(BaseModel, extra="forbid"):
    act: Literal["submit", "claim", "discard", "approve_withdrawal", "retry"]
    note: Remark = ""


Act = Annotated[Revise | Approve | Schedule | Reasoned | HandOver | Plain, Field(discriminator="act")]
"""Body of POST /disclosure/documents/{id}/acts."""


class Shown(BaseModel, frozen=True):
    """A document as the offices that may know of it see it. `address`: below the area's folder of the site."""

    id: str
    number: str
    title: str
    state: str
    area: str
    unit: str
    person: str
    handler: str
    opened_at: datetime
    column: str
    reference: str
    formed_on: date | None
    issuer: str
    topic: str
    warnings: int
    confirmed: bool
    hour: datetime | None
    serial: int
    published_at: datetime | None
    address: str


class Spot(BaseModel, frozen=True):
    """One place in the text that blocks publication, or that a reviewer must judge."""

    kind: str
    level: Literal["block", "warn"]
    pointer: str
    line: int
    column: int
    excerpt: str                           # masked
    detail: str


class Text(BaseModel, frozen=True):
    """The text as it stands, and what the checks find in it today: the first hundred places, and how many there are."""

    text: str
    findings: list[Spot]
    total: int


class Licence(BaseModel, frozen=True):
    """What was granted, as the public may know of a licence: a body by its name, a person masked (行政许可法 40).

    `kind` is the item's: only a licence (01 行政许可) is published, never a benefit or a public service.
    """

    kind: str
    number: str
    title: str
    party: str
    area: str
    unit: str
    office: str
    granted_on: date
