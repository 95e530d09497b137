"""The rules of a request about one's own data, one row per lawful act. Pure.

GRXX is 个人信息保护法; GZ9 marks our own default, as the law sets no number of days.
"""
from chalicelib.kernel.deskwork import WORDS, anonymised, desk_work, free_or_mine, own_unit
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.record import Summary
from chalicelib.kernel.turns import Occasion, lapse, passed, start, stop
from chalicelib.kernel.workflow import Rule, Workflow

from .models import Request

CITIZEN, REGISTRAR, SECURITY, SYS = "citizen", "registrar", "security", "system"
ENDED = ("granted", "refused", "withdrawn", "annulled")
DESK = (own_unit, free_or_mine)


def office_of(area: str) -> str:
    """Return the unit of an area that decides on such requests."""
    return f"{area}.bureau"


def own(case: Summary, now: Occasion) -> str:
    """It is the person's own affair: nobody acts for them here."""
    return "" if now.who.person == case.person and not now.who.mandate else "只有本人可以办理"


def nothing_in_hand(case: Request, now: Occasion) -> str:
    """Nothing is deleted of who still has a matter in hand."""
    return "本人尚有未办结的事项，办结后再予删除" if now.facts.get("in_hand") else ""


def not_carried(case: Request, now: Occasion) -> str:
    """Only who has carried the decision out says so; never a sweep."""
    return "" if now.facts.get("carried") and not case.carried_at else "尚未执行，或者已经执行"


REQUESTS: Workflow[Request] = Workflow(
    #     act             from      to           by         basis
    Rule("lodge",          "new",     "lodged",    CITIZEN,   "GRXX50", when=(own,), clocks=(start("decide"),)),
    Rule("withdraw",       "lodged",  "withdrawn", CITIZEN,   "GRXX50", when=(own,), clocks=stop("decide")),
    Rule("grant",          "lodged",  "granted",   REGISTRAR, "GRXX50", when=(*DESK, nothing_in_hand),
         clocks=stop("decide")),
    Rule("refuse",         "lodged",  "refused",   REGISTRAR, "GRXX50", when=DESK, clocks=stop("decide")),
    Rule("carry_out",      "granted", "",          SYS,       "GRXX47", when=(not_carried,),
         sets={"carried_at": lambda case, now: now.at}),
    *desk_work(("lodged",), (REGISTRAR,), "GZ1.7", lead=SECURITY),
    anonymised(*ENDED),
    Rule("overdue_decide", "lodged",  "",          SYS,       "GZ9", when=(passed("decide"),),
         clocks=(lapse("decide"),)),
    words=WORDS | {"citizen": "本人", "lodged": "待处理", "granted": "已同意", "refused": "不予同意",
                   "withdrawn": "已撤回", "lodge": "提出请求", "withdraw": "撤回", "grant": "同意",
                   "refuse": "不予同意", "carry_out": "执行", "overdue_decide": "处理超时"})


def standing(case: Summary, who: Actor) -> str:
    """Return in what quality `who` may know of a request: holder, desk, watch; "" for a stranger."""
    if who.role == CITIZEN:
        return "holder" if case.person and who.person == case.person and not who.mandate else ""
    if not who.area or who.area != case.area:
        return ""
    if who.role in (REGISTRAR, SECURITY):
        return "desk" if who.unit == case.unit else ""
    return "watch" if who.role in ("supervisor", "auditor") else ""
