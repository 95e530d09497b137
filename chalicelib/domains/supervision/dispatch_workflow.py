"""The rules of a dispatching slot (每日线上调度4次). Pure. How often a day is data; GZ2 is our own default."""
from chalicelib.kernel.deskwork import ANNULLED, WORDS, own_area, recounted
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.record import Summary
from chalicelib.kernel.turns import lapse, passed, start, stop
from chalicelib.kernel.workflow import Rule, Workflow

from .dispatch_models import Dispatch

SYS, SUPERVISOR = "system", "supervisor"
DISPATCHES: Workflow[Dispatch] = Workflow(
    Rule("open",  "new",  "open",    SYS,        "GZ2", clocks=(start("sign", since=lambda case: case.opened_at),)),
    Rule("sign",  "open", "signed",  SUPERVISOR, "GZ2", when=(own_area,), clocks=stop("sign")),
    Rule("miss",  "open", "missed",  SYS,        "GZ2", when=(passed("sign"),),
         clocks=(lapse("sign"), *stop("sign"))),
    recounted("open"),
    Rule("annul", "open", ANNULLED,  SUPERVISOR, "GZ2", when=(own_area,), clocks=stop("sign")),
    words=WORDS | {"open": "待签署", "signed": "已签署", "missed": "逾期未签署", "sign": "签署", "miss": "逾期未签署"})


def standing(case: Summary, who: Actor) -> str:
    """The supervisor and the auditor of the area read its log."""
    return "supervisor" if who.role in (SUPERVISOR, "auditor") and who.area == case.area else ""
