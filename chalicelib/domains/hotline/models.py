"""What a hotline order (热线工单) is, and what callers may send. Shapes only."""
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, Field, PositiveInt, StrictBool, StringConstraints, model_validator

from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.record import Case

Id = Annotated[str, StringConstraints(pattern=r"^[a-z2-7]{26}$")]
Area = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
Unit = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}\.[a-z][a-z0-9-]{1,30}$")]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=150)]
Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=150)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Category = Literal["consultation", "help", "complaint", "report", "suggestion", "praise", "other"]
"""诉求类型: 咨询、求助、投诉、举报、建议、表扬、其他."""
Urgency = Literal["critical", "urgent", "ordinary"]
"""紧急程度: 特急、紧急、一般."""
Online = Literal["02", "03", "04"]
"""来源渠道 of a citizen who writes themselves: 网站、微信小程序、APP."""
Channel = Literal["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15"]
"""来源渠道: 电话、网站、微信小程序、APP、短信、邮箱信件、领导信箱、中国政府网留言、人民网留言板、110联动、上级交办、
网格上报、好差评转办、投诉窗口、“办不好件”窗口."""
RETURN = Literal["not_ours", "not_here", "incomplete", "duplicate", "in_procedure", "other"]
"""退单理由: 非本单位职责、非本区域、信息不全、重复、已进入法定程序、其他."""
RESULT = Literal["solved", "partly", "explained", "shelved", "unreasonable", "void"]
"""办理结果: 已解决、部分解决、解释说明、暂无法解决（挂账）、不合理诉求、无效."""


class Terms(BaseModel, frozen=True):
    """What bounds an order of one category and urgency: limits by clock name, and how often what may be done."""

    limits: dict[str, Limit]
    returns: int                           # times a unit may send it back
    reworks: int                           # times a dissatisfied citizen has it done again
    tries: int                             # calls not answered after which it may be closed,
    days: int                              # made on so many days at least
    hidden: Literal["never", "asked", "always"]        # whether the reporter is hidden from the units


class Order(Case, frozen=True):
    """A citizen's request to 12345. Parts: FORM (its words), REPLY#<event> (to the citizen), REASON#<event> (inside).

    `party` shows in every list; the masked name of a hidden reporter stands in `reporter` instead.
    """

    category: Category = "other"
    urgency: Urgency = "ordinary"
    intricate: bool = False                # 复杂疑难: may be extended more than once
    channel: Channel = "01"
    terms: str = ""                        # version of the limits in force at receipt
    hidden: bool = False
    anonymous: bool = False                # nobody to answer or to call back
    called: bool = False                   # whose it is called, and is known by name and number only
    reporter: str = ""
    units: tuple[str, ...] = ()            # those that had it, without the area; the last has it or had it last
    returns: int = 0
    returned_for: str = ""                 # code of the last return
    designated: bool = False               # assigned by decision: may not be returned
    asked_days: int = 0                    # extension asked for, not yet approved; in the unit of the reply clock
    asked_by: str = ""
    result: str = ""                       # code of the last reply
    misses: tuple[date, ...] = ()          # days of calls not answered
    satisfaction: int | None = None        # of the last call back, 5 (very) to 1 (not at all)
    solved: bool | None = None
    reworks: int = 0
    level: int = 0                         # 督办: 1 催办

    personal: ClassVar[Mapping[str, Any]] = {**Case.personal, "reporter": "", "title": "（内容已清除）"}


class Ask(BaseModel, extra="forbid"):
    """Body of POST /hotline/orders: a request of one's own, or under a mandate."""

    area: Area
    title: Title
    content: Text
    place: Remark = ""
    category: Category
    channel: Online = "03"
    hidden: bool = False                   # asks not to be named to the unit


class Caller(BaseModel, extra="forbid"):
    """A caller as they give their name; accounts keep both, sealed."""

    name: Title
    phone: Annotated[str, StringConstraints(strip_whitespace=True, min_length=7, max_length=20)]


class AtDesk(BaseModel, extra="forbid"):
    """Body of POST /hotline/orders/desk: a caller, a person known to accounts, or (neither) somebody anonymous."""

    title: Title
    content: Text
    place: Remark = ""
    category: Category
    urgency: Urgency = "ordinary"
    intricate: bool = False
    channel: Channel = "01"
    hidden: bool = False
    caller: Caller | None = None
    person: Id | None = None

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
    note: Remark = ""


class Dispatch(BaseModel, extra="forbid"):
    act: Literal["dispatch", "designate"]
    unit: Unit
    note: Remark = ""


class Return(BaseModel, extra="forbid"):
    """A unit disputes that the order is its own. `suggested`: whose it is, where that is the reason."""

    act: Literal["return"]
    reason: RETURN
    basis: Note
    text: Text
    suggested: Unit | None = None


class Told(BaseModel, extra="forbid"):
    """What the citizen is told (an answer, why the matter is not taken up and where it belongs)."""

    act: Literal["answer", "decline"]
    text: Text


class Reply(BaseModel, extra="forbid"):
    """What was done. The citizen is answered first, then the platform: `told` says how they were.

    Where nobody or a hidden person asked, the unit cannot answer them: what it writes here is what they read.
    """

    act: Literal["reply"]
    result: RESULT
    text: Text
    told: Literal["电话", "短信", "当面", "信函", "网上"] | None = None


class Again(BaseModel, extra="forbid"):
    """What is lacking in the handling, for the unit that has to do it again."""

    act: Literal["send_back", "rework"]
    text: Text


class AskExtension(BaseModel, extra="forbid"):
    act: Literal["ask_extension"]
    asked_days: PositiveInt
    note: Note                             # the reasons, which the citizen is told


class ApplyLaw(BaseModel, extra="forbid"):
    """A law gives longer than the published limit: which one, how long from the dispatch, and why it applies here."""

    act: Literal["apply_law"]
    law: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    length: Annotated[int, Field(ge=1, le=365)]
    length_unit: Literal["wd", "cd", "mo"] = "wd"
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=65)]


class CallBack(BaseModel, extra="forbid"):
    act: Literal["call_back"]
    satisfaction: Annotated[int, Field(strict=True, ge=1, le=5)]
    solved: StrictBool
    note: Remark = ""


class HandOver(BaseModel, extra="forbid"):
    act: Literal["assign", "hand_over"]
    handler: Short
    note: Remark = ""


class Noted(BaseModel, extra="forbid"):
    act: Literal["annul", "deny_extension"]
    note: Note


class Plain(BaseModel, extra="forbid"):
    act: Literal["claim", "sign", "approve_extension", "pass", "miss", "close"]
    note: Remark = ""


Act = Annotated[Classify | Dispatch | Return | Told | Reply | Again | AskExtension | ApplyLaw | CallBack | HandOver
                | Noted | Plain, Field(discriminator="act")]
"""Body of POST /hotline/orders/{id}/acts."""
