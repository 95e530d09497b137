"""The hearing of an application (听证, 行政许可法 47): the right to it is told, it is asked for, it is held. Pure.

To ask is a window, to hold it a duty of the office; while either is open nothing is decided. The time that a hearing
takes is not counted only from the written notice that says how long it will be (45): that is `suspend` for 听证, which
a hearing needs no more than an inspection does, and which neither asking nor holding begins or ends.
"""
from chalicelib.kernel.deskwork import by_holder, free_or_mine, own_unit
from chalicelib.kernel.turns import Occasion, in_time, lapse, passed, start, stop
from chalicelib.kernel.workflow import Rule

from .models import Application

TELLING, GOING_ON = "reviewing", ("reviewing", "suspended")


def not_yet_told(case: Application, now: Occasion) -> str:
    """The right is told once: a second telling would begin the window anew."""
    return "已经告知过听证权利" if case.hearing else ""


def none_asked(case: Application, now: Occasion) -> str:
    """There is one hearing, whoever of those entitled asked for it first."""
    return "已有听证申请" if case.hearing in ("asked", "held") else ""


def asked_for(case: Application, now: Occasion) -> str:
    return "" if case.hearing == "asked" else "没有待举行的听证"


def heard(case: Application, now: Occasion) -> str:
    """Nothing is decided while a hearing may still be asked for, or one asked for has not been held."""
    if case.hearing == "asked":
        return "申请的听证尚未举行，不得作出决定"
    open_yet = case.hearing == "told" and not in_time("hearing_request")(case, now)
    return "申请听证的期限尚未届满，不得作出决定" if open_yet else ""


ASKED = (*stop("hearing_request"), start("hearing"))
IN_TIME = (none_asked, in_time("hearing_request"))

HEARINGS = (
    #     act               from       to  by          basis
    Rule("tell_hearing",    TELLING,   "", "reviewer", "XKF47", when=(own_unit, free_or_mine, not_yet_told),
         sets={"hearing": "told"}, clocks=(start("hearing_request"),)),
    Rule("ask_hearing",     GOING_ON,  "", "citizen",  "XKF47", when=(by_holder, *IN_TIME),
         sets={"hearing": "asked"}, clocks=ASKED),
    Rule("enter_hearing",   GOING_ON,  "", "reviewer", "XKF47", when=(own_unit, free_or_mine, *IN_TIME),
         sets={"hearing": "asked"}, clocks=ASKED),             # asked for by an affected party (利害关系人)
    Rule("hold_hearing",    GOING_ON,  "", "reviewer", "XKF47", when=(own_unit, free_or_mine, asked_for),
         sets={"hearing": "held"}, clocks=stop("hearing")),
    Rule("overdue_hearing", GOING_ON,  "", "system",   "XKF47", when=(passed("hearing"),), clocks=(lapse("hearing"),)),
)
