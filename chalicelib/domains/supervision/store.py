"""Where cards are kept (on the desk of the area's supervision, by the unit carded, by who has it), orders, the log."""
from datetime import datetime
from typing import Any

from chalicelib.kernel.calendar import civil_day, rfc3339
from chalicelib.kernel.cases import CaseStore
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.record import Key
from chalicelib.kernel.table import Item
from chalicelib.kernel.vault import digest
from chalicelib.kernel.workflow import Step

from .dispatch_models import Dispatch
from .models import Card, Row
from .order_models import Order
from .order_workflow import AT_UNIT, of_correction
from .order_workflow import ENDED as ORDER_ENDED
from .workflow import ENDED, UNCONFIRMED

RULES, LIMITS, SLOTS = "SUPERVISION-RULES", "SUPERVISION-LIMITS", "DISPATCH-SLOTS"     # pk in the table `reference`


class CardStore(CaseStore[Card]):
    """A card lies on the supervisor's desk until it is ended; the unit finds its own under `person`.

    Parts: `APPEAL#<event>`; and `HANDLER`, by which the official who has it finds it under `<unit>@<official>` in the
    same index, `<unit>@` being what nobody has taken up.
    """

    kind, model = "CARD", Card

    def id_of(self, source: str, code: str, clock: str, deadline: str) -> str:
        """Return the one id of the card on a case under a rule for a version of a deadline."""
        return self.id_for(SYSTEM.person, Key(digest("card", source, code, clock, deadline, length=16)))

    def blank(self, case_id: str, row: Row, at: datetime, **fields: Any) -> Card:
        """Return the card that a row of the rule table stands for, not stored yet."""
        return Card(id=case_id, number=f"{row.code}-{civil_day(at):%Y%m%d}-{case_id[:6].upper()}", title=row.title,
                    unit=f"{fields['area']}.supervision", opened_at=at, level=row.level, rule=row.code,
                    basis=row.basis, **fields)

    def fields(self, card: Card) -> dict[str, Any]:
        """Return what the first event of a card says of it."""
        return card.model_dump(exclude_defaults=True, exclude={"id"})

    def desk(self, case: Card) -> str:
        return "" if case.state in ENDED else case.unit

    def closed(self, case: Card) -> bool:
        return case.state in ENDED

    def writes(self, step: Step[Card]) -> tuple[Item, ...]:
        writes = super().writes(step)
        if step.event.number > 1 and "handler" not in step.event.changes and step.event.source != "proposed":
            return writes
        there = {"pk": self.pk(step.case.id), "sk": "HANDLER", "opened_at": rfc3339(step.case.opened_at)}
        if step.case.state not in UNCONFIRMED:
            there["person_key"] = f"{self.kind}#{step.case.person}@{step.case.handler}"
        return *writes, self.table.put(there)

    def _index(self, step: Step[Card]) -> Item:
        item = super()._index(step)
        if step.case.state in UNCONFIRMED:
            del item["person_key"]         # it is not yet the unit's
        return item


class DispatchStore(CaseStore[Dispatch]):
    """Part `LIST`: what was overdue when the slot opened, and how much of it by unit."""

    kind, model = "DISPATCH", Dispatch

    def desk(self, case: Dispatch) -> str:
        return case.unit if case.state == "open" else ""

    def closed(self, case: Dispatch) -> bool:
        return case.state != "open"


class OrderStore(CaseStore[Order]):
    """An order lies on the desk of the unit ordered until it is answered, then on the supervisor's.

    Parts: `TEXT`, `ANSWER#<event>`; and `HANDLER`, by which who has it finds it under `<lane>@<official>` in the index
    `person`, `<lane>@` being what nobody has taken up. Beside them, as long as it is open, pk `SUPERVISED#<source>`
    with sk `ORDER`: a case has one open order.
    """

    kind, model = "SUPERVISE", Order

    def open_on(self, source: str) -> Order | None:
        """Return the open order on a case (`<KIND>#<id>`), if there is one."""
        there = self.table.get(supervised(source), "ORDER")
        return self.get(there["order"]) if there else None

    def lane(self, unit: str, of_corrections: bool) -> str:
        """Return where a unit's officials find theirs: what is about bad ratings lies apart, for its rectifiers."""
        return f"{unit}@corrections" if of_corrections else unit

    def desk(self, case: Order) -> str:
        return case.person if case.state in AT_UNIT else "" if case.state in ORDER_ENDED else case.unit

    def closed(self, case: Order) -> bool:
        return case.state in ORDER_ENDED

    def writes(self, step: Step[Order]) -> tuple[Item, ...]:
        writes, case, pk = super().writes(step), step.case, supervised(step.case.source)
        if step.event.number == 1:
            writes = *writes, self.table.create({"pk": pk, "sk": "ORDER", "order": case.id})
        elif self.closed(case):
            writes = *writes, self.table.delete(pk, "ORDER")
        if step.event.number > 1 and "handler" not in step.event.changes:
            return writes
        return *writes, self.table.put({
            "pk": self.pk(case.id), "sk": "HANDLER", "opened_at": rfc3339(case.opened_at),
            "person_key": f"{self.kind}#{self.lane(case.person, of_correction(case))}@{case.handler}"})


def supervised(source: str) -> str:
    """Return under which key it stands that a case has an open order."""
    return f"SUPERVISED#{source}"
