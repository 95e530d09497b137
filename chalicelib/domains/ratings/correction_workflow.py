"""The rules by which a bad rating is put right. Pure.

差评 → 联系核实 → 判定 → 整改 → 审核 → 回访 → 办结 → 公开 (国办发〔2019〕51号, HCP51; the contact within one working
day is a local rule, AY52). Nobody who was rated has a hand in it, and who corrected does not call back.
"""
from collections.abc import Callable

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.deskwork import ANNULLED, WORDS, anonymised, desk_work, free_or_mine, own_area, own_unit
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.lengthening import CLEARED, lengthened
from chalicelib.kernel.record import Summary
from chalicelib.kernel.turns import Occasion, Turn, in_time, lapse, passed, pause, resume, start, stop
from chalicelib.kernel.workflow import Rule, Workflow

from .correction_models import Correction

RECTIFIER, HEAD, SUPERVISOR, SYS = "rectifier", "head", "supervisor", "system"
KEPT = 10                                  # days of calls not taken that a case remembers
AT_UNIT, WATCHED = ("waiting", "contacted", "correcting"), ("disputed", "checking", "calling", "called")
CLOSED = ("closed", "excluded", "annulled")


def meant(case: Summary, now: Occasion) -> bool:
    """Say whether a rating may be about whoever acts: they are named in it, or nobody is and they serve at its window.
    """
    return isinstance(case, Correction) and (now.who.person in case.rated or bool(now.facts.get("at_window")))


def not_rated(case: Summary, now: Occasion) -> str:
    """Who was rated does not judge the rating."""
    return "该整改须由未参与原事项办理的人员办理" if meant(case, now) else ""


def on_desk(case: Summary, now: Occasion) -> str:
    """Only the unit rated, and in it nobody who was rated; above it the supervisor of the area."""
    return (own_area if now.who.role == SUPERVISOR else own_unit)(case, now) or not_rated(case, now)


def another(case: Correction, now: Occasion) -> str:
    """Who corrected, or was rated, neither judges nor calls back nor annuls."""
    taking_part = now.who.person == case.corrected_by or meant(case, now)
    return "整改人员和参与原事项办理的人员不得审核、回访、撤销" if taking_part else ""


def impartial(case: Correction, now: Occasion) -> str:
    """Nobody decides an appeal against what they found when inspecting."""
    return "查评人员不得复核对其查评提出的申诉" if now.who.person == case.inspected_by else ""


def named(case: Correction, now: Occasion) -> str:
    return "匿名评价无法回访" if case.anonymous else ""


def out_of_reach(case: Correction, now: Occasion) -> str:
    """Without a call back only what is anonymous, or nobody answered for, may be closed."""
    calls, days = now.facts["calls"], now.facts["days"]
    enough = len(case.missed) >= calls and len(set(case.missed)) >= days
    return "" if case.anonymous or enough else f"实名评价须回访，在{days}个不同日期共{calls}次未接通方可办结"


def discontented(case: Correction, now: Occasion) -> str:
    return "" if case.satisfied is False and not case.reworked else "评价人未表示不满意，或已重办过一次"


def within_the_cap(case: Correction, now: Occasion) -> str:
    """What is done again fits, with all that the unit has used, into the most that putting right may take."""
    half, cap = -(-now.limits["correct"].count // 2), now.facts["cap"]
    return "" if case.spent + half <= cap else f"整改时间合计不得超过{cap}个工作日"


def returnable(case: Correction, now: Occasion) -> str:
    """Nothing is sent back to the unit without end."""
    most = now.facts["returns"]
    return within_the_cap(case, now) if case.sent_back < most else f"该整改已退回{most}次，不得再次退回"


def first_time(case: Correction, now: Occasion) -> str:
    """What is done again is not lengthened: that would go beyond the cap."""
    return "退回整改、重办的期限不得延长" if case.sent_back or case.reworked else ""


def contented(case: Correction, now: Occasion) -> str:
    """What cannot be done again is closed with what the rater said."""
    done = case.satisfied or case.reworked or within_the_cap(case, now)
    return "" if done else "评价人不满意，应当重办"


def not_ours(case: Correction, now: Occasion) -> str:
    return "" if case.judgement == "not_ours" else "单位未提出非本单位责任"


def unpublished(case: Correction, now: Occasion) -> str:
    return "已经公开" if case.published else "已按保存期限清除" if case.erased else ""


def is_published(case: Correction, now: Occasion) -> str:
    return "" if case.published else "尚未公开"


def rating_changed(case: Correction, now: Occasion) -> str:
    """Only a rater's change of mind gives a correction another level."""
    return "" if now.facts.get("changed") else "评价未修改"


def unjust(case: Correction, now: Occasion) -> str:
    return "" if case.judgement in ("mistaken", "malicious") else "应当转交责任单位"


def before_the_end(name: str) -> Callable[[Correction, Occasion], bool]:
    """Return what says whether an act came before the clock ran out, for the figures."""
    return lambda case, now: not in_time(name)(case, now)


MINE, APPEAL, OPEN = (on_desk, free_or_mine), (own_area, another, impartial), (*AT_UNIT, *WATCHED)
ANEW = {**CLEARED, "handler": "", "judgement": "", "at_once": False, "spent": 0, "sent_back": 0}
BEGIN = (start("contact"), start("correct"), start("appeal"), *stop("at_once"))
TAKEN = {"handler": lambda case, now: now.who.person}

CORRECTIONS: Workflow[Correction] = Workflow(
    Rule("open",            "new",       "waiting",    SYS,        "HCP51", clocks=BEGIN),
    Rule("contact",         "waiting",   "contacted",  RECTIFIER,  "AY52",  when=MINE,
         sets=TAKEN | {"contacted_in_time": before_the_end("contact")},
         clocks=stop("contact")),
    Rule("admit",           "contacted", "correcting", RECTIFIER,  "HCP51", when=MINE, sets=TAKEN,
         clocks=stop("appeal")),
    Rule("admit_at_once",   "contacted", "correcting", RECTIFIER,  "HCP51", when=MINE, sets=TAKEN | {"at_once": True},
         clocks=(*stop("appeal"), start("at_once"))),
    Rule("dispute",         "contacted", "disputed",   RECTIFIER,  "HCP51", when=(*MINE, in_time("appeal")), sets=TAKEN,
         clocks=(pause("correct", if_in_time=True), *stop("appeal"), start("review"))),
    Rule("uphold",          "disputed",  "excluded",   SUPERVISOR, "HCP51", when=(*APPEAL, unjust),
         clocks=stop("*")),
    Rule("overrule",        "disputed",  "correcting", SUPERVISOR, "HCP51", when=APPEAL,
         clocks=(resume("correct"), *stop("review"))),
    Rule("redirect",        "disputed",  "waiting",    SUPERVISOR, "HCP51", when=(*APPEAL, not_ours),
         sets=ANEW, clocks=(*stop("review"), *BEGIN)),
    Rule("redirect",        AT_UNIT,     "waiting",    SUPERVISOR, "HCP51", when=(own_area, another), sets=ANEW,
         clocks=BEGIN),
    Rule("correct",         "correcting", "checking",  RECTIFIER,  "HCP51", when=MINE,
         clocks=(*stop("correct", "at_once"), start("review")),
         sets={**CLEARED, "corrected_by": lambda case, now: now.who.person,
               "corrected_in_time": before_the_end("correct"), "corrected_at": lambda case, now: now.at,
               "spent": lambda case, now: case.spent + case.clocks["correct"].used(now.calendar, now.at)}),
    *lengthened("correct",  "correcting",              RECTIFIER,  "GZ3",   when=(*MINE, first_time),
                lead=(HEAD, SUPERVISOR), leads=on_desk),
    Rule("pass",            "checking",  "calling",    SUPERVISOR, "HCP51", when=(own_area, another),
         clocks=(*stop("review"), start("callback"))),
    Rule("send_back",       "checking",  "correcting", SUPERVISOR, "HCP51", when=(own_area, another, returnable),
         sets={"sent_back": lambda case, now: case.sent_back + 1},
         clocks=(*stop("review"), start("correct", halved=True))),
    Rule("call_back",       "calling",   "called",     SUPERVISOR, "HCP51", when=(own_area, another, named),
         clocks=(*stop("callback"), start("review"))),
    Rule("miss_call",       "calling",   "",           SUPERVISOR, "GZ3",   when=(own_area, another, named),
         sets={"missed": lambda case, now: (*case.missed, civil_day(now.at))[-KEPT:]}),
    Rule("close",           "calling",   "closed",     SUPERVISOR, "HCP51", when=(own_area, another, out_of_reach),
         clocks=stop("*")),
    Rule("close",           "called",    "closed",     SUPERVISOR, "HCP51", when=(own_area, another, contented),
         clocks=stop("*")),
    Rule("rework",          "called",    "correcting", SUPERVISOR, "HCP51",
         when=(own_area, another, discontented, within_the_cap),
         sets={"reworked": True, "satisfied": None, "missed": ()},
         clocks=(*stop("review"), start("correct", halved=True))),
    Rule("publish",         "closed",    "",           SUPERVISOR, "HCP51", when=(own_area, another, unpublished),
         sets={"published": lambda case, now: now.at}),
    Rule("unpublish",       "closed",    "",           SUPERVISOR, "HCP51", when=(own_area, is_published),
         sets={"published": None, "text": ""}),
    Rule("refresh",         OPEN,        "",           SYS,        "HCP51", when=(rating_changed,)),
    *desk_work(AT_UNIT, (RECTIFIER,), "GZ1.7", at_desk=on_desk, taken=("contacted", "correcting"),
               lead=(HEAD, SUPERVISOR), apart=(another,)),
    Rule("annul",           WATCHED,     ANNULLED,     SUPERVISOR, "GZ1.7", when=(own_area, another),
         clocks=stop("*")),
    Rule("recount",         WATCHED,     "",           SYS,        "GZ1.7", clocks=(Turn("count", "*"),)),
    anonymised(*CLOSED),
    Rule("overdue_contact", "waiting",   "",           SYS,        "AY52",  when=(passed("contact"),),
         clocks=(lapse("contact"),)),
    Rule("overdue_correct", AT_UNIT,     "",           SYS,        "GZ3",   when=(passed("correct"),),
         clocks=(lapse("correct"),)),
    Rule("overdue_at_once", "correcting", "",          SYS,        "GZ3",   when=(passed("at_once"),),
         clocks=(lapse("at_once"),)),
    Rule("overdue_review",  ("disputed", "checking", "called"), "", SYS,     "GZ3",   when=(passed("review"),),
         clocks=(lapse("review"),)),
    Rule("overdue_callback", "calling",  "",           SYS,        "GZ3",   when=(passed("callback"),),
         clocks=(lapse("callback"),)),
    words=WORDS | {
        "waiting": "待联系核实", "contacted": "已核实待判定", "correcting": "整改中", "disputed": "申诉复核",
        "checking": "待审核", "calling": "待回访", "called": "已回访", "closed": "已办结", "excluded": "不予计入",
        "open": "交办", "contact": "联系核实", "admit": "认定属实", "dispute": "提出申诉",
        "uphold": "申诉成立", "overrule": "申诉不成立", "redirect": "转交责任单位", "correct": "整改",
        "pass": "审核通过",
        "send_back": "退回整改", "call_back": "回访", "miss_call": "回访未接通", "close": "办结", "rework": "重办",
        "overdue_contact": "联系超时", "overdue_correct": "整改超时", "overdue_callback": "回访超时",
        "overdue_review": "审核超时", "admit_at_once": "认定属实，立行立改", "overdue_at_once": "立行立改超时",
        "publish": "公开典型差评", "unpublish": "撤回公开", "refresh": "评价人修改评价"})


def standing(case: Summary, who: Actor) -> str:
    """The rectifiers and the head of the unit, the supervisor and the auditor of the area see a correction."""
    if who.role in (RECTIFIER, HEAD):
        return "unit" if who.unit and who.unit == case.unit else ""
    return "supervisor" if who.role in (SUPERVISOR, "auditor") and who.area == case.area else ""
