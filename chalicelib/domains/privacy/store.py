"""Where requests, legal holds and the progress of the retention job are kept."""
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from secrets import token_hex

from chalicelib.kernel.cases import CaseStore, instant
from chalicelib.kernel.erasure import RELEASED, hold_of
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.problems import Refused, Stale
from chalicelib.kernel.table import Item, Table, Write, transact

from .models import Request
from .workflow import ENDED

CLASSES, LIMITS = "PRIVACY-CLASSES", "PRIVACY-LIMITS"      # pk in the table `reference`
FORGET, RETENTION = "FORGET", "RETENTION"


class RequestStore(CaseStore[Request]):
    """Parts: `FORM`, sealed: what is to be right, and why. Beside them, pk `ASKED#<person>`, sk a digest of what was
    asked for, with the `request` that asks.
    """

    kind, model = "SUBJECT", Request

    def asking(self, case: Request) -> Write:
        """Describe the write that takes a request's content for it: what one person asks for is open once.

        Raise Refused where a request for the same is open; the write fails if one is entered
        meanwhile, or that one is ended by nobody else than its successor.
        """
        pk, before = f"ASKED#{case.person}", self.table.get(f"ASKED#{case.person}", case.asked)
        first = self.find(before["request"]) if before else None
        if first and first.id != case.id and first.state not in ENDED:
            raise Refused(f"同一内容的请求（{first.number}）正在处理，不必重复提出", code="asked")
        return self.table.replace({"pk": pk, "sk": case.asked, "request": case.id}, "request",
                                  before["request"] if before else None)

    def answered(self, case: Request) -> None:
        """Let what an ended request asked for be asked for anew, unless a later one does. Twice is once."""
        with suppress(Stale):
            self.table.save(self.table.delete(f"ASKED#{case.person}", case.asked, "request", case.id))

    def unsaid(self, request: str) -> None:
        """Delete what a request said: its person is no longer known."""
        self.table.save(self.table.delete(self.pk(request), "FORM"))

    def desk(self, case: Request) -> str:
        return "" if case.state in ENDED else case.unit

    def closed(self, case: Request) -> bool:
        return case.state in ENDED and not case.erased


class Keeping:
    """Table `figures`: pk `HOLDS#<area>`, sk `<KIND>#<id>`, the holds of an area, and `<KIND>#<id>#<instant>` one that
    was released before another was placed; pk `FORGET`, sk a person whose account is to be looked at; pk `RETENTION`,
    sk `<KIND>#<unit>` or `FORGET`, how far the job is. `cases` is the table in which what is held lies.
    """

    def __init__(self, table: Table, cases: Table):
        self.table, self.cases = table, cases

    def hold(self, who: Actor, case: str, reason: str, at: datetime, there: Item | None, mark: Write) -> None:
        """Enter a hold in place of `there`, one that was released, whose record stays. Raise Stale if another is placed
        meanwhile, or the case names nobody any more.
        """
        pk, sk = hold_of(who.area, case)
        item = {"pk": pk, "sk": sk, "reason": reason, "by": who.person, "at": instant(at)}
        before = [self.table.put({**there, "sk": f"{sk}#{there['at']}"})] if there else []
        transact(self.table.replace(item, RELEASED, there[RELEASED]) if there else self.table.create(item), *before,
                 self.cases.check(case, "STATE", "attribute_exists(pk) AND attribute_not_exists(#f)", "erased"), mark)

    def release(self, who: Actor, there: Item, reason: str, at: datetime, person: str, mark: Write) -> None:
        """End a hold; its record stays, and the person's account is looked at anew. Raise Stale if it is ended."""
        after = {**there, RELEASED: instant(at), "released_for": reason, "released_by": who.person}
        transact(self.table.replace(after, RELEASED, None), *([self.to_look_at(person)] if person else []), mark)

    def found(self, area: str, case: str) -> Item | None:
        return self.table.get(*hold_of(area, case))

    def holds(self, area: str, limit: int, after: Item | None) -> tuple[list[Item], Item | None]:
        """Return a page of the holds of an area, in the order of their cases."""
        page = self.table.page(hold_of(area, "")[0], limit=limit, after=after)
        return page.items, page.last

    def to_look_at(self, person: str) -> Write:
        """Describe the write that has a person's account looked at by the next run."""
        return self.table.put({"pk": FORGET, "sk": person, "asked": token_hex(8)})

    def waiting(self, after: str) -> Iterator[tuple[str, str | None]]:
        """Yield the persons whose accounts are to be looked at, those behind `after`, and by which word."""
        there = {"pk": FORGET, "sk": after} if after else None
        yield from ((item["sk"], item.get("asked")) for item in self.table.every(FORGET, after=there))

    def later(self, person: str) -> None:
        """Have a person's account looked at by the next run."""
        self.table.save(self.to_look_at(person))

    def looked_at(self, person: str, asked: str | None) -> None:
        """Strike a person off, unless somebody has asked anew since."""
        with suppress(Stale):
            self.table.save(self.table.delete(FORGET, person, "asked", asked))

    def progress(self, what: str) -> tuple[str, Item]:
        """Return how far it is: of a unit's kind the first month that may have something left, and the place behind
        which a run that was not done goes on ({}: none); of FORGET the person last looked at. "" before the first run.
        """
        item = self.table.get(RETENTION, what) or {}
        return item.get("at", ""), item.get("place", {})

    def passed(self, what: str, at: str, place: Item | None = None) -> None:
        self.table.save(self.table.put({"pk": RETENTION, "sk": what, "at": at} | ({"place": place} if place else {})))


def months(first: str, last: str) -> Iterator[str]:
    """Yield the months from `2026-03` to a later one, both with them."""
    year, month = map(int, first.split("-"))
    while (now := f"{year:04d}-{month:02d}") <= last:
        yield now
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
