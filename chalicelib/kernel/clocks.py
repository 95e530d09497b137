"""Deadlines that anyone can check by hand: a Clock is a value, and its due instant is counted, never stored. Pure.

- The day a clock starts is day zero and is not counted (民法典 201).
- A pause takes the days in (start, end]: the day it begins is used, the day it ends is not; a day that several pauses
  cover is taken once. Hours and minutes run around the clock, from the instant, and a pause takes the time it lasts.
- Months and years end on the corresponding day, else on the month's last (民法典 202); they and calendar days move on
  by the calendar days paused. If the last day is a day off, the next working day takes its place (民法典 203).
- No deadline passes during a pause: if one lasts beyond midnight when the last unit is already used up, the last day is
  the day it ends, or the next working day. So nobody is late in the moment of resuming.
"""
from bisect import bisect_right
from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import BaseModel

from . import ledger
from .calendar import DAY, Calendar, Instant, civil_day, end_of, start_of, whole
from .ledger import Ledger, Line
from .limits import Extension, Limit, Pause, Unit
from .problems import Refused

__all__ = ["Clock", "Extension", "Ledger", "Limit", "Line", "Pause", "Unit"]

MAX_PAUSES = 32
STEP = {Unit.HOURS: timedelta(hours=1), Unit.MINUTES: timedelta(minutes=1)}
"""The units that run around the clock, as spans of time; all others are counted in days."""


class Clock(BaseModel, frozen=True):
    """One deadline of a case, kept under its name. Every act returns a new Clock or raises Refused.

    Its JSON (`model_dump(mode="json", exclude_defaults=True)`) is small: see limits.py for the short forms.
    """

    limit: Limit
    zero: Instant                          # what started it; its civil day is day zero
    because: str                           # the act that did
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    stopped: Instant | None = None
    lapsed: Instant | None = None          # the due instant on which the system has already acted
    warned: Instant | None = None          # the last reminder
    counted: str = ""                      # the calendar version under which it was last counted

    @property
    def total(self) -> int:
        return self.limit.count + sum([extension.count for extension in self.extensions])

    @property
    def paused(self) -> bool:
        return any(pause.end is None for pause in self.pauses)

    def pause(self, at: datetime, reason: str, calendar: Calendar, planned: int = 0, notice: str = "") -> "Clock":
        """Hold the clock. `planned`: working days registered in the written notice numbered `notice`."""
        self._refuse_if_over(at, calendar, "暂停")
        if len(self.pauses) >= MAX_PAUSES:
            raise Refused(f"同一期限最多暂停{MAX_PAUSES}次")
        return self._with(pauses=(*self.pauses, Pause(reason=reason, start=at, planned=planned, notice=notice)))

    def resume(self, at: datetime, reason: str) -> "Clock":
        """End the open pauses for `reason`; those for another reason go on."""
        ending = [pause for pause in self.pauses if pause.end is None and pause.reason == reason]
        if not ending:
            raise Refused(f"期限没有因{reason}暂停")
        if whole(at) < max(pause.start for pause in ending):
            raise Refused("恢复计算不得早于暂停")
        return self._closing(ending, at)

    def extend(self, at: datetime, count: int, calendar: Calendar) -> "Clock":
        """Lengthen the limit by `count` of its unit, as far as the limit allows."""
        self._refuse_if_over(at, calendar, "延长")
        if len(self.extensions) >= self.limit.times:
            raise Refused(f"期限最多延长{self.limit.times}次（{self.limit.basis}）")
        if count <= 0 or self.total + count > self.limit.count + self.limit.extra:
            raise Refused(f"延长合计应当在1至{self.limit.extra}{self.limit.unit.word}之间（{self.limit.basis}）")
        return self._with(extensions=(*self.extensions, Extension(count=count, at=at)))

    def stop(self, at: datetime) -> "Clock":
        """Stop for good, ending its pauses. A clock already stopped keeps its first stop."""
        return self if self.stopped else self._closing(self.pauses, at)._with(stopped=whole(at))

    def lapse(self, calendar: Calendar) -> "Clock":
        """Note that the system has acted on the present due instant."""
        if not (due := self.due(calendar)):
            raise Refused("期限暂停计算中，尚未届满")
        return self._with(lapsed=due)

    def warn(self, at: datetime) -> "Clock":
        """Note that a reminder was given."""
        return self._with(warned=whole(at))

    def due(self, calendar: Calendar) -> datetime | None:
        """Return the first instant that is late; None while a pause holds it open."""
        if step := STEP.get(self.limit.unit):
            return self._instant(self.total * step)
        last = self.last_day(calendar)
        return end_of(last) if last else None

    def last_day(self, calendar: Calendar) -> date | None:
        """Return the last civil day that is in time, or on which the time runs out; None while paused."""
        if self.limit.unit in STEP:
            due = self.due(calendar)
            return civil_day(due - timedelta(seconds=1)) if due else None
        held = self.held()
        reached = self.reach(calendar, held, self.total)
        if reached is None:
            return None
        last = reached if self.limit.unit is Unit.WORKING_DAYS else calendar.next_working(reached)
        for start, end in held:
            if reached <= start <= last:
                if end == date.max:
                    return None
                last = max(last, calendar.next_working(end))
        return last

    def used(self, calendar: Calendar, at: datetime) -> int:
        """Return how much of the limit is used at `at`, in whole units. A day counts as used from its 00:00."""
        at = min(at, self.stopped or at)
        if step := STEP.get(self.limit.unit):
            return min(max(self._run_by(at) // step, 0), self.total)
        return self.used_by(calendar, self.held(), civil_day(at))

    def left(self, calendar: Calendar, at: datetime) -> int | None:
        """Return how much of the limit is left at `at`, in units; None while paused."""
        return None if self.paused else self.total - self.used(calendar, at)

    def next_warning(self, calendar: Calendar) -> datetime | None:
        """Return the instant of the next reminder; None if none is asked for, and while paused or after the stop.

        Days: the start of the first working day on which few enough are left or enough are used, then of each working
        day until the stop. Hours and minutes: the instant itself, once.
        """
        limit, total = self.limit, self.total
        if self.stopped or self.paused or not (limit.warn_left or limit.warn_used):
            return None
        if step := STEP.get(limit.unit):
            spans = [total * step - limit.warn_left * step if limit.warn_left else total * step,
                     total * step * limit.warn_used / 100 if limit.warn_used else total * step]
            return None if self.warned else self._instant(max(min(spans), timedelta()))
        threshold = min(total - limit.warn_left if limit.warn_left else total,
                        -(-total * limit.warn_used // 100) if limit.warn_used else total)
        held = self.held()
        day = self.reach(calendar, held, threshold) if threshold > 0 else civil_day(self.zero) + DAY
        if day is None:
            return None
        day = calendar.next_working(max(day, civil_day(self.warned) + DAY) if self.warned else day)
        for start, end in held:
            if start < day <= end:
                day = calendar.next_working(end + DAY)
        return start_of(day)

    def explain(self, calendar: Calendar, name: str) -> Ledger:
        """Return the count behind `due`, line by line; `name` is the name under which the case keeps the clock."""
        return ledger.explain(self, calendar, name)

    def held(self) -> list[tuple[date, date]]:
        """Return the pauses as (first day, last day], sorted and merged; an open one ends on date.max."""
        merged: list[tuple[date, date]] = []
        for start, end in sorted([(civil_day(pause.start), civil_day(pause.end) if pause.end else date.max)
                                  for pause in self.pauses]):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], end))
            else:
                merged.append((start, end))
        return merged

    def reach(self, calendar: Calendar, held: list[tuple[date, date]], count: int) -> date | None:
        """Return the day on which the `count`-th unit is used up; None if an open pause prevents it."""
        zero = civil_day(self.zero)
        day = self._ahead(calendar, zero, count)
        for start, end in held:
            if start >= day:
                break
            if end == date.max:
                return None
            start = max(start, zero)
            if self.limit.unit is Unit.WORKING_DAYS:
                day = calendar.add_working_days(day, calendar.working_days(start, end))
            else:
                day += max(end - start, timedelta())
        return day

    def used_by(self, calendar: Calendar, held: list[tuple[date, date]], day: date) -> int:
        """Return how many units are used when the civil `day` is over, for a limit counted in days."""
        zero = civil_day(self.zero)
        taken = [(max(start, zero), min(end, day)) for start, end in held if start < day and end > zero]
        if self.limit.unit is Unit.WORKING_DAYS:
            run = calendar.working_days(zero, day) - sum(calendar.working_days(*span) for span in taken)
            return min(run, self.total)
        run_to = day - sum((end - start for start, end in taken), timedelta())
        return bisect_right(range(1, self.total + 1), run_to, key=lambda count: self._ahead(calendar, zero, count))

    def _ahead(self, calendar: Calendar, zero: date, count: int) -> date:
        """Return the day `count` units after `zero`, were there no pause."""
        match self.limit.unit:
            case Unit.WORKING_DAYS:
                return calendar.add_working_days(zero, count)
            case Unit.MONTHS:
                return _corresponding(zero, count)
            case Unit.YEARS:
                return _corresponding(zero, 12 * count)
            case _:
                return zero + count * DAY

    def _instant(self, span: timedelta) -> datetime | None:
        """Return the instant at which the clock has run for `span`; None if an open pause prevents it."""
        at, reached = self.zero + span, self.zero
        for pause in sorted(self.pauses, key=lambda pause: pause.start):
            if pause.start >= at:
                break
            if pause.end is None:
                return None
            at += max(pause.end - max(pause.start, reached), timedelta())
            reached = max(pause.end, reached)
        return at

    def _run_by(self, at: datetime) -> timedelta:
        """Return for how long the clock has run at `at`."""
        run, reached = at - self.zero, self.zero
        for pause in sorted(self.pauses, key=lambda pause: pause.start):
            end = min(pause.end or at, at)
            run -= max(end - max(pause.start, reached), timedelta())
            reached = max(end, reached)
        return run

    def _refuse_if_over(self, at: datetime, calendar: Calendar, verb: str) -> None:
        if self.stopped:
            raise Refused(f"期限已停止计算，不能{verb}（{self.limit.basis}）")
        if (due := self.due(calendar)) and due <= at:
            raise Refused(f"期限已于{civil_day(due - timedelta(seconds=1))}届满，不能{verb}（{self.limit.basis}）")

    def _closing(self, ending: tuple[Pause, ...] | list[Pause], at: datetime) -> "Clock":
        return self._with(pauses=tuple(
            pause.model_copy(update={"end": max(whole(at), pause.start)}) if pause.end is None and pause in ending
            else pause for pause in self.pauses))

    def _with(self, **changes: Any) -> "Clock":
        return self.model_copy(update=changes)


def _corresponding(day: date, months: int) -> date:
    """Return the day `months` later with the same number, else that month's last day (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
