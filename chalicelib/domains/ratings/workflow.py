"""The rules of a rating. Pure.

HCP51 is 国办发〔2019〕51号, which asks that every service can be rated once; GZ3 marks our own defaults.
"""
from chalicelib.kernel.deskwork import ANNULLED, WORDS, anonymised, by_holder, own_area
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.record import Summary
from chalicelib.kernel.turns import Occasion, Turn, in_time, lapse, passed, start, stop
from chalicelib.kernel.workflow import Rule, Workflow

from .models import Rating

SYS = "system"


def not_changed(case: Rating, now: Occasion) -> str:
    """A rating may be changed or supplemented once."""
    return "评价只能补充或者修改一次" if case.changed else ""


def not_rated(case: Rating, now: Occasion) -> str:
    """Nobody rates their own work, as somebody's agent either."""
    return "参与该事项办理的人员不得代为评价" if now.who.person in case.rated else ""


def judged(case: Rating, now: Occasion) -> str:
    """Only what a supervisor has found wrong is kept out of the scores."""
    return "" if now.facts.get("judged") and not case.excluded else "没有认定评价有误"


RATINGS: Workflow[Rating] = Workflow(
    Rule("invite",  "new",     "invited", SYS,       "HCP51", clocks=(start("window"),)),
    Rule("rate_at_window", "new", "rated", "public", "HCP51"),
    Rule("rate",    "invited", "rated",   "citizen", "HCP51", when=(by_holder, not_rated, in_time("window"))),
    Rule("change",  "rated",   "",        "citizen", "GZ3",   sets={"changed": True},
         when=(by_holder, not_rated, not_changed, in_time("window"))),
    Rule("exclude", "rated",   "",        SYS,       "HCP51", when=(judged,)),
    Rule("expire",  "invited", "unrated", SYS,       "GZ3",   when=(passed("window"),),
         clocks=(lapse("window"), *stop("window"))),
    Rule("annul",   ("invited", "rated"), ANNULLED, "supervisor", "GZ1.7", when=(own_area,), clocks=stop("*")),
    Rule("recount", ("invited", "rated"), "", SYS,   "GZ1.7", clocks=(Turn("count", "*"),)),
    anonymised("invited", "rated", "unrated", ANNULLED),
    words=WORDS | {"invited": "待评价", "rated": "已评价", "unrated": "逾期未评价", "invite": "邀请评价",
                   "rate_at_window": "窗口扫码评价", "rate": "评价", "change": "补充或修改评价",
                   "exclude": "认定不计入统计", "expire": "评价期届满"})


def standing(case: Summary, who: Actor) -> str:
    """The rater, and the supervisor of the area; no office of a unit, whose officials are rated."""
    if who.role == "citizen":
        return "rater" if case.person and case.person == who.principal else ""
    return "supervisor" if who.role == "supervisor" and who.area == case.area else ""
