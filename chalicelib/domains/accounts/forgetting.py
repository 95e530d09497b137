"""The end of an account, and what its person may have done to it before (个人信息保护法 46, 47)."""
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.cases import instant
from chalicelib.kernel.problems import Missing
from chalicelib.kernel.table import Item, Write, transact
from chalicelib.kernel.vault import digest

from .callers import REGISTER
from .numbers import masked_name
from .store import AccountStore, numbered

GONE = "已注销"
MOST = 80                                  # writes beside the account's own: a transaction holds a hundred


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Each use may be repeated: done twice it is done once."""

    store: AccountStore
    clock: Callable[[], datetime]

    def correct(self, person: str, fields: Mapping[str, str]) -> None:
        """Write a corrected name or mobile number. Raise Missing, Stale."""
        profile = self.store.person(person)
        there = self.store.opened(profile)
        if changed := {name: value for name, value in fields.items() if value and there[name] != value}:
            party = {"party": masked_name(changed["name"])} if "name" in changed else {}
            new = numbered("staff", self.clock()) if "phone" in changed else {}
            self.store.change(profile, party | new, changed)

    def restrict(self, person: str) -> None:
        """Keep the identity fields from every use but storage, until the person gives one anew. Raise Missing."""
        self.store.person(person)
        self.store.table.set(f"PERSON#{person}", "PROFILE", "restricted", instant(self.clock()))

    def forget(self, person: str) -> bool:
        """Delete the identity fields, every number under which the person is found, and the mandates that have ended.
        False if something holds them: an office, or a mandate that is good. Raise Stale.

        Mandates go before the account, so many at once: whoever dies in between is followed by one who goes on.
        """
        try:
            profile = self.store.person(person)
        except Missing:
            return True
        if profile.get("erased"):
            return True
        if self.store.offices(person) or self._mandated(person):
            return False
        version = profile.get("version", 1)
        stub = {"pk": f"PERSON#{person}", "sk": "PROFILE", "id": person, "kind": profile["kind"], "level": 0,
                "party": GONE, "opened_at": profile["opened_at"], "erased": instant(self.clock()),
                "version": version + 1}
        mandates = list(self._mandates(person))
        while len(mandates) > MOST:
            transact(*mandates[:MOST])
            mandates = mandates[MOST:]
        transact(self.store.table.replace(stub, "version", version), *self._pointers(profile), *mandates)
        return True

    def _pointers(self, profile: Item) -> Iterator[Write]:
        clear = self.store.opened(profile)
        for register, value in (("ID", clear["number"]), ("OPENID", clear["openid"]),
                                (REGISTER, f"{clear['phone']}|{clear['name']}")):
            if value and self.store.known_by(register, value) == profile["id"]:
                yield self.store.table.delete(f"{register}#{digest(register, value)}", "PERSON")

    def _mandates(self, person: str) -> Iterator[Write]:
        for one in {one["id"]: one for one in self.store.mandates(person)}.values():
            yield self.store.table.delete(f"MANDATE#{one['agent']}", one["id"])
            yield self.store.table.delete(f"GIVEN#{one['principal']}", one["id"])

    def _mandated(self, person: str) -> bool:
        today = civil_day(self.clock()).isoformat()
        return any(not one["ended"] and one["until"] >= today for one in self.store.mandates(person))
