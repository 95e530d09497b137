"""Identity fields in clear: who may read them, and who reads that they did."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from pydantic import BaseModel

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.casework import Works
from chalicelib.kernel.cursors import open_cursor, seal_cursor
from chalicelib.kernel.identity import Actor, Office
from chalicelib.kernel.problems import Forbidden, Invalid, Missing, Refused, fault
from chalicelib.kernel.record import Key
from chalicelib.kernel.table import TABLE
from chalicelib.kernel.views import Answer, Found

from .models import READERS, WITHOUT_CASE, Read, ReadOfMine, Reveal, Revealed
from .store import AccountStore

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Readings:
    """A reading is recorded before its answer is given, once per key. `works`: the services of all kinds of cases; what
    a reading is for is looked at through the view of its own kind.
    """

    store: AccountStore
    clock: Callable[[], datetime]
    works: Works

    def reveal(self, person: str, body: Reveal, who: Actor, key: Key) -> Answer[Revealed]:
        """Return identity fields in clear to staff who give a reason and name a case of that person which they are
        shown; whoever serves persons at a window or keeps accounts may name none.

        Raise as `clear` does, Invalid where the case is not that.
        """
        _reader(who)
        if not body.case and who.role not in WITHOUT_CASE:
            raise Invalid("未写明事项", errors=[fault("/case", "missing", "请写明所办理的事项")])
        if body.case and not self._named_in(body.case, person, who):
            raise Invalid("事项有误", errors=[fault("/case", "unknown", "没有这一事项，或者该事项不属于此人")])
        return self.clear(person, body, who, key)

    def _named_in(self, name: str, person: str, who: Actor) -> bool:
        """Say whether there is the case (`<KIND>#<id>`), and `who` is shown it as one of this person."""
        kind, _, case_id = name.partition("#")
        if kind not in self.works:
            return False
        work = self.works[kind]()
        case = work.store.find(case_id)
        return case is not None and getattr(work.view(case, who), "person", "") == person

    def clear(self, person: str, body: Reveal, who: Actor, key: Key) -> Answer[Revealed]:
        """Return identity fields in clear for a case that was looked at; the auditor sees that they were read.

        Raise Missing to who is no such staff, Refused where the person's data are restricted (个人信息保护法 47).
        """
        _reader(who)
        profile = self.store.person(person)
        if profile.get("restricted"):
            raise Refused("该账户的个人信息已依申请限制处理，仅作保存", code="restricted")
        fresh = self.noted(person, "、".join(dict.fromkeys(body.fields)), body.reason, body.case, who, key)
        found = {name: value for name, value in self.store.opened(profile).items() if name in body.fields}
        return Answer(Revealed(id=person, **found), replayed=not fresh)

    def noted(self, person: str, fields: str, reason: str, case: str, who: Actor, key: Key) -> bool:
        """Record that `who` reads these fields of a person, once per key; say whether this was the first time."""
        at = self.clock()
        facts = {"person": person, "by": who.person, "fields": fields, "reason": reason, "case": case,
                 "office": Office(role=who.role, unit=who.unit, area=who.area).named}
        return self.store.marks.once(who, key, at, lambda mark: self.store.note_read(
            at, who.area, civil_day(at).isoformat(), facts, (mark,)))

    def reads(self, day: date, who: Actor, limit: int, cursor: str | None) -> Found[Read]:
        """Return who in the auditor's area read identity fields on a day, to the auditor alone."""
        _auditor(who)
        return self._listed(Read, f"READS#{who.area}#{day}", who, limit, cursor)

    def of_person(self, person: str, who: Actor, limit: int, cursor: str | None) -> Found[Read]:
        """Return who in the auditor's area read a person's identity fields, the oldest first, to the auditor alone."""
        _auditor(who)
        return self._listed(Read, f"READOF#{person}", who, limit, cursor, f"{who.area}#")

    def mine(self, who: Actor, limit: int, cursor: str | None) -> Found[ReadOfMine]:
        """Return which offices read one's own identity fields, and when; area by area, the oldest first."""
        return self._listed(ReadOfMine, f"READOF#{who.person}", who, limit, cursor)

    def _listed(self, model: type[M], pk: str, who: Actor, limit: int, cursor: str | None,
                prefix: str = "") -> Found[M]:
        at, bound = self.clock(), f"{who.person}|{pk}|{prefix}"
        items, last = self.store.reads(pk, limit, open_cursor(cursor, bound, at), prefix)
        shown = [model.model_validate({name: item[name] for name in model.model_fields if name in item})
                 for item in items]
        return Found(items=shown, cursor=seal_cursor(last, TABLE, bound, at), as_of=at)


def _reader(who: Actor) -> None:
    if who.role not in READERS:
        raise Missing("未找到该账户")


def _auditor(who: Actor) -> None:
    if who.role != "auditor":
        raise Forbidden("查阅记录由审计管理员查看")
