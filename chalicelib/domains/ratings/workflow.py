"""The rules of a rating. Pure.

HCP51 is 国办发〔2019〕51号, which asks that every service can be rated once; GZ3 marks our own defaults. What was said
is never annulled: only the loop's judgement, or a sign of gaming upheld by somebody apart, keeps it out of the scores.
"""
from chalicelib.kernel.deskwork import ANNULLED, WORDS, anonymised, by_holder, own_area
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.record import Summary
from chalicelib.kernel.turns import Occasion, Turn, in_time, lapse, passed, start, stop
from chalicelib.kernel.workflow import Rule, Workflow

from .models import Rating

SYS, SUPERVISOR, CENTRE = "system", "supervisor", "centre"


def not_changed(case: Rating, now: Occasion) -> str:
    """A rating may be changed or supplemented once."""
    return "评价只能补充或者修改一次" if case.changed else ""


def still_open(case: Rating, now: Occasion) -> str:
    """Within the time for the rating, as it was when it was given: its clock has stopped, so that no recount reads it.
    """
    if case.change_until is None and "window" in case.clocks:      # rated before its end was written down
        return in_time("window")(case, now)
    over = case.change_until is None or now.at >= case.change_until
    return "评价期已届满" if over else ""


def by_rater(case: Rating, now: Occasion) -> str:
    """The rater, or who holds their mandate; a seat of the area's centre takes down what a rater says to it."""
    if now.who.role == CENTRE:
        return own_area(case, now) or ("" if case.person else "没有可以联系的评价人")
    return by_holder(case, now)


def not_rated(case: Rating, now: Occasion) -> str:
    """Nobody rates their own work, as somebody's agent either, nor takes down a rating of it."""
    return "参与该事项办理的人员不得代为评价" if now.who.person in case.rated else ""


def apart(case: Rating, now: Occasion) -> str:
    """Nobody watches over what is said of their own work."""
    return "参与该事项办理的人员应当回避" if now.who.person in case.rated else ""


def not_of_the_unit(case: Rating, now: Occasion) -> str:
    """Nobody rates the unit they serve in: neither the applicant nor their agent; nor does one of it take that down."""
    return "本单位的工作人员不得评价本单位的服务" if now.facts.get("of_unit") else ""


def no_praise(case: Rating, now: Occasion) -> str:
    return "已登记为默认好评" if case.is_default else ""


def judged(case: Rating, now: Occasion) -> str:
    """Only what a supervisor has found wrong is kept out of the scores."""
    return "" if now.facts.get("judged") and not case.excluded else "没有认定评价有误"


RATED = {"rated_at": lambda case, now: now.at}
ASKED = RATED | {"change_until": lambda case, now: case.clocks["window"].due(now.calendar)}
OWN_WORDS = (by_rater, not_rated, not_of_the_unit)

RATINGS: Workflow[Rating] = Workflow(
    Rule("invite",  "new",     "invited", SYS,       "HCP51", clocks=(start("window"),)),
    Rule("ask",     "new",     "invited", ("clerk", "reviewer"), "HCP51", clocks=(start("window"),)),
    Rule("rate_at_window", "new", "rated", "public", "HCP51", sets=RATED),
    Rule("inspect", "new",     "rated",   SUPERVISOR, "HCP51", when=(own_area,),
         sets=RATED | {"inspected_by": lambda case, now: now.who.person}),
    Rule("rate",    "invited", "rated",   ("citizen", CENTRE), "HCP51", when=(*OWN_WORDS, in_time("window")),
         sets=ASKED, clocks=stop("window")),
    Rule("change",  "rated",   "",        "citizen", "GZ3",   sets={"changed": True},
         when=(*OWN_WORDS, not_changed, still_open)),
    Rule("note_default", "unrated", "",   SUPERVISOR, "GZ3",  sets={"is_default": True},
         when=(own_area, apart, no_praise)),
    Rule("exclude", "rated",   "",        SYS,       "HCP51", when=(judged,)),
    Rule("expire",  "invited", "unrated", SYS,       "GZ3",   when=(passed("window"),),
         clocks=(lapse("window"), *stop("window"))),
    Rule("annul",   "invited", ANNULLED,  SUPERVISOR, "GZ1.7", when=(own_area, apart), clocks=stop("*")),
    Rule("recount", "invited", "",        SYS,   "GZ1.7", clocks=(Turn("count", "*"),)),
    anonymised("invited", "rated", "unrated", ANNULLED),
    words=WORDS | {"invited": "待评价", "rated": "已评价", "unrated": "逾期未评价", "invite": "邀请评价",
                   "rate_at_window": "窗口扫码评价", "rate": "评价", "change": "补充或修改评价",
                   "ask": "邀请评价本次服务", "inspect": "监督查评", "note_default": "登记上级默认好评",
                   "exclude": "认定不计入统计", "expire": "评价期届满"})


def standing(case: Summary, who: Actor) -> str:
    """The rater, and the supervisor of the area who was not rated; no office of a unit, whose officials are rated."""
    if who.role == "citizen":
        return "rater" if case.person and case.person == who.principal else ""
    if isinstance(case, Rating) and who.person in case.rated:
        return ""
    return "supervisor" if who.role == "supervisor" and who.area == case.area else ""
