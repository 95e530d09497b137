"""Legal holds (保全): what keeps a case from being anonymised; placed and released by the security officer."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.casework import Works
from chalicelib.kernel.cursors import open_cursor, seal_cursor
from chalicelib.kernel.erasure import RELEASED
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.marks import Marks
from chalicelib.kernel.problems import Forbidden, Missing, Refused, Stale
from chalicelib.kernel.record import Case, Key
from chalicelib.kernel.table import TABLE, Item, Write
from chalicelib.kernel.views import Answer, Found

from .models import Hold, Release, Standing
from .store import Keeping
from .workflow import SECURITY

READERS = (SECURITY, "auditor")


@dataclass(frozen=True, slots=True)
class Holds:
    """Only of the officer's own area, on cases of every kind. `kinds`: the kinds of case there are."""

    keeping: Keeping
    kinds: Works
    clock: Callable[[], datetime]

    def place(self, body: Hold, who: Actor, key: Key) -> Answer[Standing]:
        """Place a hold on a case that has none. Raise Forbidden, Missing, Refused, Stale."""
        _officer(who)
        case = self._case(body.case)
        if case is None or case.area != who.area:
            raise Missing("未找到该事项")
        at = self.clock()
        fresh = self._marks.once(who, key, at, lambda mark: self._place(body, who, at, mark))
        return Answer(self._shown(who.area, body.case), replayed=not fresh)

    def _place(self, body: Hold, who: Actor, at: datetime, mark: Write) -> None:
        there = self.keeping.found(who.area, body.case)
        if there and RELEASED not in there:
            raise Refused("该事项已在保全中，解除后方可重新保全", code="held")
        try:
            self.keeping.hold(who, body.case, body.reason, at, there, mark)
        except Stale:
            case = self._case(body.case)
            if case is not None and case.erased:
                raise Refused("该事项已匿名化，无可保全的内容", code="erased") from None
            raise

    def release(self, body: Release, who: Actor, key: Key) -> Answer[Standing]:
        """Release a hold: the case comes again with the next run, and so does its person's account, as what follows a
        matter comes with the account. Raise Forbidden, Missing, Refused, Stale.
        """
        _officer(who)
        at = self.clock()
        fresh = self._marks.once(who, key, at, lambda mark: self._release(body, who, at, mark))
        return Answer(self._shown(who.area, body.case), replayed=not fresh)

    def _release(self, body: Release, who: Actor, at: datetime, mark: Write) -> None:
        there = self.keeping.found(who.area, body.case)
        if there is None:
            raise Missing("该事项没有保全")
        if RELEASED in there:
            raise Refused("该事项的保全已经解除", code="released")
        case = self._case(body.case)
        self.keeping.release(who, there, body.reason, at, case.person if case else "", mark)

    def standing(self, who: Actor, limit: int, cursor: str | None) -> Found[Standing]:
        """Return the holds of the area, to the security officer and the auditor. Raise Forbidden."""
        if who.role not in READERS:
            raise Forbidden("保全记录由安全管理员和审计管理员查看")
        at, bound = self.clock(), f"{who.person}|holds|{who.area}"
        items, last = self.keeping.holds(who.area, limit, open_cursor(cursor, bound, at))
        return Found(items=list(map(_standing, items)), cursor=seal_cursor(last, TABLE, bound, at), as_of=at)

    def _case(self, named: str) -> Case | None:
        kind, _, case_id = named.partition("#")
        found: Case | None = self.kinds[kind]().store.find(case_id) if kind in self.kinds else None
        return found

    @property
    def _marks(self) -> Marks:
        return Marks(self.keeping.table)

    def _shown(self, area: str, case: str) -> Standing:
        item = self.keeping.found(area, case)
        assert item is not None
        return _standing(item)


def _standing(item: Item) -> Standing:
    shown = {name: item[name] for name in Standing.model_fields if name in item}
    return Standing.model_validate(shown | {"case": "#".join(item["sk"].split("#")[:2])})


def _officer(who: Actor) -> None:
    if who.role != SECURITY:
        raise Forbidden("保全由安全管理员办理")
