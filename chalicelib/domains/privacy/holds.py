"""Legal holds (保全): what keeps a case from being anonymised; placed and released by the security officer."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.casework import Works
from chalicelib.kernel.cursors import open_cursor, seal_cursor
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.marks import Marks
from chalicelib.kernel.problems import Forbidden, Missing
from chalicelib.kernel.record import Key
from chalicelib.kernel.table import TABLE, Item
from chalicelib.kernel.views import Answer, Found

from .models import Hold, Release, Standing
from .store import Keeping
from .workflow import SECURITY

READERS = (SECURITY, "auditor")


@dataclass(frozen=True, slots=True)
class Holds:
    """Only of the officer's own area. `kinds`: the kinds of case there are."""

    keeping: Keeping
    kinds: Works
    clock: Callable[[], datetime]

    def place(self, body: Hold, who: Actor, key: Key) -> Answer[Standing]:
        """Place a hold on a case; one that stands stays as it is. Raise Forbidden, Missing."""
        _officer(who)
        kind, _, case_id = body.case.partition("#")
        case = self.kinds[kind]().store.find(case_id) if kind in self.kinds else None
        if case is None or case.area != who.area:
            raise Missing("未找到该事项")
        at = self.clock()
        fresh = self._marks.once(who, key, at, lambda mark: self.keeping.hold(who, body.case, body.reason, at, mark))
        return Answer(self._shown(who.area, body.case), replayed=not fresh)

    def release(self, body: Release, who: Actor, key: Key) -> Answer[Standing]:
        """Release a hold: the case comes again with the next run. Raise Forbidden, Missing."""
        _officer(who)
        item, at = self.keeping.found(who.area, body.case), self.clock()
        if item is None:
            raise Missing("该事项没有保全")
        fresh = self._marks.once(who, key, at, lambda mark: self.keeping.release(who, item, body.reason, at, mark))
        return Answer(self._shown(who.area, body.case), replayed=not fresh)

    def standing(self, who: Actor, limit: int, cursor: str | None) -> Found[Standing]:
        """Return the holds of the area, to the security officer and the auditor. Raise Forbidden."""
        if who.role not in READERS:
            raise Forbidden("保全记录由安全管理员和审计管理员查看")
        at, bound = self.clock(), f"{who.person}|holds|{who.area}"
        items, last = self.keeping.holds(who.area, limit, open_cursor(cursor, bound, at))
        return Found(items=list(map(_standing, items)), cursor=seal_cursor(last, TABLE, bound, at), as_of=at)

    @property
    def _marks(self) -> Marks:
        return Marks(self.keeping.table)

    def _shown(self, area: str, case: str) -> Standing:
        item = self.keeping.found(area, case)
        assert item is not None
        return _standing(item)


def _standing(item: Item) -> Standing:
    shown = {name: item[name] for name in Standing.model_fields if name in item}
    return Standing.model_validate(shown | {"case": item["sk"]})


def _officer(who: Actor) -> None:
    if who.role != SECURITY:
        raise Forbidden("保全由安全管理员办理")
