"""Who is acting, in which office, and for whom. Pure values; only the authorizer ever reads a token."""
from collections.abc import Iterable
from enum import IntEnum
from typing import Self

from pydantic import BaseModel, model_validator

AREA = 12
"""Digits of an area code (行政区划代码, 12 digits down to the village); a unit's id begins with its area's."""
NATION = "0" * AREA


class Level(IntEnum):
    """How surely we know who a person is (实名等级): not at all, by phone, by name and ID number, seen at a window."""

    NONE = 0
    PHONE = 1
    REAL_NAME = 2
    WINDOW = 3


class Office(BaseModel, frozen=True):
    """A post that a person holds: a role in a unit of an area. A citizen holds the office `citizen`, in no unit."""

    role: str
    unit: str = ""
    area: str = ""

    @property
    def named(self) -> str:
        """How a request names the office it acts in (header Acting-Office): `role@unit`, or the role alone."""
        return f"{self.role}@{self.unit or self.area}" if self.unit or self.area else self.role


APART = frozenset({"admin", "security", "auditor"})
"""Who keeps the system going, who keeps it secure, who looks at what both do (三员分立, GB/T 22239)."""
NOT_ONE = "系统管理员、安全管理员与审计管理员不得由同一人担任（三员分立）"


def apart(offices: Iterable[Office]) -> bool:
    """Say whether no two of the three offices that are kept APART are among these, in whatever areas."""
    return len(APART & {office.role for office in offices}) < 2


class Mandate(BaseModel, frozen=True):
    """The power to act for another (委托): its register id, and the person or body represented."""

    id: str
    principal: str


class Actor(BaseModel, frozen=True):
    """A signed-in person acting in one office, for themselves or under a mandate."""

    person: str
    role: str
    unit: str = ""
    area: str = ""
    level: Level = Level.NONE
    mandate: Mandate | None = None
    session: str = ""

    @property
    def principal(self) -> str:
        """Whose business this is: the person's own, or that of whoever gave the mandate."""
        return self.mandate.principal if self.mandate else self.person


class Bearer(BaseModel, frozen=True):
    """What a verified token says: a person, their offices, their level. An office named makes it an Actor."""

    person: str
    offices: tuple[Office, ...]
    level: Level = Level.NONE
    session: str = ""

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if not apart(self.offices):
            raise ValueError(NOT_ONE)
        return self

    def acting(self, named: str, mandate: Mandate | None = None) -> Actor | None:
        """Return the actor in the office `named`; "" means the only one held. None if it is not theirs or not clear."""
        held = [office for office in self.offices if not named or office.named == named]
        if len(held) != 1:
            return None
        return Actor(person=self.person, **held[0].model_dump(), level=self.level, mandate=mandate,
                     session=self.session)


SYSTEM = Actor(person="system", role="system")
NOBODY = Actor(person="", role="public")
"""Whoever calls a public route."""


LEVELS = (0, 2, 4, 6, 9, 12)               # digits of the nation, a province, city, county, street, village


def lies_in(place: str, area: str) -> bool:
    """Say whether an area code lies in another, or is it (GB/T 2260, GB/T 10114: what is left open is noughts)."""
    return place.startswith(area[:next(size for size in LEVELS if not area[size:].strip("0"))])


def area_of(unit: str) -> str:
    """Return the area code with which a unit's id begins."""
    return unit[:AREA]
