"""Where accounts are kept: table `accounts`. Identity fields are stored once, sealed; keys hold digests only.

    PERSON#<id> PROFILE            kind, level, sealed fields       ID#<digest> PERSON       who has this number
    OPENID#<digest> PERSON         who signs in by WeChat           SSO#<digest> PERSON      who signs in as staff
    CALLER#<digest> PERSON         who called under name and number
    STAFF#<id> OFFICES             the offices held                 UNIT#<area> <unit>       units of an area
    SERVES#<unit> <id>             who serves in a unit             ENDED#<id> <session>     sessions ended early
    MANDATE#<agent> <id>           mandates held                    GIVEN#<principal> <id>   mandates given
    READS#<area>#<day> <instant>#<n>                                readings of identity fields, for the auditor
"""
import os
from base64 import b32encode
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from chalicelib.kernel.cases import instant
from chalicelib.kernel.problems import Missing, Stale
from chalicelib.kernel.table import Item, Table, transact
from chalicelib.kernel.vault import digest, open_sealed, seal

SEALED = ("name", "number", "phone", "openid")


def new_id() -> str:
    """Return a random id of 26 characters: it follows from nothing about the person."""
    return b32encode(os.urandom(17)).decode().lower()[:26]


class AccountStore:
    """The register of persons, staff, units and mandates."""

    def __init__(self, table: Table):
        self.table = table

    def person(self, person: str) -> Item:
        """Return the profile, its identity fields still sealed. Raise Missing."""
        item = self.table.get(f"PERSON#{person}", "PROFILE")
        if item is None:
            raise Missing("未找到该账户")
        return item

    def opened(self, profile: Item) -> dict[str, str]:
        """Return the identity fields of a profile in clear."""
        return {name: open_sealed(profile[name], f"{profile['id']}|{name}") if profile.get(name) else ""
                for name in SEALED}

    def known_by(self, register: str, value: str) -> str | None:
        """Return the person registered under a number, openid or subject; None if there is none."""
        item = self.table.get(f"{register}#{digest(register, value)}", "PERSON")
        return str(item["person"]) if item else None

    def enter(self, register: str, value: str, fields: dict[str, Any], clear: dict[str, str],
              opened_at: datetime) -> str:
        """Enter a new person under a number, once: return their id, or that of who was there. Raise Busy."""
        person = new_id()
        entry = {"pk": f"{register}#{digest(register, value)}", "sk": "PERSON", "person": person}
        try:
            transact(self.table.put(self._profile(person, fields | {"opened_at": instant(opened_at)}, clear)),
                     self.table.create(entry))
        except Stale:
            return str(self.known_by(register, value))
        return person

    def change(self, profile: Item, fields: dict[str, Any], clear: dict[str, str], number: str = "") -> Item:
        """Write changed fields; `number` also enters the person under it. Raise Stale if either is taken meanwhile."""
        version = profile.get("version", 1)
        after = self._profile(profile["id"], {name: value for name, value in profile.items() if name not in SEALED}
                              | fields | {"version": version + 1}, self.opened(profile) | clear)
        writes = [self.table.replace(after, "version", version)]
        if number:
            writes.append(self.table.create({"pk": f"ID#{digest('ID', number)}", "sk": "PERSON",
                                             "person": profile["id"]}))
        transact(*writes)
        return after

    def _profile(self, person: str, fields: dict[str, Any], clear: dict[str, str]) -> Item:
        sealed = {name: seal(value, f"{person}|{name}") for name, value in clear.items() if value}
        return {"version": 1, **fields, **sealed, "pk": f"PERSON#{person}", "sk": "PROFILE", "id": person}

    def offices(self, person: str) -> list[dict[str, str]]:
        """Return the offices a person holds; none for a citizen."""
        item = self.table.get(f"STAFF#{person}", "OFFICES")
        return list(item["offices"]) if item else []

    def appoint(self, person: str, party: str, offices: list[dict[str, str]]) -> None:
        """Write the offices a person holds from now on, and the list of each unit they serve in or leave."""
        left = {one["unit"] for one in self.offices(person)} - {one["unit"] for one in offices}
        transact(self.table.put({"pk": f"STAFF#{person}", "sk": "OFFICES", "offices": offices, "party": party}),
                 *(self.table.delete(f"SERVES#{unit}", person) for unit in sorted(left)),
                 *(self.table.put({"pk": f"SERVES#{unit}", "sk": person, "party": party})
                   for unit in sorted({one["unit"] for one in offices})))

    def serves(self, person: str, unit: str) -> bool:
        """Say whether a person holds an office in the unit."""
        return self.table.get(f"SERVES#{unit}", person) is not None

    def units(self, area: str) -> Iterator[Item]:
        """Yield the units of an area."""
        yield from self.table.every(f"UNIT#{area}")

    def unit_name(self, area: str, unit: str) -> str:
        """Return the name of a unit; "" if it was not entered."""
        item = self.table.get(f"UNIT#{area}", unit)
        return str(item["name"]) if item else ""

    def found_unit(self, area: str, unit: str, name: str) -> None:
        """Enter a unit, or rename it."""
        self.table.save(self.table.put({"pk": f"UNIT#{area}", "sk": unit, "name": name}))

    def end_session(self, person: str, session: str, expires: int) -> None:
        """Remember that a session was ended; after `expires` (epoch seconds) its token is void by itself."""
        self.table.save(self.table.put({"pk": f"ENDED#{person}", "sk": session, "expires": expires}))

    def session_ended(self, person: str, session: str) -> bool:
        return self.table.get(f"ENDED#{person}", session) is not None

    def give(self, mandate: Item) -> None:
        """Write a mandate where its agent and its principal find it. Twice changes nothing."""
        transact(self.table.put({**mandate, "pk": f"MANDATE#{mandate['agent']}", "sk": mandate["id"]}),
                 self.table.put({**mandate, "pk": f"GIVEN#{mandate['principal']}", "sk": mandate["id"]}))

    def mandate(self, agent: str, mandate: str) -> Item | None:
        return self.table.get(f"MANDATE#{agent}", mandate)

    def given(self, principal: str, mandate: str) -> Item | None:
        return self.table.get(f"GIVEN#{principal}", mandate)

    def mandates(self, person: str) -> Iterator[Item]:
        """Yield the mandates a person gave and holds."""
        yield from self.table.every(f"GIVEN#{person}")
        yield from self.table.every(f"MANDATE#{person}")

    def note_read(self, at: datetime, where: str, facts: dict[str, str]) -> None:
        """Record a reading of identity fields; `where` is `<area>#<day>`."""
        self.table.save(self.table.put({"pk": f"READS#{where}", "sk": f"{instant(at)}#{new_id()[:8]}",
                                        "at": instant(at), **facts}))

    def reads(self, where: str, limit: int, after: Item | None) -> tuple[list[Item], Item | None]:
        """Return a page of the readings in an area on a day."""
        page = self.table.page(f"READS#{where}", limit=limit, after=after)
        return page.items, page.last
