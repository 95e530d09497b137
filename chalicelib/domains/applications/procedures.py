"""The excluded procedures that hold an application (行政许可法 45): which run, which was told to end first. Pure."""
from collections.abc import Mapping
from datetime import datetime
from typing import Any, get_args

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.clocks import Limit, Pause, Unit
from chalicelib.kernel.law import ground
from chalicelib.kernel.turns import Occasion, in_time

from .models import EXCLUDED, Application


def after(case: Application, act: str, details: Mapping[str, Any], now: Occasion) -> list[Pause]:
    """Return the procedures that run when `suspend` has begun one or `end_procedure` ended it, the first to end first.
    """
    going_on = [pause for pause in case.clocks["statutory"].pauses if pause.end is None]
    if act == "suspend":
        going_on.append(Pause(reason=details["reason"], start=now.at, planned=details["planned"]))
    else:
        going_on = [pause for pause in going_on if pause.reason != details["reason"]]
    return sorted(going_on, key=lambda pause: now.calendar.add_working_days(civil_day(pause.start), pause.planned))


def named(going_on: list[Pause]) -> str:
    """Return what the case says it is suspended for: the first to end comes first."""
    return "、".join(pause.reason for pause in going_on)


def registered(pause: Pause) -> Limit:
    """Return the limit of a procedure: what the applicant was told in writing."""
    return Limit(count=pause.planned, unit=Unit.WORKING_DAYS, basis=ground(pause.reason))


def since_begun(case: Application) -> datetime | None:
    """Return since when the procedure that is to end first has run; None if it begins with the act."""
    first = case.suspended_for.partition("、")[0]
    return next((pause.start for pause in case.clocks["statutory"].pauses
                 if pause.end is None and pause.reason == first), None)


def none_overrun(case: Application, now: Occasion) -> str:
    """While a procedure takes longer than was told, no other is begun beside it."""
    return in_time("procedure")(case, now) if case.suspended_for else ""


def another_left(case: Application, now: Occasion) -> str:
    """Each procedure runs once at a time."""
    return "" if len(procedures_of(case)) < len(get_args(EXCLUDED)) else "各项特别程序均在进行"


def several(case: Application, now: Occasion) -> str:
    return "" if len(procedures_of(case)) > 1 else "只有一项特别程序在进行，应当结束特别程序"


def the_last(case: Application, now: Occasion) -> str:
    """The review goes on when the last procedure has ended."""
    return "" if len(procedures_of(case)) == 1 else "尚有多项特别程序在进行，应当逐项结束"


def procedures_of(case: Application) -> list[str]:
    return case.suspended_for.split("、") if case.suspended_for else []
