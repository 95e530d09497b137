"""Which events fire a card, and which row of the rule table each stands for. Pure.

The table is published data; what an event may fire is registered here once, because reactions are static. A deadline
that was missed is an event of the system, by the sweep or before any act that comes later (kernel/casework.py); a
recount tells that it was not missed after all.
"""
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:                          # what carries it is not pure
    from chalicelib.kernel.relay import Notice

WARNINGS = {("APPLICATION", "warn_promised"): "promised", ("APPLICATION", "warn_notice"): "notice",
            ("DOCUMENT", "warn_publish"): "publish"}
LAPSES = {("APPLICATION", "overdue_promised"): "promised", ("APPLICATION", "overdue_statutory"): "statutory",
          ("APPLICATION", "overdue_precheck"): "precheck", ("APPLICATION", "overdue_delivery"): "deliver",
          ("APPLICATION", "overdue_procedure"): "procedure", ("APPLICATION", "overdue_hearing"): "hearing",
          ("APPLICATION", "overdue_inspection"): "inspection", ("APPLICATION", "deem"): "notice",
          ("CORRECTION", "overdue_contact"): "contact", ("CORRECTION", "overdue_correct"): "correct",
          ("ORDER", "overdue_sign"): "sign", ("ORDER", "overdue_reply"): "reply",
          ("ORDER", "overdue_callback"): "callback",
          ("SUBJECT", "overdue_decide"): "decide", ("COMPLAINT", "overdue_sign"): "sign",
          ("COMPLAINT", "overdue_answer"): "answer", ("COMPLAINT", "overdue_improve"): "improve",
          ("DOCUMENT", "overdue_review"): "review", ("DOCUMENT", "overdue_publish"): "publish"}
"""(kind, act) of the system's acts that fire, and the clock of each."""
OF_CARDS = {("CARD", "escalate"): "correct", ("CARD", "fire"): ""}
"""What a card itself gives rise to: R2, R4."""
ENDS = {"APPLICATION": frozenset({"decline", "grant", "refuse", "forward", "withdraw", "terminate", "deem_renewal"}),
        "CORRECTION": frozenset({"uphold", "close"}), "ORDER": frozenset({"reply", "close"}),
        "DOCUMENT": frozenset({"discard", "publish"}), "SUBJECT": frozenset({"grant", "refuse", "withdraw"}),
        "COMPLAINT": frozenset({"answer", "improve", "close"})}
"""The acts by which the unit has decided or closed its case: then it counts as due in the month's bulletin."""
RECOUNT = "recount"
KINDS = sorted(ENDS)
MISSED = {(kind, clock): act for (kind, act), clock in LAPSES.items()}


@dataclass(frozen=True, slots=True)
class Occurrence:
    """The row for `act` applies to the clock `clock` at the instant `at`, which is the card's deadline version."""

    act: str
    clock: str
    at: datetime


def reacting(kind: str) -> frozenset[str]:
    """Return the acts of a kind after which cards are looked at."""
    return ENDS[kind] | {RECOUNT} | {act for one, act in (*WARNINGS, *LAPSES) if one == kind}


def comes_due(notice: "Notice") -> bool:
    """Say whether the event decides or closes the unit's case, or tells that it ran over a limit."""
    return notice.act in ENDS[notice.kind] or (notice.kind, notice.act) in LAPSES


def fired(notice: "Notice") -> Iterator[Occurrence]:
    """Yield what an event tells of: a reminder given, a deadline acted on."""
    event = notice.kind, notice.act
    if event in WARNINGS and (clock := notice.clocks.get(WARNINGS[event])) and clock.warned:
        yield Occurrence(notice.act, WARNINGS[event], clock.warned)
    if event in LAPSES and (clock := notice.clocks.get(LAPSES[event])) and clock.lapsed:
        yield Occurrence(notice.act, LAPSES[event], clock.lapsed)


def undeserved(notice: "Notice") -> Iterator[tuple[Occurrence, str]]:
    """Yield each deadline that a recount shows not to have been missed, and the notice that moved it."""
    for moved in notice.moved:
        if moved.lapsed and (act := MISSED.get((notice.kind, moved.clock))):
            yield Occurrence(act, moved.clock, moved.lapsed), notice.clocks[moved.clock].counted
