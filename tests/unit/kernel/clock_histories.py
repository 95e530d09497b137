"""Random lives of a clock, told to the clock and to the oracle.

Limits, receipts counted later, typed pauses, extensions, counts begun anew by a correction, notices arriving late.
"""
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import strategies as st

from chalicelib.domains.applications.receipt import Hours
from chalicelib.kernel.calendar import Calendar, Notice
from chalicelib.kernel.clocks import Clock, Limit
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.problems import Refused
from chalicelib.kernel.turns import Occasion, start
from tests.unit.kernel import clock_oracle as oracle

SPRING = [date(2026, 2, day) for day in range(15, 24)]
NOTICE_2026 = {
    "known_at": datetime(2025, 11, 4, tzinfo=UTC), "year": 2026,
    "off": {*SPRING, *(date(2026, month, day) for month, first, last in (
        (1, 1, 3), (4, 4, 6), (5, 1, 5), (6, 19, 21), (9, 25, 27), (10, 1, 7)) for day in range(first, last + 1))},
    "on": {date(2026, *day) for day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))}}
LONGEST = {"wd": 45, "cd": 60, "mo": 7, "yr": 1, "h": 72, "min": 900}
VERBS = ["pause", "resume", "resume", "extend", "warn", "pause", "restart"]
REASONS = st.sampled_from(["检验", "听证", "缴费", "征求第三方意见"])
GAPS = {"h": 3 * 86_400, "min": 12 * 3600}


def notice(facts):
    return Notice(number=f"试{facts['year']}-{facts['known_at']:%m%d}", publisher="试", source="试", year=facts["year"],
                  known_at=facts["known_at"], holidays=dict.fromkeys(facts["off"], "假"), makeup_days=facts["on"])


@dataclass
class History:
    """What happened: the limit, then acts (instant, verb, argument) in order; `notices` as the oracle reads them."""

    limit: dict
    zero: datetime                                     # the true instant of the receipt; then the one that counts
    hours: tuple                                       # (open, close, counted later) of the office that receives
    acts: list
    notices: list
    pauses: list = field(default_factory=list)         # [start, end or None, reason, told], as the test keeps them
    total: int = 0
    warned: datetime | None = None
    stopped: datetime | None = None
    grants: int = 0

    def spans(self):
        return [(begun, end) for begun, end, *_ in self.pauses]

    def known(self, at):
        return [one for one in self.notices if one["known_at"] <= at]

    def due(self, at):
        return oracle.due(self.limit["unit"], self.total, self.zero, self.spans(), oracle.Days(self.known(at)))


@st.composite
def histories(draw):
    """Lives that begin in December 2025 – December 2026, so that many reach into the year nobody has announced."""
    unit = draw(st.sampled_from(["wd", "wd", "cd", "mo", "yr", "h", "min"]))
    count, times = draw(st.integers(1, LONGEST[unit])), draw(st.integers(0, 2))
    limit = {"count": count, "unit": unit, "basis": "XKF42", "times": times,
             "extra": draw(st.integers(1, 1 if unit == "yr" else 10)) if times else 0,
             "warn_left": draw(st.sampled_from([0, 0, 1, 2, 50])),
             "warn_used": draw(st.sampled_from([0, 0, 50, 80, 100]))}
    zero = at = datetime(2025, 12, 1, tzinfo=UTC) + timedelta(
        days=draw(st.integers(0, 390)), minutes=draw(st.integers(0, 1439)))
    gap = st.one_of(st.integers(0, GAPS.get(unit, 20 * 86_400) // 60), st.just(0))
    acts = []
    for verb in draw(st.lists(st.sampled_from(VERBS), max_size=8)):
        at += timedelta(minutes=draw(gap))
        acts.append((at, verb, draw(st.integers(1, 10) if verb == "extend" else REASONS)))
    if draw(st.booleans()):
        acts.append((at + timedelta(minutes=draw(gap)), "stop", ""))
    late = draw(st.lists(late_notices(), max_size=2, unique_by=lambda facts: facts["known_at"]))
    opens = draw(st.integers(0, 23))
    hours = time(opens, draw(st.sampled_from([0, 30]))), time(draw(st.integers(opens, 23)), 59), draw(st.booleans())
    return History(limit, zero, hours, acts, [NOTICE_2026, *late])


@st.composite
def late_notices(draw):
    days = st.integers(0, 60).map(lambda n: date(2026, 12, 5) + timedelta(days=n))
    off = draw(st.sets(days, max_size=9))
    return {"known_at": datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=draw(st.integers(0, 2_000))), "year": 2027,
            "off": off, "on": draw(st.sets(days, max_size=4)) - off}


def live(history):
    """Live the history through the clock; a refusal must be one that the rules, counted by the oracle, demand."""
    book = Calendar(map(notice, history.notices))
    receive(history, book)
    clock = Clock(limit=Limit.model_validate(history.limit), zero=history.zero, because="accept")
    history.total = history.limit["count"]
    for at, verb, argument in history.acts:
        calendar, reason = book.known_at(at), refusal(history, at, verb, argument)
        match verb:
            case "pause": act = (clock.pause, at, argument, calendar, len(history.pauses), f"特{len(history.pauses)}")
            case "restart": act = (start("it").apply, None, clock, "supply", occasion(history, at, calendar), {})
            case "resume": act = (clock.resume, at, argument)
            case "extend": act = (clock.extend, at, argument, calendar)
            case "warn": act = (clock.warn, at)
            case _: act = (clock.stop, at)
        if reason:
            with pytest.raises(Refused):
                act[0](*act[1:])
            continue
        clock = act[0](*act[1:])
        note(history, at, verb, argument)
    return clock, book


def receive(history, book):
    """Both must say from when the receipt counts; the clock starts there."""
    opens, closes, later = history.hours
    counted = oracle.counts_from(history.zero, opens, closes, later, oracle.Days(history.known(history.zero)))
    hours = Hours(open=opens, close=closes, later=later)
    assert (hours.counted_from(history.zero, book.known_at(history.zero)) or history.zero) == counted
    history.zero, moved = counted, counted - history.zero
    history.acts = [(at + moved, verb, argument) for at, verb, argument in history.acts]


def occasion(history, at, calendar):
    return Occasion(SYSTEM, at, calendar, {"it": Limit.model_validate(history.limit)})


def refusal(history, at, verb, argument):
    if verb == "resume":
        return not any(end is None and reason == argument for _, end, reason, _ in history.pauses)
    if verb not in ("pause", "extend"):
        return False
    due = history.due(at)
    grown, limit = history.total - history.limit["count"], history.limit
    beyond = verb == "extend" and (limit["times"] <= history.grants or grown + argument > limit["extra"])
    return beyond or (due is not None and due <= at)


def note(history, at, verb, argument):
    match verb:
        case "pause":
            history.pauses.append([at, None, argument, len(history.pauses)])
        case "restart" if at != history.zero:
            history.zero, history.pauses, history.warned = at, [], None
            history.total, history.grants = history.limit["count"], 0
        case "extend":
            history.total += argument
            history.grants += 1
        case "warn":
            history.warned = at
        case "resume" | "stop":
            for pause in history.pauses:
                if pause[1] is None and argument in ("", pause[2]):
                    pause[1] = at
            history.stopped = at if verb == "stop" else None


def compare(history):
    """Live the history and compare every answer of the clock with the oracle's, then and under the last calendar."""
    clock, book = live(history)
    last = history.acts[-1][0] if history.acts else history.zero
    counted = history.limit["unit"], history.total, history.zero, history.spans()
    warnings = history.limit["warn_left"], history.limit["warn_used"], history.warned
    assert Clock.model_validate_json(clock.model_dump_json(exclude_defaults=True)) == clock
    for calendar, known in ((book, history.notices), (book.known_at(last), history.known(last))):
        days = oracle.Days(known)
        due = oracle.due(*counted, days)
        assert clock.due(calendar) == due
        assert clock.last_day(calendar) == (due and oracle.local(due - timedelta(seconds=1)))
        at = last + timedelta(days=1)
        assert clock.used(calendar, at) == oracle.used(*counted, days, min(at, history.stopped or at))
        assert clock.next_warning(calendar) == (
            None if history.stopped else oracle.next_warning(*counted, days, *warnings))
        agree(clock.explain(calendar, "statutory"), history, days, due)


def agree(ledger, history, days, due):
    """The ledger must end on the due day and say of every day what the oracle says."""
    assert [(one.reason, one.planned, one.notice, one.basis) for one in ledger.pauses] == [
        (reason, told, f"特{told}", oracle.ARTICLE[reason]) for _, _, reason, told in history.pauses]
    assert ledger.due_at == due and ledger.paused == any(end is None for _, end in history.spans())
    if due:
        assert ledger.lines[-1].day == ledger.due_on and ledger.lines[-1].used == history.total
    if history.limit["unit"] in oracle.SECONDS:
        return
    last = ledger.lines[-1].day if ledger.lines else oracle.local(history.zero)
    walked = [*oracle.walk_until(history.limit["unit"], history.total, history.zero, history.spans(), days, last)]
    assert [(line.day, line.used) for line in ledger.lines] == [(day, used) for day, _, _, used in walked]
    for line, (_, held, working, _) in zip(ledger.lines, walked, strict=True):
        assert line.why.startswith("暂停") == held
        assert not (line.counted and held) and not (line.counted and history.limit["unit"] == "wd" and not working)
    if due and history.limit["unit"] in ("wd", "cd"):
        assert sum(line.counted for line in ledger.lines) == history.total
