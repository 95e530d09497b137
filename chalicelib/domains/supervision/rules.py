"""Which events fire a card, and which row of the rule table each stands for. Pure.

The table is published data; what an event may fire is registered here once, because reactions are static. A deadline
that was missed is an event of the system, by the sweep or before any act that comes later (kernel/casework.py); a
recount tells that it was not missed after all.
"""
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from .models import watching

if TYPE_CHECKING:                          # what carries it is not pure
    from chalicelib.kernel.relay import Notice

WARNINGS = {("APPLICATION", "warn_promised"): "promised", ("APPLICATION", "warn_notice"): "notice",
            ("DOCUMENT", "warn_publish"): "publish"}
LAPSES = {("APPLICATION", "overdue_promised"): "promised", ("APPLICATION", "overdue_statutory"): "statutory",
          ("APPLICATION", "overdue_precheck"): "precheck", ("APPLICATION", "overdue_delivery"): "deliver",
          ("APPLICATION", "overdue_procedure"): "procedure", ("APPLICATION", "overdue_hearing"): "hearing",
          ("APPLICATION", "overdue_inspection"): "inspection", ("APPLICATION", "deem"): "notice",
          ("CORRECTION", "overdue_contact"): "contact", ("CORRECTION", "overdue_correct"): "correct",
          ("CORRECTION", "overdue_at_once"): "at_once", ("CORRECTION", "overdue_review"): "review",
          ("CORRECTION", "overdue_callback"): "callback", ("SIGNAL", "overdue_judge"): "judge",
          ("ORDER", "overdue_sign"): "sign", ("ORDER", "overdue_reply"): "reply",
          ("ORDER", "overdue_callback"): "callback",
          ("SUBJECT", "overdue_decide"): "decide", ("COMPLAINT", "overdue_sign"): "sign",
          ("COMPLAINT", "overdue_answer"): "answer", ("COMPLAINT", "overdue_improve"): "improve",
          ("COMPLAINT", "overdue_classify"): "classify", ("COMPLAINT", "overdue_callback"): "callback",
          ("COMPLAINT", "overdue_review"): "review",
          ("DOCUMENT", "overdue_review"): "review", ("DOCUMENT", "overdue_publish"): "publish"}
"""(kind, act) of the system's acts that fire, and the clock of each."""
OF_WATCH = frozenset({("CORRECTION", "overdue_review"), ("CORRECTION", "overdue_callback"),
                      ("SIGNAL", "overdue_judge"), ("COMPLAINT", "overdue_classify"),
                      ("COMPLAINT", "overdue_callback"), ("COMPLAINT", "overdue_review")})
"""Of these what the supervision itself was to do: its own unit is carded, not the one that has the case."""
OF_CARDS = {("CARD", "escalate"): "correct", ("CARD", "fire"): ""}
"""What a card itself gives rise to: R2, R4."""
ENDS = {"APPLICATION": frozenset({"decline", "grant", "refuse", "forward", "withdraw", "terminate", "deem_renewal"}),
        "CORRECTION": frozenset({"uphold", "close"}), "ORDER": frozenset({"reply", "close"}),
        "DOCUMENT": frozenset({"discard", "publish"}), "SUBJECT": frozenset({"grant", "refuse", "withdraw"}),
        "COMPLAINT": frozenset({"answer", "improve", "close"})}
"""The acts by which the unit has decided or closed its case: then it counts as due in the month's bulletin."""
ENDS_OF_WATCH = {"CORRECTION": frozenset({"uphold", "close"}), "COMPLAINT": frozenset({"close"}),
                 "SIGNAL": frozenset({"uphold", "dismiss"})}
"""The acts by which the supervision has: it counts as due for its unit."""
RECOUNT = "recount"
KINDS = sorted({*ENDS, *ENDS_OF_WATCH})
MISSED = {(kind, clock): act for (kind, act), clock in LAPSES.items()}


@dataclass(frozen=True, slots=True)
class Occurrence:
    """The row for `act` applies to the clock `clock` at the instant `at`, which is the card's deadline version."""

    act: str
    clock: str
    at: datetime


def reacting(kind: str) -> frozenset[str]:
    """Return the acts of a kind after which cards are looked at."""
    decided = ENDS.get(kind, frozenset()) | ENDS_OF_WATCH.get(kind, frozenset())
    return decided | {RECOUNT} | {act for one, act in (*WARNINGS, *LAPSES) if one == kind}


def carded(notice: "Notice", act: str) -> str:
    """Return whose a lapse is: the supervision's own, or that of the unit that had the case."""
    return watching(notice.area) if (notice.kind, act) in OF_WATCH else notice.unit


def comes_due(notice: "Notice") -> Iterator[str]:
    """Yield the units for which the case counts as due: the event decides or closes it, or it ran over their limit."""
    event = notice.kind, notice.act
    if event in LAPSES or notice.act in ENDS.get(notice.kind, ()):
        yield carded(notice, notice.act)
    if notice.act in ENDS_OF_WATCH.get(notice.kind, ()):
        yield watching(notice.area)


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
