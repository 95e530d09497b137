"""The scheduler: fires what app.py schedules, by the settable clock; after a jump once, for the last instant missed."""
import json
import time
import uuid
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from chalice.app import ScheduledEventConfig

from .install import install

install()

from app import app  # noqa: E402 (what install replaces must be replaced before)

from . import clock  # noqa: E402
from .beat import beat  # noqa: E402
from .dead_letters import park  # noqa: E402
from .folder import data, replace  # noqa: E402
from .invocation import Context  # noqa: E402
from .schedule import Latest, latest  # noqa: E402

TRIES = 3                                  # Lambda tries an asynchronous event three times
PAUSE = 0.5
LOOK = 0.1                                 # seconds between two looks at the clock


class Firings:
    """The last firing of each schedule, kept across restarts."""

    def __init__(self, path: Path, names: Mapping[str, Latest], present: datetime):
        self.path = path
        kept = json.loads(path.read_text()) if path.exists() else {}
        self.last = {name: datetime.fromisoformat(kept[name]) if name in kept else present for name in names}
        self._save()

    def fired(self, name: str, instant: datetime) -> None:
        """Remember a firing."""
        self.last[name] = instant
        self._save()

    def _save(self) -> None:
        replace(self.path, json.dumps({name: at.isoformat() for name, at in self.last.items()}), durable=True)


def fire(name: str, instant: datetime) -> None:
    """Call the function for `instant`; what fails three times is put aside."""
    event: dict[str, Any] = {
        "version": "0", "id": str(uuid.uuid4()), "detail-type": "Scheduled Event", "source": "aws.events",
        "account": "000000000000", "time": f"{instant:%Y-%m-%dT%H:%M:%SZ}", "region": "local",
        "resources": [f"arn:aws:events:local:000000000000:rule/{name}"], "detail": {}}
    for attempt in range(TRIES):
        beat("scheduler", busy=name)
        try:
            app.handler_map[name](event, Context(name, timeout=900))
            return
        except Exception as error:
            print(f"{name} for {event['time']}: {type(error).__name__}: {error}", flush=True)
            time.sleep(PAUSE * 2 ** attempt)
    park(name, event)


def main() -> None:
    """Fire what has fallen due, the oldest first, for ever."""
    rules = {source.name: latest(_written(source.schedule_expression))
             for source in app.event_sources if isinstance(source, ScheduledEventConfig)}
    firings, signed, present = Firings(data() / "schedules.json", rules, clock.now()), 0.0, None
    while True:
        seen, present = present, clock.now()
        due = [(instant, name) for name, last in rules.items() if (instant := last(firings.last[name], present))]
        for instant, name in sorted(due):
            fire(name, instant)
            firings.fired(name, instant)
        if due or present != seen or time.monotonic() - signed > 1:
            beat("scheduler", present)
            signed = time.monotonic()
        time.sleep(LOOK)


def _written(expression: Any) -> str:
    return expression if isinstance(expression, str) else str(expression.to_string())


if __name__ == "__main__":
    main()
