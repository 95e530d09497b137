"""An extension in two acts by two persons (延期): whoever has the case asks, the head approves or denies. Pure."""
from collections.abc import Mapping
from typing import Any, Protocol

from .clocks import Clock
from .deskwork import own_unit
from .law import cite
from .problems import Invalid, fault
from .turns import Guard, Occasion, Turn, extend, in_time
from .workflow import Rule

CLEARED: Mapping[str, Any] = {"asked_days": 0, "asked_by": ""}
"""What `sets` a case free of an extension asked for and not decided."""


class Asking(Protocol):
    """A case whose clock may be lengthened: `asked_days` in the clock's unit, 0 while nothing waits to be approved."""

    @property
    def asked_days(self) -> int: ...
    @property
    def asked_by(self) -> str: ...
    @property
    def clocks(self) -> Mapping[str, Clock]: ...


def asked(case: Asking, now: Occasion) -> str:
    return "" if case.asked_days else "没有待批准的延期申请"


def not_asked(case: Asking, now: Occasion) -> str:
    return "已有待批准的延期申请" if case.asked_days else ""


def another_person(case: Asking, now: Occasion) -> str:
    """Asking and approving are two acts by two persons."""
    return "申请延期的人员不得自行批准" if now.who.person == case.asked_by else ""


def extendable(name: str) -> Guard:
    """The limit must allow one more extension, of as much as is asked for where it is asked already."""
    def guard(case: Asking, now: Occasion) -> str:
        clock = case.clocks[name]
        if not clock.extendable:
            return "该期限不得再延长"
        return "" if case.asked_days <= clock.extendable else _at_most(clock)
    return guard


def lengthened(name: str, states: str | tuple[str, ...], staff: str | tuple[str, ...], basis: str,
               when: tuple[Guard, ...], also: tuple[Turn, ...] = (), lead: str | tuple[str, ...] = "head",
               leads: Guard = own_unit) -> tuple[Rule, ...]:
    """Return the rows for the clock `name`: `staff` ask under the guards `when`, their `lead` decides, where `leads`
    lets them.

    `also`: what else approving does to clocks. The case has `asked_days` and `asked_by`; `measured` completes the acts.
    """
    return (
        Rule("ask_extension", states, "", staff, basis, when=(*when, not_asked, in_time(name), extendable(name)),
             sets={"asked_by": lambda case, now: now.who.person}),
        Rule("approve_extension", states, "", lead, basis, sets=CLEARED, clocks=(extend(name), *also),
             when=(leads, asked, another_person, in_time(name), extendable(name))),
        Rule("deny_extension", states, "", lead, basis, when=(leads, asked), sets=CLEARED),
    )


def measured(case: Asking, act: str, details: dict[str, Any], name: str) -> None:
    """Complete the two acts: what is asked must fit the limit, what is approved is what was asked. Raise Invalid."""
    if act == "ask_extension" and details["asked_days"] > case.clocks[name].extendable:
        clock = case.clocks[name]
        raise Invalid("延长时间有误", errors=[
            fault("/asked_days", "less_than_equal", f"{_at_most(clock)}（{cite(clock.limit.basis)}）")])
    if act == "approve_extension":
        details["extend_by"] = case.asked_days


def _at_most(clock: Clock) -> str:
    return f"至多延长{clock.extendable}{clock.limit.unit.word}"
