"""What one order adds to the figures of units and months. Pure; `figures` counts it.

A share is counted of what came in a month: what becomes of it later counts in that same month. So no numerator is
greater than its denominator. What is in time is read from the clocks as the events left them.
"""
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.record import Event
from chalicelib.kernel.runs import Calendars, runs
from chalicelib.kernel.shares import Marks

from .guards import CONTENT, WRITTEN, centre_of
from .models import Order

SENT = ("dispatch", "designate")
AT_IT = frozenset({*SENT, "send_back", "rework", "take_up", "overdue_promise"})
"""The acts with which a unit's time to reply begins."""
OF_A_UNIT = frozenset({*SENT, "rework", "inherit"})
OF_THE_CENTRE = frozenset({"register", "return", "unmerge", "release", "answer", "answer_by_thread", "decline"})
"""The acts that make an order a unit's, or the centre's."""
HANDLED = ("replied", "checked", "called", "closed", "declined")
OF_ORDER = frozenset({
    "register", "answer", "answer_by_thread", "decline", *AT_IT, "sign", "return", "approve_extension", "reply",
    "shelve", "close", "merge", "unmerge", "annul", "inherit", "release", "overdue_sign", "overdue_reply",
    "supervise_written", "supervise_listed", "supervise_talk", "summon", "circulate", "recount"})
"""The acts that may change what an order adds; a recount undoes a lapse that has not come by the new calendar."""

RELATED = frozenset({"repeated", "problems", "problems_handled"})
"""The measures that tell how an order stands to others, which units are not shown: whose it is may follow."""


class Book(Counter[tuple[str, str, str]]):
    """Marks as they are written."""

    def add(self, unit: str, at: datetime, **measures: bool) -> None:
        """Count those measures that hold, for a unit, in the civil month of an instant."""
        for name, holds in measures.items():
            if holds:
                self[unit, f"{civil_day(at):%Y-%m}", name] += 1


def of_order(case: Order, timeline: Sequence[Event], calendars: Calendars) -> Marks:
    """Return what an order adds; one that was annulled adds nothing."""
    book = Book()
    if case.state == "annulled":
        return book
    unit = whose(case, timeline)
    handled, own = case.state in HANDLED, not case.main
    book.add(unit, case.opened_at, received=True, handled=handled, problems=own, problems_handled=own and handled)
    for stay in stays(timeline):
        _sent(book, case, stay, calendars)
    for run in runs(timeline, "reply", AT_IT):
        late = run.late_at(calendars)
        if late or run.last.act == "reply":
            book.add(_unit(run.first), late or run.last.at, due=True, done_in_time=not late)
    if case.state == "closed" and (closing := [event for event in timeline if event.act == "close"]):
        _closed(book, case, unit, closing[-1].at, timeline, calendars)
    return book


def whose(case: Order, timeline: Sequence[Event]) -> str:
    """Return the unit whose order it is: the last to which it was sent, or whose reply to another it was given; the
    centre while it lies there undecided, and where the centre has answered or declined it.
    """
    last = next((event for event in reversed(timeline) if event.act in (*OF_THE_CENTRE, *OF_A_UNIT)), None)
    theirs = last and last.act in OF_A_UNIT and (last.act != "inherit" or "units" in last.changes)
    return f"{case.area}.{case.units[-1]}" if theirs and case.units else centre_of(case.area)


def stays(timeline: Sequence[Event]) -> Iterator[Sequence[Event]]:
    """Yield the events of each stay at a unit: from its being sent there to before the next such event."""
    starts = [place for place, event in enumerate(timeline) if event.act in SENT]
    for here, there in pairwise([*starts, len(timeline)]):
        yield timeline[here:there]


def _sent(book: Book, case: Order, stay: Sequence[Event], calendars: Calendars) -> None:
    acts = {event.act for event in stay}
    sign = next(runs(stay, "sign", SENT), None)
    signed = bool(sign and sign.last.act == "sign" and not sign.late_at(calendars))
    book.add(_unit(stay[0]), stay[0].at, sent=True, signed_in_time=signed, returned="return" in acts,
             extended="approve_extension" in acts, reworked="rework" in acts, repeated=bool(case.repeats),
             supervised=any(event.changes.get("level", 0) >= WRITTEN for event in stay))


def _closed(book: Book, case: Order, unit: str, at: datetime, timeline: Sequence[Event], calendars: Calendars) -> None:
    """Count by what the citizen said at the last call back, whatever was done and tried since; what was done again may
    not have been asked after.
    """
    book.add(unit, at, closed=True)
    calls = [place for place, event in enumerate(timeline) if event.act == "call_back"]
    if not calls:
        return
    said, until = timeline[calls[-1]].changes, timeline[:calls[-1]]
    content, reasonable = said["satisfaction"] >= CONTENT, case.result != "unreasonable"
    book.add(unit, at, called=True, content=content, dissatisfied=not content, judged=reasonable,
             solved=reasonable and bool(said["solved"]))
    *_, reply = [None, *runs(until, "reply", AT_IT)]
    asked, soon = said.get("contacted") is not None, not (reply and reply.late_at(calendars))
    book.add(unit, at, sampled=asked, contacted=bool(said.get("contacted")) and soon)


def _unit(event: Event) -> str:
    return event.desk or event.unit
