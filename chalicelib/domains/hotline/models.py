"""What a hotline order (热线工单) is, and the codes that it is described by. Shapes only."""
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import BaseModel

from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.record import Case

Category = Literal["consultation", "help", "complaint", "report", "suggestion", "praise", "other"]
"""诉求类型: 咨询、求助、投诉、举报、建议、表扬、其他."""
Urgency = Literal["critical", "urgent", "ordinary"]
"""紧急程度: 特急、紧急、一般."""
RANK: Mapping[str, int] = {"ordinary": 0, "urgent": 1, "critical": 2}
"""Of two urgencies the one that bears the higher number is the more urgent."""
Online = Literal["02", "03", "04"]
"""来源渠道 of a citizen who writes themselves: 网站、微信小程序、APP."""
Channel = Literal["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15"]
"""来源渠道: 电话、网站、微信小程序、APP、短信、邮箱信件、领导信箱、中国政府网留言、人民网留言板、110联动、上级交办、
网格上报、好差评转办、投诉窗口、“办不好件”窗口. What each demands is published (`HOTLINE-CHANNELS`)."""
Line = Literal["110", "119", "120", "122"]
"""Emergency lines: 公安、消防、急救、交通事故."""
RETURN = Literal["not_ours", "not_here", "incomplete", "duplicate", "in_procedure", "other"]
"""退单理由: 非本单位职责、非本区域、信息不全、重复、已进入法定程序、其他."""
RESULT = Literal["solved", "partly", "explained", "shelved", "unreasonable", "void"]
"""办理结果: 已解决、部分解决、解释说明、暂无法解决（挂账）、不合理诉求、无效."""
SHELVED = "shelved"


class Terms(BaseModel, frozen=True):
    """What bounds an order of one category and urgency: limits by clock name, and how often what may be done."""

    limits: dict[str, Limit]
    returns: int                           # times a unit may send it back
    reworks: int                           # times a dissatisfied citizen has it done again
    tries: int                             # calls not answered after which it may be closed,
    days: int                              # made on so many days at least
    hidden: Literal["never", "asked", "always"]        # whether the reporter is hidden from the units
    helpers: int                           # co-handling units at most
    shelved: int                           # calendar days within which what is shelved is promised, at most
    shelvings: int                         # times an order is shelved
    children: int                          # orders that one may take in
    near: int                              # calendar days within which orders count as on the same matter
    crowd: int                             # persons, this one among them, who make a matter a collective one
    listed: int                            # orders of a unit put on the list in a quarter that lead to a talk


class Order(Case, frozen=True):
    """A citizen's request to 12345. Parts: FORM (its words), REPLY#<event> (to the citizen), REASON#<event> (inside),
    REPORT#<event> (of a co-handler), CHILD#<order> (one taken in).

    `party` shows in every list; the masked name of a hidden reporter stands in `reporter` instead.
    """

    category: Category = "other"
    urgency: Urgency = "ordinary"
    intricate: bool = False                # 复杂疑难: may be extended more than once
    channel: Channel = "01"
    source_number: str = ""                # what the sending system calls it
    street: str = ""                       # area code of the street or town of the place, where that is known
    transfer: str = ""                     # the emergency line that its words call for
    repeats: str = ""                      # the order of the same person on the same matter before this one
    crowd: int = 0                         # others who had turned to the hotline on the same matter before
    collective: bool = False               # 群体: so many had that it is a matter of the many
    terms: str = ""                        # version of the limits in force at receipt
    hidden: bool = False
    against: str = ""                      # the unit complained of; units are not told which
    reported: bool = False                 # came in as a report, and was made something else later
    anonymous: bool = False                # nobody to answer or to call back
    called: bool = False                   # whose it is called, and is known by name and number only
    reporter: str = ""
    units: tuple[str, ...] = ()            # those that had it, without the area; the last has it or had it last
    helpers: dict[str, int] = {}           # 协办: by unit, without the area, the event of its report; 0: none yet
    returns: int = 0
    returned_for: str = ""                 # code of the last return
    designated: bool = False               # assigned by decision: may not be returned
    asked_days: int = 0                    # extension asked for, not yet approved; in the unit of the reply clock
    asked_by: str = ""
    result: str = ""                       # code of the last reply
    promised: str = ""                     # the day until which what is shelved is promised
    shelvings: int = 0
    article: str = ""                      # of the knowledge base, in the last answer or reply: `<id>/<edition>`
    misses: tuple[date, ...] = ()          # days of calls not answered
    satisfaction: int | None = None        # of the last call back, 5 (very) to 1 (not at all)
    solved: bool | None = None
    contacted: bool | None = None          # whether the unit had been in touch; None: not asked
    reworks: int = 0
    level: int = 0                         # 督办: 1 催办, 2 书面督办, 3 挂牌督办, 4 约谈, 5 通报
    main: str = ""                         # the order into which this one was merged
    children: int = 0                      # orders merged into this one so far
    linked: str = ""                       # `<KIND>#<id>` of the case by which this matter is answered

    personal: ClassVar[Mapping[str, Any]] = {**Case.personal, "reporter": "", "title": "（内容已清除）",
                                             "source_number": ""}
