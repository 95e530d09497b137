"""What an act on an order asks of it: the guards of its rules, and what they set. Pure."""
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.deskwork import by_holder, free_or_mine, own_area, own_unit
from chalicelib.kernel.turns import Occasion

from .models import SHELVED, Order

CENTRE, CITIZEN, CLERK, REVIEWER, HEAD, SYS = "centre", "citizen", "clerk", "reviewer", "head", "system"
STAFF = (CLERK, REVIEWER, HEAD)
CONTENT = 3
"""The least satisfaction that is not a bad one (基本满意)."""
URGED, WRITTEN, LISTED, TALKED, CIRCULATED = range(1, 6)
"""督办: 催办 at the lapse, 书面督办, 挂牌督办 (also at the second dissatisfaction), 约谈, 通报."""


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


def can_wait(case: Order, now: Occasion) -> str:
    """What endangers life or cuts off water, power or heat is answered within its hours, whatever a law allows."""
    return "" if case.urgency == "ordinary" else "特急、紧急工单按规定时限办理，单位负责人也不得适用更长的法定期限"


def unreached(case: Order, now: Occasion) -> bool:
    """Say whether enough calls on enough days were not answered."""
    return bool(len(case.misses) >= now.facts["tries"] and len(set(case.misses)) >= now.facts["days"])


def can_be_called(case: Order, now: Occasion) -> str:
    return "匿名诉求无法回访" if case.anonymous else ""


def may_be_reached(case: Order, now: Occasion) -> str:
    if unreached(case, now):
        return "已多次未接通，可以办结"
    today = case.misses.count(civil_day(now.at))
    return f"今日已拨打{today}次未接通，请改日再拨" if today >= now.facts["tries"] else ""


def nobody_to_ask(case: Order, now: Occasion) -> str:
    """Closed without a call back: nobody to call, or nobody who answers."""
    return "" if case.anonymous or unreached(case, now) else "应当先回访"


def bad(case: Order) -> bool:
    return case.satisfaction is not None and case.satisfaction < CONTENT


def to_be_done_again(case: Order, now: Occasion) -> str:
    if not bad(case):
        return "来电人未表示不满意"
    if not case.units:
        return "未经承办单位办理，不能退回重办"
    return "" if case.reworks < now.facts["reworks"] else f"已重办{case.reworks}次"


def at_an_end(case: Order, now: Occasion) -> str:
    """The citizen is content, or everything that can be done again was."""
    return "来电人不满意，应当退回重办" if not to_be_done_again(case, now) else ""


def centre(case: Order, now: Occasion) -> str:
    return centre_of(case.area)


def at_desk_since(case: Order) -> datetime:
    """From when the centre has had the order: what is classified anew is not given more time for that."""
    return case.clocks["dispatch"].zero if "dispatch" in case.clocks else case.opened_at


def since_invited(case: Order) -> datetime | None:
    """From when units have been helping: one that is invited later has what is left of the time, unless none is."""
    clock = case.clocks.get("report")
    return clock.zero if clock and not clock.lapsed else None


def since_dispatch(case: Order) -> datetime:
    """From when the unit has had the order: another limit is counted from the same day."""
    return case.clocks["reply"].zero


def last_unit(case: Order, now: Occasion) -> str:
    return f"{case.area}.{case.units[-1]}" if case.units else centre_of(case.area)


def still_theirs(case: Order, now: Occasion) -> tuple[str, ...]:
    """What the centre answers itself is nothing to the unit that sent the report back."""
    sent_back = case.category == "report" and case.unit == centre_of(case.area)
    return () if sent_back else case.units


def at_least(level: int) -> Callable[[Order, Occasion], int]:
    """Return what sets the level of supervision, which an act may raise and never lowers."""
    return lambda case, now: max(case.level, level)


def stands_out(case: Order) -> bool:
    """Say whether the order belongs in the list of those to be watched (重点清单)."""
    return (case.level >= WRITTEN or case.reworks > 0 or case.state == "shelved" or case.collective
            or case.urgency == "critical")


def leads(case: Order, now: Occasion) -> str:
    """The centre names who is to help, or the unit that leads."""
    return own_area(case, now) if now.who.role == CENTRE else own_unit(case, now) or his_to_handle(case, now)


def may_be_helped(case: Order, now: Occasion) -> str:
    """Of a report nobody learns but the unit that has it (JN32)."""
    return "举报件不得交其他单位协办" if case.category == "report" else ""


def helps(case: Order, now: Occasion) -> str:
    return "" if now.who.unit.partition(".")[2] in case.helpers and now.who.area == case.area else "本单位不是协办单位"


def to_be_shelved(case: Order, now: Occasion) -> str:
    """So many times and no more: then the unit has to give another answer."""
    if case.result != SHELVED:
        return "办理结果不是挂账"
    return "" if case.shelvings < now.facts["shelvings"] else f"已挂账{case.shelvings}次，不得再次挂账，请退回承办单位"


def settled(case: Order, now: Occasion) -> str:
    return "挂账的答复应当转为挂账跟踪" if case.result == SHELVED else ""


def talked_of(case: Order, now: Occasion) -> str:
    """What is circulated was talked of before."""
    return "" if case.level >= TALKED else "约谈后仍未办结的，方可通报"


def often_listed(case: Order, now: Occasion) -> str:
    """Only who has counted the unit's listings of the quarter says so; never a sweep."""
    return "" if now.facts.get("often") and case.level < TALKED else "本季度挂牌督办未达到规定数"


def childless(case: Order, now: Occasion) -> str:
    return "已并入其他工单的主单不得再并案" if case.children else ""


def may_be_merged(case: Order, now: Occasion) -> str:
    """What is reported of a unit does not go along to wherever another order is, or will be."""
    return "指明被反映单位的举报件单独办理，不并入其他工单" if kept_from(case) else ""


def kept_from(case: Order) -> str:
    """Return the unit to which an order never goes: which a report names, whatever that was made later."""
    return case.against if case.category == "report" or case.reported else ""


def for_the_head(case: Order, details: Mapping[str, Any]) -> bool:
    """Say whether the head of the centre decides how an order is classified: by one act of one seat a report would
    reach the unit of which it is.
    """
    renamed = case.against and details.get("against", case.against) != case.against
    return bool(case.category == "report" != details["category"] or renamed and kept_from(case))


def takes_in(case: Order, now: Occasion) -> str:
    """Only together with the act of the other order; never by itself."""
    if not now.facts.get("gathering"):
        return "并案由热线中心办理"
    return "" if case.children < now.facts["children"] else f"主单最多并入{now.facts['children']}件"


def lets_go(case: Order, now: Occasion) -> str:
    """Only together with the act of the order that is taken out; never by itself."""
    return "" if now.facts.get("scattering") else "撤销并案由热线中心办理"


def counted(name: str) -> Callable[[Order, Occasion], int]:
    """Return what sets a number to what was counted for the act."""
    return lambda case, now: now.facts[name]


def most_of(name: str) -> Callable[[Order, Occasion], int]:
    """Return what takes over from an order merged in how many are on the matter, where that is more."""
    return lambda case, now: max(getattr(case, name), now.facts[name])


def main_waits(case: Order, now: Occasion) -> str:
    return "" if now.facts.get("main_waits") else "主单已经答复"


def told_in_thread(case: Order, now: Occasion) -> str:
    """Only where the case that leads on the same matter has been answered is there anything to refer to."""
    return "" if now.facts.get("thread_answered") else "没有已经答复的牵头件"


def told_by_main(name: str) -> Callable[[Order, Occasion], str]:
    """Only when the main order has come to what `name` says; never by itself."""
    return lambda case, now: "" if now.facts.get(name) else "主单尚未办到这一步"
