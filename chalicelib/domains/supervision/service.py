"""What supervision does, one method per use."""
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.cases import PERSON
from chalicelib.kernel.casework import Casework
from chalicelib.kernel.deskwork import serving
from chalicelib.kernel.identity import SYSTEM, Actor
from chalicelib.kernel.record import Key, Summary
from chalicelib.kernel.relay import Notice
from chalicelib.kernel.table import Item
from chalicelib.kernel.turns import Occasion
from chalicelib.kernel.vault import digest
from chalicelib.kernel.views import Found, Row

from .models import Card, Shown
from .store import CardStore
from .workflow import CARDS, FIRINGS, UNIT, standing


@dataclass
class Supervision(Casework[Card, Shown]):
    """The supervisor's desk. Treaty: `serves(person, unit)` of accounts."""

    store: CardStore
    serves: Callable[[str, str], bool]

    workflow = CARDS

    def view(self, case: Summary, who: Actor) -> Shown | None:
        shown = {name: value for name, value in dict(case).items() if name in Shown.model_fields}
        return Shown.model_construct(**shown) if standing(case, who) else None

    def prepare(self, case: Card, act: str, details: dict[str, Any], now: Occasion) -> dict[str, Item]:
        """Before a card is handed to somebody: they must serve in the unit carded. Raise Invalid."""
        if act in ("assign", "hand_over"):
            serving(self.serves, details, case.person)
        return {}

    def fire(self, notice: Notice) -> None:
        """Open the card that an event of another kind fires: once per event, however often it is told."""
        firing = FIRINGS[notice.kind, notice.act]
        key = Key(digest("card", notice.kind, notice.case_id, str(notice.number), length=10), firing.code)
        case_id = self.store.id_for(SYSTEM.person, key)
        if self.store.find(case_id):
            return
        fields = {"number": f"{firing.code}-{civil_day(notice.at):%Y%m%d}-{case_id[:6].upper()}", "area": notice.area,
                  "title": firing.title, "unit": f"{notice.area}.supervision", "person": notice.unit,
                  "opened_at": notice.at, "item": notice.item, "level": firing.level, "rule": firing.code,
                  "source": f"{notice.kind}#{notice.case_id}", "source_event": notice.number}
        act = "note" if firing.level == "warning" else "fire"
        step = self.workflow.advance(Card(id=case_id, **fields), act, self.occasion(Card(id=case_id, **fields), SYSTEM),
                                     fields, key)
        self.store.create(step, key)

    def listed_for(self, who: Actor, limit: int, cursor: str | None) -> Found[Row]:
        """Return the supervisor's desk; for an official, the cards of their unit, newest first."""
        if who.role in UNIT:
            return self.listed(PERSON, who.unit, who, limit, cursor, newest_first=True)
        return self.desk(who, limit, cursor)

    def desk_of(self, who: Actor) -> str:
        return f"{who.area}.supervision" if who.role in ("supervisor", "auditor") else ""
