"""Who serves where: the units of an area and the offices of its staff, as its administrator enters them."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.identity import NOT_ONE, Actor, Level, Office, apart, area_of
from chalicelib.kernel.problems import Forbidden, Refused
from chalicelib.kernel.record import Key
from chalicelib.kernel.table import Write
from chalicelib.kernel.views import Answer

from .models import Staff, StaffEntry, UnitEntry, Units
from .numbers import masked_name
from .store import AccountStore, new_id


@dataclass(frozen=True, slots=True)
class Staffing:
    """Only the administrator of an area writes here, and only of that area."""

    store: AccountStore
    clock: Callable[[], datetime]

    def found_unit(self, body: UnitEntry, who: Actor, key: Key) -> Answer[UnitEntry]:
        """Enter or rename a unit of the administrator's area."""
        area = area_of(body.id)
        self._administrator(who, area)
        fresh = self.store.marks.once(who, key, self.clock(), lambda mark: self.store.found_unit(
            area, body.id, body.name, (mark,)))
        return Answer(UnitEntry(id=body.id, name=self.store.unit_name(area, body.id)), replayed=not fresh)

    def units(self, area: str) -> Units:
        return Units(items=[UnitEntry(id=item["sk"], name=item["name"]) for item in self.store.units(area)])

    def appoint(self, body: Staff, who: Actor, key: Key) -> Answer[StaffEntry]:
        """Write all the offices that a member of staff holds in the administrator's area; those elsewhere stay.

        Administrator, security officer and auditor are never one person, in whatever areas.
        """
        for area in {who.area, *(area_of(post.unit) for post in body.offices)}:
            self._administrator(who, area)
        fresh = self.store.marks.once(who, key, self.clock(), lambda mark: self._appoint(body, who, mark))
        person = str(self.store.known_by("SSO", body.subject))
        return Answer(StaffEntry(person=person, **{name: value for name, value in self.store.staff(person).items()
                                                   if name in ("party", "offices")}), replayed=not fresh)

    def _appoint(self, body: Staff, who: Actor, mark: Write) -> None:
        known = self.store.known_by("SSO", body.subject)
        if known == who.person:
            raise Refused("不得变更本人的任职")
        person, party = known or new_id(), masked_name(body.name)
        there = self.store.staff(person)
        offices = [office for one in there["offices"] if (office := Office.model_validate(one)).area != who.area] + [
            Office(role=post.role, unit=post.unit, area=who.area) for post in body.offices]
        if not apart(offices):
            raise Refused(NOT_ONE)
        entry = () if known else self.store.entry(
            person, "SSO", body.subject, {"kind": "natural", "level": int(Level.REAL_NAME), "party": party},
            {"name": body.name}, self.clock())
        self.store.appoint(person, party, [office.model_dump() for office in offices], there, (*entry, mark))

    def _administrator(self, who: Actor, area: str) -> None:
        if who.role != "admin" or who.area != area:
            raise Forbidden("任职与机构由本行政区域的系统管理员登记")
