"""The right to do a job alone for a time: an item in the table `figures`, taken and given back on condition."""
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

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

    def seen(self, job: str) -> Lease:
        """Return the lease of a job as it stands: held while `until` lies ahead. Raise Busy."""
        there = self.table.get(job, LEASE)
        if there is None:
            return Lease(job, datetime.min.replace(tzinfo=UTC), 0, "")
        return Lease(job, datetime.fromisoformat(there["until"]), there["turn"], there["note"])

    def take(self, seen: Lease, now: datetime, span: timedelta) -> Lease | None:
        """Return the lease for a span from now; None if another holds it, or has taken it since. Raise Busy."""
        lease = Lease(seen.job, now + span, seen.turn + 1, seen.note)
        try:
            if seen.until <= now:
                self._put(lease, seen.turn)
                return lease
        except Stale:
            pass
        return None

    def give_back(self, lease: Lease, now: datetime, note: str) -> None:
        """Let the next begin at once, and leave it a note. Raise Stale if the lease is another's by now, Busy."""
        self._put(Lease(lease.job, now, lease.turn + 1, note), lease.turn)

    def _put(self, lease: Lease, was: int) -> None:
        self.table.save(self.table.replace({"pk": lease.job, "sk": LEASE, "until": instant(lease.until),
                                            "turn": lease.turn, "note": lease.note}, "turn", was or None))
