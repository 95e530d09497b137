"""The rules of an application, one row per lawful act. Pure: no clock, no storage, no network.

Articles are cited by their short codes (docs/sources.md): XKF is 行政许可法, AY the regulation of Anyang, GZ our own
default where no rule prescribes one.
"""
from datetime import datetime

from chalicelib.kernel.deskwork import WORDS, by_holder, desk_work, free_or_mine, own_unit
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.lengthening import CLEARED, lengthened
from chalicelib.kernel.record import Summary
from chalicelib.kernel.turns import (
    Occasion,
    extend,
    in_time,
    lapse,
    near,
    passed,
    pause,
    remind,
    resume,
    soon,
    start,
    stop,
    warn,
)
from chalicelib.kernel.workflow import Rule, Workflow

from .models import Application

CITIZEN, CLERK, REVIEWER, HEAD, SYS = "citizen", "clerk", "reviewer", "head", "system"
STAFF = (CLERK, REVIEWER, HEAD)
INTAKE = ("submitted", "returned", "received", "correcting")
REVIEW = ("accepted", "reviewing", "suspended")
COUNTING = ("accepted", "reviewing")
ENDED = ("discarded", "withdrawn", "lapsed", "terminated", "annulled", "archived")


def complete(case: Application, now: Occasion) -> str:
    """Every necessary entry of the checklist must have a stored file."""
    lacking = now.facts.get("lacking", ())
    return f"缺少必要材料：{'、'.join(lacking)}" if lacking else ""


def known_enough(case: Application, now: Occasion) -> str:
    """The applicant's real-name level must reach what the item requires."""
    return "" if now.who.level >= now.facts.get("level", 0) else "该事项要求更高的实名认证等级"


def still_published(case: Application, now: Occasion) -> str:
    return "" if now.facts.get("published", True) else "该事项已停止办理"


def not_yet_notified(case: Application, now: Occasion) -> str:
    """What is lacking is told once, and all of it (一次告知)."""
    return "已经一次性告知过，不得再次要求补正" if case.notified else ""


def his_to_decide(case: Application, now: Occasion) -> str:
    """The reviewer who took it up decides, or the head of the unit."""
    return "" if now.who.role == HEAD else free_or_mine(case, now)


def has_result(case: Application, now: Occasion) -> str:
    return "" if case.granted else "未准予许可，没有证照可制发"


def day_zero(case: Application) -> datetime:
    """Acceptance, but the receipt of a correction, which had to be accepted at once (行政许可法 32(5))."""
    zero = case.received_at if case.notified else case.accepted_at
    assert zero is not None
    return zero


def receipt(case: Application) -> datetime:
    assert case.received_at is not None
    return case.received_at


def at(case: Application, now: Occasion) -> datetime:
    return now.at


def since_receipt(case: Application, now: Occasion) -> datetime:
    return receipt(case)


TAKE_IN = {"received_at": at, "handler": ""}
TO_DEPARTMENT = {"unit": lambda case, now: case.department, "handler": ""}
TO_HALL = {"unit": lambda case, now: case.hall, "handler": ""}
ACCEPTED = {**TO_DEPARTMENT, "accepted_at": at}
DEEMED = {**TO_DEPARTMENT, "accept_mode": "deemed", "accepted_at": since_receipt}
DECIDING = (start("statutory", since=day_zero), start("promised", since=day_zero))
DECIDED = stop("statutory", "promised")

APPLICATIONS: Workflow[Application] = Workflow(
    #     act               from         to            by        basis
    Rule("open",            "new",       "draft",      CITIZEN,  "XKF29", clocks=(start("draft"),)),
    Rule("register",        "new",       "received",   CLERK,    "XKF32", clocks=(start("notice"),), sets=TAKE_IN,
         when=(own_unit, still_published, complete)),
    Rule("revise",          "draft",     "",           CITIZEN,  "XKF29", when=(by_holder,)),
    Rule("discard",         "draft",     "discarded",  CITIZEN,  "GZ1.3", when=(by_holder,), clocks=stop("draft")),
    Rule("submit",          "draft",     "submitted",  CITIZEN,  "XKF29", sets=TAKE_IN,
         when=(by_holder, still_published, known_enough, complete),
         clocks=(*stop("draft"), start("precheck"), start("notice"))),
    Rule("receive",         "submitted", "received",   CLERK,    "AY42",  clocks=stop("precheck"),
         when=(own_unit, free_or_mine)),
    Rule("return",          "submitted", "returned",   CLERK,    "AY42",  sets={"notified": True},
         when=(own_unit, free_or_mine, not_yet_notified, in_time("notice")),
         clocks=(*stop("precheck", "notice"), start("returned"))),
    Rule("resubmit",        "returned",  "submitted",  CITIZEN,  "AY42",  when=(by_holder,), sets=TAKE_IN,
         clocks=(*stop("returned"), start("precheck"), start("notice"))),
    Rule("ask_correction",  "received",  "correcting", CLERK,    "XKF32", sets={"notified": True},
         when=(own_unit, free_or_mine, not_yet_notified, in_time("notice")),
         clocks=(*stop("notice"), start("correction"))),
    Rule("supply",          "correcting", "received",  CITIZEN,  "XKF32", when=(by_holder,), sets=TAKE_IN,
         clocks=(*stop("correction"), start("notice"))),
    Rule("accept",          "received",  "accepted",   CLERK,    "XKF32", sets=ACCEPTED,
         when=(own_unit, free_or_mine, in_time("notice")), clocks=(*stop("notice"), *DECIDING)),
    Rule("decline",         "received",  "declined",   CLERK,    "XKF32",
         when=(own_unit, free_or_mine, in_time("notice")),
         clocks=(*stop("notice"), start("deliver"))),
    Rule("review",          "accepted",  "reviewing",  REVIEWER, "XKF34", when=(own_unit, free_or_mine),
         sets={"handler": lambda case, now: now.who.person}),
    Rule("suspend",         "reviewing", "suspended",  REVIEWER, "XKF45", when=(own_unit, free_or_mine,
                                                                                in_time("statutory")),
         clocks=(pause("statutory"), pause("promised", if_in_time=True))),
    Rule("resume",          "suspended", "reviewing",  REVIEWER, "XKF45", when=(own_unit, free_or_mine),
         sets={"suspended_for": ""}, clocks=(resume("statutory"), resume("promised"))),
    *lengthened("statutory", COUNTING,   REVIEWER,     "XKF42", when=(own_unit, free_or_mine),
                also=(extend("promised", if_in_time=True),)),
    Rule("grant",           "reviewing", "granted",    (REVIEWER, HEAD), "XKF38", when=(own_unit, his_to_decide),
         sets={**CLEARED, "granted": True}, clocks=(*DECIDED, start("deliver"))),
    Rule("refuse",          "reviewing", "refused",    (REVIEWER, HEAD), "XKF38", when=(own_unit, his_to_decide),
         sets={**CLEARED, "granted": False}, clocks=(*DECIDED, start("deliver"))),
    Rule("close",           "granted",   "closed",     (REVIEWER, HEAD), "XKF44", when=(own_unit,),
         sets={**TO_HALL, "close_type": 1}),
    Rule("close",           "refused",   "closed",     (REVIEWER, HEAD), "XKF38", when=(own_unit,),
         sets={**TO_HALL, "close_type": 2}),
    Rule("issue",           "closed",    "issued",     CLERK,    "XKF39", when=(own_unit, has_result)),
    Rule("deliver",         ("declined", "closed", "issued"), "delivered", CLERK, "XKF44", when=(own_unit,),
         clocks=stop("deliver")),
    Rule("archive",         "delivered", "archived",   CLERK,    "ZXZW12", when=(own_unit,)),
    Rule("withdraw",        (*INTAKE, *REVIEW), "withdrawn", CITIZEN, "GZ1.3", when=(by_holder,),
         sets={"close_type": 4}, clocks=stop("*")),
    Rule("terminate",       REVIEW,      "terminated", HEAD,     "GZ1.3", when=(own_unit,), sets={"close_type": 6},
         clocks=stop("*")),
    *desk_work(("submitted", "received", *REVIEW, "granted", "refused", "declined", "closed", "issued", "delivered"),
               STAFF, "GZ1.7", taken=("reviewing", "suspended", "granted", "refused")),
    Rule("lapse_draft",      "draft",      "discarded", SYS, "GZ1.3",  when=(passed("draft"),),
         clocks=(lapse("draft"), *stop("draft"))),
    Rule("lapse_return",     "returned",   "withdrawn", SYS, "GZ1.3",  when=(passed("returned"),),
         sets={"close_type": 4}, clocks=(lapse("returned"), *stop("returned"))),
    Rule("lapse_correction", "correcting", "lapsed",    SYS, "AY36",   when=(passed("correction"),),
         sets={"close_type": 3}, clocks=(lapse("correction"), *stop("correction"))),
    Rule("overdue_precheck", "submitted",  "",          SYS, "AY42",   when=(passed("precheck"),),
         clocks=(lapse("precheck"),)),
    Rule("deem",             ("submitted", "received"), "accepted", SYS, "XKF32", sets=DEEMED, when=(passed("notice"),),
         clocks=(lapse("notice"), *stop("notice", "precheck"), start("statutory", since=receipt),
                 start("promised", since=receipt))),
    Rule("warn_notice",      ("submitted", "received"), "", SYS, "XKF32", when=(near("notice"),),
         clocks=(warn("notice"),)),
    Rule("warn_promised",    COUNTING,     "",          SYS, "YSHJ36", when=(near("promised"),),
         clocks=(warn("promised"),)),
    Rule("remind_promised", COUNTING,   "",          SYS, "YSHJ36", when=(soon("promised"),),
         clocks=(remind("promised"),)),
    Rule("overdue_promised", COUNTING,     "",          SYS, "YSHJ36", when=(passed("promised"),),
         clocks=(lapse("promised"),)),
    Rule("overdue_statutory", COUNTING,    "",          SYS, "XKF42",  when=(passed("statutory"),),
         clocks=(lapse("statutory"),)),
    Rule("overdue_delivery", ("declined", "granted", "refused", "closed", "issued"), "", SYS, "XKF44",
         when=(passed("deliver"),), clocks=(lapse("deliver"),)),
    words=WORDS | {
        "draft": "草稿", "discarded": "已作废", "submitted": "网上已提交（待预审）", "returned": "预审退回",
        "received": "收件",
        "correcting": "补正", "lapsed": "补正逾期（视为撤回）", "accepted": "受理", "declined": "不予受理",
        "reviewing": "审查", "suspended": "特别程序", "granted": "准予许可", "refused": "不予许可", "closed": "办结",
        "issued": "已制证", "delivered": "已送达", "withdrawn": "已撤回", "terminated": "已终止", "archived": "已归档",
        "open": "建立草稿", "register": "窗口收件", "revise": "修改", "discard": "作废草稿", "submit": "提交",
        "receive": "收件", "return": "预审退回", "resubmit": "重新提交",
        "ask_correction": "一次性告知补正",
        "supply": "提交补正材料", "accept": "受理", "decline": "不予受理", "review": "开始审查",
        "suspend": "进入特别程序", "resume": "结束特别程序",
        "grant": "准予许可", "refuse": "不予许可", "close": "办结", "issue": "制证",
        "deliver": "送达", "archive": "归档", "withdraw": "撤回申请", "terminate": "终止办理",
        "lapse_draft": "草稿到期作废", "lapse_return": "退回到期视为撤回", "lapse_correction": "补正逾期视为撤回",
        "overdue_precheck": "预审超时", "warn_notice": "受理期限预警", "deem": "逾期不告知视为受理",
        "warn_promised": "承诺时限预警", "remind_promised": "承诺时限将满提醒",
        "overdue_promised": "超出承诺时限", "overdue_statutory": "超出法定时限",
        "overdue_delivery": "送达超时"})


def standing(case: Summary, who: Actor) -> str:
    """Return in what quality `who` may know of the case: holder, desk, supervisor; "" for a stranger.

    A draft is its author's alone. Officials see the cases of which their unit is or was the receiving or deciding
    one. The supervisor and the auditor see all of their area.
    """
    if who.role == CITIZEN:
        return "holder" if case.person == who.principal else ""
    if case.state in ("draft", "discarded") or not who.area or who.area != case.area:
        return ""
    if who.role in STAFF:
        units = {case.unit, case.hall, case.department} if isinstance(case, Application) else {case.unit}
        return "desk" if who.unit in units else ""
    return "supervisor" if who.role in ("supervisor", "auditor") else ""
