"""Where documents are kept: on the desk of who must move them, in the area's publishing queue; and whose turn it is."""
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from chalicelib.kernel.cases import DESK, CaseStore, instant
from chalicelib.kernel.problems import Stale
from chalicelib.kernel.table import Item, Table, Write
from chalicelib.kernel.workflow import Step

from .models import Document
from .workflow import OPEN, QUEUED

LIMITS, COLUMNS, NUMBERS = "DISCLOSURE-LIMITS", "DISCLOSURE-COLUMNS", "DISCLOSURE-NUMBERS"
"""Names in the table `reference`: rows {name, limit}, {code, title}, {number}."""
LEASE = timedelta(seconds=120)             # longer than the job may live (a minute), so that no two write at once
PUBLISHING, UNPUBLISHED = "PUBLISHING", "UNPUBLISHED"
TRIES = 3                                  # a document that fails so often is put aside


class DocumentStore(CaseStore[Document]):
    """Parts: `TEXT#<event>` {text}.

    What the leader decides lies on the leader's desk, what is scheduled in the queue.
    """

    kind, model = "DOCUMENT", Document

    def desk(self, case: Document) -> str:
        if case.state in QUEUED:
            return queue_of(case.area)
        if case.state in ("final", "in_doubt"):
            return leader_of(case.area)
        return case.unit if case.state in OPEN else ""

    def place(self, step: Step[Document]) -> str:
        case = step.case
        return instant(case.hour) if case.hour and case.state in QUEUED else super().place(step)

    def closed(self, case: Document) -> bool:
        return case.state in ("published", "withdrawn", "annulled")

    def ended(self, case: Document) -> bool:
        return self.closed(case) or case.state == "discarded"

    def due(self, area: str, now: datetime) -> Iterator[str]:
        """Yield the ids of what lies in an area's queue for an hour that has come, by (hour, id); the index lags."""
        rows = self.table.every(f"{self.kind}#{queue_of(area)}", index=DESK, until=instant(now))
        for _, together in groupby(rows, lambda row: row["desk_at"]):
            yield from sorted(row["pk"].partition("#")[2] for row in together)


def queue_of(area: str) -> str:
    return f"{area}.publishing"


def leader_of(area: str) -> str:
    return f"{area}.leader"


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to publish in an area, until an instant; `doing` is the document begun and not yet out."""

    area: str
    holder: str
    until: datetime
    turn: int
    doing: str = ""
    died: bool = False                     # whoever had it before did not give it back

    def item(self) -> Item:
        return {"pk": PUBLISHING, "sk": self.area, "holder": self.holder, "until": instant(self.until),
                "turn": self.turn, "doing": self.doing}


class Turns:
    """In table `figures`: pk `PUBLISHING`, sk an area that publishes, with its lease; pk `SERIAL#<area>`, sk a column;
    pk `UNPUBLISHED`, sk a document, `n` times that it could not be taken to its end.

    Each change of a lease is conditional on its `turn`, so that of two copies of the job one goes on. What must be the
    true holder's is written in one transaction with the renewal of its lease.
    """

    def __init__(self, table: Table):
        self.table = table

    def areas(self) -> list[str]:
        """Return the areas that have ever scheduled a document, the one served longest ago first: a query of one small
        partition."""
        return [item["sk"] for item in sorted(self.table.every(PUBLISHING), key=lambda item: item.get("until", ""))]

    def enter(self, area: str) -> None:
        """Make the area one that the job looks at. Twice changes nothing."""
        if self.table.get(PUBLISHING, area) is None:
            try:
                self.table.save(self.table.create({"pk": PUBLISHING, "sk": area, "turn": 0}))
            except Stale:
                return                     # somebody entered it meanwhile

    def take(self, area: str, holder: str, now: datetime) -> Lease | None:
        """Return the area's lease, taken over if it has run out; None while another holds it."""
        there = self.table.get(PUBLISHING, area)
        if there is None or there.get("until", "") > instant(now):
            return None
        lease = Lease(area, holder, now + LEASE, there["turn"] + 1, there.get("doing", ""), bool(there.get("holder")))
        try:
            self.table.save(self.table.replace(lease.item(), "turn", there["turn"]))
        except Stale:
            return None
        return lease

    def renewed(self, lease: Lease, now: datetime, doing: str) -> tuple[Lease, Write]:
        """Return the lease as it will be, and the write that makes it so if it is still ours."""
        after = Lease(lease.area, lease.holder, now + LEASE, lease.turn + 1, doing)
        return after, self.table.replace(after.item(), "turn", lease.turn)

    def give_back(self, lease: Lease, now: datetime) -> None:
        """Let the next run begin at once. Raise Stale if the lease is not ours any more."""
        after = Lease(lease.area, "", now, lease.turn + 1, lease.doing)
        self.table.save(self.table.replace(after.item(), "turn", lease.turn))

    def tries(self) -> dict[str, int]:
        """Return how often each document could not be taken to its end: few, and none when all is well."""
        return {item["sk"]: item["n"] for item in self.table.every(UNPUBLISHED)}

    def tried(self, case_id: str) -> int:
        """Count one more time; return how many there are."""
        return self.table.count_up(UNPUBLISHED, case_id)

    def forgotten(self, case_id: str) -> Write:
        """Return the write after which a document is tried as if for the first time."""
        return self.table.delete(UNPUBLISHED, case_id)

    def try_again(self, case_id: str) -> None:
        """Let the next run try a document that was put aside. Twice changes nothing."""
        self.table.save(self.forgotten(case_id))

    def next_serial(self, area: str, column: str) -> tuple[int, Write]:
        """Return the next serial number of a column, and the write that takes it if nobody else has."""
        there = self.table.get(f"SERIAL#{area}", column)
        last: int | None = there["n"] if there else None
        serial = (last or 0) + 1
        return serial, self.table.replace({"pk": f"SERIAL#{area}", "sk": column, "n": serial}, "n", last)
