"""Which events fire a card, and which row of the rule table each stands for. Pure.

The table is published data; what an event may fire is registered here once, because reactions are static. A deadline
that was missed is told of in three ways, and all lead to the same card: the sweep acts on it, an act ends it too
late before the sweep has seen it, a recount shows that it was not missed after all.
"""
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.kernel.calendar import Calendar
from chalicelib.kernel.clocks import Clock

if TYPE_CHECKING:                          # what carries it is not pure
    from chalicelib.kernel.relay import Notice

WARNINGS = {("APPLICATION", "warn_promised"): "promised", ("APPLICATION", "warn_notice"): "notice",
            ("DOCUMENT", "warn_publish"): "publish"}
LAPSES = {("APPLICATION", "overdue_promised"): "promised", ("APPLICATION", "overdue_statutory"): "statutory",
          ("APPLICATION", "overdue_precheck"): "precheck", ("APPLICATION", "overdue_delivery"): "deliver",
          ("APPLICATION", "overdue_procedure"): "procedure", ("APPLICATION", "overdue_hearing"): "hearing",
          ("APPLICATION", "deem"): "notice",
          ("CORRECTION", "overdue_contact"): "contact", ("CORRECTION", "overdue_correct"): "correct",
          ("ORDER", "overdue_sign"): "sign", ("ORDER", "overdue_reply"): "reply",
          ("ORDER", "overdue_callback"): "callback",
          ("DOCUMENT", "overdue_review"): "review", ("DOCUMENT", "overdue_publish"): "publish"}
"""(kind, act) of the system's acts that fire, and the clock of each."""
OF_CARDS = {("CARD", "escalate"): "correct", ("CARD", "fire"): ""}
"""What a card itself gives rise to: R2, R4."""
STOPS = {"APPLICATION": frozenset({"receive", "return", "ask_correction", "accept", "decline", "grant", "refuse",
                                   "forward", "resume", "hold_hearing", "deliver", "withdraw", "terminate", "deem",
                                   "deem_renewal"}),
         "CORRECTION": frozenset({"contact", "correct", "uphold", "close"}),
         "ORDER": frozenset({"sign", "return", "reply", "send_back", "rework", "close"}),
         "DOCUMENT": frozenset({"discard", "schedule", "send_back", "publish"})}
"""The acts that stop such a clock. Not `annul`: what was entered wrongly was never due."""
ENDS = {"APPLICATION": frozenset({"decline", "grant", "refuse", "forward", "withdraw", "terminate", "deem_renewal"}),
        "CORRECTION": frozenset({"uphold", "close"}), "ORDER": frozenset({"reply", "close"}),
        "DOCUMENT": frozenset({"discard", "publish"})}
"""Those of them by which the unit has decided or closed its case: then it counts as due in the month's bulletin."""
RECOUNT = "recount"
KINDS = sorted(STOPS)
MISSED = {(kind, clock): act for (kind, act), clock in LAPSES.items()}


@dataclass(frozen=True, slots=True)
class Occurrence:
    """The row for `act` applies to the clock `clock` at the instant `at`, which is the card's deadline version."""

    act: str
    clock: str
    at: datetime


def reacting(kind: str) -> frozenset[str]:
    """Return the acts of a kind after which cards are looked at."""
    return STOPS[kind] | {RECOUNT} | {act for one, act in (*WARNINGS, *LAPSES) if one == kind}


def comes_due(notice: "Notice") -> bool:
    """Say whether the event decides or closes the unit's case, or tells that it ran over a limit."""
    return notice.act in ENDS[notice.kind] or (notice.kind, notice.act) in LAPSES


def fired(notice: "Notice", calendar: Calendar) -> Iterator[Occurrence]:
    """Yield what an event tells of: a reminder given, a deadline acted on, deadlines that an act met too late."""
    event = notice.kind, notice.act
    if event in WARNINGS and (clock := notice.clocks.get(WARNINGS[event])) and clock.warned:
        yield Occurrence(notice.act, WARNINGS[event], clock.warned)
    if event in LAPSES and (clock := notice.clocks.get(LAPSES[event])) and clock.lapsed:
        yield Occurrence(notice.act, LAPSES[event], clock.lapsed)
    for name, clock in notice.clocks.items():
        if (act := MISSED.get((notice.kind, name))) and (due := met_too_late(clock, calendar)):
            yield Occurrence(act, name, due)


def met_too_late(clock: Clock, calendar: Calendar) -> datetime | None:
    """Return the due instant of a clock that was stopped after it, and on which nobody had acted; else None."""
    due = clock.due(calendar) if clock.stopped else None
    return due if due and clock.stopped and due <= clock.stopped and due != clock.lapsed else None


def undeserved(notice: "Notice") -> Iterator[tuple[Occurrence, str]]:
    """Yield each deadline that a recount shows not to have been missed, and the notice that moved it."""
    for moved in notice.moved:
        clock, act = notice.clocks.get(moved.clock), MISSED.get((notice.kind, moved.clock))
        if clock and act and clock.lapsed and moved.after > notice.at:
            yield Occurrence(act, moved.clock, clock.lapsed), clock.counted
