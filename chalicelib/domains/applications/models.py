"""What an application (办件) is, what callers may send, what each reader is shown. Shapes."""
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, Field, StringConstraints

from chalicelib.kernel.fields import Area, AskExtension, HandOver, Id, Note, Official, Remark, Text
from chalicelib.kernel.record import Case

Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Place = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Form = Annotated[dict[Annotated[str, StringConstraints(min_length=1, max_length=40)], Short], Field(max_length=60)]
"""What the applicant filled in, by field name; at most 60 fields of 200 characters."""
Materials = Annotated[dict[Annotated[str, StringConstraints(pattern=r"^M[0-9]{1,2}$")], Id], Field(max_length=40)]
"""The files handed in: entry of the item's checklist -> id of the stored material."""
EXCLUDED = Literal["听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审"]
"""The procedures whose time is not counted (行政许可法第四十五条)."""
DELIVERY = Literal["窗口自取", "邮寄", "电子送达", "自助柜"]


class Application(Case, frozen=True):
    """A request for one service item. `form` names the part that holds what was filled in, `lacks` the last list."""

    item_version: int = 0                  # in force at receipt (事项版本)
    hall: str = ""                         # the unit that receives and delivers (综合窗口)
    department: str = ""                   # the unit that reviews and decides
    terms: str = ""                        # version of the local limits in force at receipt
    channel: Literal["online", "window"] = "online"
    form: str = "FORM#000001"              # part: {form, materials}
    notified: bool = False                 # the one correction notice has been given
    lacks: str = ""                        # part: the list of a correction notice or of a returned pre-check
    received_at: datetime | None = None    # 收件: the day from which silence counts
    accepted_at: datetime | None = None
    accept_mode: Literal["", "deemed"] = ""        # deemed: by silence
    counted_from: datetime | None = None   # of a receipt outside office hours, where the area counts it later
    joint: bool = False                    # handled by several offices together (统一、联合、集中办理)
    first_review: bool = False             # reviewed here for the office above that decides (下级先行审查)
    owed: bool | None = None               # asked for after acceptance by silence; False: supplied
    renews: str = ""                       # number of the licence to be renewed (延续)
    expires_on: date | None = None         # its last day
    renewal_in_time: bool | None = None    # lodged long enough before that day
    decision_mode: Literal["", "deemed"] = ""      # deemed: renewed by silence
    suspended_for: str = ""                # the excluded procedures that hold the clocks, the first to end first
    hearing: Literal["", "told", "asked", "entered", "waived", "held"] = ""    # 听证: how far it has come
    hearing_on: date | None = None         # announced for that day,
    hearing_place: str = ""                # at that place
    inspection: bool = False               # officials are sent to inspect on site (行政许可法 55)
    inspected_on: date | None = None       # when they went last,
    inspectors: tuple[str, ...] = ()       # and who
    asked_days: int = 0                    # extension asked for, not yet approved
    asked_by: str = ""
    granted: bool | None = None
    delivery: str = ""
    close_type: int = 0                    # 办结类型: 1 准予 2 不予 3 补正逾期 4 撤回 5 转报 6 异常终止

    personal: ClassVar[Mapping[str, Any]] = {**Case.personal, "renews": ""}


class Renewal(BaseModel, extra="forbid", frozen=True):
    """The licence that is to be renewed: its number, and the last day on which it is valid."""

    licence: Code
    expires_on: date


class Draft(BaseModel, extra="forbid"):
    """Body of POST /applications: a draft of one's own, or under a mandate. `renews`: for an item that renews."""

    area: Area
    item: Code
    renews: Renewal | None = None
    form: Form = {}
    materials: Materials = {}


class AtWindow(Draft):
    """Body of POST /applications/window: a clerk takes an application in person, for a person known to accounts."""

    person: Id


class Revise(BaseModel, extra="forbid"):
    """The applicant's paper: filled in again in a draft, handed in again after a list of what is lacking."""

    act: Literal["revise", "resubmit", "supply", "supply_owed"]
    form: Form
    materials: Materials


class Lack(BaseModel, extra="forbid", frozen=True):
    """One thing to supply or mend. `material` is the checklist's entry, "" for the form."""

    material: Annotated[str, StringConstraints(pattern=r"^(M[0-9]{1,2})?$")] = ""
    reason: Note


class Ask(BaseModel, extra="forbid"):
    """A list of everything that is lacking (一次告知): to return a pre-check, as the one correction notice, or, after
    acceptance by silence, outside it."""

    act: Literal["return", "ask_correction", "ask_owed"]
    lacks: Annotated[list[Lack], Field(min_length=1, max_length=40)]


class Reasoned(BaseModel, extra="forbid"):
    """An act that must give its reasons, of any length up to 2,000 characters."""

    act: Literal["decline", "refuse"]
    reason: Text
    basis: Note                            # the provision the refusal rests on


class Suspend(BaseModel, extra="forbid"):
    act: Literal["suspend"]
    reason: EXCLUDED
    planned: Annotated[int, Field(ge=1, le=365)]       # working days told to the applicant in writing
    note: Note


class EndProcedure(BaseModel, extra="forbid"):
    """One of several procedures has ended; the others go on, and hold the clocks."""

    act: Literal["end_procedure"]
    reason: EXCLUDED
    note: Remark = ""


class Inspect(BaseModel, extra="forbid"):
    """Who was sent to inspect on site, and on which day they were there."""

    act: Literal["inspect"]
    inspectors: Annotated[list[Official], Field(min_length=2, max_length=5)]
    inspected_on: date
    note: Note                             # what was found


class AnnounceHearing(BaseModel, extra="forbid"):
    """When and where the hearing is; announced again, it is put off."""

    act: Literal["announce_hearing"]
    hearing_on: date
    hearing_place: Place
    note: Remark = ""


class Deliver(BaseModel, extra="forbid"):
    act: Literal["deliver"]
    delivery: DELIVERY
    note: Remark = ""


class Noted(BaseModel, extra="forbid"):
    """An act that says why, or what is on record: the matter of a hearing, its minutes, the opinion forwarded."""

    act: Literal["annul", "terminate", "deny_extension", "tell_hearing", "enter_hearing", "hold_hearing",
                 "forward"]
    note: Note


class Plain(BaseModel, extra="forbid"):
    act: Literal["submit", "receive", "accept", "review", "resume", "approve_extension", "grant", "close", "issue",
                 "withdraw", "archive", "claim", "discard", "ask_hearing", "waive_hearing"]
    note: Remark = ""


Act = Annotated[Revise | Ask | Reasoned | Suspend | EndProcedure | Inspect | AnnounceHearing | AskExtension | HandOver
                | Deliver | Noted | Plain, Field(discriminator="act")]
"""Body of POST /applications/{id}/acts."""
