"""Where requests, legal holds and the progress of the retention job are kept."""
from collections.abc import Iterator
from datetime import datetime

from chalicelib.kernel.cases import CaseStore, instant
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.table import Item, Table, Write, transact

from .models import Request
from .workflow import ENDED

CLASSES, LIMITS = "PRIVACY-CLASSES", "PRIVACY-LIMITS"      # pk in the table `reference`
FORGET, RETENTION = "FORGET", "RETENTION"


class RequestStore(CaseStore[Request]):
    """Parts: `FORM`, sealed: what is to be right, and why."""

    kind, model = "SUBJECT", Request

    def desk(self, case: Request) -> str:
        return "" if case.state in ENDED else case.unit

    def closed(self, case: Request) -> bool:
        return case.state in ENDED and not case.erased


class Keeping:
    """Table `figures`: pk `HOLDS#<area>`, sk `<KIND>#<id>`, the holds of an area; pk `FORGET`, sk a person of whom a
    case was anonymised; pk `RETENTION`, sk `<KIND>#<unit>`, the first month with something left.
    """

    def __init__(self, table: Table):
        self.table = table

    def hold(self, who: Actor, case: str, reason: str, at: datetime, mark: Write) -> None:
        """Enter a hold."""
        transact(self.table.put({"pk": f"HOLDS#{who.area}", "sk": case, "reason": reason, "by": who.person,
                                 "at": instant(at)}), mark)

    def release(self, who: Actor, item: Item, reason: str, at: datetime, mark: Write) -> None:
        """End a hold; its record stays."""
        transact(self.table.put({**item, "released_at": instant(at), "released_for": reason,
                                 "released_by": who.person}), mark)

    def found(self, area: str, case: str) -> Item | None:
        return self.table.get(f"HOLDS#{area}", case)

    def held(self, area: str, case: str) -> bool:
        """Say whether a hold on the case stands."""
        item = self.found(area, case)
        return item is not None and "released_at" not in item

    def holds(self, area: str, limit: int, after: Item | None) -> tuple[list[Item], Item | None]:
        """Return a page of the holds of an area."""
        page = self.table.page(f"HOLDS#{area}", limit=limit, after=after)
        return page.items, page.last

    def to_look_at(self, person: str) -> Write:
        """Describe the write that has a person's account looked at by the next run."""
        return self.table.put({"pk": FORGET, "sk": person})

    def waiting(self, limit: int) -> list[Item]:
        """Return persons whose accounts are to be looked at."""
        return self.table.page(FORGET, limit=limit).items

    def looked_at(self, person: str) -> None:
        self.table.save(self.table.delete(FORGET, person))

    def progress(self, what: str) -> str:
        """Return the first month that may have something left; "" before the first run."""
        item = self.table.get(RETENTION, what)
        return str(item["at"]) if item else ""

    def passed(self, what: str, at: str) -> None:
        self.table.save(self.table.put({"pk": RETENTION, "sk": what, "at": at}))


def months(first: str, last: str) -> Iterator[str]:
    """Yield the months from `2026-03` to a later one, both with them."""
    year, month = map(int, first.split("-"))
    while (now := f"{year:04d}-{month:02d}") <= last:
        yield now
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
