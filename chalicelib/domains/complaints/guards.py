"""What an act on a complaint asks of it: the guards of its rules, the states that they speak of. Pure."""
from datetime import datetime

from chalicelib.kernel.deskwork import ANNULLED, by_holder, own_area, own_unit
from chalicelib.kernel.record import Summary
from chalicelib.kernel.turns import Occasion

from .models import Complaint

CITIZEN, CLERK, REVIEWER, HEAD, SUPERVISOR, SYS = "citizen", "clerk", "reviewer", "head", "supervisor", "system"
STAFF = (CLERK, REVIEWER, HEAD)
WATCHERS, LEADERS = (SUPERVISOR, "auditor"), (SUPERVISOR, "auditor", "leader")
AT_UNIT = ("classified", "coordinating", "improving")
IN_HAND = ("registered", "classified", "coordinating")
AT_DESK = ("registered", "answered", "called", "attributed", "improved")
CLOSED = ("closed", "declined", "withdrawn", ANNULLED)
KEPT = 10                                  # days of calls not taken that a case remembers
NO_CAUSE = "none"


def desk_of(area: str) -> str:
    """Return the unit that takes complaints in an area: that which supervises."""
    return f"{area}.supervision"


def opens(case: Complaint, now: Occasion) -> str:
    """A citizen brings what is theirs; a window and the desk take down what others tell."""
    return by_holder(case, now) if now.who.role == CITIZEN else own_area(case, now)


def apart(case: Summary, now: Occasion) -> str:
    """Nobody who is complained of, or had a hand in the matter, handles it."""
    involved = isinstance(case, Complaint) and now.who.person in case.involved
    return "被反映人员、参与原事项办理和在窗口记录举报的人员应当回避" if involved else ""


def here(case: Summary, now: Occasion) -> str:
    """The unit that has it, above it the supervisor of the area; nobody involved."""
    return (own_area if now.who.role == SUPERVISOR else own_unit)(case, now) or apart(case, now)


def another(case: Complaint, now: Occasion) -> str:
    """Who answered does not judge the answer."""
    return "答复人员不得审核、回访" if now.who.person == case.answered_by else ""


def unreached(case: Complaint, now: Occasion) -> bool:
    """Say whether enough calls on enough days were not taken."""
    return bool(len(case.missed) >= now.facts["calls"] and len(set(case.missed)) >= now.facts["days"])


def can_be_called(case: Complaint, now: Occasion) -> str:
    return "匿名反映无法回访" if case.anonymous else ""


def nobody_to_ask(case: Complaint, now: Occasion) -> str:
    """Without a call back only what is anonymous, or nobody answered for, goes on."""
    calls, days = now.facts["calls"], now.facts["days"]
    return "" if case.anonymous or unreached(case, now) else f"应当先回访，或者在{days}个不同日期共{calls}次未接通"


def discontented(case: Complaint, now: Occasion) -> str:
    return "" if case.satisfied is False and not case.reworked else "反映人未表示不满意，或已重办过一次"


def contented(case: Complaint, now: Occasion) -> str:
    return "反映人不满意，应当重办" if not discontented(case, now) else ""


def by_the_desk(case: Complaint, now: Occasion) -> str:
    """What the desk answered itself goes to a unit where that did not content."""
    return "" if case.explained else "已由单位办理，应当退回重办"


def returnable(case: Complaint, now: Occasion) -> str:
    """Nobody is sent from one unit to the next without end."""
    most = now.facts["returns"]
    return "" if case.returns < most else f"该事项已退回{most}次，不得再次退回"


def since_classified(case: Complaint) -> datetime | None:
    """From when a unit has had it: whoever it goes to has what is left of the time, and all of it where none is left.
    """
    clock = case.clocks.get("answer")
    return clock.zero if clock and not clock.lapsed else None


def by_a_unit(case: Complaint, now: Occasion) -> str:
    return "未经单位办理，不能退回" if case.explained else ""


def told_in_thread(case: Complaint, now: Occasion) -> str:
    """Only where the case that leads on the same matter has been answered is there anything to refer to."""
    return "" if now.facts.get("thread_answered") else "没有已经答复的牵头件"


def nothing_to_improve(case: Complaint, now: Occasion) -> str:
    return "" if case.cause == NO_CAUSE else "应当先落实改进措施"


def something_to_improve(case: Complaint, now: Occasion) -> str:
    return "没有需要改进的原因" if case.cause == NO_CAUSE else ""
