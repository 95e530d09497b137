"""The end of keeping: cases whose time is over come to name nobody, then the accounts that nothing holds, old readings.

A run costs by what it touches: for each unit and kind one query at the first month that has something left, which the
index `closed` keeps; a month that is empty for good is passed. Every step is done once however often a run dies.
"""
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.kernel.calendar import DAY, Calendar, civil_day
from chalicelib.kernel.cases import CLOSED
from chalicelib.kernel.casework import Works
from chalicelib.kernel.clocks import Clock, Limit
from chalicelib.kernel.erasure import Held, erase
from chalicelib.kernel.lease import Leases
from chalicelib.kernel.observe import count, failure
from chalicelib.kernel.problems import Busy, Stale
from chalicelib.kernel.table import Item

from .models import DataClass
from .own import Own
from .store import FORGET, RETENTION, Keeping, months

FIRST = "2026-01"                          # before that the system had no case
MOST = 500                                 # cases, accounts and days of readings of one run
BUDGET = timedelta(seconds=40)             # then it begins no further one: Lambda allows 60
SPAN = timedelta(seconds=75)
LAG = 2 * DAY                              # an index may be so late; a month is passed no sooner
HELPING = 50


@dataclass(frozen=True, slots=True)
class Retention:
    """`units()`: every unit of the deployment; `classes(area)`: those in force there. Treaties with accounts:
    `read_days(area)`, `drop_reads(area, day)`. The lease's note
    is the day whose work is all done.
    """

    keeping: Keeping
    kinds: Works
    own: Own
    calendar: Callable[[], Calendar]
    classes: Callable[[str], list[DataClass]]
    units: Callable[[], list[str]]
    read_days: Callable[[str], Iterator[str]]
    drop_reads: Callable[[str, str], int]
    clock: Callable[[], datetime]

    def run(self, most: int = MOST) -> int:
        """Do at most so much of what is due; return how many cases came to name nobody. A copy beside it does nothing.
        """
        now, leases = self.clock(), Leases(self.keeping.table)
        seen, today = leases.seen(RETENTION), civil_day(now).isoformat()
        if seen.note == today or (lease := leases.take(seen, now, SPAN)) is None:
            return 0
        run = Run(self, now, most)
        note = seen.note
        try:
            note = today if run.all() else note
        except (Stale, Busy) as error:     # the next run goes on
            failure("retention", error)
        leases.give_back(lease, self.clock(), note)
        if run.erased:
            count("CasesAnonymised", run.erased)
        return run.erased


@dataclass(slots=True)
class Run:
    """One run: what it may still do, and has done."""

    job: Retention
    now: datetime
    left: int
    erased: int = 0

    def all(self) -> bool:
        """Do what is due, accounts first: their last case was seen to by an earlier run. False if something is left."""
        units = self.job.units()
        accounts = self.accounts()         # half a run at most: a round that goes on keeps no case waiting
        return (all(self.cases(unit, one) for unit in units for one in self.job.classes(unit[:12])
                    if one.since == "closed" and one.keep)
                and all(self.readings(area) for area in sorted({unit[:12] for unit in units}))
                and accounts and not self.erased)      # whose accounts the next run sees to

    def accounts(self) -> bool:
        """Forget whom no case names any more, going round: who cannot be forgotten yet stays and keeps no other from
        being looked at. False if the run's bounds are reached.
        """
        keeping, held, share, last = self.job.keeping, 0, self.left // 2, ""
        began, _ = keeping.progress(FORGET)
        for person, asked in keeping.waiting(began):
            if share <= 0 or self._over():
                break
            share, self.left, last = share - 1, self.left - 1, person
            held += not self._account(person, asked)
        else:
            last = ""
        if last != began:
            keeping.passed(FORGET, last)
        if held:
            count("AccountsKept", held)
        return not last

    def _account(self, person: str, asked: str | None) -> bool:
        """Forget a person whom nothing holds. False if papers, an office, a mandate or a fault keeps the account."""
        try:
            if self.job.own.matters(person):
                self.job.own.papers(person, loose=False)
            elif self.job.own.papers(person, loose=True) or not self.job.own.gone(person):
                return False
            self.job.keeping.looked_at(person, asked)
        except Busy:
            raise
        except Exception as error:         # one bad account must not keep the others for ever
            failure("account not forgotten", error)
            return False
        return True

    def cases(self, unit: str, one: DataClass) -> bool:
        """Anonymise the cases of a class that a unit closed long enough ago. False if the run's bounds are reached: the
        next run goes on behind the case last looked at, so that those which stay keep no later one.
        """
        assert one.keep is not None
        what = f"{one.kind}#{unit}"
        began, place = self.job.keeping.progress(what)
        stopped, first = place, began if place else ""
        for month in months(place.get("month", began) or FIRST, f"{civil_day(self.now - LAG):%Y-%m}"):
            stays, entries = False, self._closed(one.kind, f"{unit}#{month}", place.get("last"))
            place = place if place else {"month": month}
            while not self._over() and (item := next(entries, None)):
                if not self._due(item["closed_at"], one.keep):
                    return self._passed(what, began, first or month, stopped)
                stays |= not self._erased(one.kind, item)
                place = {"month": month, "last": {name: item[name] for name in ("pk", "sk", "closed_at")}}
            first = first or (month if stays else "")
            if self._over():
                self.job.keeping.passed(what, first or month, place)
                return False
            place = {}
        return self._passed(what, began, first or f"{civil_day(self.now - LAG):%Y-%m}", stopped)

    def readings(self, area: str) -> bool:
        """Delete the area's readings of identity fields, day by day. False if the run's bounds are reached."""
        keep = next((one.keep for one in self.job.classes(area) if one.code == "reads"), None)
        for day in self.job.read_days(area):
            if keep is None or not self._due(f"{day}T04:00:00Z", keep):
                break
            if self._over():
                return False
            self.left -= self.job.drop_reads(area, day)
        return True

    def _erased(self, kind: str, item: Item) -> bool:
        """Let one case name nobody; False where it has to stay for now: a hold, a request in hand of its person,
        or that somebody acts on it at this moment.
        """
        work, case_id = self.job.kinds[kind](), item["pk"].partition("#")[2]
        case = work.store.get(case_id)
        if self._asking(case.person):
            return False
        beside = [self.job.keeping.to_look_at(case.person)] if case.person else []
        try:
            done = erase(work, case_id, beside)
        except Busy:
            raise
        except (Held, Stale):
            return False
        except Exception as error:         # one bad case must not keep the others for ever
            failure("not anonymised", error, kind=kind, case=case_id)
            return False
        self.left, self.erased = self.left - 1, self.erased + done
        return True

    def _asking(self, person: str) -> bool:
        return bool(person) and any(case.state == "lodged" for case in self.job.own.requests(person))

    def _closed(self, kind: str, value: str, after: Item | None) -> Iterator[Item]:
        return self.job.kinds[kind]().store.table.every(f"{kind}#{value}", index=CLOSED, limit=HELPING, after=after)

    def _due(self, since: str, keep: Limit) -> bool:
        clock = Clock(limit=keep, zero=datetime.fromisoformat(since), because="close")
        due = clock.due(self.job.calendar())
        return due is not None and due <= self.now

    def _over(self) -> bool:
        return self.left <= 0 or self.job.clock() >= self.now + BUDGET

    def _passed(self, what: str, began: str, first: str, stopped: Item) -> bool:
        if first != began or stopped:
            self.job.keeping.passed(what, first)
        return True
