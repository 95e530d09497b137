"""A complaint (投诉举报与“办不好件”反映): what somebody brings to the desk between the services. Shapes only."""
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, StringConstraints

from chalicelib.kernel.record import Case

Source = Annotated[str, StringConstraints(pattern=r"^[A-Z]+#[a-z2-7]{26}$")]
Sort = Literal["stuck", "suggestion", "complaint", "report", "enterprise"]
TITLES: Mapping[str, str] = {"stuck": "办不好件反映", "suggestion": "意见建议", "complaint": "投诉", "report": "举报",
                             "enterprise": "企业疑难"}
"""What lists and messages call a case: its subject may name whoever wrote it, or whom it is about."""
Course = Literal["consultation", "coordination", "complaint"]
"""分类: 咨询、协调、投诉."""
Channel = Literal["online", "window", "box", "desk"]
"""网上、“办不好件”窗口、意见箱、投诉处理窗口."""
Result = Literal["solved", "partly", "explained", "unfounded"]
"""已解决、部分解决、解释说明、反映不属实."""


class Complaint(Case, frozen=True):
    """One matter that went wrong. Parts: FORM (its words and files), ANSWER#<event> (to whoever brought it),
    REASON#<event> (inside), MEASURE#<event> (what is to change, what was changed).

    `involved` are the officials complained of, those who acted in the matter and, of a report, who took it down at a
    window: they handle nothing of it, and are not shown who brought it. `party`, which every list shows, stays empty;
    the masked name stands in `reporter`.
    """

    sort: Sort = "complaint"
    course: str = ""
    channel: Channel = "online"
    subject: str = ""
    terms: str = ""                        # version of the limits in force at receipt
    matter: str = ""                       # `<KIND>#<id>` of the case it is about, if one was named
    involved: tuple[str, ...] = ()
    window: str = ""                       # the unit at whose window it was brought
    hidden: bool = False                   # whoever brought it is hidden from the units
    anonymous: bool = False
    called: bool = False                   # whose it is is known by name and number only
    reporter: str = ""
    sent_back: str = ""                    # the unit that returned it last
    returns: int = 0
    explained: bool = False                # the desk answered itself
    answerer: str = ""                     # the unit that answered
    answered_by: str = ""                  # the official who did
    result: str = ""
    asked_days: int = 0                    # extension asked for, not yet approved; in working days
    asked_by: str = ""
    missed: tuple[date, ...] = ()          # days of calls that nobody took
    satisfied: bool | None = None
    reworked: bool = False
    cause: str = ""                        # code of COMPLAINT-CAUSES
    measure: str = ""                      # part: what is to change
    measure_by: str = ""                   # the day by which it is to be changed
    remedy: str = ""                       # code of COMPLAINT-REMEDIES: where a declined matter belongs

    personal: ClassVar[Mapping[str, Any]] = {**Case.personal, "reporter": "", "subject": "（内容已清除）", "matter": ""}


class Shown(BaseModel, frozen=True):
    """What every reader is shown."""

    id: str
    number: str
    title: str
    state: str
    area: str
    unit: str
    sort: str
    course: str
    channel: str
    result: str
    satisfied: bool | None
    remedy: str
    opened_at: datetime


class HolderView(Shown):
    """For whoever brought it, and who holds their mandate."""

    subject: str
    matter: str
    reporter: str
    hidden: bool


class WatchView(Shown):
    """For the auditor, the window, the officials involved: nothing of who brought it, nor of what they said."""

    handler: str
    anonymous: bool
    hidden: bool
    asked_days: int
    missed: tuple[date, ...]
    reworked: bool
    cause: str
    measure_by: str


class HiddenView(WatchView):
    """For the unit where whoever brought it is hidden: what it is about, not whose it is nor in which case."""

    subject: str


class UnitView(HiddenView):
    """For the unit: also whose it is, and the case named."""

    person: str
    reporter: str
    matter: str


class DeskView(UnitView):
    """For the desk that takes complaints: everything."""

    involved: tuple[str, ...]
    answerer: str


Seen = HolderView | DeskView | UnitView | HiddenView | WatchView


class Said(BaseModel, frozen=True):
    """A long text of an act: `act` number `number` of the timeline."""

    number: int
    act: str
    text: str


class Remedy(BaseModel, frozen=True):
    """Where a matter belongs that is not taken up: who decides there, within which time it is asked for, by which law.
    """

    code: str
    name: str
    body: str
    within: str = ""                       # 60日; "" where no law sets a time
    basis: str = ""


class Words(BaseModel, frozen=True):
    """The words of a complaint: what was said, what was answered; for officials also their reasons and measures."""

    content: str
    files: list[str]
    answers: list[Said]
    reasons: list[Said]
    measures: list[Said]
    remedy: Remedy | None = None


class Line(BaseModel, frozen=True):
    """A line of the ledger (台账): what became of one case. Nothing of who brought it."""

    id: str
    number: str
    sort: str
    state: str
    state_label: str
    unit: str
    opened_on: date
    course: str
    result: str
    cause: str
    cause_name: str
    measure_by: str
    satisfied: bool | None
