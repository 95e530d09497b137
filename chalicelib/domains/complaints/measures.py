"""What one complaint adds to the figures of the unit that has it, or of the desk. Pure; `figures` counts it.

A share is counted of what came in a month: what becomes of it later counts in that same month.
"""
import re
from collections import Counter
from collections.abc import Sequence

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.record import Event
from chalicelib.kernel.runs import Calendars, runs
from chalicelib.kernel.shares import Formula, Marks

from .guards import CLOSED, IN_HAND, desk_of
from .models import TITLES, Complaint

AT_IT = frozenset({"classify", "redirect", "send_back", "rework"})
"""The acts with which a unit's time to answer begins, or goes over to another unit."""
OF_COMPLAINT = frozenset({
    "register", *AT_IT, "return", "explain", "answer_by_thread", "answer", "decline", "withdraw", "annul", "call_back",
    "attribute", "approve_extension", "close", "overdue_answer", "recount"})
"""The acts that may change what a complaint adds."""
_NAMED = re.compile(r"[a-z_0-9]{1,30}")


def of_complaint(case: Complaint, timeline: Sequence[Event], calendars: Calendars) -> Marks:
    """Return what a complaint adds; one that was annulled adds nothing."""
    if case.state == "annulled":
        return {}
    handles = case.unit if case.state in IN_HAND else case.answerer
    unit, month = handles or desk_of(case.area), f"{civil_day(case.opened_at):%Y-%m}"
    names = {"received", f"{case.sort}_received"}
    if case.state in CLOSED:
        names |= {"ended", f"{case.sort}_ended"}
    if case.state == "declined":
        names.add("declined")
    if calls := [event.changes["satisfied"] for event in timeline if event.act == "call_back"]:
        names |= {"called", "content"} if calls[-1] else {"called"}
    if case.cause:
        names |= {"attributed", f"cause_{case.cause if _NAMED.fullmatch(case.cause) else 'other'}"}
    found = Counter({(unit, month, name): 1 for name in names})
    for run in runs(timeline, "answer", AT_IT):
        late = run.late_at(calendars)
        if late or run.last.act == "answer":
            whose, at = run.first.desk or run.first.unit, f"{civil_day(late or run.last.at):%Y-%m}"
            found[whose, at, "due"] += 1
            found[whose, at, "answered_in_time"] += not late
    return +found


FORMULAS = (
    Formula("complaints_ended_rate", "投诉举报办结率", "ended", "received",
            "当月登记的件数中已办结、不予受理、撤回的件数，除以当月登记的件数；撤销登记的不计", "GZ6"),
    Formula("complaints_declined_rate", "不予受理率", "declined", "received",
            "当月登记的件数中不予受理并指引渠道的件数，除以当月登记的件数", "WF19"),
    Formula("complaints_in_time_rate", "按期答复率", "answered_in_time", "due",
            "办理期限内答复的件次，除以当月答复和当月逾期的件次；退回重办的期限各另计一次", "GZ6"),
    Formula("complaints_content_rate", "回访满意率", "content", "called",
            "当月登记的件数中回访表示满意的件数，除以已回访的件数；多次回访的按最后一次", "GZ6"),
    *(Formula(f"{sort}_ended_rate", f"{title}办结率", f"{sort}_ended", f"{sort}_received",
              f"同投诉举报办结率，限{title}", "GZ6") for sort, title in TITLES.items()),
    *(Formula(f"cause_{code}_rate", f"归因占比（{name}）", f"cause_{code}", "attributed",
              f"当月登记的件数中归因为{name}的件数，除以已归因的件数", "GZ6") for code, name in (
                  ("rules", "制度流程"), ("materials", "申请材料"), ("systems", "信息系统"), ("persons", "人员作风"),
                  ("none", "无责任原因"))))
