"""Instants that have come: find the cases that wait for them, and let the system act on each as its rules say."""
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .calendar import DAY, civil_day
from .cases import DUE, SHARDS, instant
from .observe import count, failure
from .problems import Busy, Stale
from .table import Item, Table

BACK = 30                                  # days looked back before any day was closed
LAG = 2                                    # a day is closed so many days late: the index is eventually consistent
TRIES = 3                                  # a case that fails so often is put aside
PROGRESS = {"pk": "SWEEP", "sk": "CLOSED"}
ASIDE = "ASIDE"


@dataclass(frozen=True, slots=True)
class Sweep:
    """`lapse`, by kind: what does the system's acts on one case and says how many there were.

    The index only says where to look; `lapse` counts the deadline anew. Running twice does nothing twice, because
    each act takes the case out of the index or moves it to its next instant. Table `figures` holds how far days are
    closed (pk `SWEEP`) and the cases put aside (pk `ASIDE`, sk `<pk>@<instant>`, `n` failures).
    """

    cases: Table
    figures: Table
    lapse: Mapping[str, Callable[[str], int]]

    def run(self, now: datetime) -> int:
        """Return how many acts the system did on entries not later than `now`."""
        aside = {item["sk"]: item["n"] for item in self.figures.every(ASIDE)}
        acts, today = 0, civil_day(now)
        closed = today - LAG * DAY
        for day in self._open_days(today):
            for shard in range(SHARDS):
                for entry in self.cases.every(f"{day}#{shard:02d}", index=DUE, until=instant(now)):
                    if aside.get(aside_sk(entry), 0) < TRIES:
                        done = self._lapse(entry)
                        acts += done or 0
                        if done is None:   # a day with something unsettled stays open for the next run
                            closed = min(closed, day - DAY)
        self.figures.save(self.figures.put({**PROGRESS, "day": closed.isoformat()}))
        return acts

    def retry(self, sk: str) -> int:
        """Try once more a case put aside, named by its record; return how many acts were done. Raise what it raises."""
        kind, _, case_id = sk.partition("@")[0].partition("#")
        acts = self.lapse[kind](case_id)
        self.figures.save(self.figures.delete(ASIDE, sk))
        return acts

    def _open_days(self, today: date) -> Iterator[date]:
        there = self.figures.get(PROGRESS["pk"], PROGRESS["sk"])
        day = date.fromisoformat(there["day"]) + DAY if there else today - timedelta(days=BACK)
        while day <= today:
            yield day
            day += DAY

    def _lapse(self, entry: Item) -> int | None:
        """Return how many acts were done; None if the case must be looked at again."""
        kind, _, case_id = entry["pk"].partition("#")
        try:
            return self.lapse[kind](case_id)
        except (Stale, Busy):
            return None                    # someone acted meanwhile, or the store is crowded: not the case's fault
        except Exception as error:         # one bad case must not shield the others from their deadlines
            failures = self.figures.count_up(ASIDE, aside_sk(entry))
            failure("no lapse", error, kind=kind, case=case_id, failures=failures)
            if failures == TRIES:
                count("CasesPutAside", kind=kind)
                return 0
            return None


def aside_sk(entry: Item) -> str:
    """Return the key under which failures on this case at this instant are counted."""
    return f"{entry['pk']}@{entry['due_at']}"
