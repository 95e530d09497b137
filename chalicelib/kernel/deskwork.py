"""The rows that every kind of case has: claim, assign, hand over, annul; the system's recount, and its end. Pure."""
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .problems import Invalid, fault
from .record import Case, Summary
from .turns import Guard, Occasion, Turn
from .workflow import Rule

ANNULLED = "annulled"
WORDS = {
    "new": "未建立", "annulled": "已撤销登记", "claim": "认领", "assign": "指派", "hand_over": "移交",
    "annul": "撤销登记", "recount": "按新日历重算期限", "anonymise": "保存期满匿名化",
    "ask_extension": "申请延期", "approve_extension": "批准延期",
    "deny_extension": "不批准延期",
    "citizen": "申请人", "clerk": "窗口人员", "reviewer": "审查人员", "head": "单位负责人",
    "supervisor": "效能监督人员", "centre": "热线中心", "rectifier": "差评整改人员", "publisher": "政务公开工作人员",
    "leader": "分管领导",
    "government": "本级人民政府负责人", "calendar_keeper": "日历管理员", "public": "社会公众", "keeper": "事项管理员",
    "registrar": "账户登记员", "admin": "系统管理员", "auditor": "审计管理员", "security": "安全管理员",
    "system": "系统"}
"""The Chinese of the shared acts and offices, for every workflow's `words`."""


def serving(serves: Callable[[str, str], bool], details: Mapping[str, Any], unit: str) -> None:
    """Whoever a case is assigned or handed over to must serve in the unit. Raise Invalid."""
    if not serves(details["handler"], unit):
        raise Invalid("移交对象有误", errors=[fault("/handler", "handler", "该人员不在承办单位任职")])


def attached(files: list[str], unreadable: Iterable[str]) -> None:
    """None of the files that a request names is among those that cannot be. Raise Invalid."""
    if unread := set(unreadable):
        raise Invalid("附件有误", errors=[
            fault(f"/files/{place}", "missing", "文件未上传，或者您不能查看，或者已用于须隐去反映人的事项，请另行上传")
            for place, one in enumerate(files) if one in unread])


def own_unit(case: Summary, now: Occasion) -> str:
    """Only the unit that is responsible may act."""
    return "" if now.who.unit == case.unit else "该事项由其他单位承办"


def own_area(case: Summary, now: Occasion) -> str:
    """Only an office of the case's own area may act."""
    return "" if now.who.area == case.area else "该事项属于其他行政区域"


def unclaimed(case: Summary, now: Occasion) -> str:
    return "该事项已由他人认领" if case.handler else ""


def claimed(case: Summary, now: Occasion) -> str:
    return "" if case.handler else "该事项尚未认领"


def mine(case: Summary, now: Occasion) -> str:
    """Only the official who has taken the case up may act."""
    return "" if case.handler == now.who.person else "该事项由其他人员承办"


def free_or_mine(case: Summary, now: Occasion) -> str:
    """A case that somebody else has taken up is theirs."""
    return "" if case.handler in ("", now.who.person) else "该事项由其他人员承办"


def by_holder(case: Summary, now: Occasion) -> str:
    """Only the person whose case it is, or who holds their mandate, may act."""
    return "" if case.person == now.who.principal else "只有申请人可以办理"


def desk_work(states: Iterable[str], staff: tuple[str, ...], basis: str, at_desk: Guard = own_unit,
              annul_basis: str = "", taken: tuple[str, ...] = (),
              lead: str | tuple[str, ...] = "head", apart: tuple[Guard, ...] = (),
              annuls: str | tuple[str, ...] = "supervisor") -> tuple[Rule, ...]:
    """Return the rows of desk work: `staff` claim and hand over, their `lead` assigns, `annuls` annul.

    `assign` and `hand_over` carry `handler`, a person who holds an office in the unit (the service asks accounts).
    Annulling stops every clock; the reason is the note. `taken`: the states in which somebody always has
    the case, so that nobody can claim it. `apart`: who may not annul, besides those of another area.
    """
    here = tuple(states)
    return (
        Rule("claim", tuple(state for state in here if state not in taken), "", staff, basis, when=(at_desk, unclaimed),
             sets={"handler": lambda case, now: now.who.person}),
        Rule("assign", here, "", lead, basis, when=(at_desk,)),
        Rule("hand_over", here, "", staff, basis, when=(at_desk, claimed, mine)),
        Rule("annul", here, ANNULLED, annuls, annul_basis or basis, when=(own_area, *apart),
             clocks=(Turn("stop", "*"),)),
        recounted(*here),
    )


def recounted(*states: str) -> Rule:
    """Return the row by which the system counts by a new calendar, wherever a clock may run: at no desk as well."""
    return Rule("recount", states, "", "system", "GZ8", clocks=(Turn("count", "*"),))


def over(case: Case, now: Occasion) -> str:
    """Only who has counted that the time of keeping is over says so; never a sweep."""
    return "" if now.facts.get("over") and not case.erased else "保存期限未满"


def anonymised(*states: str) -> Rule:
    """Return the row by which a case that has ended comes to name nobody (kernel/erasure.py)."""
    return Rule("anonymise", states, "", "system", "GRXX47", when=(over,), sets={"erased": True})
