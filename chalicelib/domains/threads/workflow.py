"""The rules of a thread, and what a reader may learn from it. Pure.

That two cases are on one matter says that one person is behind both. So an official is shown as members only cases
whose own kind names the person to them: a thread never adds a name to a case that has none for its reader.
"""
from collections.abc import Iterable, Mapping

from pydantic import BaseModel

from chalicelib.kernel.deskwork import WORDS, anonymised
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.record import Event
from chalicelib.kernel.turns import Occasion
from chalicelib.kernel.workflow import Rule, Workflow

from .models import MOST, Thread

CITIZEN, SYS = "citizen", "system"
STAFF = ("clerk", "reviewer", "head", "centre", "supervisor")
LEADS = ("head", "centre", "supervisor")
OPEN, ANSWERED, CLOSED = "open", "answered", "closed"
FEWEST = 2
"""Fewer members than that are no thread."""
FULL = f"同一事项最多关联{MOST}件"


def room(case: Thread, now: Occasion) -> str:
    return "" if len(case.members) < MOST else FULL


def still_open(case: Thread, now: Occasion) -> str:
    """What has been answered needs no other lead; for who is not shown the lead, nothing has."""
    unseen = case.state == ANSWERED and now.facts.get("lead_unseen")
    return "" if case.state == OPEN or unseen else "已统一答复的事项不能指定牵头件"


def gone(case: Thread, now: Occasion) -> str:
    """Only who has seen what became of a member says so; never a sweep."""
    return "" if now.facts.get("gone") else "成员未终止"


def lead_answered(case: Thread, now: Occasion) -> str:
    """Only who has seen the lead's answer says so; never a sweep."""
    return "" if now.facts.get("answered") else "牵头件尚未答复"


THREADS: Workflow[Thread] = Workflow(
    Rule("open",   "new",            OPEN,     (CITIZEN, *STAFF), "GZ4"),
    Rule("join",   (OPEN, ANSWERED), "",       (CITIZEN, *STAFF), "GZ4", when=(room,)),
    Rule("lead",   (OPEN, ANSWERED), OPEN,     STAFF,             "GZ4", when=(still_open,),
         sets={"answered_at": None}),
    Rule("leave",  (OPEN, ANSWERED, CLOSED), "", SYS,             "GZ4", when=(gone,)),
    Rule("end",    (OPEN, ANSWERED), CLOSED,   SYS,               "GZ4", when=(gone,)),
    Rule("answer", OPEN,             ANSWERED, SYS,               "GZ4", when=(lead_answered,),
         sets={"answered_at": lambda case, now: now.at}),
    Rule("close",  (OPEN, ANSWERED), CLOSED,   LEADS,             "GZ4"),
    anonymised(OPEN, ANSWERED, CLOSED),
    words=WORDS | {"citizen": "当事人", "open": "待答复", "answered": "已统一答复", "closed": "已解除关联",
                   "join": "加入关联事项", "lead": "指定牵头件", "answer": "牵头件答复", "close": "解除关联",
                   "leave": "成员退出", "end": "解除关联（并入其他关联或者仅余一件）"})


def told_by(view: BaseModel, who: Actor) -> bool:
    """Say whether a member, as its kind shows it to `who`, may be shown beside others: a citizen's are their own."""
    return who.role == CITIZEN or bool(getattr(view, "person", "") or getattr(view, "party", ""))


def timeline_of(events: Iterable[Event], shown: Mapping[str, object]) -> list[Event]:
    """Return a thread's events as they would be if it had the members `shown` alone, numbered so, oldest first.

    It begins when two of these were in it; what concerns another member did not happen.
    """
    told, there, lead = list[Event](), list[str](), ""
    for event in events:
        before, lead = there, event.changes.get("lead", lead)
        there = [member for member in event.changes.get("members", there) if member in shown]
        if len(there) < FEWEST or (event.act in ("join", "leave") and there == before) or (
                event.act in ("lead", "answer") and lead not in shown):
            continue
        first = {} if told else {"act": "open", "source": "new", "target": OPEN}
        told.append(event.model_copy(update={"number": len(told) + 1, **first}))
    return told


def as_shown(case: Thread, shown: Mapping[str, object]) -> Thread:
    """Return the thread as it would be if it had the members `shown` alone: without its lead it has no answer yet."""
    members = tuple(member for member in case.members if member in shown)
    if case.lead in shown:
        return case.model_copy(update={"members": members})
    return case.model_copy(update={"members": members, "lead": members[0], "answered_at": None,
                                   "state": OPEN if case.state == ANSWERED else case.state})
