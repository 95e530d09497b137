"""The hearing of an application (听证, 行政许可法 47, 48): its right is told, it is asked for, announced, held. Pure.

To ask is a window, to hold it a duty of the office; while either is open nothing is decided. Who asked may waive it;
then whoever else is entitled may still ask while the window is open. The time that a hearing takes is not counted only
from the written notice that says how long it will be (45): that is `suspend` for 听证, which a hearing needs no more
than an inspection does, and which neither asking nor holding begins or ends.
"""
from datetime import datetime

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.deskwork import by_holder, free_or_mine, own_unit
from chalicelib.kernel.turns import Occasion, in_time, lapse, passed, start, stop
from chalicelib.kernel.workflow import Rule

from .models import Application

TELLING, GOING_ON = "reviewing", ("reviewing", "suspended")
TO_BE_HELD = ("asked", "entered")


def not_yet_told(case: Application, now: Occasion) -> str:
    """The right is told once: a second telling would begin the window anew."""
    return "已经告知过听证权利" if case.hearing else ""


def none_asked(case: Application, now: Occasion) -> str:
    """There is one hearing, and who has waived it does not ask again."""
    return {"asked": "已有听证申请", "entered": "已有听证申请", "held": "已有听证申请",
            "waived": "已经放弃听证"}.get(case.hearing, "")


def none_entered(case: Application, now: Occasion) -> str:
    """What an affected party asks is entered also beside the applicant's asking, which may be waived."""
    return "已有听证申请" if case.hearing in ("entered", "held") else ""


def asked_for(case: Application, now: Occasion) -> str:
    return "" if case.hearing in TO_BE_HELD else "没有待举行的听证"


def announced(case: Application, now: Occasion) -> str:
    """Day and place are told first, and it is not held before that day."""
    if case.hearing_on is None:
        return "听证的时间、地点尚未通知"
    return "" if civil_day(now.at) >= case.hearing_on else f"听证定于{case.hearing_on}举行，不得提前"


def his_own_hearing(case: Application, now: Occasion) -> str:
    """The applicant waives what the applicant asked for, not what an affected party did."""
    return "" if case.hearing == "asked" else "没有本人申请、尚未举行的听证"


def heard(case: Application, now: Occasion) -> str:
    """Nothing is decided while a hearing may still be asked for, or one asked for has not been held."""
    if case.hearing in TO_BE_HELD:
        return "申请的听证尚未举行，不得作出决定"
    open_yet = case.hearing in ("told", "waived") and not in_time("hearing_request")(case, now)
    return "申请听证的期限尚未届满，不得作出决定" if open_yet else ""


def since_asked(case: Application) -> datetime | None:
    """The time to hold it runs from whoever asked first."""
    return case.clocks["hearing"].zero if "hearing" in case.clocks else None


IN_TIME = in_time("hearing_request")
NO_DAY = {"hearing_on": None, "hearing_place": ""}

HEARINGS = (
    #     act                from       to  by          basis
    Rule("tell_hearing",     TELLING,   "", "reviewer", "XKF47", when=(own_unit, free_or_mine, not_yet_told),
         sets={"hearing": "told"}, clocks=(start("hearing_request"),)),
    Rule("ask_hearing",      GOING_ON,  "", "citizen",  "XKF47", when=(by_holder, none_asked, IN_TIME),
         sets={"hearing": "asked"}, clocks=(start("hearing"),)),
    Rule("enter_hearing",    GOING_ON,  "", "reviewer", "XKF47", when=(own_unit, free_or_mine, none_entered, IN_TIME),
         sets={"hearing": "entered"}, clocks=(start("hearing", since=since_asked),)),      # by 利害关系人
    Rule("announce_hearing", GOING_ON,  "", "reviewer", "XKF48", when=(own_unit, free_or_mine, asked_for)),
    Rule("waive_hearing",    GOING_ON,  "", "citizen",  "XKF47", when=(by_holder, his_own_hearing),
         sets={**NO_DAY, "hearing": "waived"}, clocks=stop("hearing")),
    Rule("hold_hearing",     GOING_ON,  "", "reviewer", "XKF47", when=(own_unit, free_or_mine, asked_for, announced),
         sets={"hearing": "held"}, clocks=stop("hearing", "hearing_request")),
    Rule("overdue_hearing",  GOING_ON,  "", "system",   "XKF47", when=(passed("hearing"),), clocks=(lapse("hearing"),)),
)
