"""The publishing job: what is due goes out once, in order, document by document; what was withdrawn comes down.

In each area one copy of the job works at a time, under a lease. A document is begun (from here it cannot be recalled;
its serial is fixed in the same transaction), its pages are written, then it is published. Whoever dies in between
leaves the lease naming the document: it is gone on with first, and every write may be done twice. Nothing is written
to the site without a margin of the lease left, so that a copy that was held up cannot overwrite newer pages.

A document on which three runs failed or died is put aside with an alarm, and those behind it go out. It keeps the
serial it was given and comes later, when somebody has it tried again (the act `retry`, or `make redrive`). All areas
share the time of one run, which begins with the area served longest ago.
"""
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.objects import Objects
from chalicelib.kernel.observe import count, done, failure, lasted
from chalicelib.kernel.problems import Busy, Stale
from chalicelib.kernel.record import Key
from chalicelib.kernel.table import Write
from chalicelib.kernel.turns import Occasion

from .models import Document
from .service import Disclosure
from .site import Site
from .store import TRIES, Lease
from .workflow import QUEUED

BUDGET = timedelta(seconds=45)             # of a whole run, after which it begins no further document
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
        done, until = 0, self.clock() + BUDGET
        for area in self.work.turns.areas():
            if self.clock() < until:
                done += self._area(area, until)
        return done

    def _area(self, area: str, until: datetime) -> int:
        done, lease = 0, self.work.turns.take(area, self.holder(), self.clock())
        if lease is None:
            return 0
        try:
            for case_id in self._waiting(lease):
                if self.clock() >= until:
                    break
                try:
                    case = self.work.store.get(case_id)
                    if case.state in QUEUED:       # the index lags: it may be out, or recalled
                        if case.state == "scheduled":
                            lease, case = self._begun(lease, case)
                        lease = self._out(lease, case)
                        done += 1
                except (Lost, Stale, Busy):
                    raise
                except Exception as error:
                    failure("not published", error, area=area, case=case_id)
                    if not self._aside(case_id):
                        break              # the next run tries it first, so that order is kept as long as may be
                    lease = replace(lease, doing="")
            self.work.turns.give_back(lease, self.clock())
        except (Lost, Stale, Busy):
            count("PublishingLost")        # another copy has it, or the next run
        except Exception as error:         # one area must not hold up the others; its lease runs out by itself
            failure("no publishing", error, area=area)
            count("PublishingFailures")
        return done

    def _waiting(self, lease: Lease) -> Iterator[str]:
        """Yield the ids of what is to be done in an area: what was begun, then what is due, but what is put aside."""
        aside = {case_id for case_id, n in self.work.turns.tries().items() if n >= TRIES}
        if lease.doing and lease.doing not in aside and not (lease.died and self._aside(lease.doing)):
            yield lease.doing
        yield from (one for one in self.work.store.due(lease.area, self.clock())
                    if one not in aside and one != lease.doing)

    def _aside(self, case_id: str) -> bool:
        """Count that a run failed or died on a document; say whether it is put aside."""
        tries = self.work.turns.tried(case_id)
        count("PublishingFailures")
        if tries == TRIES:
            count("DocumentsPutAside")
        return tries >= TRIES

    def _begun(self, lease: Lease, case: Document) -> tuple[Lease, Document]:
        """Begin a document: from here it has its serial."""
        serial, numbered = self.work.turns.next_serial(case.area, case.column)
        return self._act(lease, case, "begin", case.id, {"serial": serial}, numbered)

    def _out(self, lease: Lease, case: Document) -> Lease:
        """Take one document to its end; return the lease as it is then."""
        for key, body, kind in self._site(case.area).writes(case, self.work.store.part(case.id, case.text)["text"]):
            if self.clock() + MARGIN > lease.until:
                raise Lost
            self.objects.put(key, body, kind)
        act = "publish" if case.state == "publishing" else "withdraw"
        lease, _ = self._act(lease, case, act, "", None, self.work.turns.forgotten(case.id))
        late = (self.clock() - case.hour).total_seconds() if case.hour else 0.0
        lasted("PublicationLag", late, act=act)
        done("publish", act=act, area=case.area, case=case.id, column=case.column, late=late)
        return lease

    def _act(self, lease: Lease, case: Document, act: str, doing: str, details: dict[str, Any] | None = None,
             *beside: Write) -> tuple[Lease, Document]:
        """Do an act of the system and renew the lease in one transaction. Raise Stale if the lease is not ours."""
        now = self.clock()
        after, renewal = self.work.turns.renewed(lease, now, doing)
        occasion = Occasion(SYSTEM, now, self.work.reference.calendar(), self.work.limits(case), {"in_turn": True})
        key = Key(f"{act}:{lease.holder}:{case.version}")
        step = self.work.workflow.advance(case, act, occasion, details, key)
        self.work.store.save(step, key, beside=(*beside, renewal))
        return after, step.case

    def _site(self, area: str) -> Site:
        base = f"{self.base.rstrip('/')}/{area}/" if self.base else ""
        return Site(self.objects, area, self.work.office(f"{area}.openness"), base, self.work.columns(area))
