"""Identity fields in clear: who may read them, and who reads that they did."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.cursors import open_cursor, seal_cursor
from chalicelib.kernel.identity import Actor, Office
from chalicelib.kernel.problems import Forbidden, Missing
from chalicelib.kernel.record import Key
from chalicelib.kernel.table import TABLE
from chalicelib.kernel.views import Answer, Found

from .models import READERS, Read, Revealed
from .store import AccountStore


@dataclass(frozen=True, slots=True)
class Readings:
    """A reading is recorded before its answer is given, once per key."""

    store: AccountStore
    clock: Callable[[], datetime]

    def reveal(self, person: str, reason: str, who: Actor, key: Key) -> Answer[Revealed]:
        """Return identity fields in clear to staff who give a reason; the auditor sees that they were read."""
        if who.role not in READERS:
            raise Missing("未找到该账户")
        profile, at = self.store.person(person), self.clock()
        facts = {"person": person, "by": who.person, "reason": reason,
                 "office": Office(role=who.role, unit=who.unit, area=who.area).named}
        fresh = self.store.marks.once(who, key, at, lambda mark: self.store.note_read(
            at, f"{who.area}#{civil_day(at)}", facts, (mark,)))
        clear = {name: value for name, value in self.store.opened(profile).items() if name in Revealed.model_fields}
        return Answer(Revealed(id=person, **clear), replayed=not fresh)

    def reads(self, day: date, who: Actor, limit: int, cursor: str | None) -> Found[Read]:
        """Return who in the auditor's area read identity fields on a day, to the auditor alone."""
        if who.role != "auditor":
            raise Forbidden("查阅记录由审计管理员查看")
        at, bound = self.clock(), f"{who.person}|reads|{day}"
        items, last = self.store.reads(f"{who.area}#{day}", limit, open_cursor(cursor, bound, at))
        return Found(items=[Read.model_validate({name: item[name] for name in Read.model_fields}) for item in items],
                     cursor=seal_cursor(last, TABLE, bound, at), as_of=at)
