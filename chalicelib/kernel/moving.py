"""What a new notice on holidays does to the deadlines of a case. Pure."""
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from .calendar import Calendar
from .clocks import Clock
from .record import Case, Moved

MOST_NAMED = 4                             # notices named in an event: its note has room for so many


def moves(case: Case, before: Callable[[str], Calendar | None], after: Calendar, at: datetime,
          counted: Mapping[str, Clock] | None = None) -> Iterator[Moved]:
    """Yield each running clock of the case whose due instant `after` moves; `before` finds the version it names.

    A clock that a pause holds open is counted as if the pause ended `at`: by so much it will end elsewhere. `counted`:
    the clocks as they are by `after`, where one that begins at the end of another has moved with that.
    """
    for name, clock in sorted(case.clocks.items()):
        if older := before(clock.counted):
            then = (counted or {}).get(name, clock)
            old, new = clock.freed(at).due(older), then.freed(at).due(after)
            if old and new and old != new:
                yield Moved(clock=name, before=old, after=new, held=clock.paused,
                            lapsed=clock.lapsed if new > at else None)


def named(case: Case, calendar: Calendar) -> str:
    """Return the numbers of the notices that came since the oldest version a clock of the case names, in order."""
    numbers = [notice.number for notice in calendar.notices]
    known = [numbers.index(clock.counted) + 1 if clock.counted in numbers else 0 for clock in case.clocks.values()]
    return "、".join(numbers[min(known, default=len(numbers)):][-MOST_NAMED:])
