"""Instants that have come: find the cases that wait for them, and let the system act on each as its rules say.

Each minute every shard gets a message; whoever receives it sweeps that shard under its lease, in due order, for so long
and no longer, and hands the rest on by a message like it. A copy without the lease ends at once.
"""
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from .calendar import DAY, civil_day
from .cases import DUE, SHARDS, due_lane, instant
from .lease import Leases
from .observe import count, done, failure
from .problems import Busy, Stale
from .queue import Queue
from .table import Item, Table, transact

BACK = 30                                  # days looked back before any day was closed
LAG = 2                                    # a day is closed so many days late: the index is eventually consistent
TRIES = 3                                  # a case that fails so often is put aside
RUNS = {Stale: 10, Busy: 60}               # and one that is contested, or finds its store crowded, so many runs long
FORGOTTEN = timedelta(days=7)              # until the count of such runs may vanish
HELPING = 100                              # cases between two looks at the clocks of minutes: a second or two
MOST = 1_000                               # cases of one run: a killed one costs little, and order is looked at anew
BUDGET = timedelta(seconds=40)             # of a run, then it begins no further case: Lambda allows 60, a call takes 15
SPAN = timedelta(seconds=75)               # of a lease: longer than Lambda lets its holder live
PAUSES = (0.2, 0.8)                        # seconds between tries of a case in a crowded store, before the run ends
ASIDE, HELD_UP = "ASIDE", "HELD-UP"


@dataclass(frozen=True, slots=True)
class Sweep:
    """`lapse`, by kind: what does the system's acts on one case and says how many there were.

    The index only says where to look; `lapse` counts the deadline anew. Running twice does nothing twice, because
    each act takes the case out of the index or moves it to its next instant. Table `figures` holds each shard's lease
    (pk `SWEEP#<shard>`), whose note is the last day closed, the cases put aside (pk `ASIDE`, sk `<pk>@<instant>`, `n`
    failures), and how many runs ended at a case (pk `HELD-UP`, the same sk).
    """

    cases: Table
    figures: Table
    lapse: Mapping[str, Callable[[str], int]]
    queue: Callable[[], Queue]
    clock: Callable[[], datetime]
    sleep: Callable[[float], None] = time.sleep

    def call(self) -> None:
        """Send every shard its message."""
        queue = self.queue()
        for shard in range(SHARDS):
            queue.send(message(shard))

    def answer(self, body: str) -> None:
        """Sweep the shard that a message names, and hand on what is left. A crowded store is left to the next minute.

        Or try again the case put aside that it names (`retry`). Raise what that raises.
        """
        asked = json.loads(body)
        if "retry" in asked:
            self.retry(asked["retry"])
            return
        shard = asked["shard"]
        try:
            if self.shard(shard)[1]:
                self.queue().send(message(shard))
        except Busy:
            count("SweepsCrowded")

    def shard(self, shard: int) -> tuple[int, bool]:
        """Make one run over a shard; return how many acts the system did, and whether something is left. Raise Busy.

        Nothing is written where there is nothing to do.
        """
        leases, now = Leases(self.figures), self.clock()
        seen = leases.seen(f"SWEEP#{shard:02d}")
        run, left, closed = Run(self, shard, seen.note, now), False, seen.note
        if seen.until > now or not run.needed() or (lease := leases.take(seen, now, SPAN)) is None:
            return 0, False
        try:
            left = run.bounded()
            closed = closed if left else run.closed()
        except (Stale, Busy):              # nobody may be acted on after whom this held up: the next minute goes on
            count("SweepsCrowded")
        if run.looked:
            done("sweep", shard=shard, entries=run.looked, acts=run.acts, left=left)
            count("SweptEntries", run.looked)
            count("SweptActs", run.acts)
        with suppress(Stale):
            leases.give_back(lease, self.clock(), closed)
        return run.acts, left

    def run(self, now: datetime) -> int:
        """Sweep every shard to its end as of `now`, in this process; return how many acts that was. Raise Busy."""
        acts, still = 0, replace(self, clock=lambda: now)
        for shard in range(SHARDS):
            left = True
            while left:
                done, left = still.shard(shard)
                acts += done
        return acts

    def retry(self, sk: str) -> int:
        """Try once more a case put aside, named by its record; return how many acts were done. Raise what it raises."""
        kind, _, case_id = sk.partition("@")[0].partition("#")
        acts = self.lapse[kind](case_id)
        transact(self.figures.delete(ASIDE, sk), self.figures.delete(HELD_UP, sk))
        return acts


@dataclass
class Run:
    """One run over a shard: how far each partition is read, what was done, the first day with something unsettled."""

    sweep: Sweep
    shard: int
    closed_before: str                     # the last day closed, "" if none was
    began: datetime
    acts: int = 0
    looked: int = 0
    unsettled: date = date.max
    read: dict[str, Item] = field(default_factory=dict)
    dry: set[str] = field(default_factory=set)     # partitions of past days that have nothing, and get nothing more

    def needed(self) -> bool:
        """Say whether there is an entry that has come, or a day to close."""
        return self.closed_before < self.closed() or any(self._come(by_day) for by_day in (False, True))

    def bounded(self) -> bool:
        """Act until nothing is left or the bounds are reached; say whether something is left. Raise Stale or Busy."""
        while not self._over():
            if not (self._helping(by_day=False) or self._helping(by_day=True)):
                return False
        return True

    def closed(self) -> str:
        """Return up to which day, itself included, everything is settled."""
        return min(civil_day(self.began) - LAG * DAY, self.unsettled - DAY).isoformat()

    def _over(self) -> bool:
        return self.looked >= MOST or self.sweep.clock() >= self.began + BUDGET

    def _helping(self, by_day: bool) -> bool:
        """Act on the first entries of a lane that have come, the oldest day first; say whether there were any."""
        if (come := self._come(by_day)) is None:
            return False
        day, lane, entries = come
        for entry in entries:
            if self._over():
                break
            self._act(day, entry)
            self.read[lane] = entry
        return True

    def _come(self, by_day: bool) -> tuple[date, str, list[Item]] | None:
        """Return the first entries of a lane that have come, with their day and partition; None if there are none."""
        now = self.sweep.clock()
        for day in self._days(civil_day(now)):
            lane = due_lane(day, self.shard, by_day)
            if lane in self.dry:
                continue
            if entries := self.sweep.cases.page(lane, index=DUE, until=instant(now), limit=HELPING,
                                                after=self.read.get(lane)).items:
                return day, lane, entries
            if day < civil_day(now) - LAG * DAY:
                self.dry.add(lane)
        return None

    def _days(self, today: date) -> Iterator[date]:
        closed = date.fromisoformat(self.closed_before) if self.closed_before else today - (BACK + 1) * DAY
        return (closed + n * DAY for n in range(1, (today - closed).days + 1))

    def _act(self, day: date, entry: Item) -> None:
        if self._aside.get(aside_sk(entry), 0) >= TRIES:
            return                         # and does not count: any number of them must not hold up those behind
        self.looked += 1
        kind, _, case_id = entry["pk"].partition("#")
        for pause in (*PAUSES, None):
            try:
                self.acts += self.sweep.lapse[kind](case_id)
                return
            except (Stale, Busy) as crowd:     # hardly the case's fault: nobody passes it by, but not for ever
                if pause is None:
                    self._held_up(entry, crowd)
                    return
                self.sweep.sleep(pause)
            except Exception as error:     # one bad case must not shield the others from their deadlines
                self._failed(day, entry, error)
                return

    def _held_up(self, entry: Item, crowd: Stale | Busy) -> None:
        """Raise `crowd`, which ends the run, until that came to so many runs: then the case is put aside."""
        sk, figures = aside_sk(entry), self.sweep.figures
        expires = int((self.sweep.clock() + FORGOTTEN).timestamp())
        if (runs := figures.count_up(HELD_UP, sk, expires)) < RUNS[type(crowd)]:
            raise crowd
        kind, _, case_id = entry["pk"].partition("#")
        figures.save(figures.put({"pk": ASIDE, "sk": sk, "n": TRIES}))
        failure("no lapse", crowd, kind=kind, case=case_id, failures=runs)
        count("CasesPutAside", kind=kind)

    def _failed(self, day: date, entry: Item, error: Exception) -> None:
        kind, _, case_id = entry["pk"].partition("#")
        failures = self.sweep.figures.count_up(ASIDE, aside_sk(entry))
        failure("no lapse", error, kind=kind, case=case_id, failures=failures)
        if failures == TRIES:
            count("CasesPutAside", kind=kind)
        elif failures < TRIES:             # a day with something unsettled stays open for the next run
            self.unsettled = min(self.unsettled, day)

    @cached_property
    def _aside(self) -> dict[str, int]:
        """How often each case failed: read where there is something to act on."""
        return {item["sk"]: item["n"] for item in self.sweep.figures.every(ASIDE)}


def message(shard: int) -> str:
    """Return the message that has a shard swept."""
    return json.dumps({"shard": shard})


def aside_sk(entry: Item) -> str:
    """Return the key under which failures on this case at this instant are counted."""
    return f"{entry['pk']}@{entry['due_at']}"
