"""What is done with dispatching slots, one method per use."""
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.kernel.calendar import CIVIL, DAY, Calendar, civil_day, rfc3339, start_of
from chalicelib.kernel.cases import DESK, PERSON
from chalicelib.kernel.casework import Casework
from chalicelib.kernel.clocks import Limit, Unit
from chalicelib.kernel.identity import NATION, SYSTEM, Actor
from chalicelib.kernel.observe import done, failure
from chalicelib.kernel.record import Key, Summary
from chalicelib.kernel.table import Item
from chalicelib.kernel.views import Found, Row, shown

from .dispatch_models import Dispatch, DispatchShown, OverdueList, Slots
from .dispatch_workflow import DISPATCHES, standing
from .store import SLOTS, CardStore, DispatchStore

MOST, HELPING = 200, 100                   # cards on the list of a slot; read at once


@dataclass
class Dispatches(Casework[Dispatch, DispatchShown]):
    """The log of the day's online dispatching. `cards` are of this same domain."""

    store: DispatchStore
    cards: CardStore

    workflow = DISPATCHES

    def view(self, case: Summary, who: Actor) -> DispatchShown | None:
        return shown(DispatchShown, case) if standing(case, who) else None

    def limits(self, case: Dispatch) -> Mapping[str, Limit]:
        return {"sign": Limit(count=case.minutes, unit=Unit.MINUTES, basis="GZ2")}

    def desk_of(self, who: Actor) -> str:
        return f"{who.area}.supervision" if who.role in ("supervisor", "auditor") else ""

    def on(self, who: Actor, day: date, limit: int, cursor: str | None) -> Found[Row]:
        """Return the log of a day of the reader's area, the latest slot first."""
        self.at_desk(who)
        return self.listed(PERSON, f"{who.area}@{day}", who, limit, cursor, newest_first=True)

    def overdue(self, case_id: str, who: Actor) -> OverdueList:
        """Return the list as it stood when the slot opened. Raise Missing."""
        case = self._readable(case_id, who)
        return OverdueList.model_validate(self.store.part(case.id, "LIST"))

    def run(self) -> int:
        """Open the slots whose hour has come, in every area that dispatches; return how many. Twice opens none twice.

        A slot whose successor has come too is not opened any more: how its list stood nobody knows. One area that
        fails does not hold up the others.
        """
        at, opened = self.clock(), 0
        for row in map(Slots.model_validate, self._rows(civil_day(at))):
            try:
                opened += self._open_latest(row, at)
            except Exception as error:     # it is tried again with the next run
                failure("no dispatch", error, area=row.area)
        return opened

    def _rows(self, on: date) -> list[Item]:
        """Return which areas dispatch, and when: one list for the deployment."""
        return self.reference.rows(SLOTS, self.reference.in_force(SLOTS, NATION, on))

    def _open_latest(self, row: Slots, at: datetime) -> bool:
        calendar = self.reference.calendar()
        come = [(slot, after) for slot, after in slots_of(row, civil_day(at), calendar) if slot <= at]
        return bool(come) and self._open(row.area, *come[-1])

    def _open(self, area: str, slot: datetime, after: datetime) -> bool:
        """Open one slot with the list as it stands. False if it was open already."""
        key = Key(f"dispatch:{area}:{rfc3339(slot)}")
        case_id = self.store.id_for(SYSTEM.person, key)
        if self.store.find(case_id):
            return False
        items, more = self._list(area)
        number = f"DD-{area[:6]}-{slot.astimezone(CIVIL):%Y%m%d-%H%M}"
        case = Dispatch(id=case_id, number=number, title="线上调度", area=area, unit=f"{area}.supervision",
                        person=f"{area}@{civil_day(slot)}", opened_at=slot, total=len(items), more=more,
                        minutes=max(1, int((after - slot).total_seconds()) // 60))
        step = self.workflow.advance(case, "open", self.occasion(case, SYSTEM),
                                     case.model_dump(exclude_defaults=True, exclude={"id"}), key)
        counts = Counter(item["unit"] for item in items)
        fresh = self.store.create(step, key, {"LIST": {"items": items, "counts": dict(counts)}})
        done("dispatch", area=area, slot=rfc3339(slot), case=case_id, cards=len(items))
        return fresh

    def _list(self, area: str) -> tuple[list[Item], bool]:
        """Return the first cards of the supervision's desk, by due order, and whether there are more."""
        found, after = list[Item](), None
        while len(found) < MOST:
            rows, page = self.cards.page(DESK, f"{area}.supervision", HELPING, after)
            found += [self._item(row, item) for row, item in zip(rows, page.items, strict=True)
                      if row.state != "proposed"]      # a red card that nobody has confirmed is not yet the unit's
            if not (after := page.last):
                return found, False
        return found, True

    def _item(self, row: Summary, item: Item) -> Item:
        due = item["desk_at"]
        return {"id": row.id, "number": row.number, "title": row.title, "state": row.state, "unit": row.person,
                "due_at": None if due.startswith("~") else due}


def slots_of(row: Slots, day: date, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """Yield each slot of a day, and when the next opens: on the next working day after the last. None on a day off."""
    if not calendar.is_working(day) or not row.hours:
        return
    hours = sorted(row.hours)
    starts = [at_hour(day, hour) for hour in hours]
    yield from zip(starts, [*starts[1:], at_hour(calendar.next_working(day + DAY), hours[0])], strict=True)


def at_hour(day: date, hour: str) -> datetime:
    """Return the instant of an hour (`09:00`) of a civil day."""
    hours, minutes = hour.split(":")
    return start_of(day) + timedelta(hours=int(hours), minutes=int(minutes))
