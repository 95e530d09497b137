"""What callers may send about an order: the bodies of requests. Shapes only."""
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, StrictBool, StringConstraints, model_validator

from chalicelib.kernel.fields import Area, AskExtension, HandOver, Id, Note, Remark, Text, Unit

from .models import RESULT, RETURN, Category, Channel, Line, Online, Urgency

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=150)]
"""Why an identity field is read in clear: as accounts asks for it."""
Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Files = Annotated[list[Id], Field(max_length=9)]
"""Pictures, recordings, papers: materials that whoever names them may read."""


class Point(BaseModel, extra="forbid"):
    """Degrees; within the bounds of China."""

    lon: Annotated[float, Field(ge=73, le=136)]
    lat: Annotated[float, Field(ge=3, le=54)]


class Location(BaseModel, extra="forbid"):
    """Where it is, in the system in which it was given: GPS (WGS-84) or Chinese maps (GCJ-02). Never converted."""

    wgs84: Point | None = None
    gcj02: Point | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.wgs84 is None) == (self.gcj02 is None):
            raise ValueError("坐标只填一种：WGS-84 或者 GCJ-02")
        return self


class Ask(BaseModel, extra="forbid"):
    """Body of POST /hotline/orders: a request of one's own, or under a mandate."""

    area: Area
    title: Title
    content: Text
    place: Remark = ""
    location: Location | None = None
    street: Area | None = None
    category: Category
    channel: Online = "03"
    hidden: bool = False                   # asks not to be named to the unit
    against: Unit | None = None            # the unit complained of: then it always is so
    files: Files = []


class Caller(BaseModel, extra="forbid"):
    """A caller as they give their name; accounts keep both, sealed."""

    name: Title
    phone: Annotated[str, StringConstraints(strip_whitespace=True, min_length=7, max_length=20)]


class AtDesk(BaseModel, extra="forbid"):
    """Body of POST /hotline/orders/desk: a caller, a person known to accounts, or (neither) somebody anonymous."""

    title: Title
    content: Text
    place: Remark = ""
    location: Location | None = None
    street: Area | None = None
    category: Category
    urgency: Urgency = "ordinary"
    intricate: bool = False
    channel: Channel = "01"
    source_number: Number | None = None
    hidden: bool = False
    against: Unit | None = None
    caller: Caller | None = None
    person: Id | None = None
    files: Files = []

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.caller and self.person:
            raise ValueError("来电人与已登记的人员只填一项")
        return self


class Classify(BaseModel, extra="forbid"):
    act: Literal["classify"]
    category: Category
    urgency: Urgency
    intricate: bool | None = None          # None: as it was
    street: Area | None = None
    against: Unit | None = None
    note: Remark = ""


class Dispatch(BaseModel, extra="forbid"):
    act: Literal["dispatch", "designate"]
    unit: Unit
    co_units: Annotated[list[Unit], Field(max_length=5)] = []
    note: Remark = ""


class Invite(BaseModel, extra="forbid"):
    """Units that are to help the one that has the order."""

    act: Literal["invite"]
    co_units: Annotated[list[Unit], Field(min_length=1, max_length=5)]
    note: Remark = ""


class Report(BaseModel, extra="forbid"):
    """A co-handling unit tells the leading one what it did."""

    act: Literal["report"]
    text: Text


class Transfer(BaseModel, extra="forbid"):
    """The matter was passed to an emergency line, or one of them passed it here; `number` is its record's there."""

    act: Literal["transfer"]
    line: Line
    number: Number
    direction: Literal["out", "in"] = "out"
    note: Remark = ""


class Return(BaseModel, extra="forbid"):
    """A unit disputes that the order is its own. `suggested`: whose it is, where that is the reason."""

    act: Literal["return"]
    reason: RETURN
    basis: Note
    text: Text
    suggested: Unit | None = None


class Told(BaseModel, extra="forbid"):
    """What the citizen is told at once, or with reference to the case that answered the same matter; `article`: of the
    knowledge base, from which the answer comes.
    """

    act: Literal["answer", "answer_by_thread"]
    text: Text
    article: Id | None = None


class Declined(BaseModel, extra="forbid"):
    """Why the matter is not taken up, and where it belongs."""

    act: Literal["decline"]
    text: Text


class Reply(BaseModel, extra="forbid"):
    """What was done. The citizen is answered first, then the platform: `told` says how they were.

    Where nobody or a hidden person asked, the unit cannot answer them: what it writes here is what they read.
    """

    act: Literal["reply"]
    result: RESULT
    text: Text
    told: Literal["电话", "短信", "当面", "信函", "网上"] | None = None
    measures: Text | None = None           # of what is shelved: what will be done,
    promised_on: date | None = None        # and until which day
    article: Id | None = None
    files: Files = []

    @model_validator(mode="after")
    def _promised(self) -> Self:
        if (self.result == "shelved") != bool(self.measures and self.promised_on):
            raise ValueError("挂账应当写明措施（measures）和承诺日期（promised_on），其他办理结果不填")
        return self


class Again(BaseModel, extra="forbid"):
    """What is lacking in the handling, for the unit that has to do it again."""

    act: Literal["send_back", "rework"]
    text: Text


class ApplyLaw(BaseModel, extra="forbid"):
    """A law gives longer than the published limit: which one, how long from the dispatch, and why it applies here."""

    act: Literal["apply_law"]
    law: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    length: Annotated[int, Field(ge=1, le=365)]
    length_unit: Literal["wd", "cd", "mo"] = "wd"
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=65)]


class CallBack(BaseModel, extra="forbid"):
    """What the citizen says; `contacted`: whether the unit had been in touch with them, where they were asked that."""

    act: Literal["call_back"]
    satisfaction: Annotated[int, Field(strict=True, ge=1, le=5)]
    solved: StrictBool
    contacted: StrictBool | None = None
    note: Remark = ""


class Merge(BaseModel, extra="forbid"):
    """The order is on the matter of another, which goes on as the main one."""

    act: Literal["merge"]
    main: Id
    note: Remark = ""


class Link(BaseModel, extra="forbid"):
    """The same matter is a case of another kind, by which it is answered."""

    act: Literal["link"]
    kind: Literal["APPLICATION", "RATING"]
    case_id: Id
    note: Remark = ""


class Noted(BaseModel, extra="forbid"):
    act: Literal["annul", "deny_extension", "unmerge", "circulate"]
    note: Note


class Plain(BaseModel, extra="forbid"):
    act: Literal["claim", "sign", "approve_extension", "pass", "shelve", "take_up", "miss", "close"]
    note: Remark = ""


Act = Annotated[Classify | Dispatch | Invite | Report | Transfer | Return | Told | Declined | Reply | Again
                | AskExtension | ApplyLaw | CallBack | HandOver | Merge | Link | Noted | Plain,
                Field(discriminator="act")]
"""Body of POST /hotline/orders/{id}/acts."""


class Reveal(BaseModel, extra="forbid"):
    """Body of POST /hotline/orders/{id}/caller/reveal."""

    reason: Reason
