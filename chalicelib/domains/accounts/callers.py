"""Who calls: callers as they name themselves, kept apart from the persons of whom something is known."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.identity import Level
from chalicelib.kernel.problems import Invalid, fault

from .numbers import masked_name, telephone
from .store import AccountStore

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
        person = self.store.known_by(REGISTER, known_as) or self.store.enter(
            REGISTER, known_as, {"kind": "natural", "level": int(Level.NONE), "party": party},
            {"name": name, "phone": number}, self.clock())
        return person, party
