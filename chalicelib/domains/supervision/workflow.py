"""The rules of a card, and who may know of one. Pure.

亮牌 → 通知 → 说明 → 整改 → 核实销号, with the branch 申诉 → 撤牌 or 驳回. GZ2 is our own default.
"""
from chalicelib.kernel.deskwork import WORDS, desk_work, free_or_mine, own_area, recounted
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.record import Summary
from chalicelib.kernel.turns import Guard, Occasion, in_time, lapse, passed, pause, resume, start, stop
from chalicelib.kernel.workflow import Rule, Workflow

from .models import Card, watching

UNIT = ("clerk", "reviewer", "head", "rectifier", "publisher", "leader", "centre", "registrar")
OF_CORRECTIONS = ("rectifier", "head")     # who answers for a bad rating that was not put right
SYS, SUPERVISOR, LEADER = "system", "supervisor", "leader"
ANSWERING, WATCHING = (*UNIT, SUPERVISOR), (SUPERVISOR, LEADER)
"""Who may answer for a unit, the supervisor for the supervision's own; who may watch over the answer."""
AT_UNIT = {"notified": ("explain", "correct"), "explained": ("correct",), "corrected": ()}
"""The states in which the unit has the card, and the clocks that then run against it."""
APPEALED = {state: f"{state}_appealed" for state in AT_UNIT}
OPEN = ("fired", *AT_UNIT)
UNCONFIRMED = ("proposed", "dismissed")
VOID = ("dismissed", "annulled")
"""The states in which a card was none."""
ENDED = ("noted", "closed", "annulled", "withdrawn", "dismissed")


def of_watch(case: Summary) -> bool:
    """Say whether the supervision itself is carded."""
    return bool(case.area) and case.person == watching(case.area)


def watches(case: Card, now: Occasion) -> str:
    """The supervisor of the area; over the supervision's own cards its leader: nobody watches over themselves."""
    if of_watch(case) != (now.who.role == LEADER):
        return "监督机构自身的牌由分管领导核实、裁决" if of_watch(case) else "该牌由效能监督人员核实、裁决"
    return own_area(case, now)


def own(case: Summary, now: Occasion) -> str:
    """Only the unit carded answers for the card."""
    return "" if case.person == now.who.unit else "该牌由其他单位处理"


def answers(case: Summary, now: Occasion) -> str:
    """For a bad rating not put right nobody answers whom it may be about."""
    of_rating = isinstance(case, Card) and case.source.startswith("CORRECTION#") and not of_watch(case)
    if of_rating and now.who.role not in OF_CORRECTIONS:
        return "该牌由差评整改人员或单位负责人处理"
    return own(case, now)


def another(case: Card, now: Occasion) -> str:
    """A red card found by hand takes two persons."""
    return "提出红牌的人员不得自行确认" if now.who.person == case.found_by else ""


def impartial(case: Card, now: Occasion) -> str:
    """Who fired or confirmed it, had a hand in the case, or acted on the card, does not decide the appeal."""
    return "亮牌、确认、办理过原事项或者处理过该牌的人员不得裁决申诉" if now.facts.get("involved") else ""


def escalates(case: Card, now: Occasion) -> str:
    """A yellow card grows red, once, where the rule table has it so."""
    return "" if case.level == "yellow" and now.facts.get("escalates") else "该牌不再升级"


def stays(case: Card, now: Occasion) -> str:
    return "" if escalates(case, now) else "该黄牌应当升级"


def told(fact: str, reason: str) -> Guard:
    """Only where the service says so from what it has counted, so that no sweep does it."""
    def guard(case: Card, now: Occasion) -> str:
        return "" if now.facts.get(fact) else reason
    return guard


def within(name: str) -> Guard:
    """For `sets`: whether the clock has not run out."""
    return lambda case, now: not in_time(name)(case, now)  # type: ignore[return-value]


def undecided(case: Card, now: Occasion) -> str:
    """An appeal is decided once."""
    return "该牌的申诉已经裁决，不再受理" if case.appeal else ""


MINE = (answers, free_or_mine)
BEGIN = (start("explain"), start("correct"), start("appeal"))
CARDS: Workflow[Card] = Workflow(
    #     act               from          to           by          basis
    Rule("note",            "new",        "noted",     SYS,        "YSHJ36"),
    Rule("fire",            "new",        "fired",     SYS,        "YSHJ36"),
    Rule("find",            "new",        "fired",     SUPERVISOR, "GZ2", when=(own_area,)),
    Rule("propose",         "new",        "proposed",  SUPERVISOR, "GZ2", when=(own_area,)),
    Rule("confirm",         "proposed",   "fired",     WATCHING,   "GZ2", when=(watches, another)),
    Rule("dismiss",         "proposed",   "dismissed", WATCHING,   "GZ2", when=(watches, another)),
    Rule("notify",          "fired",      "notified",  SYS,        "GZ2", clocks=BEGIN),
    Rule("explain",         "notified",   "explained", ANSWERING,  "GZ2", when=MINE, clocks=stop("explain"),
         sets={"explained_in_time": within("explain")}),
    Rule("correct",         "explained",  "corrected", ANSWERING,  "GZ2", when=MINE, clocks=stop("correct"),
         sets={"corrected_in_time": within("correct")}),
    Rule("send_back",       "corrected",  "notified",  WATCHING,   "GZ2", when=(watches,),
         sets={"corrected_in_time": False}, clocks=(start("explain"), start("correct", halved=True))),
    Rule("verify",          "corrected",  "closed",    WATCHING,   "GZ2", when=(watches,), clocks=stop("*")),
    *(Rule("appeal",        state,        appealed,    ANSWERING,  "GZ2", when=(*MINE, undecided, in_time("appeal")),
           clocks=(*(pause(name, if_in_time=True) for name in AT_UNIT[state]), *stop("appeal"), start("decide")))
      for state, appealed in APPEALED.items()),
    Rule("uphold",          tuple(APPEALED.values()), "withdrawn", WATCHING,   "GZ2", when=(watches, impartial),
         sets={"withdrawn": "appeal"}, clocks=stop("*")),
    *(Rule("reject",        appealed,     state,       WATCHING,   "GZ2", when=(watches, impartial),
           clocks=(*(resume(name) for name in AT_UNIT[state]), *stop("decide")))
      for state, appealed in APPEALED.items()),
    *desk_work(OPEN, UNIT, "GZ1.7", at_desk=answers, annul_basis="GZ2", apart=(watches,), annuls=WATCHING),
    recounted(*APPEALED.values()),
    Rule("overdue_explain", "notified",   "",          SYS,        "GZ2", when=(passed("explain"),),
         clocks=(lapse("explain"),)),
    Rule("escalate",        ("notified", "explained"), "", SYS,    "GZ2", when=(passed("correct"), escalates),
         sets={"level": "red", "rule": "R2", "escalated": True}, clocks=(lapse("correct"),)),
    Rule("overdue_correct", ("notified", "explained"), "", SYS,    "GZ2", when=(passed("correct"), stays),
         clocks=(lapse("correct"),)),
    Rule("overdue_decide",  tuple(APPEALED.values()), "", SYS,     "GZ2", when=(passed("decide"),),
         clocks=(lapse("decide"),)),
    Rule("withdraw",        ("new", "closed", *OPEN, *APPEALED.values()), "withdrawn", SYS, "GZ2",
         when=(told("undeserved", "该牌并非不当"),), clocks=stop("*")),
    Rule("renew",           "withdrawn",  "fired",     SYS,        "GZ2", when=(told("deserved", "该牌已撤销"),),
         sets={"withdrawn": ""}),
    words=WORDS | {
        "noted": "已提醒", "fired": "已亮牌", "proposed": "待确认", "dismissed": "不予亮牌", "notified": "已通知",
        "explained": "已说明", "corrected": "已整改", "closed": "已销号", "withdrawn": "已撤牌",
        "notified_appealed": "申诉待裁决（未说明）", "explained_appealed": "申诉待裁决（已说明）",
        "corrected_appealed": "申诉待裁决（已整改）", "fire": "亮牌", "note": "提醒", "find": "人工亮牌",
        "propose": "提出红牌", "confirm": "确认亮牌", "dismiss": "不予确认", "notify": "通知", "explain": "说明原因",
        "correct": "整改", "send_back": "退回整改", "verify": "核实销号", "appeal": "申诉", "uphold": "申诉成立，撤牌",
        "reject": "驳回申诉", "overdue_explain": "说明超时", "escalate": "升级为红牌", "overdue_correct": "整改超时",
        "overdue_decide": "裁决超时", "withdraw": "撤牌", "renew": "恢复亮牌"})


def standing(case: Summary, who: Actor) -> str:
    """Supervisor and auditor see the area's cards; the head their unit's; its officials their own, and unclaimed ones;
    the leader also those of the area's supervision.

    A red card that nobody has confirmed is not yet the unit's.
    """
    if who.role in ("supervisor", "auditor") and who.area == case.area:
        return "supervisor"
    if who.role == LEADER and who.area == case.area and of_watch(case):
        return "leader"
    if who.role not in UNIT or not who.unit or who.unit != case.person or case.state in UNCONFIRMED:
        return ""
    had = case.had if isinstance(case, Card) else ()
    return "unit" if who.role == "head" or case.handler in ("", who.person) or who.person in had else ""
