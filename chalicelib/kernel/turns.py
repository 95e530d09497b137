"""What an act does to clocks: the entries of a rule's `clocks` column, and the guards that read clocks. Pure."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from .calendar import Calendar, civil_day
from .clocks import Clock, Limit
from .identity import Actor
from .problems import Refused

Guard = Callable[[Any, "Occasion"], str]
"""A pure test of (case, occasion): the reason the act is refused, or "" if it is allowed."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who acts, when, counted by which calendar, under which limits (by clock name), and what was looked up before.

    This is all that a rule may look at. `facts` are answers that the service fetched for the guards, by name.
    """

    who: Actor
    at: datetime
    calendar: Calendar
    limits: Mapping[str, Limit] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


class Timed(Protocol):
    """A case, as far as clocks are concerned: those that run, by name."""

    @property
    def clocks(self) -> Mapping[str, Clock]: ...


@dataclass(frozen=True, slots=True)
class Turn:
    """One entry of the `clocks` column: what happens to the clock `name`. Data, so that docs can be drawn from it."""

    verb: Literal["start", "pause", "resume", "extend", "stop", "lapse", "warn", "remind", "count"]
    name: str
    since: Callable[[Any], datetime | None] | None = None      # day zero, if it is not the act's own instant
    halved: bool = False
    if_limited: bool = False               # not started where the occasion names no limit for it
    reason: str = ""                       # of a pause, where it is the rule's and not the act's
    until: str = ""                        # the clock with whose last second the pause ends, if that has run out
    after: str = ""                        # of a start or count: the clock on whose last day this one's day zero falls
    if_in_time: bool = False               # a clock that has run out, or cannot be so extended, is left as it is

    def idle(self, clock: Clock | None, now: Occasion) -> bool:
        """Say whether there is nothing to do: a stop of what does not run, a start that the occasion does not limit."""
        return self.verb == "stop" and clock is None or self.if_limited and self.name not in now.limits

    def apply(self, case: Timed, clock: Clock | None, act: str, now: Occasion, details: Mapping[str, Any]) -> Clock:
        """Return the clock after this turn. Raise Refused, or KeyError where the rules rely on a clock not started."""
        if self.verb == "start":
            limit = published(now.limits, self.name)
            fresh = Clock(limit=limit.halved() if self.halved else limit, because=act, counted=now.calendar.version,
                          zero=(self.since and self.since(case)) or self._run_out(case, now) or now.at)
            return clock if clock and (clock.limit, clock.zero) == (fresh.limit, fresh.zero) else fresh
        if clock is None:
            raise KeyError(f"{act} would {self.verb} {self.name}, which does not run")
        due = clock.due(now.calendar)
        too_long = self.verb == "extend" and details["extend_by"] > clock.extendable
        if self.if_in_time and (too_long or due and due <= now.at):
            return clock
        match self.verb:
            case "pause":
                after = clock.pause(now.at, self.reason or details["reason"], now.calendar,
                                    planned=details.get("planned", 0), notice=details.get("notice", ""))
            case "resume":
                going_on = [pause.reason for pause in clock.pauses if pause.end is None]
                ending = self.reason or details.get("reason") or going_on[-1] if going_on else ""
                after = clock.resume(self._end(case, now), ending) if ending else clock
            case "extend":
                after = clock.extend(now.at, details["extend_by"], now.calendar)
            case "stop":
                after = clock.stop(now.at)
            case "lapse":
                after = clock.lapse(now.calendar)
            case "warn" | "remind":
                after = clock.warn(now.at)
            case _:
                after = clock.recount(now.at, now.calendar, self._run_out(case, now))
        return after.model_copy(update={"counted": now.calendar.version})

    def _run_out(self, case: Timed, now: Occasion) -> datetime | None:
        """Return the last second of the clock `after`, however late the system comes to see it."""
        clock = case.clocks.get(self.after) if self.after else None
        due = clock.due(now.calendar) if clock else None
        return due - timedelta(seconds=1) if due else None

    def _end(self, case: Timed, now: Occasion) -> datetime:
        """Return when a pause ends: now, or with the clock `until`, however late the system comes to see it."""
        due = case.clocks[self.until].due(now.calendar) if self.until else None
        return min(now.at, due - timedelta(seconds=1)) if due else now.at


def published(limits: Mapping[str, Limit], name: str) -> Limit:
    """Return the limit of that name. Raise Refused where nobody has published it: an older version of the terms lacks
    it, and so does the nation's in force."""
    if name not in limits:
        raise Refused(f"尚未公布本事项的期限（{name}），请先公布期限表", code="limit-not-published")
    return limits[name]


def start(name: str, since: Callable[[Any], datetime | None] | None = None, halved: bool = False,
          if_limited: bool = False, after: str = "") -> Turn:
    """Start the clock afresh with the limit of that name, from the act or from the instant that `since` reads.

    One that runs from that very instant under that very limit goes on. `after`: from the end of this other clock.
    """
    return Turn("start", name, since, halved, if_limited, after=after)


def pause(name: str, if_in_time: bool = False, reason: str = "") -> Turn:
    """Hold the clock for the rule's or the act's `reason`; `planned` is the length registered in the written `notice`,
    in working days."""
    return Turn("pause", name, if_in_time=if_in_time, reason=reason)


def resume(name: str, reason: str = "", until: str = "") -> Turn:
    """End the pauses for the rule's or the act's `reason`, else for that of the latest; a clock that was not held is
    left as it is. `until`: they end with the time that this clock gave, not when the system takes note of its end.
    """
    return Turn("resume", name, reason=reason, until=until)


def extend(name: str, if_in_time: bool = False) -> Turn:
    """Lengthen the clock by the act's `extend_by`, as far as its limit allows."""
    return Turn("extend", name, if_in_time=if_in_time)


def stop(*names: str) -> tuple[Turn, ...]:
    """Stop the clocks for good; those that do not run are passed over."""
    return tuple(Turn("stop", name) for name in names)


def lapse(name: str) -> Turn:
    """Note that the system has acted on the clock's present due instant, so that it does so once. Makes it a duty."""
    return Turn("lapse", name)


def warn(name: str) -> Turn:
    """Note that the system has reminded of the clock at this instant."""
    return Turn("warn", name)


def remind(name: str) -> Turn:
    """Note that the desk has been reminded of the clock, before any warning."""
    return Turn("remind", name)


def in_time(name: str) -> Guard:
    """The act must come before the clock runs out; a paused clock does not run out."""
    def guard(case: Timed, now: Occasion) -> str:
        if name not in case.clocks:
            return "该期限未在计算"
        due = case.clocks[name].due(now.calendar)
        return "" if due is None or now.at < due else f"期限已于{civil_day(due - timedelta(seconds=1))}届满"
    return guard


def passed(name: str) -> Guard:
    """The clock must have run out, and the system must not have acted on that yet."""
    def guard(case: Timed, now: Occasion) -> str:
        clock = case.clocks.get(name)
        due = clock.due(now.calendar) if clock else None
        return "" if clock and due and due <= now.at and not clock.lapsed else "期限未届满或已处理"
    return guard


def near(name: str) -> Guard:
    """A reminder of the clock must be due."""
    def guard(case: Timed, now: Occasion) -> str:
        clock = case.clocks.get(name)
        at = clock.next_warning(now.calendar) if clock else None
        return "" if at and at <= now.at else "未到提醒时间"
    return guard


def soon(name: str) -> Guard:
    """A day must have come on which the desk is reminded of the clock, before any warning."""
    def guard(case: Timed, now: Occasion) -> str:
        clock = case.clocks.get(name)
        at = clock.next_reminder(now.calendar) if clock else None
        return "" if at and at <= now.at else "未到提醒时间"
    return guard


def paused(name: str) -> Guard:
    """The clock must be held by a pause."""
    def guard(case: Timed, now: Occasion) -> str:
        return "" if name in case.clocks and case.clocks[name].paused else "期限未暂停"
    return guard
