"""The rules of a supervision order (督办), and who may know of one. Pure.

签发 → 签收 → 答复 → 认可 or 退回, by levels: 催办、书面督办、挂牌督办、约谈、通报. That refusing or delaying is
supervised, and the words 挂牌督办 and 约谈, are a local rule's (WF26); GZ2 is our own default.
"""
from chalicelib.kernel.deskwork import ANNULLED, WORDS, desk_work, free_or_mine, own_area
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.record import Summary
from chalicelib.kernel.turns import Occasion, lapse, passed, start, stop
from chalicelib.kernel.workflow import Rule, Workflow

from .order_models import NAMES, Order
from .workflow import OF_CORRECTIONS, SUPERVISOR, SYS, UNIT, own

RECTIFIER, HEAD = OF_CORRECTIONS
AT_UNIT, ENDED = ("issued", "signed"), ("closed", ANNULLED)
HIGHEST = max(NAMES)


def of_correction(case: Summary) -> bool:
    """Say whether it is about a bad rating, of which only rectifiers and the head may know; a list does not tell."""
    return isinstance(case, Order) and case.source.startswith("CORRECTION#")


def answers(case: Summary, now: Occasion) -> str:
    """The unit ordered answers: for a bad rating its rectifiers and head, for all else its other officials."""
    return own(case, now) or ("" if standing(case, now.who) else "该督办由其他人员办理")


def can_rise(case: Order, now: Occasion) -> str:
    return "" if case.level < HIGHEST else "已是最高级别"


def rises(case: Order, now: Occasion) -> str:
    """By itself an order rises one level a missed deadline, as far as the limits say."""
    return "" if case.level < now.facts["raised_to"] else "该级别不再自动升级"


def stays(case: Order, now: Occasion) -> str:
    return "" if rises(case, now) else "该督办逾期自动升级"


def reached(case: Order, now: Occasion) -> str:
    """Only together with the case that has reached the level; never by a sweep."""
    return "" if now.facts.get("reached") else "由所督办事项的进展引起"


def title(level: int) -> str:
    """Return the title of an order of a level."""
    return f"督办（{NAMES[level]}）"


MINE = (answers, free_or_mine)
ORDERS: Workflow[Order] = Workflow(
    #     act              from        to          by          basis
    Rule("issue",          "new",      "issued",   SUPERVISOR, "WF26", when=(own_area,),
         clocks=(start("sign"), start("answer"))),
    Rule("open",           "new",      "issued",   SYS,        "WF26", when=(reached,),
         clocks=(start("sign"), start("answer"))),
    Rule("lift",           AT_UNIT,    "",         SYS,        "WF26", when=(reached,), clocks=(start("answer"),)),
    Rule("sign",           "issued",   "signed",   UNIT,       "GZ2",  when=MINE, clocks=stop("sign"),
         sets={"handler": lambda case, now: now.who.person}),
    Rule("answer",         "signed",   "answered", UNIT,       "GZ2",  when=MINE, clocks=stop("answer")),
    Rule("accept",         "answered", "closed",   SUPERVISOR, "GZ2",  when=(own_area,)),
    Rule("send_back",      "answered", "signed",   SUPERVISOR, "GZ2",  when=(own_area,), clocks=(start("answer"),)),
    Rule("raise_level",    AT_UNIT,    "",         SUPERVISOR, "GZ2",  when=(own_area, can_rise),
         clocks=(start("answer"),)),
    *desk_work(AT_UNIT, UNIT, "GZ1.7", at_desk=answers, annul_basis="GZ2", taken=("signed",)),
    Rule("annul",          "answered", ANNULLED,   SUPERVISOR, "GZ2",  when=(own_area,)),
    Rule("overdue_sign",   "issued",   "",         SYS,        "GZ2",  when=(passed("sign"),), clocks=(lapse("sign"),)),
    Rule("escalate",       AT_UNIT,    "",         SYS,        "GZ2",  when=(passed("answer"), rises),
         sets={"level": lambda case, now: case.level + 1, "title": lambda case, now: title(case.level + 1)},
         clocks=(start("answer"),)),
    Rule("overdue_answer", AT_UNIT,    "",         SYS,        "GZ2",  when=(passed("answer"), stays),
         clocks=(lapse("answer"),)),
    words=WORDS | {
        "issued": "待签收", "signed": "办理中", "answered": "已答复待核", "closed": "已办结", "issue": "签发督办",
        "open": "自动签发督办", "lift": "随事项提高级别",
        "sign": "签收", "answer": "答复", "accept": "认可销号", "send_back": "退回重办", "raise_level": "提高督办级别",
        "overdue_sign": "签收超时", "escalate": "逾期自动升级", "overdue_answer": "答复超时"})


def standing(case: Summary, who: Actor) -> str:
    """Supervisor and auditor see the area's orders; the head the unit's; its officials their own, and unclaimed ones.

    An order about a bad rating is its rectifiers', every other the other officials'.
    """
    if who.role in (SUPERVISOR, "auditor") and who.area == case.area:
        return "supervisor"
    if who.role not in UNIT or not who.unit or who.unit != case.person:
        return ""
    if isinstance(case, Order) and who.role != HEAD and of_correction(case) != (who.role == RECTIFIER):
        return ""
    had = case.had if isinstance(case, Order) else ()
    return "unit" if who.role == HEAD or case.handler in ("", who.person) or who.person in had else ""
