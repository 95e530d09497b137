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
from chalicelib.kernel.table import Item, Table, Write

from .guards import LISTED, TALKED, centre_of
from .models import Order
from .service import Hotline
from .workflow import AT_UNIT

INHERITED = ("result", "promised", "article", "units")
PROMISED = ("result", "promised", "article")
TELLS = frozenset({"pass", "answer", "answer_by_thread"})
"""The acts by which a main order has been answered for good, so that its children are."""
SHELVES = frozenset({"shelve"})
"""The act by which it is answered for the time being."""
LEAVES = frozenset({"decline", "annul"})
"""The acts after which there is no main order any more."""

LOOKED = 100
"""Orders of a unit on the list of a quarter that are looked at."""


@dataclass(frozen=True, slots=True)
class Following:
    """What one order's event does to others."""

    hotline: Hotline
    figures: Table

    def tell(self, notice: Notice) -> None:
        """Give the main order's reply to each order merged into it, or let each go its own way again. While the main
        order is shelved they wait with it, and are told of what was promised.

        One that fails holds up no other; then the first failure is raised, and the relay tries again.
        """
        store, failed = self.hotline.store, list[Exception]()
        main = store.get(notice.case_id)
        for child in store.many(store.children(main.id)) if main.children else []:
            try:
                if child.main == main.id and child.state == "merged":
                    self._told(notice, main, child)
            except Exception as error:
                failed.append(error)
        if failed:
            raise failed[0]

    def _told(self, notice: Notice, main: Order, child: Order) -> None:
        if notice.act in LEAVES:
            self._act(child, "release", {}, "released", {})
        elif notice.act in TELLS:
            names = INHERITED if notice.act == "pass" else PROMISED   # what the centre answers itself is no unit's
            self._act(child, "inherit", {name: dict(main)[name] for name in names}, "inherits",
                      self._reply(main, child))
        elif main.state == "shelved":      # and has not been taken up again meanwhile
            key = Key(f"system:inform:{main.id}:{notice.number}")
            if not any(one.startswith(f"{key.value}:") for one in child.done):
                self._act(child, "inform", {name: dict(main)[name] for name in PROMISED}, "shelves",
                          self._reply(main, child), key=key)

    def count_listed(self, notice: Notice) -> None:
        """Count the order among those of its unit that were put on the list this quarter; talk to the unit from the
        published number on. Raise Stale.

        The talk is an act on this order, or, where the unit has replied to it meanwhile, on another that it still has
        and that is on the list; where there is none, the next one listed brings it.

        Table `figures`: pk `LISTED#<unit>#<quarter>`, sk the order, `talk` the order on which a talk came of it.
        """
        *before, event = (one for one in self.hotline.store.timeline(notice.case_id) if one.number <= notice.number)
        unit = event.desk or event.unit
        was = next((one.changes["level"] for one in reversed(before) if "level" in one.changes), 0)
        if event.changes.get("level") != LISTED or was >= LISTED or unit == centre_of(event.area):
            return
        pk, case = f"LISTED#{unit}#{quarter_of(notice.at)}", self.hotline.store.get(notice.case_id)
        if not (entry := self.figures.get(pk, case.id)):
            self.figures.save(self.figures.put({"pk": pk, "sk": case.id}))
        listed, most = self.figures.page(pk, limit=LOOKED).items, self.hotline.terms(case).listed
        if len(listed) < most or entry and entry.get("talk"):
            return
        if not may_be_talked_of(case, unit):
            others = self.hotline.store.many(item["sk"] for item in listed)
            case = next((one for one in others if may_be_talked_of(one, unit)), case)
        talk = self.figures.replace({"pk": pk, "sk": notice.case_id, "talk": case.id}, "talk", None)
        self._act(case, "summon", {}, "often", {}, talk)

    def _act(self, case: Order, act: str, details: dict[str, Any], why: str, parts: dict[str, Item],
             *beside: Write, key: Key | None = None) -> None:
        """Let the system act because of what is known of another order; `beside` is written with it."""
        now = self.hotline.occasion(case, SYSTEM)
        now = replace(now, facts={**now.facts, why: True})
        if act not in self.hotline.workflow.acts(case, now):
            return
        key = key or Key(f"system:{act}:{case.version}")
        self.hotline.store.save(self.hotline.workflow.advance(case, act, now, details, key), key, parts, beside)

    def _reply(self, main: Order, child: Order) -> dict[str, Item]:
        """Return the part that the child gets of the main order's last reply: of this citizen nobody has said that they
        were told.
        """
        *_, last = self.hotline.store.said(main.id, "REPLY")
        return {f"REPLY#{child.version + 1:06d}": {
            name: "" if name == "told" else value for name, value in last.items() if name not in ("pk", "sk")}}


def may_be_talked_of(case: Order, unit: str) -> bool:
    """Say whether the unit still has the order, on the list and not talked of yet."""
    return case.state in AT_UNIT and case.unit == unit and LISTED <= case.level < TALKED


def quarter_of(at: datetime) -> str:
    """Return the quarter of an instant: `2026Q1`."""
    day = civil_day(at)
    return f"{day.year}Q{(day.month + 2) // 3}"
