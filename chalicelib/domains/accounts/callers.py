"""Who calls: callers as they name themselves, kept apart from the persons of whom something is known."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.identity import Level
from chalicelib.kernel.problems import Invalid, Stale, fault
from chalicelib.kernel.vault import digest

from .numbers import masked_name, telephone
from .store import AccountStore, new_id

REGISTER = "CALLER"


@dataclass(frozen=True, slots=True)
class Callers:
    """A number that is told proves nothing: a caller is not taken for an account that has the same number."""

    store: AccountStore
    clock: Callable[[], datetime]

    def caller(self, name: str, phone: str) -> tuple[str, str]:
        """Return the person who calls and their masked name; entered once under name and number. Raise Invalid."""
        try:
            number = telephone(phone)
        except ValueError as error:
            raise Invalid("电话号码有误", errors=[fault("/caller/phone", "value_error", str(error))]) from error
        known_as, party = f"{number}|{name}", masked_name(name)
        return self.store.known_by(REGISTER, known_as) or self._entered(known_as, party, name, number), party

    def known_as(self, person: str) -> str:
        """Return a keyed digest by which whoever has this person's telephone is known: one who gives another name each
        time is one. Of the person, where no number is kept, or their data are restricted (个人信息保护法 47). Raise
        Missing.
        """
        profile = self.store.person(person)
        phone = "" if profile.get("restricted") else self.store.opened(profile)["phone"]
        return digest("KNOWN-AS", "phone", phone) if phone else digest("KNOWN-AS", "person", person)

    def _entered(self, known_as: str, party: str, name: str, number: str) -> str:
        person = new_id()
        try:
            self.store.write(*self.store.entry(
                person, REGISTER, known_as, {"kind": "natural", "level": int(Level.NONE), "party": party},
                {"name": name, "phone": number}, self.clock()))
        except Stale:                      # the same caller, taken down at two desks at once
            return str(self.store.known_by(REGISTER, known_as))
        return person
