"""The right to do a job alone for a time: an item in the table `figures`, taken and given back on condition."""
from dataclasses import dataclass
from datetime import datetime, timedelta

from .cases import instant
from .problems import Stale
from .table import Table

LEASE = "LEASE"                            # sk


@dataclass(frozen=True, slots=True)
class Lease:
    """Held until an instant by whoever made the item's `turn` what it is. `note`: what the last holder left."""

    job: str
    until: datetime
    turn: int
    note: str


@dataclass(frozen=True, slots=True)
class Leases:
    """Items: pk the job, sk `LEASE`, `until`, `turn`, `note`. Each change is conditional on `turn`, so that of several
    who try one succeeds. Whoever dies keeps it until it runs out.
    """

    table: Table

    def take(self, job: str, now: datetime, span: timedelta) -> Lease | None:
        """Return the lease of a job for a span from now; None while another holds it. Raise Busy."""
        there = self.table.get(job, LEASE) or {}
        if there.get("until", "") > instant(now):
            return None
        lease = Lease(job, now + span, there.get("turn", 0) + 1, there.get("note", ""))
        try:
            self._put(lease, there.get("turn"))
        except Stale:
            return None
        return lease

    def give_back(self, lease: Lease, now: datetime, note: str) -> None:
        """Let the next begin at once, and leave it a note. Raise Stale if the lease is another's by now, Busy."""
        self._put(Lease(lease.job, now, lease.turn + 1, note), lease.turn)

    def _put(self, lease: Lease, was: int | None) -> None:
        self.table.save(self.table.replace({"pk": lease.job, "sk": LEASE, "until": instant(lease.until),
                                            "turn": lease.turn, "note": lease.note}, "turn", was))
