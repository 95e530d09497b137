"""Who serves where: the units of an area and the offices of its staff, as its administrator enters them."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.identity import Actor, Level, Office, area_of
from chalicelib.kernel.problems import Forbidden, Refused

from .models import Staff, StaffEntry, UnitEntry, Units
from .numbers import masked_name
from .store import AccountStore


@dataclass(frozen=True, slots=True)
class Staffing:
    """Only the administrator of an area writes here, and only of that area."""

    store: AccountStore
    clock: Callable[[], datetime]

    def found_unit(self, body: UnitEntry, who: Actor) -> UnitEntry:
        """Enter or rename a unit of the administrator's area."""
        self._administrator(who, area_of(body.id))
        self.store.found_unit(area_of(body.id), body.id, body.name)
        return body

    def units(self, area: str) -> Units:
        return Units(items=[UnitEntry(id=item["sk"], name=item["name"]) for item in self.store.units(area)])

    def appoint(self, body: Staff, who: Actor) -> StaffEntry:
        """Write all the offices that a member of staff holds in the administrator's area; those elsewhere stay.

        Auditor and administrator are never one person, in whatever areas.
        """
        for area in {who.area, *(area_of(post.unit) for post in body.offices)}:
            self._administrator(who, area)
        known = self.store.known_by("SSO", body.subject)
        if known == who.person:
            raise Refused("不得变更本人的任职")
        there = [Office.model_validate(one) for one in self.store.offices(known)] if known else []
        offices = [office for office in there if office.area != who.area] + [
            Office(role=post.role, unit=post.unit, area=who.area) for post in body.offices]
        if {"admin", "auditor"} <= {office.role for office in offices}:
            raise Refused("系统管理员与审计管理员不得由同一人担任（三员分立）")
        person = known or self.store.enter(
            "SSO", body.subject, {"kind": "natural", "level": int(Level.REAL_NAME), "party": masked_name(body.name)},
            {"name": body.name}, self.clock())
        self.store.appoint(person, masked_name(body.name), [office.model_dump() for office in offices])
        return StaffEntry(person=person, party=masked_name(body.name), offices=offices)

    def _administrator(self, who: Actor, area: str) -> None:
        if who.role != "admin" or who.area != area:
            raise Forbidden("任职与机构由本行政区域的系统管理员登记")
