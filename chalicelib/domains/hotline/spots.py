"""Where orders were registered: by place, for as long as another may be on the same matter.

Table `figures`: pk `SPOT#<digest of area and place>` (`where`, see near.py), sk the instant and the order's id, with
its category, a digest of who asked, and a sketch of its words. No item tells a place, a person or a text; each vanishes
with its time.
"""
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.kernel.cases import instant
from chalicelib.kernel.table import Item, Table, Write
from chalicelib.kernel.vault import digest, marks

from .models import Order
from .near import MOST, earliest, sketch


@dataclass(frozen=True, slots=True)
class Spots:
    """The orders of each place."""

    table: Table

    def entry(self, case: Order, where: str, who: str, text: str, days: int) -> list[Write]:
        """Describe what is written with an order that names a place."""
        if not (spot := self._spot(case.area, where)):
            return []
        return [self.table.put({
            "pk": spot, "sk": f"{instant(case.opened_at)}#{case.id}", "order": case.id, "category": case.category,
            "who": who, "sketch": self.sketch(case, where, text),
            "expires": int((case.opened_at + timedelta(days=days + 1)).timestamp())})]

    def around(self, case: Order, where: str, days: int, at: datetime) -> list[Item]:
        """Return what is known of the other orders of the place within so many days before, at most MOST, the newest
        first.
        """
        if not (spot := self._spot(case.area, where)):
            return []
        found = self.table.page(spot, since=instant(earliest(at, days)), until=f"{instant(at)}#~", newest_first=True,
                                limit=MOST).items
        return [item for item in found if item["order"] != case.id]

    def who(self, case: Order, where: str, known_as: str) -> str:
        """Return by what an order of the same person at the same place is known; "" for nobody."""
        return digest("spot-person", self._spot(case.area, where), known_as) if known_as else ""

    def sketch(self, case: Order, where: str, text: str) -> list[int]:
        """Return the sketch of a text, which is like others of the same place alone."""
        return sketch(text, lambda words: marks(words, "sketch", self._spot(case.area, where)))

    def _spot(self, area: str, where: str) -> str:
        return f"SPOT#{digest('spot', area, where)}" if where else ""


def before(around: list[Item], who: str, category: str) -> dict[str, Any]:
    """Return what an order's earlier neighbours make of it: the last of the same person, how many others there were.

    Who does not say who they are may always be the same one: all of them together are one person, this one among them.
    """
    alike = [item for item in around if item["category"] == category]
    others = {item["who"] for item in alike} - {who}
    own = [item["order"] for item in alike if who and item["who"] == who]
    return {"repeats": own[0] if own else "", "crowd": len(others)}
