"""The daily reconciliation (对账) with the province: what has no receipt is pushed again, what stays open is told.

A run costs by what is open: the list EXCHANGE-OPEN, read page by page, and nothing where no province is connected. A
round is a day's: run after run goes on where the last one stopped, which its lease's note says.
"""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.cases import instant
from chalicelib.kernel.lease import Leases
from chalicelib.kernel.observe import count, failure
from chalicelib.kernel.problems import Busy
from chalicelib.kernel.table import Item

from .exchange_service import OPEN, Exchange

JOB = "EXCHANGE-ROUND"                     # the lease
PAGE, MOST = 100, 500                      # read at once; pushed again in a run
BUDGET = timedelta(seconds=40)             # then it begins no further one: Lambda allows 60
SPAN = timedelta(seconds=75)
RECENT = timedelta(hours=1)                # younger ones are the retry queue's
DEAF = 3                                   # failures in a row: the province is out of reach, the next run goes on


@dataclass(frozen=True, slots=True)
class Reconciling:
    """The job of one exchange."""

    exchange: Exchange
    clock: Callable[[], datetime]

    def run(self, most: int = MOST) -> int:
        """Push again what is open, at most so many; return how many have come to have a receipt. A copy beside it does
        nothing, nor does a run after the day's round is done.
        """
        if self.exchange.upstream() is None:
            return 0
        now, leases = self.clock(), Leases(self.exchange.table)
        seen, today = leases.seen(JOB), civil_day(now).isoformat()
        day, _, place = seen.note.partition(" ")
        if (day == today and not place) or (lease := leases.take(seen, now, SPAN)) is None:
            return 0
        place, received = self._round(place if day == today else "", now, most)
        count("PushesOpen", sum(1 for _ in self.exchange.table.every(OPEN, limit=1000)))
        leases.give_back(lease, self.clock(), f"{today} {place}".strip())
        return received

    def _round(self, place: str, now: datetime, most: int) -> tuple[str, int]:
        """Go on behind a rating; return behind which to go on ("": the round is done), and how many were received."""
        received = tried = failed = 0
        for item in self.exchange.table.every(OPEN, {"pk": OPEN, "sk": place} if place else None, limit=PAGE):
            if tried >= most or failed >= DEAF or self.clock() - now >= BUDGET:
                return place, received
            if item["at"] <= instant(now - RECENT):
                tried, done = tried + 1, self._again(item)
                received, failed = received + done, 0 if done else failed + 1
            place = item["sk"]
        return "", received

    def _again(self, item: Item) -> bool:
        """Push one again; False if it is still without a receipt, whatever failed."""
        try:
            self.exchange.push(item["sk"])
            self.exchange.settle(item["sk"], item["turn"])
        except Busy:
            return False
        except Exception as error:         # one that cannot be written for the province holds up no other
            failure("exchange", error, kind="RATING", case=item["sk"])
            return False
        return True
