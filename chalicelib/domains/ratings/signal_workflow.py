"""The rules by which a sign of gaming is reviewed. Pure.

线索 → 单位说明 → 认定: a rule raises it, the unit may object, a supervisor judges once it was heard or let its time
pass. Only what is upheld is kept out of the scores, and nothing is deleted. All of it is our own default (GZ3).
"""
from chalicelib.kernel.deskwork import WORDS, own_area, own_unit
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.record import Summary
from chalicelib.kernel.turns import Occasion, Turn, in_time, lapse, passed, start, stop
from chalicelib.kernel.workflow import Rule, Workflow

from .signal_models import Signal

SUPERVISOR, SYS = "supervisor", "system"
STAFF = ("clerk", "reviewer", "head", "rectifier")
HEARD, ENDED = ("objected", "silent"), ("upheld", "dismissed")


def apart(case: Signal, now: Occasion) -> str:
    """Nobody judges a sign about their own work, or about the unit in which they serve as well."""
    return "被评价人员和被评单位的工作人员应当回避" if now.who.person in case.rated or now.facts.get("of_unit") else ""


SIGNALS: Workflow[Signal] = Workflow(
    Rule("raise",   "new",      "raised",    SYS,        "GZ3", clocks=(start("objection"), start("judge"))),
    Rule("object",  "raised",   "objected",  STAFF,      "GZ3", when=(own_unit, in_time("objection")),
         clocks=stop("objection")),
    Rule("overdue_objection", "raised", "silent", SYS,   "GZ3", when=(passed("objection"),),
         clocks=(lapse("objection"), *stop("objection"))),
    Rule("uphold",  HEARD,      "upheld",    SUPERVISOR, "GZ3", when=(own_area, apart), clocks=stop("*")),
    Rule("dismiss", ("raised", *HEARD), "dismissed", SUPERVISOR, "GZ3", when=(own_area, apart), clocks=stop("*")),
    Rule("overdue_judge", HEARD, "",         SYS,        "GZ3", when=(passed("judge"),), clocks=(lapse("judge"),)),
    Rule("recount", ("raised", *HEARD), "",  SYS,        "GZ1.7", clocks=(Turn("count", "*"),)),
    words=WORDS | {"raised": "待单位说明", "objected": "已提出异议", "silent": "逾期未说明", "upheld": "认定异常",
                   "dismissed": "排除异常", "raise": "提示异常", "object": "提出异议",
                   "overdue_objection": "说明期届满", "uphold": "认定异常", "dismiss": "排除异常",
                   "overdue_judge": "认定超时"})


def standing(case: Summary, who: Actor) -> str:
    """The officials of the unit, who may object; the supervisor and the auditor of the area."""
    if who.role in STAFF:
        return "unit" if who.unit and who.unit == case.unit else ""
    return "watch" if who.role in (SUPERVISOR, "auditor") and who.area == case.area else ""
