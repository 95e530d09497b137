"""The rules of a complaint, one row per lawful act. Pure.

登记 → 分类 → 协调 → 反馈 → 回访 → 归因 → 改进 → 办结. No law orders this course as a whole: GZ6 marks our own default;
WF19 (the reason is told, and the right way) stands where it is the ground. That whoever reports is kept secret (JN16,
JN32) is in `standing`.
"""

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.deskwork import (
    ANNULLED,
    WORDS,
    anonymised,
    by_holder,
    desk_work,
    free_or_mine,
    own_area,
    recounted,
)
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.lengthening import CLEARED, lengthened
from chalicelib.kernel.record import Summary
from chalicelib.kernel.turns import lapse, passed, start, stop
from chalicelib.kernel.workflow import Rule, Workflow

from .guards import (
    AT_DESK,
    AT_UNIT,
    CITIZEN,
    CLERK,
    CLOSED,
    HEAD,
    IN_HAND,
    KEPT,
    STAFF,
    SUPERVISOR,
    SYS,
    WATCHERS,
    another,
    apart,
    by_a_unit,
    by_the_desk,
    can_be_called,
    contented,
    desk_of,
    discontented,
    here,
    nobody_to_ask,
    nothing_to_improve,
    opens,
    returnable,
    since_classified,
    something_to_improve,
    told_in_thread,
)
from .models import Complaint

DESK, MINE = (own_area, apart), (here, free_or_mine)
FREE = {**CLEARED, "handler": ""}
TAKEN = {"handler": lambda case, now: now.who.person}
ANSWERED = {**CLEARED, "handler": "", "answerer": lambda case, now: case.unit,
            "answered_by": lambda case, now: now.who.person}
AGAIN = {**FREE, "reworked": True, "satisfied": None, "missed": (), "explained": False}
TO_UNIT = (*stop("classify"), start("sign"), start("answer", since=since_classified))

COMPLAINTS: Workflow[Complaint] = Workflow(
    #     act             from          to              by                            basis
    Rule("register",     "new",        "registered",   (CITIZEN, CLERK, SUPERVISOR), "GZ6",   when=(opens,),
         clocks=(start("classify"),)),
    Rule("classify",     "registered", "classified",   SUPERVISOR,                   "GZ6",   when=DESK, sets=FREE,
         clocks=TO_UNIT),
    Rule("classify",     "called",     "classified",   SUPERVISOR,                   "GZ6",
         when=(*DESK, another, discontented, by_the_desk), sets=AGAIN, clocks=(*stop("review"), *TO_UNIT)),
    Rule("explain",      "registered", "answered",     SUPERVISOR,                   "GZ6",   when=DESK,
         sets={"course": "consultation", "result": "explained", "explained": True},
         clocks=(*stop("classify"), start("callback"))),
    Rule("answer_by_thread", IN_HAND, "answered",      SUPERVISOR,                   "GZ6",
         when=(*DESK, told_in_thread), sets={**FREE, "result": "explained", "explained": True},
         clocks=(*stop("classify", "sign", "answer"), start("callback"))),
    Rule("decline",      "registered", "declined",     SUPERVISOR,                   "WF19",  when=DESK,
         clocks=stop("classify")),
    Rule("redirect",     ("classified", "coordinating"), "classified", SUPERVISOR,   "GZ6",   when=DESK, sets=FREE,
         clocks=TO_UNIT),
    Rule("return",       "classified", "registered",   STAFF,                        "GZ6",   when=(*MINE, returnable),
         sets={**FREE, "sent_back": lambda case, now: case.unit, "unit": lambda case, now: desk_of(case.area),
               "returns": lambda case, now: case.returns + 1},
         clocks=(*stop("sign", "answer"), start("classify"))),
    Rule("sign",         "classified", "coordinating", STAFF,                        "GZ6",   when=MINE, sets=TAKEN,
         clocks=stop("sign")),
    *lengthened("answer", "coordinating",              STAFF,                        "GZ6",   when=MINE,
                lead=(HEAD, SUPERVISOR), leads=here),
    Rule("answer",       "coordinating", "answered",   STAFF,                        "GZ6",   when=MINE, sets=ANSWERED,
         clocks=(*stop("answer"), start("callback"))),
    Rule("send_back",    "answered",   "coordinating", SUPERVISOR,                   "GZ6",
         when=(*DESK, another, by_a_unit), clocks=(*stop("callback"), start("answer", halved=True))),
    Rule("call_back",    "answered",   "called",       SUPERVISOR,                   "GZ6",
         when=(*DESK, another, can_be_called), clocks=(*stop("callback"), start("review"))),
    Rule("miss_call",    "answered",   "",             SUPERVISOR,                   "GZ6",
         when=(*DESK, another, can_be_called),
         sets={"missed": lambda case, now: (*case.missed, civil_day(now.at))[-KEPT:]}),
    Rule("rework",       "called",     "coordinating", SUPERVISOR,                   "GZ6",
         when=(*DESK, another, discontented, by_a_unit), sets=AGAIN,
         clocks=(*stop("review"), start("answer", halved=True))),
    Rule("attribute",    "answered",   "attributed",   SUPERVISOR,                   "GZ6",
         when=(*DESK, another, nobody_to_ask), clocks=(*stop("callback"), start("review"))),
    Rule("attribute",    "called",     "attributed",   SUPERVISOR,                   "GZ6",
         when=(*DESK, another, contented), clocks=(start("review"),)),
    Rule("plan",         ("attributed", "improved"), "improving", SUPERVISOR,        "GZ6",
         when=(*DESK, something_to_improve), sets=FREE, clocks=(*stop("review"), start("improve"))),
    Rule("improve",      "improving",  "improved",     STAFF,                        "GZ6",   when=MINE, sets=FREE,
         clocks=(*stop("improve"), start("review"))),
    Rule("close",        "attributed", "closed",       SUPERVISOR,                   "GZ6",
         when=(*DESK, nothing_to_improve), clocks=stop("*")),
    Rule("close",        "improved",   "closed",       SUPERVISOR,                   "GZ6",   when=DESK,
         clocks=stop("*")),
    Rule("withdraw",     IN_HAND,      "withdrawn",    CITIZEN, "GZ6", when=(by_holder,),
         clocks=stop("*")),
    *desk_work(AT_UNIT, STAFF, "GZ1.7", at_desk=here, lead=(HEAD, SUPERVISOR), apart=(apart,)),
    Rule("annul",        AT_DESK,      ANNULLED,       SUPERVISOR,                   "GZ1.7", when=DESK,
         clocks=stop("*")),
    recounted(*AT_DESK),
    anonymised(*CLOSED),
    Rule("overdue_classify", "registered", "", SYS, "GZ6", when=(passed("classify"),), clocks=(lapse("classify"),)),
    Rule("overdue_sign",     "classified", "", SYS, "GZ6", when=(passed("sign"),), clocks=(lapse("sign"),)),
    Rule("overdue_answer",   ("classified", "coordinating"), "", SYS, "GZ6", when=(passed("answer"),),
         clocks=(lapse("answer"),)),
    Rule("overdue_callback", "answered",   "", SYS, "GZ6", when=(passed("callback"),), clocks=(lapse("callback"),)),
    Rule("overdue_review",   ("called", "attributed", "improved"), "", SYS, "GZ6", when=(passed("review"),),
         clocks=(lapse("review"),)),
    Rule("overdue_improve",  "improving",  "", SYS, "GZ6", when=(passed("improve"),), clocks=(lapse("improve"),)),
    words=WORDS | {
        "citizen": "反映人", "registered": "待分类", "classified": "待签收", "coordinating": "协调办理中",
        "answered": "待回访", "called": "已回访待归因", "attributed": "已归因", "improving": "改进中",
        "improved": "改进待核", "closed": "已办结", "declined": "不予受理", "withdrawn": "已撤回",
        "register": "登记", "classify": "分类交办", "explain": "当场解释答复", "answer_by_thread": "引用牵头件答复",
        "decline": "不予受理并指引",
        "redirect": "改交其他单位", "return": "退回", "sign": "签收", "answer": "答复", "send_back": "退回重新办理",
        "call_back": "回访", "miss_call": "回访未接通", "rework": "不满意重办", "attribute": "归因",
        "plan": "提出改进措施", "improve": "反馈改进情况", "close": "办结", "withdraw": "撤回",
        "overdue_classify": "分类超时", "overdue_sign": "签收超时", "overdue_answer": "答复超时",
        "overdue_callback": "回访超时", "overdue_review": "归因、改进审核超时", "overdue_improve": "改进超时"})

TOLD = frozenset({"ask_extension", "annul", "close"})
"""The acts whose note whoever brought it reads."""
OF_THE_DESK = frozenset({"call_back", "miss_call"})
"""The acts whose note may tell of whoever brought it: the desk's own."""


def note_is_for(act: str, quality: str) -> bool:
    """Say whether a reader of this quality reads the note of an act in the timeline."""
    return {"holder": act in TOLD, "desk": True, "watch": False}.get(quality, act not in OF_THE_DESK)


def standing(case: Summary, who: Actor) -> str:
    """Return in what quality `who` may know of it: holder, desk, unit, hidden (a unit that is not shown whose it is),
    watch (nothing of what was said nor by whom); "" for a stranger.
    """
    if who.role == CITIZEN:
        return "holder" if case.person and case.person == who.principal else ""
    if not who.area or who.area != case.area:
        return ""
    if who.role in WATCHERS:
        apart_from = who.role != SUPERVISOR or isinstance(case, Complaint) and who.person in case.involved
        return "watch" if apart_from else "desk"
    if who.role not in STAFF or not who.unit:
        return ""
    return _of_unit(case, who) if isinstance(case, Complaint) else "unit" if who.unit == case.unit else ""


def _of_unit(case: Complaint, who: Actor) -> str:
    """The unit that answers knows what was said; not the one that only improves or sent it back, nor the window."""
    answers = case.unit if case.state in IN_HAND else case.answerer
    if who.unit not in (case.unit, case.answerer):
        at_window = who.role == CLERK and who.unit == case.window
        return "watch" if at_window or who.unit == case.sent_back else ""
    if who.person in case.involved or who.unit != answers:
        return "watch"
    return "hidden" if case.hidden else "unit"
