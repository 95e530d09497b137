"""What is counted of cards, exactly once: per unit and month the sums, and beside them what they were counted from.

Table `figures`: pk `CARDS#<area>#<month>`, sk the unit, with `sums` and `turn`; pk `COUNTED#<unit>#<month>`, sk what
was counted (`CARD#<id>`, or a case that was due), with `sums` and the `version` of it that they were read from. Both
are written in one transaction, so that neither a repeat nor an older version counts, however events come; a case that
was due also stands under pk `DUE#<unit>`, so that it is so once.
"""
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from chalicelib.kernel.identity import area_of
from chalicelib.kernel.problems import Busy, Stale
from chalicelib.kernel.table import Item, Page, Table, Write, transact

from .models import Card

TRIES = 8
NOT_COUNTED = ("proposed", "dismissed", "annulled")


def of_card(card: Card) -> dict[str, int]:
    """Return what a card adds to the sums of its unit and month. `yellows` are all that were fired yellow (R4)."""
    if card.state in NOT_COUNTED:
        return {}
    if card.state == "withdrawn":
        return {"withdrawn": 1}
    if card.level == "warning":
        return {"warnings": 1}
    marks = {"yellows": card.level == "yellow" or card.escalated, "escalated": card.escalated,
             "explained_in_time": card.explained_in_time, "corrected_in_time": card.corrected_in_time}
    return {"fired": 1, card.level: 1} | {name: 1 for name, true in marks.items() if true}


@dataclass(frozen=True, slots=True)
class Tally:
    """The sums of a unit and month, kept in the table `figures`."""

    table: Table

    def due(self, unit: str, month: str, what: str) -> None:
        """Let a case count as due for a unit, in the first month in which it is. Raise Busy."""
        if self.table.get(f"DUE#{unit}", what) is None:
            self.enter(unit, month, what, {"due": 1}, 1, self.table.create({"pk": f"DUE#{unit}", "sk": what}))

    def enter(self, unit: str, month: str, what: str, sums: Mapping[str, int], version: int, *also: Write) -> None:
        """Let `what` count with `sums` from now on, unless a later version of it does. Raise Busy.

        `also` is written with it; where that is there already, nothing counts.
        """
        marker, total = (f"COUNTED#{unit}#{month}", what), (f"CARDS#{area_of(unit)}#{month}", unit)
        for _ in range(TRIES):
            before, there = self.table.get(*marker) or {}, self.table.get(*total) or {}
            if before.get("version", 0) >= version:
                return
            try:
                transact(self.table.replace({"pk": marker[0], "sk": what, "sums": dict(sums), "version": version},
                                            "version", before.get("version")),
                         self.table.replace({"pk": total[0], "sk": unit, "turn": there.get("turn", 0) + 1,
                                             "sums": _changed(there, before, sums)}, "turn", there.get("turn")), *also)
                return
            except Stale:
                if also and self.table.get(f"DUE#{unit}", what):
                    return                 # the same case was counted at the same moment
        raise Busy("统计繁忙，请稍后重试", retry_after=1)

    def sums(self, unit: str, month: str) -> dict[str, int]:
        """Return the sums of a unit and month."""
        return dict((self.table.get(f"CARDS#{area_of(unit)}#{month}", unit) or {}).get("sums", {}))

    def of_area(self, area: str, month: str) -> Iterator[tuple[str, dict[str, int]]]:
        """Yield the units of an area of which anything was counted in a month, with their sums."""
        for item in self.table.every(f"CARDS#{area}#{month}"):
            yield item["sk"], item["sums"]

    def yellows(self, unit: str, month: str, most: int) -> list[str]:
        """Return the ids of the yellow cards that count for a unit and month, at most so many."""
        cards = self.table.every(f"COUNTED#{unit}#{month}", prefix="CARD#")
        return list(islice((item["sk"].removeprefix("CARD#") for item in cards if item["sums"].get("yellows")), most))

    def counted(self, unit: str, month: str, limit: int, after: Item | None) -> Page:
        """Return a page of what a unit's month was counted from."""
        return self.table.page(f"COUNTED#{unit}#{month}", limit=limit, after=after)


def _changed(there: Item, before: Item, sums: Mapping[str, int]) -> dict[str, int]:
    """Return the sums that stand there with what counted before replaced by what counts now."""
    old, less = there.get("sums", {}), before.get("sums", {})
    return {name: n for name in sorted({*old, *sums})
            if (n := old.get(name, 0) - less.get(name, 0) + sums.get(name, 0))}
