"""Figures counted anew from all events, beside those that are shown, which stay true meanwhile. For the operator.

While a generation is built, whatever happens counts in both. So the new one is whole when every case was looked at
once, however long that takes. Killed in between, nothing wrong is shown: run it again, it begins another generation
and sweeps the unfinished one away.
"""
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from chalicelib.kernel.table import Item, Table, transact

from .service import FiguresDesk
from .tally import Generation, generation_of

BATCH = 100                                # deletions in one transaction


@dataclass(frozen=True, slots=True)
class Difference:
    """A sum that another count than the one shown comes to."""

    area: str
    month: str
    whose: str
    measure: str
    shown: int
    counted: int


@dataclass(frozen=True, slots=True)
class Rebuild:
    """Counts anew. `told` is called with lines for the operator; `cases` is read whole."""

    desk: FiguresDesk
    cases: Table
    told: Callable[[str], object]

    def run(self) -> list[Difference]:
        """Count a new generation, compare, let it be shown, delete the old; return where they differ. Raise Stale where
        another rebuild runs.
        """
        tally = self.desk.tally
        there = self.begin()
        looked = self.count(there.building)
        differences = self.compare(there)
        self.told(f"{looked} cases counted; {len(differences)} sums differ from those that were shown")
        tally.point(there, there.building, 0)
        self.told(f"{self.sweep()} items of other generations deleted")
        return differences

    def begin(self) -> Generation:
        """Let another generation be built beside the one shown."""
        there = self.desk.tally.generation()
        return self.desk.tally.point(there, there.current, max(there.current, there.building, there.turn) + 1)

    def count(self, generation: int) -> int:
        """Let every case count in a generation; return how many there were."""
        looked = 0
        for item in every(self.cases):
            kind, _, case_id = item["pk"].partition("#")
            if item["sk"] == "STATE" and kind in self.desk.marks:
                self.desk.tally.enter(generation, item["pk"], lambda kind=kind, case_id=case_id: (  # type: ignore[misc]
                    self.desk.marks[kind](case_id)))
                looked += 1
        return looked

    def compare(self, there: Generation) -> list[Difference]:
        """Return the sums in which what is shown differs from what was counted. What happens meanwhile may show too."""
        sums = dict[tuple[str, str, str, str], list[int]]()
        for item in self.desk.tally.items():
            generation, (_, sort, *rest) = generation_of(item["pk"]), item["pk"].split("#")
            if sort == "TOTAL" and generation in (there.current, there.building):
                for name, n in item.items():
                    if name not in ("pk", "sk"):
                        key = (rest[0], rest[1], item["sk"].rpartition("#")[0], name)
                        sums.setdefault(key, [0, 0])[generation == there.building] += n
        return [Difference(*key, shown, counted) for key, (shown, counted) in sorted(sums.items()) if shown != counted]

    def sweep(self) -> int:
        """Delete what is kept of other generations than that shown, and of none that is being built."""
        table, there, gone = self.desk.tally.table, self.desk.tally.generation(), 0
        stale = (item for item in self.desk.tally.items()
                 if generation_of(item["pk"]) not in (there.current, there.building))
        while batch := list(islice(stale, BATCH)):
            transact(*(table.delete(item["pk"], item["sk"]) for item in batch))
            gone += len(batch)
        return gone


def every(cases: Table) -> Iterator[Item]:
    """Yield every item of the cases."""
    page = cases.scan()
    yield from page.items
    while page.last:
        page = cases.scan(after=page.last)
        yield from page.items

