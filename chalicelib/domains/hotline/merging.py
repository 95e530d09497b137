"""What follows from an order for others: the main order's reply goes to those merged into it; a unit that is often put
on the list is talked to.

Each method is a reaction: done twice, or late, it changes nothing more; what a crash left undone is done by the retry.
"""
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.record import Key
from chalicelib.kernel.relay import Notice
from chalicelib.kernel.table import Item, Table

from .guards import LISTED
from .models import Order
from .service import Hotline
from .workflow import AT_UNIT

INHERITED = ("result", "promised", "article", "units")
TELLS = frozenset({"pass", "shelve", "answer", "answer_by_thread"})
"""The acts by which a main order has been answered for good, so that its children are."""
LEAVES = frozenset({"decline", "annul"})
"""The acts after which there is no main order any more."""


@dataclass(frozen=True, slots=True)
class Following:
    """What one order's event does to others."""

    hotline: Hotline
    figures: Table

    def tell(self, notice: Notice) -> None:
        """Give the main order's reply to each order merged into it, or let each go its own way again. Raise Stale."""
        store = self.hotline.store
        main = store.get(notice.case_id)
        for child in store.many(store.children(main.id)) if main.children else []:
            if child.main == main.id and child.state == "merged":
                if notice.act in TELLS:
                    self._act(child, "inherit", {name: dict(main)[name] for name in INHERITED}, "inherits",
                              {f"REPLY#{child.version + 1:06d}": self._reply(main.id)})
                else:
                    self._act(child, "release", {}, "released", {})

    def count_listed(self, notice: Notice) -> None:
        """Count the order among those of its unit that were put on the list this quarter; talk to the unit from the
        published number on. Raise Stale.

        Table `figures`: pk `LISTED#<unit>#<quarter>`, sk the order.
        """
        event = self.hotline.store.event(notice.case_id, notice.number)
        case = self.hotline.store.get(notice.case_id)
        if event.changes.get("level") != LISTED or not case.units:
            return
        pk = f"LISTED#{case.area}.{case.units[-1]}#{quarter_of(notice.at)}"
        self.figures.save(self.figures.put({"pk": pk, "sk": case.id}))
        most = self.hotline.terms(case).listed
        if case.state in AT_UNIT and len(self.figures.page(pk, limit=most).items) >= most:
            self._act(case, "summon", {}, "often", {})

    def _act(self, case: Order, act: str, details: dict[str, Any], why: str, parts: dict[str, Item]) -> None:
        """Let the system act because of what is known of another order."""
        now = self.hotline.occasion(case, SYSTEM)
        now = replace(now, facts={**now.facts, why: True})
        if act not in self.hotline.workflow.acts(case, now):
            return
        key = Key(f"system:{act}:{case.version}")
        self.hotline.store.save(self.hotline.workflow.advance(case, act, now, details, key), key, parts)

    def _reply(self, main: str) -> Item:
        *_, last = self.hotline.store.said(main, "REPLY")
        return {name: value for name, value in last.items() if name not in ("pk", "sk")}


def quarter_of(at: datetime) -> str:
    """Return the quarter of an instant: `2026Q1`."""
    day = civil_day(at)
    return f"{day.year}Q{(day.month + 2) // 3}"
