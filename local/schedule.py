"""When a schedule of EventBridge fires: `rate(5 minutes)` or `cron(0 1 ? * MON-FRI *)`, in UTC. Pure."""
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from aws_croniter import AwsCroniter

UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
SPANS = (timedelta(hours=1), timedelta(days=1), timedelta(days=32), timedelta(days=400))
Latest = Callable[[datetime, datetime], datetime | None]


def latest(expression: str) -> Latest:
    """Return what gives the last firing in (after, until], or None. Raise ValueError if it is no schedule."""
    if given := re.fullmatch(r"rate\(([0-9]+) (minute|hour|day)s?\)", expression):
        return _every(int(given[1]) * UNITS[given[2]])
    if given := re.fullmatch(r"cron\((.+)\)", expression):
        return _cron(AwsCroniter(given[1]))
    raise ValueError(f"not a schedule: {expression}")


def _every(period: timedelta) -> Latest:
    def of(after: datetime, until: datetime) -> datetime | None:
        fired = after + period * ((until - after) // period)
        return fired if fired > after else None
    return of


def _cron(cron: Any) -> Latest:
    def of(after: datetime, until: datetime) -> datetime | None:
        """Look back over growing spans, so that a jump of years does not walk through every minute of them."""
        for span in (*SPANS, until - after):
            if (fired := _last(cron, max(after, until - span), until)) or until - span <= after:
                return fired
        return None
    return of


def _last(cron: Any, after: datetime, until: datetime) -> datetime | None:
    found = None
    while (instant := cron.get_next(found or after, 1)[0]) and instant <= until:
        found = instant
    return found
