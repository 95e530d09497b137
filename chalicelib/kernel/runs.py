"""Each time that a clock of a case ran, as its timeline tells: what began it, how it stood in the end. Pure."""
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from .calendar import Calendar
from .clocks import Clock
from .record import Event

Calendars = Callable[[str], Calendar]
"""The calendar of a version, by which a clock was counted."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a clock. `last`: the event that touched it last, or that began it `anew` while it ran."""

    first: Event
    last: Event
    clock: Clock
    anew: bool = False

    def late_at(self, calendars: Calendars) -> datetime | None:
        """Return the instant at which it was late: the lapse on which the system acted, else its due instant by the
        calendar it was counted by, where it stopped no sooner; None where it was not, or is not yet.
        """
        due = self.clock.due(calendars(self.clock.counted))
        over = self.last.at if self.anew else self.clock.stopped
        return self.clock.lapsed or (due if due and over and over >= due else None)


def runs(timeline: Iterable[Event], name: str, begins: Collection[str]) -> Iterator[Run]:
    """Yield the runs of the clock called `name`; one begins with each of the acts `begins` that touches it."""
    run: Run | None = None
    for event in timeline:
        if clock := event.clocks.get(name):
            if event.act in begins:
                if run:
                    yield run if run.clock.stopped else replace(run, last=event, anew=True)
                run = Run(event, event, clock)
            elif run:
                run = Run(run.first, event, clock)
    if run:
        yield run
