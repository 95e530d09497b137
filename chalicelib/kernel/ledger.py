"""The working-out of a deadline: every day, counted or skipped and why; the due day is the last line. Pure."""
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from . import counting
from .calendar import CIVIL, DAY, Calendar, Instant, civil_day
from .law import ground
from .limits import Pause, Unit

if TYPE_CHECKING:
    from .clocks import Clock

MAX_LINES = 2_000


class Line(BaseModel, frozen=True):
    """One day of a ledger. `used` is how much of the limit is gone when the day is over."""

    day: date
    counted: bool
    used: int
    why: str
    notice: str = ""                       # the notice that made the day what it is, or that announced the pause


class Given(BaseModel, frozen=True):
    """The limit: `count` of `unit`, which may be lengthened `times` times by `extra` in all."""

    count: int
    unit: Unit
    basis: str
    times: int
    extra: int


class Held(BaseModel, frozen=True):
    """A pause: the days in (start, end] are not counted; of hours and minutes, the time it lasts."""

    reason: str
    start_at: Instant
    end_at: Instant | None                 # null while it lasts
    planned: int                           # working days registered in the written notice; 0: none
    notice: str                            # the number of that notice
    basis: str                             # the article by which the time is not counted


class Lengthened(BaseModel, frozen=True):
    """An extension, in the limit's unit."""

    count: int
    at: Instant


class Ledger(BaseModel, frozen=True):
    """A deadline with its working-out. The last line is the due day, unless a pause holds the clock open (no due).

    With the calendar of the version named, it is all that a stranger needs to count again (tools/verify_deadline.py).
    """

    name: str
    basis: str
    limit: Given
    extensions: list[Lengthened]
    pauses: list[Held]
    zero_at: Instant                       # what started the clock
    day_zero: date                         # its civil day (Asia/Shanghai), which is not counted
    because: str                           # the act that started it
    stopped_at: Instant | None
    lines: list[Line]                      # at most MAX_LINES
    due_on: date | None                    # the last day that is in time
    due_at: Instant | None                 # the first instant that is late
    paused: bool
    provisional: bool                      # a day in it lies in a year without a notice
    calendar: str                          # the latest notice known


def explain(clock: "Clock", calendar: Calendar, name: str) -> Ledger:
    """Count `clock` aloud. While a pause holds it open, the lines end on the day that pause began.

    Hours and minutes have a line for each pause before the due instant, and one for the end. A count of more than
    MAX_LINES days keeps its first days and its last; one line between says how many were left out and how many counted.
    """
    due, last = clock.due(calendar), clock.last_day(calendar)
    if clock.limit.unit in (Unit.HOURS, Unit.MINUTES):
        lines, provisional = list(_instants(clock, calendar)), False
    else:
        end = last or min(start for start, end in counting.held(clock.pauses) if end == date.max)
        lines = _days(clock, calendar, end)
        span = (end - civil_day(clock.zero)).days
        provisional = any(calendar.is_provisional(end - n * DAY) for n in range(span))
    return Ledger(name=name, basis=clock.limit.basis, **_grounds(clock), lines=lines, due_on=last, due_at=due,
                  paused=clock.paused, provisional=provisional, calendar=calendar.version)


def _grounds(clock: "Clock") -> dict[str, Any]:
    """Return what is counted from: limit, extensions, pauses, day zero and why, and the stop."""
    limit = clock.limit
    return {
        "limit": Given(count=limit.count, unit=limit.unit, basis=limit.basis, times=limit.times, extra=limit.extra),
        "extensions": [Lengthened(count=one.count, at=one.at) for one in clock.extensions],
        "pauses": [Held(reason=pause.reason, start_at=pause.start, end_at=pause.end, planned=pause.planned,
                        notice=pause.notice, basis=ground(pause.reason)) for pause in clock.pauses],
        "zero_at": clock.zero, "day_zero": civil_day(clock.zero), "because": clock.because,
        "stopped_at": clock.stopped}


def _days(clock: "Clock", calendar: Calendar, end: date) -> list[Line]:
    """Return the lines from the day after day zero to `end`."""
    unit, zero, spans = clock.limit.unit, civil_day(clock.zero), counting.held(clock.pauses)
    reached = counting.reach(unit, zero, spans, calendar, clock.total) or end

    def line(day: date) -> Line:
        pauses = [pause for pause in clock.pauses if _holds(pause, day)]
        counted = day <= reached and not pauses and (unit is not Unit.WORKING_DAYS or calendar.is_working(day))
        why = f"暂停：{'、'.join(pause.reason for pause in pauses)}" if pauses else calendar.describe(day)
        notice = "、".join(pause.notice for pause in pauses if pause.notice) if pauses else calendar.notice_for(day)
        used = counting.used_by(unit, zero, spans, calendar, clock.total, day)
        return Line(day=day, counted=counted, used=used, notice=notice,
                    why=why if day <= reached else f"{why}，{'顺延至此' if day == end else '顺延'}")

    span = (end - zero).days
    if span <= MAX_LINES:
        return [line(zero + n * DAY) for n in range(1, span + 1)]
    kept = [line(zero + n * DAY) for n in range(1, MAX_LINES - 1)]
    return [*kept, _left_out(unit, kept[-1], line(end - DAY)), line(end)]


def _left_out(unit: Unit, before: Line, last: Line) -> Line:
    """Return the line that stands for the days after `before` up to that of `last`."""
    days, counted = (last.day - before.day).days, f"{last.used - before.used}{unit.word}"
    return Line(day=last.day, counted=False, used=last.used,
                why=f"自{before.day + DAY}起至此共{days}日从略，其间计入{counted}")


def _instants(clock: "Clock", calendar: Calendar) -> Iterator[Line]:
    """Yield a line for each pause before the due instant, and one for the end, of a limit in hours or minutes."""
    due = clock.due(calendar)
    for pause in sorted(clock.pauses, key=lambda pause: pause.start):
        if due is None or pause.start < due:
            yield Line(day=civil_day(pause.start), counted=False, used=clock.used(calendar, pause.start),
                       why=f"暂停：{pause.reason}（{_span(pause)}）", notice=pause.notice)
    if due:
        yield Line(day=civil_day(due - timedelta(seconds=1)), counted=True, used=clock.total,
                   why=f"{due.astimezone(CIVIL):%H:%M}满{clock.total}{clock.limit.unit.word}")


def _holds(pause: Pause, day: date) -> bool:
    return civil_day(pause.start) < day and (pause.end is None or day <= civil_day(pause.end))


def _span(pause: Pause) -> str:
    start = f"{pause.start.astimezone(CIVIL):%H:%M}起"
    return f"{start}，至{pause.end.astimezone(CIVIL):%m-%d %H:%M}" if pause.end else f"{start}，未结束"
