"""The inspection on site (行政许可法 34, 55): two officials or more go, within days of acceptance. Pure.

Where the service item asks for it, sending them is a duty of the office, and nothing is granted before they went; of
any other item an inspection is recorded in the same way (34).
"""
from chalicelib.kernel.deskwork import free_or_mine, own_unit
from chalicelib.kernel.turns import Occasion, lapse, passed, stop
from chalicelib.kernel.workflow import Rule

from .models import Application

UNDER_REVIEW = ("accepted", "reviewing", "suspended")


def inspected(case: Application, now: Occasion) -> str:
    """What has to be inspected is not granted unseen."""
    owing = case.inspection and case.inspected_on is None
    return "该事项应当先指派两名以上工作人员现场检验" if owing else ""


INSPECTIONS = (
    #     act                 from          to  by          basis
    Rule("inspect",            UNDER_REVIEW, "", "reviewer", "XKF34", when=(own_unit, free_or_mine),
         clocks=stop("inspection")),
    Rule("overdue_inspection", UNDER_REVIEW, "", "system",   "XKF55", when=(passed("inspection"),),
         clocks=(lapse("inspection"),)),
)
