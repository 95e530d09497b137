"""Deadlines that anyone can check by hand: a Clock is a value, and its due instant is counted, never stored. Pure.

- The day a clock starts is day zero and is not counted (民法典 201).
- A pause takes the days in (start, end]: the day it begins is used, the day it ends is not; a day that several pauses
  cover is taken once. Hours and minutes run around the clock, from the instant, and a pause takes the time it lasts.
- Months and years end on the corresponding day, else on the month's last (民法典 202); they and calendar days move on
  by the calendar days paused. If the last day is a day off, the next working day takes its place (民法典 203).
- No deadline passes during a pause: if one lasts beyond midnight when the last unit is already used up, the last day is
  the day it ends, or the next working day. So nobody is late in the moment of resuming.
"""
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import BaseModel, model_serializer, model_validator

from . import counting, ledger
from .calendar import DAY, Calendar, Instant, civil_day, end_of, start_of, whole
from .ledger import Ledger, Line
from .limits import Extension, Limit, Pause, Unit, clock_fields, clock_lines
from .problems import Refused

__all__ = ["Clock", "Extension", "Ledger", "Limit", "Line", "Pause", "Unit"]

MAX_PAUSES = 32
STEP = {Unit.HOURS: timedelta(hours=1), Unit.MINUTES: timedelta(minutes=1)}
"""The units that run around the clock, as spans of time; all others are counted in days."""


class Clock(BaseModel, frozen=True):
    """One deadline of a case, kept under its name. Every act returns a new Clock or raises Refused.

    Its JSON is one string: see limits.py for the short forms.
    """

    limit: Limit
    zero: Instant                          # what started it; its civil day is day zero
    because: str                           # the act that did
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    stopped: Instant | None = None
    lapsed: Instant | None = None          # the due instant on which the system has already acted
    warned: Instant | None = None          # the last reminder
    counted: str = ""                      # the calendar version at its start, or at the last recount

    @model_validator(mode="before")
    @classmethod
    def _read(cls, written: Any) -> Any:
        return clock_fields(written) if isinstance(written, str) else written

    @model_serializer(when_used="json")
    def _write(self) -> str:
        return clock_lines(dict(self))

    @property
    def total(self) -> int:
        return self.limit.count + sum([extension.count for extension in self.extensions])

    @property
    def extendable(self) -> int:
        """By how many units it may still be lengthened, in one act."""
        return self.limit.count + self.limit.extra - self.total if len(self.extensions) < self.limit.times else 0

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

    def freed(self, at: datetime) -> "Clock":
        """Return the clock as if all that hold it let go of it at `at`."""
        return self._closing([pause for pause in self.pauses if pause.end is None], at)

    def stop(self, at: datetime) -> "Clock":
        """Stop for good, ending its pauses. A clock already stopped keeps its first stop."""
        return self if self.stopped else self.freed(at)._with(stopped=whole(at))

    def lapse(self, calendar: Calendar) -> "Clock":
        """Note that the system has acted on the present due instant."""
        if not (due := self.due(calendar)):
            raise Refused("期限暂停计算中，尚未届满")
        return self._with(lapsed=due)

    def recount(self, at: datetime, calendar: Calendar, zero: datetime | None = None) -> "Clock":
        """Count on by another calendar; from `zero` where what started the clock has moved with it. A lapse on which
        the system has acted is undone unless it is over by this one too: then it stays the same lapse.
        """
        counted = self._with(zero=whole(zero or self.zero))
        due = counted.due(calendar)
        return counted._with(lapsed=self.lapsed if due and due <= at else None)

    def warn(self, at: datetime) -> "Clock":
        """Note that a reminder was given."""
        return self._with(warned=whole(at))

    def due(self, calendar: Calendar) -> datetime | None:
        """Return the first instant that is late; None while a pause holds it open."""
        if step := STEP.get(self.limit.unit):
            return counting.instant(self.zero, self.pauses, self.total * step)
        last = self.last_day(calendar)
        return end_of(last) if last else None

    def last_day(self, calendar: Calendar) -> date | None:
        """Return the last civil day that is in time, or on which the time runs out; None while paused."""
        if self.limit.unit in STEP:
            due = self.due(calendar)
            return civil_day(due - timedelta(seconds=1)) if due else None
        spans = counting.held(self.pauses)
        return counting.last_day(self.limit.unit, civil_day(self.zero), spans, calendar, self.total)

    def used(self, calendar: Calendar, at: datetime) -> int:
        """Return how much of the limit is used at `at`, in whole units. A day counts as used from its 00:00."""
        at = min(at, self.stopped or at)
        if step := STEP.get(self.limit.unit):
            return min(max(counting.run_by(self.zero, self.pauses, at) // step, 0), self.total)
        return counting.used_by(self.limit.unit, civil_day(self.zero), counting.held(self.pauses), calendar, self.total,
                                civil_day(at))

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
            return None if self.warned else counting.instant(self.zero, self.pauses, max(min(spans), timedelta()))
        threshold = min(total - limit.warn_left if limit.warn_left else total,
                        -(-total * limit.warn_used // 100) if limit.warn_used else total)
        zero, held = civil_day(self.zero), counting.held(self.pauses)
        day = counting.reach(limit.unit, zero, held, calendar, threshold) if threshold > 0 else zero + DAY
        if day is None:
            return None
        day = calendar.next_working(max(day, civil_day(self.warned) + DAY) if self.warned else day)
        for start, end in held:
            if start < day <= end:
                day = calendar.next_working(end + DAY)
        return start_of(day)

    def next_reminder(self, calendar: Calendar) -> datetime | None:
        """Return the start of the next day on which so many units are left as the limit is to be reminded of.

        Only before the day of the first warning: from there on each day has its own. Whoever was reminded or warned on
        a day, or after it, is not reminded for that day again. None while paused, after the stop, and for hours.
        """
        limit, zero = self.limit, civil_day(self.zero)
        if self.stopped or self.paused or not limit.remind or limit.unit in STEP:
            return None
        warning, held = self._with(warned=None).next_warning(calendar), counting.held(self.pauses)
        days = {counting.reach(limit.unit, zero, held, calendar, self.total - left) for left in limit.remind
                if left < self.total}
        starts = sorted(start_of(calendar.next_working(day)) for day in days if day)
        return next((at for at in starts if (warning is None or at < warning)
                     and (self.warned is None or civil_day(at) > civil_day(self.warned))), None)

    def explain(self, calendar: Calendar, name: str) -> Ledger:
        """Return the count behind `due`, line by line; `name` is the name under which the case keeps the clock."""
        return ledger.explain(self, calendar, name)

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


SHARED = "\n~"
"""Stands in a written clock before the name of another of the case, whose pauses it has too."""


def shared_pauses_written(clocks: Mapping[str, Clock]) -> dict[str, str]:
    """Return a case's clocks as they are written: pauses that two have in common are written once."""
    first: dict[tuple[Pause, ...], str] = {}
    written = dict[str, str]()
    for name, clock in clocks.items():
        owner = first.setdefault(clock.pauses, name) if clock.pauses else name
        text = clock if owner == name else clock.model_copy(update={"pauses": ()})
        written[name] = f"{text.model_dump(mode='json')}{'' if owner == name else SHARED + owner}"
    return written


def shared_pauses_read(written: Any) -> Any:
    """Return a case's clocks as they were before they were written; others as they are."""
    if not isinstance(written, Mapping):
        return written
    read = {}
    for name, clock in written.items():
        own, _, owner = clock.partition(SHARED) if isinstance(clock, str) else (clock, "", "")
        pauses = Clock.model_validate(written[owner]).pauses if owner else ()
        read[name] = Clock.model_validate(own).model_copy(update={"pauses": pauses}) if owner else own
    return read
