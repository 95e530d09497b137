"""The rules of publishing a document, one row per lawful act, and who may know of one. Pure.

Three reviews by three persons, none of whom wrote it (三审). What is scheduled is the publishing job's: its acts are
open to the system only where the job says that the document's turn has come, so that the sweep never does them.
"""
from datetime import datetime

from chalicelib.kernel.calendar import start_of
from chalicelib.kernel.deskwork import WORDS, desk_work, free_or_mine, own_area, own_unit, recounted
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.record import Summary
from chalicelib.kernel.turns import Occasion, Turn, lapse, near, passed, start, stop, warn
from chalicelib.kernel.workflow import Rule, Workflow

from .models import Document

HEAD, PUBLISHER, LEADER, SYS = "head", "publisher", "leader", "system"
STAFF = ("clerk", "reviewer", HEAD, PUBLISHER)
REVIEWS = ("first", "second", "final")
OPEN = ("draft", *REVIEWS)
QUEUED = ("scheduled", "publishing", "withdrawing")
LICENCE, LICENCES = "01", "licences"
"""The kind of item that is a licence (行政许可), and the column of their results, which the system fills."""


def another_person(case: Document, now: Occasion) -> str:
    """Nobody reviews what they wrote, and nobody reviews twice."""
    if now.who.person in case.authors:
        return "起草人不得审核本人的文件"
    return "三次审核须由三人分别进行" if now.who.person in case.reviewers else ""


def other_than_asked(case: Document, now: Occasion) -> str:
    return "申请撤回的人员不得自行批准" if now.who.person == case.asked_by else ""


def before_its_hour(case: Document, now: Occasion) -> str:
    return "" if case.hour and now.at < case.hour else "已到发布时点，不能收回"


def in_turn(case: Document, now: Occasion) -> str:
    """Only the publishing job does this, and says so."""
    return "" if now.facts.get("in_turn") else "由发布任务按次序办理"


def formed(case: Document) -> datetime:
    assert case.formed_on is not None
    return start_of(case.formed_on)


def passed_by(case: Document, now: Occasion) -> tuple[str, ...]:
    return (*case.reviewers, now.who.person)


def written_by(case: Document, now: Occasion) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*case.authors, now.who.person)))


def openness(case: Document, now: Occasion) -> str:
    return f"{case.area}.openness"


def act_time(case: Document, now: Occasion) -> datetime:
    return now.at


def me(case: Document, now: Occasion) -> str:
    return now.who.person


PASSED = {"reviewers": passed_by, "handler": ""}
BACK = {"unit": lambda case, now: case.person, "reviewers": (), "handler": "", "confirmed": ""}
RECALLED = {"reviewers": lambda case, now: case.reviewers[:2], "hour": None}
REVIEW = (own_unit, free_or_mine, another_person)
CLEARED = {"asked_by": ""}

DOCUMENTS: Workflow[Document] = Workflow(
    #     act               from         to            by         basis
    Rule("open",            "new",       "draft",      STAFF,     "XXGK17", when=(own_unit,),
         sets={"authors": written_by}, clocks=(start("publish", since=formed),)),
    Rule("revise",          "draft",     "",           STAFF,     "XXGK17", when=(own_unit, free_or_mine),
         sets={"authors": written_by}),
    Rule("discard",         "draft",     "discarded",  STAFF,     "GZ5.5",  when=(own_unit, free_or_mine),
         clocks=(Turn("stop", "*"),)),
    Rule("submit",          "draft",     "first",      STAFF,     "XXGK17", when=(own_unit, free_or_mine),
         sets={"authors": written_by, "handler": ""}, clocks=(start("review"),)),
    Rule("approve",         "first",     "second",     HEAD,      "XXGK17", when=REVIEW,
         sets={**PASSED, "unit": openness}, clocks=(start("review"),)),
    Rule("approve",         "second",    "final",      PUBLISHER, "XXGK17", when=REVIEW, sets=PASSED,
         clocks=(start("review"),)),
    Rule("schedule",        "final",     "scheduled",  LEADER,    "XXGK17", when=REVIEW, sets=PASSED,
         clocks=stop("review")),
    Rule("send_back",       "first",     "draft",      HEAD,      "XXGK17", when=REVIEW, sets=BACK,
         clocks=stop("review")),
    Rule("send_back",       "second",    "draft",      PUBLISHER, "XXGK17", when=REVIEW, sets=BACK,
         clocks=stop("review")),
    Rule("send_back",       "final",     "draft",      LEADER,    "XXGK17", when=REVIEW, sets=BACK,
         clocks=stop("review")),
    Rule("recall",          "scheduled", "final",      (PUBLISHER, LEADER), "GZ5.5", sets=RECALLED,
         when=(own_area, before_its_hour), clocks=(start("review"),)),
    Rule("retry",           QUEUED,      "",           (PUBLISHER, LEADER), "GZ5.5", when=(own_area,)),
    Rule("ask_withdrawal",  "published", "in_doubt",   PUBLISHER, "GZ5.5",  when=(own_area,), sets={"asked_by": me}),
    Rule("approve_withdrawal", "in_doubt", "withdrawing", LEADER, "GZ5.5",  when=(own_area, other_than_asked),
         sets={**CLEARED, "hour": act_time}),
    Rule("deny_withdrawal", "in_doubt",  "published",  LEADER,    "GZ5.5",  when=(own_area,), sets=CLEARED),
    recounted("publishing"),
    *desk_work(("draft",),  STAFF,        "GZ1.7"),
    *desk_work(("first",),  (HEAD,),      "GZ1.7"),
    *desk_work(("second",), (PUBLISHER,), "GZ1.7", lead=LEADER),
    *desk_work(("final",),  (LEADER,),    "GZ1.7", lead=LEADER),
    Rule("recount",         "scheduled", "",           SYS,       "GZ1.7",  clocks=(Turn("count", "*"),)),
    Rule("enter",           "new",       "scheduled",  SYS,       "XKF40",  clocks=(start("publish", since=formed),)),
    Rule("begin",           "scheduled", "publishing", SYS,       "XXGK23", when=(in_turn,),
         sets={"published_at": act_time}),
    Rule("publish",         "publishing", "published", SYS,       "XXGK23", when=(in_turn,), clocks=stop("publish")),
    Rule("withdraw",        "withdrawing", "withdrawn", SYS,      "GZ5.5",  when=(in_turn,)),
    Rule("overdue_review",  REVIEWS,     "",           SYS,       "GZ5.5",  when=(passed("review"),),
         clocks=(lapse("review"),)),
    Rule("warn_publish",    (*OPEN, "scheduled"), "",  SYS,       "XXGK26", when=(near("publish"),),
         clocks=(warn("publish"),)),
    Rule("overdue_publish", (*OPEN, "scheduled"), "",  SYS,       "XXGK26", when=(passed("publish"),),
         clocks=(lapse("publish"),)),
    words=WORDS | {
        "draft": "草稿", "first": "初审", "second": "复审", "final": "终审", "scheduled": "待发布",
        "publishing": "发布中", "published": "已发布", "in_doubt": "已发布（申请撤回）",
        "withdrawing": "撤回中", "withdrawn": "已撤回",
        "discarded": "已作废", "open": "起草", "revise": "修改", "discard": "作废草稿", "submit": "提交审核",
        "approve": "审核通过", "schedule": "终审通过并定发布时点", "send_back": "退回修改", "recall": "收回待发布文件",
        "retry": "重新尝试发布",
        "ask_withdrawal": "申请撤回已发布文件", "approve_withdrawal": "批准撤回", "deny_withdrawal": "不批准撤回",
        "enter": "许可结果待发布", "begin": "开始发布", "publish": "发布", "withdraw": "撤下页面",
        "overdue_review": "审核超时", "warn_publish": "主动公开期限预警", "overdue_publish": "超出主动公开期限"})


def standing(case: Summary, who: Actor) -> str:
    """Return in what quality `who` may know of the document: unit or openness; "" for everybody else.

    The unit that wrote it knows of its own; the publisher, the leader, the supervisor and the auditor of all in the
    area. Everybody else reads what is on the site.
    """
    if not who.area or who.area != case.area:
        return ""
    if who.role in (PUBLISHER, LEADER, "supervisor", "auditor"):
        return "openness"
    return "unit" if who.role in STAFF and who.unit in (case.unit, case.person) else ""
