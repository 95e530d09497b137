"""The settable clock: one offset in a file, which every process of the run adds to the real time.

It moves forward only. The engine and the signing of AWS requests keep the real time; tokens, signed addresses,
schedules and everything the law counts follow this clock.
"""
import fcntl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chalicelib.kernel import now as product

from .folder import data, replace

real = product.now
_seen: tuple[tuple[int, int], timedelta] = ((0, 0), timedelta())


def _file() -> Path:
    return data() / "clock"


def offset() -> timedelta:
    """Return how far the clock stands ahead; one stat call when nothing has changed."""
    global _seen
    try:
        found = _file().stat()
    except FileNotFoundError:
        return timedelta()
    stamp = (found.st_mtime_ns, found.st_ino)
    if stamp != _seen[0]:
        _seen = (stamp, timedelta(seconds=int(_file().read_text())))
    return _seen[1]


def now() -> datetime:
    """Return the instant that the run takes for the present: aware, UTC, whole seconds."""
    return real() + offset()


def move(by: timedelta = timedelta(), to: datetime | None = None) -> datetime:
    """Move the clock of every process forward and return the new present. Raise ValueError if that lies behind."""
    with open(data() / "clock.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        present = now()
        target = (to.astimezone(UTC) if to else present + by).replace(microsecond=0)
        if target < present:
            raise ValueError("the clock only moves forward")
        replace(_file(), str(int((target - real()).total_seconds())), durable=True)
    return target
