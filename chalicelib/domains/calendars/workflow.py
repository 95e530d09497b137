"""The rules by which a notice on holidays comes into the calendar: entered by one keeper, approved by another. Pure."""
from chalicelib.kernel.deskwork import WORDS
from chalicelib.kernel.identity import NATION, Actor
from chalicelib.kernel.record import Summary
from chalicelib.kernel.turns import Occasion
from chalicelib.kernel.workflow import Rule, Workflow

from .models import Proposal

KEEPER = "calendar_keeper"


def national(case: Summary, now: Occasion) -> str:
    """There is one calendar, that of the nation; no area keeps another."""
    return "" if now.who.area == NATION else "工作日历由全国统一的日历管理员维护"


def by_another(case: Proposal, now: Occasion) -> str:
    """Nobody decides on what they have entered themselves."""
    return "" if case.proposed_by != now.who.person else "须由录入人以外的日历管理员办理"


def own(case: Proposal, now: Occasion) -> str:
    return "" if case.proposed_by == now.who.person else "只有录入人可以撤回"


NOTICES: Workflow[Proposal] = Workflow(
    Rule("propose",  "new",      "proposed",  KEEPER, "GZ8", when=(national,),
         sets={"proposed_by": lambda case, now: now.who.person}),
    Rule("approve",  "proposed", "approved",  KEEPER, "GZ8", when=(national, by_another),
         sets={"approved_at": lambda case, now: now.at}),
    Rule("void",     "approved", "rejected",  "system", "GZ8"),
    Rule("reject",   "proposed", "rejected",  KEEPER, "GZ8", when=(national, by_another)),
    Rule("withdraw", "proposed", "withdrawn", KEEPER, "GZ8", when=(national, own)),
    words=WORDS | {"propose": "录入通知", "approve": "批准公布", "reject": "退回", "withdraw": "撤回",
                   "void": "文号重复，不予公布",
                   "proposed": "待批准", "approved": "已公布", "rejected": "已退回", "withdrawn": "已撤回"})


def keeps(who: Actor) -> bool:
    """Whether somebody keeps the national calendar."""
    return who.role == KEEPER and who.area == NATION
