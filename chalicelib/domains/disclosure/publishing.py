"""The publishing job: what is due goes out once, in order, document by document; what was withdrawn comes down.

In each area one copy of the job works at a time, under a lease. A document is begun (from here it cannot be recalled;
its serial is fixed in the same transaction), its pages are written, then it is published. Whoever dies in between
leaves the lease naming the document: it is gone on with first, and every write may be done twice. Nothing is written
to the site without a margin of the lease left, so that a copy that was held up cannot overwrite newer pages.
"""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.objects import Objects
from chalicelib.kernel.observe import count, failure
from chalicelib.kernel.problems import Busy, Stale
from chalicelib.kernel.table import Write
from chalicelib.kernel.turns import Occasion
from chalicelib.kernel.workflow import Key

from .models import Document
from .service import Disclosure
from .site import Site
from .store import Lease
from .workflow import QUEUED

BUDGET = timedelta(seconds=45)             # after which a run begins no further document
MARGIN = timedelta(seconds=30)             # of the lease that must be left for a write to be sent


class Lost(Exception):
    """The lease has run out, or nearly: another copy may be at work."""


@dataclass
class Publishing:
    """`base`: the public address of the site, "" if it has none; `holder` makes the name of a run."""

    work: Disclosure
    objects: Objects
    base: str
    clock: Callable[[], datetime]
    holder: Callable[[], str]

    def run(self) -> int:
        """Publish and withdraw what is due in every area; return how many documents that was."""
        return sum(self._area(area) for area in self.work.turns.areas())

    def _area(self, area: str) -> int:
        done, lease = 0, self.work.turns.take(area, self.holder(), self.clock())
        if lease is None:
            return 0
        try:
            until = self.clock() + BUDGET
            for case_id in ([lease.doing] if lease.doing else []) + list(self.work.store.due(area, self.clock())):
                if self.clock() >= until:
                    break
                case = self.work.store.get(case_id)
                if case.state in QUEUED:   # the index lags: it may be out, or recalled
                    lease = self._out(lease, case)
                    done += 1
            self.work.turns.give_back(lease, self.clock())
        except (Lost, Stale, Busy):
            count("PublishingLost")        # another copy has it, or the next run
        except Exception as error:         # one area must not hold up the others; its lease runs out by itself
            failure("no publishing", error, area=area)
            count("PublishingFailures")
        return done

    def _out(self, lease: Lease, case: Document) -> Lease:
        """Take one document to its end; return the lease as it is then."""
        if case.state == "scheduled":
            serial, numbered = self.work.turns.next_serial(case.area, case.column)
            lease, case = self._act(lease, case, "begin", case.id, {"serial": serial}, numbered)
        for key, body, kind in self._site(case.area).writes(case, self.work.store.part(case.id, case.text)["text"]):
            if self.clock() + MARGIN > lease.until:
                raise Lost
            self.objects.put(key, body, kind)
        return self._act(lease, case, "publish" if case.state == "publishing" else "withdraw", "")[0]

    def _act(self, lease: Lease, case: Document, act: str, doing: str, details: dict[str, Any] | None = None,
             *beside: Write) -> tuple[Lease, Document]:
        """Do an act of the system and renew the lease in one transaction. Raise Stale if the lease is not ours."""
        now = self.clock()
        after, renewal = self.work.turns.renewed(lease, now, doing)
        occasion = Occasion(SYSTEM, now, self.work.reference.calendar(), self.work.limits(case), {"in_turn": True})
        key = Key(f"{act}:{lease.holder}:{case.version}")
        step = self.work.workflow.advance(case, act, occasion, details, key)
        self.work.store.save(step, key, beside=(*beside, renewal))
        count("SystemActs", kind=self.work.store.kind, act=act)
        return after, step.case

    def _site(self, area: str) -> Site:
        base = f"{self.base.rstrip('/')}/{area}/" if self.base else ""
        return Site(self.objects, area, self.work.office(f"{area}.openness"), base, self.work.columns(area))
