"""Where maintenance is announced: known to every process within FRESH, over by itself."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .closure import Closure
from .reference import FRESH
from .table import Table, Write, transact


@dataclass
class Maintenance:
    """Items of the table `reference`: pk `MAINTENANCE`, sk `CURRENT`, and of each announcement `AT#<instant>` with who
    made it. A process reads CURRENT once in FRESH: one read unit a minute, whatever it serves.
    """

    table: Table
    clock: Callable[[], datetime]
    _read: tuple[datetime, Closure | None] | None = None

    def announced(self) -> Closure | None:
        """Return the last announcement, at most FRESH old; it may be to come, or over."""
        at = self.clock()
        if self._read is None or not timedelta() <= at - self._read[0] <= FRESH:
            self._read = at, self.stored()
        return self._read[1]

    def stored(self) -> Closure | None:
        """Return the last announcement as it stands, past what this process remembers."""
        item = self.table.get("MAINTENANCE", "CURRENT")
        return Closure.model_validate(item) if item else None

    def now(self) -> Closure | None:
        """Return the closure that holds now; None if all is open."""
        closure = self.announced()
        return closure if closure and closure.holds(self.clock()) else None

    def announce(self, closure: Closure, by: str, mark: Write, was: Closure | None = None) -> None:
        """Publish a closure in place of the last, or of `was`: then raise Stale if another was published meanwhile."""
        item = closure.model_dump(mode="json")
        current = {"pk": "MAINTENANCE", "sk": "CURRENT", **item}
        transact(self.table.replace(current, "until", was.model_dump(mode="json")["until"]) if was
                 else self.table.put(current),
                 self.table.put({"pk": "MAINTENANCE", "sk": f"AT#{self.clock().isoformat()}", "by": by, **item}), mark)
        self._read = None
