"""Published reference data: immutable versions, each in force for a time and an area. Kept in the process."""
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from . import now
from .calendar import Calendar, Notice, civil_day
from .identity import AREA
from .identity import NATION as NATION
from .problems import Missing, Stale
from .table import Table, transact

FRESH = timedelta(seconds=60)              # how old a pointer may be that a process goes by
CALENDAR = "CALENDAR"


@dataclass
class Reference:
    """Items: pk `<NAME>#<area>`, sk `V#<version>` with `rows`, and the pointer `CURRENT` with its `schedule`.

    Notices of the working calendar: pk `CALENDAR`, sk `NOTICE#<number>`, and the pointer `CURRENT`.
    """

    table: Table
    clock: Callable[[], datetime] = field(default_factory=lambda: now.now)
    _rows: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    _pointers: dict[str, tuple[datetime, dict[str, Any] | None]] = field(default_factory=dict)
    _calendar: tuple[str, Calendar] | None = None

    def publish(self, name: str, area: str, version: str, rows: list[Any], since: date,
                until: date | None = None) -> None:
        """Put a version in force from `since` to `until`. The pointer is written last; doing it twice changes nothing.

        Raise Stale if another version is published at the same moment; publish again then.
        """
        pk = f"{name}#{area}"
        self.table.save(self.table.put({"pk": pk, "sk": f"V#{version}", "rows": rows}))
        there = self.table.get(pk, "CURRENT") or {"schedule": []}
        entry = {"version": version, "from": since.isoformat(), "to": until.isoformat() if until else "9999-12-31"}
        schedule = [one for one in there["schedule"] if one["version"] != version] + [entry]
        self.table.save(self.table.replace(
            {"pk": pk, "sk": "CURRENT", "schedule": sorted(schedule, key=lambda one: one["from"]),
             "turn": there.get("turn", 0) + 1}, "turn", there.get("turn")))
        self._pointers.pop(pk, None)

    def in_force(self, name: str, area: str, on: date) -> str:
        """Return `<area>/<version>` of what is in force on a day: the most specific area's. Raise Missing."""
        day = on.isoformat()
        for place in places(area):
            pointer = self._pointer(f"{name}#{place}")
            entries = [one for one in (pointer or {}).get("schedule", []) if one["from"] <= day <= one["to"]]
            if entries:
                return f"{place}/{entries[-1]['version']}"
        raise Missing(f"{on}尚无生效的规定", code="not-in-force")

    def rows(self, name: str, version: str) -> list[Any]:
        """Return the content of one `<area>/<version>`. It never changes, so it is read once a process."""
        if (name, version) not in self._rows:
            place, _, own = version.partition("/")
            item = self.table.get(f"{name}#{place}", f"V#{own}")
            if item is None:
                raise Missing(f"没有{name}的{version}版")
            self._rows[name, version] = item["rows"]
        return self._rows[name, version]

    def completed(self, name: str, version: str) -> list[Any]:
        """Return the content of a version behind what it does not know yet: rows that the nation has in force today.

        An older version, or an area's own, lacks the limits that came later; what it says itself always holds.
        """
        own = self.rows(name, version)
        try:
            usual = self.in_force(name, NATION, civil_day(self.clock()))
        except Missing:
            return own
        named = {row["name"] for row in own if "name" in row}
        return own if usual == version else [
            *(row for row in self.rows(name, usual) if row.get("name") not in named), *own]

    def announce(self, notice: Notice) -> None:
        """Enter a notice on holidays: it is in force for every process within FRESH. A number is entered once.

        It is known after every notice entered before it, so that the versions of the calendar only ever grow.
        """
        while not self.table.get(CALENDAR, f"NOTICE#{notice.number}"):
            there = self.table.get(CALENDAR, "CURRENT") or {}
            last = max((entered.known_at for entered in self._notices()), default=None)
            known = max(notice.known_at, last + timedelta(seconds=1)) if last else notice.known_at
            item = notice.model_copy(update={"known_at": known}).model_dump(mode="json")
            item["makeup_days"] = sorted(item["makeup_days"])
            pointer = {"pk": CALENDAR, "sk": "CURRENT", "turn": there.get("turn", 0) + 1,
                       "at": self.clock().isoformat()}
            with suppress(Stale):          # another notice was entered at the same moment: look again
                transact(self.table.create({"pk": CALENDAR, "sk": f"NOTICE#{notice.number}", **item}),
                         self.table.replace(pointer, "turn", there.get("turn")))
        self._pointers.pop(CALENDAR, None)

    def calendar(self, known: Iterable[str] = ()) -> Calendar:
        """Return the working calendar, at most FRESH behind the last notice entered, never behind the versions `known`.
        """
        calendar = self._fresh_enough()
        if any(calendar.as_of(version) is None for version in known):
            self._pointers.pop(CALENDAR, None)     # another process knew more
            calendar = self._fresh_enough()
        return calendar

    def _fresh_enough(self) -> Calendar:
        turn = str((self._pointer(CALENDAR) or {}).get("turn", ""))
        if self._calendar is None or self._calendar[0] != turn:
            self._calendar = turn, Calendar(self._notices())
        return self._calendar[1]

    def notice(self, number: str) -> Notice | None:
        """Return the notice entered under this number, read past what this process remembers."""
        item = self.table.get(CALENDAR, f"NOTICE#{number}")
        return Notice.model_validate(item) if item else None

    def announced(self) -> tuple[int, datetime | None]:
        """Return how many notices were entered, and when the last was; read past what this process remembers."""
        there = self.table.get(CALENDAR, "CURRENT") or {}
        return there.get("turn", 0), datetime.fromisoformat(there["at"]) if "at" in there else None

    def _notices(self) -> list[Notice]:
        return [Notice.model_validate(item) for item in self.table.every(CALENDAR, prefix="NOTICE#")]

    def _pointer(self, pk: str) -> dict[str, Any] | None:
        at = self.clock()
        if pk not in self._pointers or not timedelta() <= at - self._pointers[pk][0] <= FRESH:
            self._pointers[pk] = at, self.table.get(pk, "CURRENT")
        return self._pointers[pk][1]


def places(area: str) -> Iterator[str]:
    """Yield the area and those above it: village, town, county, city, province, nation (行政区划代码 by its digits)."""
    seen = set()
    for digits in (AREA, 9, 6, 4, 2, 0):
        place = area[:digits].ljust(AREA, "0")
        if place not in seen:
            seen.add(place)
            yield place


def most_specific(rows: Iterable[Mapping[str, Any]], unit: str, item: str) -> Mapping[str, Any] | None:
    """Return the row that fits a unit and an item best: one that names both, the item, the unit, or neither.

    Of two that fit alike the later; None where none fits.
    """
    fit = [row for row in rows if row.get("unit", "") in ("", unit) and row.get("item", "") in ("", item)]
    return max(reversed(fit), key=lambda row: 2 * bool(row.get("item")) + bool(row.get("unit")), default=None)
