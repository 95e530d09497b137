"""How a clock is counted: pauses as spans of days, and the day or instant at which so much of a limit is used. Pure.

A span is (first day, last day]; an open pause ends on date.max. Spans come sorted and apart from each other.
"""
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from .calendar import DAY, Calendar, civil_day
from .limits import Pause, Unit

Spans = list[tuple[date, date]]


def held(pauses: Iterable[Pause]) -> Spans:
    """Return the days that pauses take, as spans."""
    merged: Spans = []
    for start, end in sorted([(civil_day(pause.start), civil_day(pause.end) if pause.end else date.max)
                              for pause in pauses]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def reach(unit: Unit, zero: date, spans: Spans, calendar: Calendar, count: int) -> date | None:
    """Return the day on which the `count`-th unit is used up; None if an open pause prevents it."""
    day = _ahead(unit, zero, calendar, count)
    for start, end in spans:
        if start >= day:
            break
        if end == date.max:
            return None
        start = max(start, zero)
        if unit is Unit.WORKING_DAYS:
            day = calendar.add_working_days(day, calendar.working_days(start, end))
        else:
            day += max(end - start, timedelta())
    return day


def last_day(unit: Unit, zero: date, spans: Spans, calendar: Calendar, total: int) -> date | None:
    """Return the last day that is in time: the first working day from the one that `reach` gives at whose midnight no
    pause lasts. None if an open pause prevents it.
    """
    reached = reach(unit, zero, spans, calendar, total)
    if reached is None:
        return None
    last = reached if unit is Unit.WORKING_DAYS else calendar.next_working(reached)
    for start, end in spans:
        if reached <= start <= last:
            if end == date.max:
                return None
            last = max(last, calendar.next_working(end))
    return last


def used_by(unit: Unit, zero: date, spans: Spans, calendar: Calendar, total: int, day: date) -> int:
    """Return how many of `total` units are used when the civil `day` is over."""
    taken = [(max(start, zero), min(end, day)) for start, end in spans if start < day and end > zero]
    if unit is Unit.WORKING_DAYS:
        run = calendar.working_days(zero, day) - sum(calendar.working_days(*span) for span in taken)
        return min(run, total)
    run_to = day - sum((end - start for start, end in taken), timedelta())
    return bisect_right(range(1, total + 1), run_to, key=lambda count: _ahead(unit, zero, calendar, count))


def instant(zero: datetime, pauses: Iterable[Pause], span: timedelta) -> datetime | None:
    """Return the instant at which a clock has run for `span`; None if an open pause prevents it."""
    at, reached = zero + span, zero
    for pause in sorted(pauses, key=lambda pause: pause.start):
        if pause.start >= at:
            break
        if pause.end is None:
            return None
        at += max(pause.end - max(pause.start, reached), timedelta())
        reached = max(pause.end, reached)
    return at


def run_by(zero: datetime, pauses: Iterable[Pause], at: datetime) -> timedelta:
    """Return for how long a clock has run at `at`."""
    run, reached = at - zero, zero
    for pause in sorted(pauses, key=lambda pause: pause.start):
        end = min(pause.end or at, at)
        run -= max(end - max(pause.start, reached), timedelta())
        reached = max(end, reached)
    return run


def _ahead(unit: Unit, zero: date, calendar: Calendar, count: int) -> date:
    """Return the day `count` units after `zero`, were there no pause."""
    match unit:
        case Unit.WORKING_DAYS:
            return calendar.add_working_days(zero, count)
        case Unit.MONTHS:
            return _corresponding(zero, count)
        case Unit.YEARS:
            return _corresponding(zero, 12 * count)
        case _:
            return zero + count * DAY


def _corresponding(day: date, months: int) -> date:
    """Return the day `months` later with the same number, else that month's last day (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
