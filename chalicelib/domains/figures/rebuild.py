"""Figures counted anew from all events, beside those that are shown, which stay true meanwhile. For the operator.

While a generation is built, whatever happens counts in both. So the new one is whole when every case was looked at
once, however long that takes. Killed in between, nothing wrong is shown: run it again, it goes on where it was. A case
that cannot be counted is put aside and tried again at the end; as long as there is one, the former figures stay.

Table `figures`: pk `FIGURES`, sk `PROGRESS`: how far the cases were looked at, for the generation being built.
"""
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from chalicelib.kernel.observe import failure
from chalicelib.kernel.table import Table, transact

from .service import FiguresDesk
from .tally import Generation, generation_of

PROGRESS = ("FIGURES", "PROGRESS")
BATCH = 100                                # deletions in one transaction
MOST_ASIDE = 1000                          # cases put aside after which something is wrong with all of them


@dataclass(frozen=True, slots=True)
class Difference:
    """A sum that another count than the one shown comes to."""

    area: str
    month: str
    whose: str
    measure: str
    shown: int
    counted: int


class Uncounted(Exception):
    """Cases that cannot be counted: `cases`, each as `<KIND>#<id>`."""

    def __init__(self, cases: list[str]):
        super().__init__(f"{len(cases)} cases cannot be counted")
        self.cases = cases


@dataclass(frozen=True, slots=True)
class Rebuild:
    """Counts anew. `told` is called with lines for the operator; `cases` is read whole."""

    desk: FiguresDesk
    cases: Table
    told: Callable[[str], object]

    def run(self) -> list[Difference]:
        """Count a new generation, compare, let it be shown, delete the old; return where they differ.

        Raise Stale where another rebuild came to its end first, Uncounted where cases cannot be counted: what is shown
        stays, and the next run goes on from there.
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
        """Return what is shown and what is built beside it: what was begun before, or another generation."""
        there = self.desk.tally.generation()
        return there if there.building else self.desk.tally.point(there, there.current,
                                                                  max(there.current, there.turn) + 1)

    def count(self, generation: int) -> int:
        """Let every case count in a generation; return how many there were. Raise Uncounted."""
        table = self.desk.tally.table
        known = table.get(*PROGRESS) or {}
        if known.get("generation") != generation:
            known = {"generation": generation, "looked": 0, "aside": []}
        while "after" not in known or known["after"]:
            page = self.cases.scan(after=known.get("after"))
            cases = [item["pk"] for item in page.items
                     if item["sk"] == "STATE" and item["pk"].partition("#")[0] in self.desk.marks]
            known = {**known, "after": page.last, "looked": known["looked"] + len(cases),
                     "aside": [*known["aside"], *(case for case in cases if not self._counted(generation, case))]}
            self._note(known)
            if len(known["aside"]) > MOST_ASIDE:
                raise Uncounted(known["aside"])
        known["aside"] = [case for case in known["aside"] if not self._counted(generation, case)]
        self._note(known)
        if known["aside"]:
            raise Uncounted(known["aside"])
        return int(known["looked"])

    def _counted(self, generation: int, what: str) -> bool:
        kind, _, case_id = what.partition("#")
        try:
            self.desk.tally.enter(generation, what, lambda: self.desk.marks[kind](case_id))
        except Exception as error:         # whatever it is must not keep all others from being counted
            failure("not counted", error, kind=kind, case=case_id)
            return False
        return True

    def _note(self, known: dict[str, object]) -> None:
        table = self.desk.tally.table
        table.save(table.put({"pk": PROGRESS[0], "sk": PROGRESS[1], **known}))

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
