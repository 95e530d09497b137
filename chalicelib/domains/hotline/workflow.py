"""The rules of a hotline order, one row per lawful act. Pure: no clock, no storage, no network.

Articles are cited by their short codes (docs/sources.md): AY, WF, JN and BJ are the regulations of Anyang, Weifang,
Jinan and Beijing, taken as examples where no national rule exists; GZ is our own default.
"""
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.deskwork import WORDS, anonymised, by_holder, desk_work, free_or_mine, own_unit
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.lengthening import CLEARED, lengthened, not_asked
from chalicelib.kernel.record import Summary
from chalicelib.kernel.turns import Occasion, in_time, lapse, passed, start, stop
from chalicelib.kernel.workflow import Rule, Workflow

from .models import Order, Terms

CENTRE, CITIZEN, CLERK, REVIEWER, HEAD, SYS = "centre", "citizen", "clerk", "reviewer", "head", "system"
STAFF = (CLERK, REVIEWER, HEAD)
AT_DESK = ("registered", "returned")
AT_UNIT = ("dispatched", "handling")
AFTER_REPLY = ("replied", "checked", "called")
ENDED = ("closed", "declined", "annulled")
CONTENT = 3
"""The least satisfaction that is not a bad one (基本满意)."""


def centre_of(area: str) -> str:
    """Return the unit that is the hotline centre of an area."""
    return f"{area}.hotline"


def opens(case: Order, now: Occasion) -> str:
    """A seat of the area's centre registers for anybody, a citizen for themselves."""
    return by_holder(case, now) if now.who.role == CITIZEN else own_unit(case, now)


def his_to_handle(case: Order, now: Occasion) -> str:
    """Whoever took it up acts, or the head of the unit."""
    return "" if now.who.role == HEAD else free_or_mine(case, now)


def returnable(case: Order, now: Occasion) -> str:
    """A designated order stays; another comes back so many times, from the second on at the word of the head."""
    if case.designated:
        return "经研究指定的承办单位不得退回"
    if case.returns >= now.facts["returns"]:
        return f"该工单已退回{case.returns}次，不得再次退回"
    return "再次退单由单位负责人提出" if case.returns and now.who.role != HEAD else ""


def unreached(case: Order, now: Occasion) -> bool:
    """Say whether enough calls on enough days were not answered."""
    return bool(len(case.misses) >= now.facts["tries"] and len(set(case.misses)) >= now.facts["days"])


def can_be_called(case: Order, now: Occasion) -> str:
    return "匿名诉求无法回访" if case.anonymous else ""


def may_be_reached(case: Order, now: Occasion) -> str:
    return "已多次未接通，可以办结" if unreached(case, now) else ""


def nobody_to_ask(case: Order, now: Occasion) -> str:
    """Closed without a call back: nobody to call, or nobody who answers."""
    return "" if case.anonymous or unreached(case, now) else "应当先回访"


def bad(case: Order) -> bool:
    return case.satisfaction is not None and case.satisfaction < CONTENT


def to_be_done_again(case: Order, now: Occasion) -> str:
    if not bad(case):
        return "来电人未表示不满意"
    return "" if case.reworks < now.facts["reworks"] else f"已重办{case.reworks}次"


def at_an_end(case: Order, now: Occasion) -> str:
    """The citizen is content, or everything that can be done again was."""
    return "来电人不满意，应当退回重办" if not to_be_done_again(case, now) else ""


def centre(case: Order, now: Occasion) -> str:
    return centre_of(case.area)


def at_desk_since(case: Order) -> datetime:
    """From when the centre has had the order: what is classified anew is not given more time for that."""
    return case.clocks["dispatch"].zero if "dispatch" in case.clocks else case.opened_at


def since_dispatch(case: Order) -> datetime:
    """From when the unit has had the order: another limit is counted from the same day."""
    return case.clocks["reply"].zero


def last_unit(case: Order, now: Occasion) -> str:
    return f"{case.area}.{case.units[-1]}"


URGED, LISTED = 1, 3                       # 督办: 催办 at the lapse, 挂牌督办 at the second dissatisfaction
FREE = {**CLEARED, "handler": ""}
TO_CENTRE = {**FREE, "unit": centre}
TO_UNIT = {**FREE, "unit": last_unit}
AGAIN = {**TO_UNIT, "reworks": lambda case, now: case.reworks + 1, "satisfaction": None, "solved": None, "misses": (),
         "level": lambda case, now: LISTED if case.reworks else case.level}
BACK = {**TO_CENTRE, "returns": lambda case, now: case.returns + 1, "level": 0}
DONE_AS_IT_IS = {**TO_UNIT, "level": lambda case, now: LISTED if (case.satisfaction or 5) < 3 else case.level}
LAWFUL = start("law", if_limited=True)     # a window: to apply a longer limit of a law, and tell the citizen
ONCE_MORE = (*stop("callback"), start("reply", halved=True))
SEAT, HAND = (own_unit, free_or_mine), (own_unit, his_to_handle)

HOTLINE: Workflow[Order] = Workflow(
    #     act               from          to            by                  basis
    Rule("register",       "new",        "registered", (CENTRE, CITIZEN),  "BJ10", when=(opens,),
         clocks=(start("dispatch"),)),
    Rule("classify",       AT_DESK,      "",           CENTRE,             "BJ11", when=SEAT,
         clocks=(start("dispatch", since=at_desk_since),)),
    Rule("answer",         AT_DESK,      "closed",     CENTRE,             "AY49", when=SEAT, clocks=stop("dispatch")),
    Rule("decline",        AT_DESK,      "declined",   CENTRE,             "WF19", when=SEAT, clocks=stop("dispatch")),
    Rule("dispatch",       AT_DESK,      "dispatched", CENTRE,             "BJ12", when=SEAT, sets=FREE,
         clocks=(*stop("dispatch"), start("sign"), start("return"), start("reply"), LAWFUL)),
    Rule("designate",      AT_DESK,      "dispatched", CENTRE,             "WF22", when=SEAT,
         sets={**FREE, "designated": True}, clocks=(*stop("dispatch"), start("sign"), start("reply"), LAWFUL)),
    Rule("sign",           "dispatched", "handling",   STAFF,              "GZ4",  when=HAND, clocks=stop("sign")),
    Rule("return",         AT_UNIT,      "returned",   STAFF,              "AY50", sets=BACK,
         when=(*HAND, returnable, in_time("return")),
         clocks=(*stop("sign", "return", "reply", "law"), start("dispatch"))),
    Rule("apply_law",      "handling",   "",           STAFF,              "JN24",
         when=(*HAND, not_asked, in_time("law"), in_time("reply")),
         clocks=(*stop("law"), start("reply", since=since_dispatch))),
    *lengthened("reply",   "handling",               STAFF,              "AY50", when=HAND),
    Rule("reply",          "handling",   "replied",    STAFF,              "AY50", when=HAND, sets=TO_CENTRE,
         clocks=(*stop("return", "reply", "law"), start("callback"))),
    Rule("pass",           "replied",    "checked",    CENTRE,             "JN27", when=SEAT),
    Rule("send_back",      "replied",    "handling",   CENTRE,             "JN27", when=SEAT, sets=TO_UNIT,
         clocks=ONCE_MORE),
    Rule("call_back",      "checked",    "called",     CENTRE,             "JN27", when=(*SEAT, can_be_called)),
    Rule("miss",           "checked",    "",           CENTRE,             "GZ4",
         when=(*SEAT, can_be_called, may_be_reached),
         sets={"misses": lambda case, now: (*case.misses, civil_day(now.at))}),
    Rule("rework",         "called",     "handling",   CENTRE,             "JN27", when=(*SEAT, to_be_done_again),
         sets=AGAIN, clocks=ONCE_MORE),
    Rule("close",          "checked",    "closed",     CENTRE,             "GZ4",  when=(*SEAT, nobody_to_ask),
         sets=TO_UNIT, clocks=stop("callback")),
    Rule("close",          "called",     "closed",     CENTRE,             "JN27", when=(*SEAT, at_an_end),
         sets=DONE_AS_IT_IS, clocks=stop("callback")),
    *desk_work((*AT_DESK, *AFTER_REPLY), (CENTRE,), "GZ1.7"),
    *desk_work(AT_UNIT, STAFF, "GZ1.7"),
    anonymised(*ENDED),
    Rule("overdue_dispatch", AT_DESK,     "", SYS, "GZ4",  when=(passed("dispatch"),), clocks=(lapse("dispatch"),)),
    Rule("overdue_sign",     "dispatched", "", SYS, "WF26", when=(passed("sign"),), clocks=(lapse("sign"),),
         sets={"level": URGED}),
    Rule("overdue_reply",    AT_UNIT,     "", SYS, "JN28", when=(passed("reply"),), clocks=(lapse("reply"),),
         sets={"level": URGED}),
    Rule("overdue_callback", AFTER_REPLY, "", SYS, "GZ4",  when=(passed("callback"),), clocks=(lapse("callback"),)),
    words=WORDS | {
        "citizen": "诉求人", "registered": "待派单", "returned": "退单待审核", "dispatched": "待签收",
        "handling": "办理中", "replied": "已答复（待审核）", "checked": "待回访", "called": "已回访",
        "closed": "已办结", "declined": "不予受理", "register": "登记", "classify": "分类定级", "answer": "即时答复",
        "decline": "不予受理并引导", "dispatch": "派单", "designate": "指定承办", "sign": "签收", "return": "退单",
        "apply_law": "适用更长的法定期限",
        "reply": "答复", "pass": "审核通过", "send_back": "审核退回", "call_back": "回访", "miss": "回访未接通",
        "rework": "不满意重办", "close": "办结", "overdue_dispatch": "派单超时提醒", "overdue_sign": "签收超时催办",
        "overdue_reply": "办理超时催办", "overdue_callback": "审核回访超时提醒"})

TOLD = frozenset({"ask_extension", "apply_law", "annul", "close"})
"""The acts whose note the citizen reads; the rest of what officials note is theirs."""
OF_THE_CENTRE = frozenset({"classify", "call_back", "miss"})
"""The acts whose note may tell of the citizen: the centre's own."""


def note_is_for(act: str, who: Actor) -> bool:
    """Say whether `who` reads the note of an act in the timeline."""
    return act in TOLD if who.role == CITIZEN else act not in OF_THE_CENTRE or who.unit == centre_of(who.area)


def standing(case: Summary, who: Actor) -> str:
    """Return in what quality `who` may know of the order: holder, centre, unit, watch; "" for a stranger.

    Units that had an order keep seeing it. The supervisor and the auditor see all of their area.
    """
    if who.role == CITIZEN:
        return "holder" if case.person and case.person == who.principal else ""
    if not who.area or who.area != case.area:
        return ""
    if who.role in (CENTRE, HEAD) and who.unit == centre_of(case.area):
        return "centre"
    if who.role in STAFF and who.unit != centre_of(case.area):
        had = case.units if isinstance(case, Order) else ()
        return "unit" if who.unit == case.unit or who.unit in {f"{case.area}.{unit}" for unit in had} else ""
    return "watch" if who.role in ("supervisor", "auditor") else ""


def terms_for(rows: Iterable[Mapping[str, Any]], category: str, urgency: str, intricate: bool = False) -> Terms:
    """Return the terms of an order. Of the published rows those apply that name its category and urgency or none, and
    say whether it is intricate as it is, or nothing; the later goes before the earlier.

    Raise ValidationError where they leave something open.
    """
    merged, limits = dict[str, Any](), dict[str, Any]()
    for row in rows:
        told = row.get("category", category), row.get("urgency", urgency), row.get("intricate", intricate)
        if told == (category, urgency, intricate):
            merged |= row
            limits |= row.get("limits", {})
    return Terms.model_validate(merged | {"limits": limits})
