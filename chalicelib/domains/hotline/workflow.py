"""The rules of a hotline order, one row per lawful act. Pure: no clock, no storage, no network.

Articles are cited by their short codes (docs/sources.md): AY, WF, JN and BJ are the regulations of Anyang, Weifang,
Jinan and Beijing, taken as examples where no national rule exists; GZ is our own default.
"""
from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.deskwork import ANNULLED, WORDS, anonymised, desk_work, free_or_mine, own_area, own_unit
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.lengthening import CLEARED, lengthened, not_asked
from chalicelib.kernel.record import Summary
from chalicelib.kernel.turns import Turn, in_time, lapse, passed, start, stop
from chalicelib.kernel.workflow import Rule, Workflow

from .guards import (
    CENTRE,
    CIRCULATED,
    CITIZEN,
    HEAD,
    LISTED,
    STAFF,
    SYS,
    TALKED,
    URGED,
    WRITTEN,
    at_an_end,
    at_desk_since,
    at_least,
    can_be_called,
    can_wait,
    centre,
    centre_of,
    childless,
    counted,
    helps,
    his_to_handle,
    last_unit,
    leads,
    lets_go,
    main_waits,
    may_be_helped,
    may_be_merged,
    may_be_reached,
    most_of,
    nobody_to_ask,
    often_listed,
    opens,
    returnable,
    settled,
    since_dispatch,
    since_invited,
    still_theirs,
    takes_in,
    talked_of,
    to_be_done_again,
    to_be_shelved,
    told_by_main,
    told_in_thread,
)
from .models import Order

AT_DESK = ("registered", "returned")
AT_UNIT = ("dispatched", "handling")
AFTER_REPLY = ("replied", "checked", "called")
ENDED = ("closed", "declined", "annulled")

FREE = {**CLEARED, "handler": ""}
TO_CENTRE = {**FREE, "unit": centre}
TO_UNIT = {**FREE, "unit": last_unit}
AGAIN = {**TO_UNIT, "reworks": lambda case, now: case.reworks + 1, "satisfaction": None, "solved": None,
         "contacted": None, "misses": (),
         "level": lambda case, now: max(case.level, LISTED) if case.reworks else case.level}
BACK = {**TO_CENTRE, "returns": lambda case, now: case.returns + 1, "level": 0, "helpers": {}}
DONE_AS_IT_IS = {**TO_UNIT,
                 "level": lambda case, now: max(case.level, LISTED) if (case.satisfaction or 5) < 3 else case.level}
ON_ITS_OWN = {"main": "", "result": "", "promised": "", "article": ""}
RAISED = stop("written", "listed", "talk")
"""The clocks from one level of supervision to the next, each counted from the end of the unit's time."""


def higher(name: str) -> tuple[Turn, ...]:
    """Return the turn that starts the clock to a higher level, where there is a limit for it."""
    return (start(name, if_limited=True, after="reply"),)


LAWFUL = start("law", if_limited=True)     # a window: to apply a longer limit of a law, and tell the citizen
HELP, HELPED = start("report", since=since_invited, if_limited=True), Turn("stop", "report", if_limited=True)
"""With units that are to help their time to report begins, and ends with the last of their reports (`terms.helped`).
"""
ONCE_MORE = (*stop("callback"), start("reply", halved=True))
SEAT, HAND = (own_unit, free_or_mine), (own_unit, his_to_handle)

HOTLINE: Workflow[Order] = Workflow(
    #     act               from          to            by                  basis
    Rule("register",       "new",        "registered", (CENTRE, CITIZEN),  "BJ10", when=(opens,),
         clocks=(start("dispatch"),)),
    Rule("classify",       AT_DESK,      "",           (CENTRE, HEAD),     "BJ11", when=HAND,
         clocks=(start("dispatch", since=at_desk_since),)),
    Rule("answer",         AT_DESK,      "closed",     CENTRE,             "AY49", when=SEAT, clocks=stop("dispatch")),
    Rule("answer_by_thread", (*AT_DESK, *AT_UNIT), "checked", CENTRE,      "GZ4",  when=(own_area, told_in_thread),
         sets={**TO_CENTRE, "result": "explained", "units": still_theirs},
         clocks=(*stop("dispatch", "sign", "return", "reply", "report", "law"), *RAISED, start("callback"))),
    Rule("decline",        AT_DESK,      "declined",   CENTRE,             "WF19", when=SEAT, clocks=stop("dispatch")),
    Rule("dispatch",       AT_DESK,      "dispatched", CENTRE,             "BJ12", when=SEAT, sets=FREE,
         clocks=(*stop("dispatch"), start("sign"), start("return"), start("reply"), LAWFUL, HELP)),
    Rule("designate",      AT_DESK,      "dispatched", CENTRE,             "WF22", when=SEAT,
         sets={**FREE, "designated": True}, clocks=(*stop("dispatch"), start("sign"), start("reply"), LAWFUL, HELP)),
    Rule("sign",           "dispatched", "handling",   STAFF,              "GZ4",  when=HAND, clocks=stop("sign")),
    Rule("return",         AT_UNIT,      "returned",   STAFF,              "AY50", sets=BACK,
         when=(*HAND, returnable, in_time("return")),
         clocks=(*stop("sign", "return", "reply", "report", "law"), *RAISED, start("dispatch"))),
    Rule("invite",         AT_UNIT,       "",          (CENTRE, *STAFF),   "BJ14", when=(leads, may_be_helped),
         clocks=(HELP,)),
    Rule("report",         AT_UNIT,       "",          STAFF,              "BJ14", when=(helps,), clocks=(HELPED,)),
    Rule("transfer",       (*AT_DESK, *AT_UNIT), "",   CENTRE,             "AY46", when=(own_area,)),
    Rule("link",           (*AT_DESK, *AT_UNIT), "",   CENTRE,             "GZ4",  when=(own_area,)),
    Rule("apply_law",      "handling",   "",           HEAD,               "JN24",
         when=(own_unit, can_wait, not_asked, in_time("law"), in_time("reply")),
         clocks=(*stop("law"), start("reply", since=since_dispatch))),
    *lengthened("reply",   "handling",               STAFF,              "AY50", when=HAND),
    Rule("reply",          "handling",   "replied",    STAFF,              "AY50", when=HAND, sets=TO_CENTRE,
         clocks=(*stop("return", "reply", "report", "law"), *RAISED, start("callback"))),
    Rule("pass",           "replied",    "checked",    CENTRE,             "JN27", when=(*SEAT, settled)),
    Rule("shelve",         "replied",    "shelved",    CENTRE,             "JN24", when=(*SEAT, to_be_shelved),
         sets={**TO_UNIT, "shelvings": lambda case, now: case.shelvings + 1},
         clocks=(*stop("callback"), start("promise"))),
    Rule("take_up",        "shelved",    "handling",   STAFF,              "JN24", when=HAND,
         clocks=(*stop("promise"), start("reply"))),
    Rule("send_back",      "replied",    "handling",   CENTRE,             "JN27", when=SEAT, sets=TO_UNIT,
         clocks=ONCE_MORE),
    Rule("call_back",      "checked",    "called",     CENTRE,             "JN27", when=(*SEAT, can_be_called)),
    Rule("miss",           "checked",    "",           CENTRE,             "GZ4",
         when=(*SEAT, can_be_called, may_be_reached),
         sets={"misses": lambda case, now: (*case.misses, civil_day(now.at))}),
    Rule("rework",         "called",     "handling",   CENTRE,             "JN27", when=(*SEAT, to_be_done_again),
         sets=AGAIN, clocks=ONCE_MORE),
    Rule("close",          "checked",    "closed",     CENTRE,             "GZ4",  when=(*SEAT, nobody_to_ask),
         sets=TO_UNIT, clocks=stop("callback")),
    Rule("close",          "called",     "closed",     CENTRE,             "JN27", when=(*SEAT, at_an_end),
         sets=DONE_AS_IT_IS, clocks=stop("callback")),
    *desk_work((*AT_DESK, *AFTER_REPLY), (CENTRE,), "GZ1.7"),
    *desk_work((*AT_UNIT, "shelved"), STAFF, "GZ1.7"),
    Rule("merge",          AT_DESK,      "merged",     CENTRE,             "GZ4",  sets=FREE,
         when=(*SEAT, childless, may_be_merged), clocks=stop("dispatch")),
    Rule("unmerge",        "merged",     "registered", CENTRE,             "GZ4",  when=(own_unit, main_waits),
         sets=ON_ITS_OWN, clocks=(start("dispatch"),)),
    Rule("annul",          "merged",     ANNULLED,     "supervisor",       "GZ1.7", when=(own_area,)),
    Rule("gather",         (*AT_DESK, *AT_UNIT), "",   SYS,                "GZ4",  when=(takes_in,),
         sets={"children": lambda case, now: case.children + 1, "crowd": most_of("crowd"),
               "collective": most_of("collective")}),
    Rule("scatter",        (*AT_DESK, *AT_UNIT), "",   SYS,                "GZ4",  when=(lets_go,),
         sets={"children": counted("left"), "crowd": counted("crowd"), "collective": counted("collective")}),
    Rule("inherit",        "merged",     "checked",    SYS,                "GZ4",  when=(told_by_main("inherits"),),
         clocks=(start("callback"),)),
    Rule("inform",         "merged",     "",           SYS,                "JN24", when=(told_by_main("shelves"),)),
    Rule("release",        "merged",     "registered", SYS,                "GZ4",  when=(told_by_main("released"),),
         sets=ON_ITS_OWN, clocks=(start("dispatch"),)),
    anonymised(*ENDED),
    Rule("overdue_dispatch", AT_DESK,     "", SYS, "GZ4",  when=(passed("dispatch"),), clocks=(lapse("dispatch"),)),
    Rule("overdue_sign",     "dispatched", "", SYS, "WF26", when=(passed("sign"),), clocks=(lapse("sign"),),
         sets={"level": at_least(URGED)}),
    Rule("overdue_reply",    AT_UNIT,     "", SYS, "JN28", when=(passed("reply"),),
         clocks=(lapse("reply"), *stop("law"), *higher("written")), sets={"level": at_least(URGED)}),
    Rule("overdue_report",   AT_UNIT,     "", SYS, "GZ4",  when=(passed("report"),), clocks=(lapse("report"),),
         sets={"level": at_least(URGED)}),
    Rule("supervise_written", AT_UNIT,    "", SYS, "JN28", when=(passed("written"),),
         clocks=(lapse("written"), *stop("written"), *higher("listed")), sets={"level": at_least(WRITTEN)}),
    Rule("supervise_listed", AT_UNIT,     "", SYS, "WF26", when=(passed("listed"),),
         clocks=(lapse("listed"), *stop("listed"), *higher("talk")), sets={"level": at_least(LISTED)}),
    Rule("supervise_talk",   AT_UNIT,     "", SYS, "WF26", when=(passed("talk"),), clocks=(lapse("talk"),),
         sets={"level": at_least(TALKED)}),
    Rule("summon",           AT_UNIT,     "", SYS, "WF26", when=(often_listed,), sets={"level": at_least(TALKED)}),
    Rule("circulate",        AT_UNIT,     "", "supervisor", "GZ4", when=(own_area, talked_of),
         sets={"level": at_least(CIRCULATED)}),
    Rule("overdue_promise",  "shelved",   "handling", SYS, "JN24", when=(passed("promise"),),
         clocks=(lapse("promise"), *stop("promise"), start("reply")), sets={**FREE, "level": at_least(LISTED)}),
    Rule("overdue_callback", AFTER_REPLY, "", SYS, "GZ4",  when=(passed("callback"),), clocks=(lapse("callback"),)),
    words=WORDS | {
        "citizen": "诉求人", "registered": "待派单", "returned": "退单待审核", "dispatched": "待签收",
        "handling": "办理中", "replied": "已答复（待审核）", "checked": "待回访", "called": "已回访",
        "closed": "已办结", "declined": "不予受理", "register": "登记", "classify": "分类定级", "answer": "即时答复",
        "answer_by_thread": "引用牵头件答复",
        "decline": "不予受理并引导", "dispatch": "派单", "designate": "指定承办", "sign": "签收", "return": "退单",
        "apply_law": "适用更长的法定期限",
        "reply": "答复", "pass": "审核通过", "send_back": "审核退回", "call_back": "回访", "miss": "回访未接通",
        "rework": "不满意重办", "close": "办结", "overdue_dispatch": "派单超时提醒", "overdue_sign": "签收超时催办",
        "overdue_reply": "办理超时催办", "overdue_callback": "审核回访超时提醒", "overdue_report": "协办反馈超时催办",
        "shelved": "挂账跟踪", "merged": "已并案", "invite": "增加协办单位", "report": "协办情况反馈",
        "transfer": "与紧急热线转接", "link": "关联事项", "shelve": "同意挂账", "take_up": "恢复办理",
        "merge": "并案", "unmerge": "撤销并案", "gather": "并入工单", "scatter": "移出工单", "inherit": "主单答复送达",
        "inform": "主单挂账情况告知",
        "release": "主单终止，恢复单独办理", "supervise_written": "书面督办", "supervise_listed": "挂牌督办",
        "supervise_talk": "约谈", "summon": "季度挂牌达到规定数约谈", "circulate": "通报",
        "overdue_promise": "挂账承诺到期，恢复办理"})

TOLD = frozenset({"ask_extension", "apply_law", "annul", "close"})
"""The acts whose note the citizen reads; the rest of what officials note is theirs."""
OF_THE_CENTRE = frozenset({"classify", "call_back", "miss", "transfer", "merge", "unmerge", "link"})
"""The acts whose note may tell of the citizen: the centre's own."""


def note_is_for(act: str, who: Actor) -> bool:
    """Say whether `who` reads the note of an act in the timeline."""
    return act in TOLD if who.role == CITIZEN else act not in OF_THE_CENTRE or who.unit == centre_of(who.area)


def standing(case: Summary, who: Actor) -> str:
    """Return in what quality `who` may know of the order: holder, centre, unit, watch (nothing of what was said nor by
    whom); "" for a stranger.

    Units that had an order keep seeing it, and those that help; a report only its own (`_of_report`). The supervisor
    and the auditor see all of their area.
    """
    if who.role == CITIZEN:
        return "holder" if case.person and case.person == who.principal else ""
    if not who.area or who.area != case.area:
        return ""
    if who.role in (CENTRE, HEAD) and who.unit == centre_of(case.area):
        return "centre"
    if who.role in STAFF and who.unit != centre_of(case.area):
        if isinstance(case, Order) and case.category == "report":
            return _of_report(case, who)
        return "unit" if who.unit == case.unit or who.unit in _units_of(case) else ""
    return "watch" if who.role in ("supervisor", "auditor") else ""


def _units_of(case: Summary) -> set[str]:
    """Return the units that may know of an order beside the one that has it now."""
    names = (*case.units, *case.helpers) if isinstance(case, Order) else ()
    return {f"{case.area}.{name}" for name in names}


def _of_report(case: Order, who: Actor) -> str:
    """The words of a report are read by named roles: in the unit that has it the head and who took it up, after the
    reply the head. The others there may know of it; so may, until the centre has looked at the return, the unit that
    sent it back.
    """
    here, had = who.unit == case.unit, who.unit.partition(".")[2] in case.units[-1:]
    if here and who.person == case.handler or who.role == HEAD and (here or had and case.state in AFTER_REPLY):
        return "unit"
    return "watch" if here or had and case.state in (*AFTER_REPLY, "returned") else ""
