"""Where accounts are kept: table `accounts`. Identity fields are stored once, sealed; keys hold digests only.

    PERSON#<id> PROFILE            kind, level, sealed fields       ID#<digest> PERSON       who has this number
    OPENID#<digest> PERSON         who signs in by WeChat           SSO#<digest> PERSON      who signs in as staff
    CALLER#<digest> PERSON         who called under name and number
    STAFF#<id> OFFICES             the offices held                 UNIT#<area> <unit>       units of an area
    SERVES#<unit> <id>             who serves in a unit             ENDED#<id> <session>     sessions ended early
    AREAS <area>                   the areas that have a unit
    MANDATE#<agent> <id>           mandates held                    GIVEN#<principal> <id>   mandates given
    KEY#<id> <key>                 requests done (kernel.marks)
    READS#<area>#<day> <instant>#<n>                                readings of identity fields, for the auditor
    READOF#<id> <area>#<instant>#<n>  the same by whose they are    READDAYS#<area> <day>    the days that have any
"""
import os
from base64 import b32encode
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from chalicelib.kernel.cases import instant
from chalicelib.kernel.marks import Marks
from chalicelib.kernel.problems import Missing
from chalicelib.kernel.table import Item, Table, Write, transact
from chalicelib.kernel.vault import digest, open_sealed, seal

SEALED = ("name", "number", "phone", "openid")
Writes = tuple[Write, ...]


def numbered(by: Literal["self", "staff"], at: datetime) -> dict[str, str]:
    """Return the fields of a profile that say by whom and when its mobile number was last changed."""
    return {"phone_by": by, "phone_at": instant(at)}


def new_id() -> str:
    """Return a random id of 26 characters: it follows from nothing about the person."""
    return b32encode(os.urandom(17)).decode().lower()[:26]


class AccountStore:
    """The register of persons, staff, units and mandates. `also` is written in the same transaction."""

    def __init__(self, table: Table):
        self.table, self.marks = table, Marks(table)

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

    def renumbered(self, person: str, since: datetime) -> bool:
        """Say whether staff changed the number of a person known before, since then: it may reach somebody else. Raise
        Missing.
        """
        profile = self.person(person)
        return profile.get("phone_by") == "staff" and profile["phone_at"] >= instant(since)

    def entry(self, person: str, register: str, value: str, fields: dict[str, Any], clear: dict[str, str],
              opened_at: datetime) -> Writes:
        """Describe the writes that enter a new person under a number; they fail if another is entered there."""
        return (self.table.put(self._profile(person, fields | {"opened_at": instant(opened_at)}, clear)),
                self.table.create({"pk": f"{register}#{digest(register, value)}", "sk": "PERSON", "person": person}))

    def write(self, *writes: Write) -> None:
        """Write what was described. Raise Stale or Busy."""
        transact(*writes)

    def change(self, profile: Item, fields: dict[str, Any], clear: dict[str, str], number: str = "",
               also: Writes = ()) -> None:
        """Write changed fields; `number` also enters the person under it. Raise Stale if either is taken meanwhile.

        Who gives an identity field anew ends the restriction of their data (`restricted`). Raise Missing where the
        account was given up: nothing is written on it any more.
        """
        if profile.get("erased"):
            raise Missing("账户已注销，请重新登录")
        version, renewed = profile.get("version", 1), (*SEALED, "restricted") if clear else SEALED
        after = self._profile(profile["id"], {name: value for name, value in profile.items() if name not in renewed}
                              | fields | {"version": version + 1}, self.opened(profile) | clear)
        writes = [self.table.replace(after, "version", version), *also]
        if number:
            writes.append(self.table.create({"pk": f"ID#{digest('ID', number)}", "sk": "PERSON",
                                             "person": profile["id"]}))
        transact(*writes)

    def _profile(self, person: str, fields: dict[str, Any], clear: dict[str, str]) -> Item:
        sealed = {name: seal(value, f"{person}|{name}") for name, value in clear.items() if value}
        return {"version": 1, **fields, **sealed, "pk": f"PERSON#{person}", "sk": "PROFILE", "id": person}

    def staff(self, person: str) -> Item:
        """Return what is written of a person's offices; none for a citizen."""
        return self.table.get(f"STAFF#{person}", "OFFICES") or {"offices": []}

    def offices(self, person: str) -> list[dict[str, str]]:
        """Return the offices a person holds; none for a citizen."""
        return list(self.staff(person)["offices"])

    def roles_in(self, unit: str) -> set[str]:
        """Return the roles that are held in a unit. For the founding of an area: reads all who serve there."""
        return {str(office["role"]) for item in self.table.every(f"SERVES#{unit}")
                for office in self.offices(item["sk"]) if office["unit"] == unit}

    def appoint(self, person: str, party: str, offices: list[dict[str, str]], there: Item | None = None,
                also: Writes = ()) -> None:
        """Write the offices a person holds from now on, and the list of each unit they serve in or leave.

        `there` is what the new offices were made from. Raise Stale if that was changed meanwhile.
        """
        there = there or self.staff(person)
        turn, units = there.get("turn"), {one["unit"] for one in offices}
        left = {one["unit"] for one in there["offices"]} - units
        transact(self.table.replace({"pk": f"STAFF#{person}", "sk": "OFFICES", "offices": offices, "party": party,
                                     "turn": (turn or 0) + 1}, "turn", turn),
                 *(self.table.delete(f"SERVES#{unit}", person) for unit in sorted(left)),
                 *(self.table.put({"pk": f"SERVES#{unit}", "sk": person, "party": party}) for unit in sorted(units)),
                 *also)

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

    def found_unit(self, area: str, unit: str, name: str, also: Writes = ()) -> None:
        """Enter a unit, or rename it."""
        transact(self.table.put({"pk": f"UNIT#{area}", "sk": unit, "name": name}),
                 self.table.put({"pk": "AREAS", "sk": area}), *also)

    def areas(self) -> list[str]:
        """Return the areas that have a unit."""
        return [item["sk"] for item in self.table.every("AREAS")]

    def end_session(self, person: str, session: str, expires: int) -> None:
        """Remember that a session was ended; after `expires` (epoch seconds) its token is void by itself."""
        self.table.save(self.table.put({"pk": f"ENDED#{person}", "sk": session, "expires": expires}))

    def session_ended(self, person: str, session: str) -> bool:
        return self.table.get(f"ENDED#{person}", session) is not None

    def mandated(self, mandate: Item, new: bool = False) -> Writes:
        """Describe a mandate's writes, where agent and principal find it; if it is `new` they fail where one is."""
        write = self.table.create if new else self.table.put
        return (write({**mandate, "pk": f"MANDATE#{mandate['agent']}", "sk": mandate["id"]}),
                write({**mandate, "pk": f"GIVEN#{mandate['principal']}", "sk": mandate["id"]}))

    def mandate(self, agent: str, mandate: str) -> Item | None:
        return self.table.get(f"MANDATE#{agent}", mandate)

    def given(self, principal: str, mandate: str) -> Item | None:
        return self.table.get(f"GIVEN#{principal}", mandate)

    def mandates(self, person: str) -> Iterator[Item]:
        """Yield the mandates a person gave and holds."""
        yield from self.table.every(f"GIVEN#{person}")
        yield from self.table.every(f"MANDATE#{person}")

    def note_read(self, at: datetime, area: str, day: str, facts: dict[str, str], also: Writes) -> None:
        """Record a reading of identity fields in an area, under the day and under whose they are."""
        when, sk = {"at": instant(at)}, f"{instant(at)}#{new_id()[:8]}"
        transact(self.table.put({"pk": f"READS#{area}#{day}", "sk": sk, **when, **facts}),
                 self.table.put({"pk": f"READOF#{facts['person']}", "sk": f"{area}#{sk}", **when, **facts}),
                 self.table.put({"pk": f"READDAYS#{area}", "sk": day}), *also)

    def read_days(self, area: str) -> Iterator[str]:
        """Yield the days on which identity fields were read in an area, the oldest first."""
        yield from (item["sk"] for item in self.table.every(f"READDAYS#{area}", limit=10))

    def reads(self, pk: str, limit: int, after: Item | None, prefix: str = "") -> tuple[list[Item], Item | None]:
        """Return a page of the readings of a day (`READS#<area>#<day>`) or of a person (`READOF#<id>`)."""
        page = self.table.page(pk, limit=limit, after=after, prefix=prefix)
        return page.items, page.last

    def drop_reads(self, area: str, day: str) -> int:
        """Delete the readings of an area on a day, under both keys; return how many. Twice deletes nothing more."""
        gone = list(self.table.every(f"READS#{area}#{day}"))
        for item in gone:                  # the day's own item last: it leads to the other
            self.table.save(self.table.delete(f"READOF#{item['person']}", f"{area}#{item['sk']}"))
            self.table.save(self.table.delete(item["pk"], item["sk"]))
        self.table.save(self.table.delete(f"READDAYS#{area}", day))
        return len(gone)
