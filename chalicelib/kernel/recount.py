"""After a new notice on holidays: every case that waits for an instant is counted again by the calendar in force."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from .cases import DUE
from .observe import done, failure
from .problems import Busy, Missing, Stale
from .reference import FRESH, Reference
from .table import Table

PROGRESS = ("RECOUNT", "PROGRESS")
SETTLED = FRESH + timedelta(seconds=60)    # the oldest a calendar may be, and the longest an act may take
HELPING = 100                              # cases read, and counted, between two notes of the progress


@dataclass(frozen=True, slots=True)
class Recount:
    """`recount`, by kind: counts one case again and says how many acts that was.

    The index `due` has every case with a running clock, also one that a pause holds or that has lapsed for good. Table
    `figures` holds how far the present turn of the calendar has been carried through (pk `RECOUNT`); a run that died is
    gone on with, and a case counted twice is the same. It begins SETTLED after the notice, when no act that went by the
    older calendar can still be on its way to the store.
    """

    cases: Table
    figures: Table
    reference: Reference
    recount: Mapping[str, Callable[[str], int]]

    def run(self, now: datetime, most: int = 5_000) -> int:
        """Count about `most` cases again; return how many acts that was. Raise Busy or Stale: the next run goes on."""
        turn, since = self.reference.announced()
        if since is None or now < since + SETTLED:
            return 0
        there = self.figures.get(*PROGRESS) or {}
        if there.get("turn") == turn and not there.get("after"):
            return 0
        after, acts, cases = there.get("after") if there.get("turn") == turn else None, 0, 0
        for _ in range(-(-most // HELPING)):
            page = self.cases.scan(HELPING, after, DUE)
            acts += sum(self._again(item["pk"]) for item in page.items)
            cases += len(page.items)
            after = page.last
            self.figures.save(self.figures.put(
                {"pk": PROGRESS[0], "sk": PROGRESS[1], "turn": turn, "after": after}))
            if after is None:
                break
        done("recount", turn=turn, cases=cases, acts=acts, left=after is not None)
        return acts

    def _again(self, pk: str) -> int:
        kind, _, case_id = pk.partition("#")
        try:
            return self.recount[kind](case_id)
        except Missing:
            return 0
        except (Stale, Busy):
            raise
        except Exception as error:         # it will be counted when it wakes
            failure("no recount", error, kind=kind, case=case_id)
            return 0
