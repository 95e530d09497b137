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
from chalicelib.kernel.erasure import erase
from chalicelib.kernel.lease import Leases
from chalicelib.kernel.observe import count, failure
from chalicelib.kernel.problems import Busy, Stale
from chalicelib.kernel.table import Item

from .models import DataClass
from .own import Own
from .store import RETENTION, Keeping, months

FIRST = "2026-01"                          # before that the system had no case
MOST = 500                                 # cases, accounts and days of readings of one run
BUDGET = timedelta(seconds=40)             # then it begins no further one: Lambda allows 60
SPAN = timedelta(seconds=75)
LAG = 2 * DAY                              # an index may be so late; a month is passed no sooner
HELPING = 50


@dataclass(frozen=True, slots=True)
class Retention:
    """`units()`: every unit of the deployment; `classes(area)`: those in force there. Treaties with accounts:
    `forget(person)`, `read_days(area)`, `drop_reads(area, day)`. The lease's note is the day whose work is all done.
    """

    keeping: Keeping
    kinds: Works
    own: Own
    calendar: Callable[[], Calendar]
    classes: Callable[[str], list[DataClass]]
    units: Callable[[], list[str]]
    forget: Callable[[str], None]
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
        self.accounts()
        units = self.job.units()
        return (all(self.cases(unit, one) for unit in units for one in self.job.classes(unit[:12])
                    if one.since == "closed" and one.keep)
                and all(self.readings(area) for area in sorted({unit[:12] for unit in units}))
                and not self.erased)       # whose accounts the next run sees to

    def accounts(self) -> None:
        """Forget whom no case names any more."""
        for item in self.job.keeping.waiting(max(1, self.left // 2)):
            self.left -= 1
            try:
                self._account(item["sk"])
            except (Stale, Busy):
                raise
            except Exception as error:     # one bad account must not keep the others for ever
                failure("account not forgotten", error)

    def _account(self, person: str) -> None:
        if not self.job.own.matters(person):
            if self.job.own.papers(person):
                return                     # they have not followed yet: looked at again another night
            self.job.forget(person)
        self.job.keeping.looked_at(person)

    def cases(self, unit: str, one: DataClass) -> bool:
        """Anonymise the cases of a class that a unit closed long enough ago. False if the run's bounds are reached."""
        assert one.keep is not None
        what, first = f"{one.kind}#{unit}", ""
        began = self.job.keeping.progress(what) or FIRST
        for month in months(began, f"{civil_day(self.now - LAG):%Y-%m}"):
            stays, entries = False, self._closed(one.kind, f"{unit}#{month}")
            while not self._over() and (item := next(entries, None)):
                if not self._due(item["closed_at"], one.keep):
                    return self._passed(what, began, first or month)
                stays |= not self._erased(one.kind, item)
            if self._over():
                self._passed(what, began, first or month)
                return False
            first = first or (month if stays else "")
        return self._passed(what, began, first or f"{civil_day(self.now - LAG):%Y-%m}")

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
        """Let one case name nobody; False where it has to stay for now: a hold, or a request in hand of its person."""
        work, case_id = self.job.kinds[kind](), item["pk"].partition("#")[2]
        case = work.store.get(case_id)
        if self.job.keeping.held(case.area, item["pk"]) or self._asking(case.person):
            return False
        self.left -= 1
        beside = [self.job.keeping.to_look_at(case.person)] if case.person else []
        try:
            self.erased += erase(work, case_id, beside)
        except (Stale, Busy):
            raise
        except Exception as error:         # one bad case must not keep the others for ever
            failure("not anonymised", error, kind=kind, case=case_id)
            return False
        return True

    def _asking(self, person: str) -> bool:
        return bool(person) and any(case.state == "lodged" for case in self.job.own.requests(person))

    def _closed(self, kind: str, value: str) -> Iterator[Item]:
        return self.job.kinds[kind]().store.table.every(f"{kind}#{value}", index=CLOSED, limit=HELPING)

    def _due(self, since: str, keep: Limit) -> bool:
        clock = Clock(limit=keep, zero=datetime.fromisoformat(since), because="close")
        due = clock.due(self.job.calendar())
        return due is not None and due <= self.now

    def _over(self) -> bool:
        return self.left <= 0 or self.job.clock() >= self.now + BUDGET

    def _passed(self, what: str, began: str, first: str) -> bool:
        if first != began:
            self.job.keeping.passed(what, first)
        return True
