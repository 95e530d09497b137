"""Where orders are kept: on the desk of the unit or of the centre, by the citizen whose they are, in lists of some."""
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from chalicelib.kernel.cases import DESK, SHARDS, CaseStore, instant
from chalicelib.kernel.record import NEW, Summary
from chalicelib.kernel.table import Index, Item, Page, Write
from chalicelib.kernel.vault import digest
from chalicelib.kernel.workflow import Step

from .calls import Calls
from .guards import centre_of, stands_out
from .models import Order
from .workflow import AT_UNIT, ENDED

LIMITS = "HOTLINE-LIMITS"                  # pk in the table `reference`
CHANNELS, WORDS, DUTIES = "HOTLINE-CHANNELS", "HOTLINE-WORDS", "HOTLINE-DUTIES"
LISTS: Mapping[str, str] = {"key": "key", "helping": "co", "repeated": "again", "collective": "many"}
"""Lists by what callers call them: 重点清单, of the centre and of the unit that has the order; what a unit is to help
with; of the centre: what somebody asks for again, what many ask for."""
OF_THE_CENTRE = frozenset({"repeated", "collective"})
"""The lists that no unit has: which orders are one person's, or of many, is the centre's to know."""
STREET = "street"
"""The list of what is open in a street or town."""
MOST_COUNTED = 100


class OrderStore(CaseStore[Order]):
    """Parts: `FORM` (content and place), `REPLY#<event>` (to the citizen), `REASON#<event>` (inside),
    `REPORT#<event>` (of a co-handler), `CHILD#<order>` (one merged into it).

    Beside them `LIST#<name>`, as long as the order is in that list, in the index `desk` under the list's name; and pk
    `CLAIM#<digest of channel and source number>` with sk `ORDER`: what another system sends twice is one order.
    """

    kind, model = "ORDER", Order

    def desk(self, case: Order) -> str:
        return "" if case.state in (*ENDED, "merged") else case.unit

    def shards(self, desk: str) -> int:
        """The centre's desk takes every call of the area; a unit's does not."""
        return SHARDS if desk == centre_of(desk.partition(".")[0]) else 1

    def closed(self, case: Order) -> bool:
        return case.state in ENDED and not case.erased

    def lists(self, case: Order) -> set[str]:
        """Return the lists in which the order is: `<sort>@<unit>`."""
        if case.state in (NEW, "merged", *ENDED):
            return set()
        centre = centre_of(case.area)
        helping = {f"{LISTS['helping']}@{case.area}.{unit}" for unit, report in case.helpers.items()
                   if case.state in AT_UNIT and not report and case.category != "report"}
        return helping | {f"{LISTS[sort]}@{unit}" for sort, unit, listed in (
            ("key", case.unit, stands_out(case)), ("key", centre, stands_out(case)),
            ("repeated", centre, case.repeats), ("collective", centre, case.collective)) if listed} | (
            {f"{STREET}@{case.street}"} if case.street else set())

    def writes(self, step: Step[Order]) -> tuple[Item, ...]:
        """Return the writes of an act, with those to the lists that the order comes into or leaves; what was annulled
        lets its channel's number go.
        """
        case, pk = step.case, self.pk(step.case.id)
        there, then = self.lists(step.before) if step.before else set(), self.lists(case)
        return (*super().writes(step),
                *(self.table.put({"pk": pk, "sk": f"LIST#{name}", "desk": f"{self.kind}#{name}",
                                  "desk_at": instant(case.opened_at)}) for name in sorted(then - there)),
                *(self.table.delete(pk, f"LIST#{name}") for name in sorted(there - then)),
                *([self.table.delete(claimed(case.area, case.channel, case.source_number), "ORDER")]
                  if case.source_number and step.event.act == "annul" else []))

    def page(self, index: Index, value: str, limit: int, after: Item | None = None, newest_first: bool = False,
             span: tuple[str, str] = ("", "")) -> tuple[list[Summary], Page]:
        """Return a page of an index; of a list (`<sort>@<unit>`) the orders themselves, the oldest first."""
        if index is not DESK or "@" not in value:
            return super().page(index, value, limit, after, newest_first, span)
        listed = self.table.page(f"{self.kind}#{value}", index=DESK, limit=limit, after=after)
        page = Page(self.table.get_many([(item["pk"], "STATE") for item in listed.items]), listed.last)
        return [self._read(item) for item in page.items], page

    def counted(self, value: str, at: datetime, end: datetime) -> tuple[int, int, int, bool]:
        """Return of a desk or list how many orders are open, overdue at an instant, due from then to `end`, of the
        first MOST_COUNTED, and whether there are more.
        """
        _, page = self.page(DESK, value, MOST_COUNTED)
        dues = [item["desk_at"] for item in page.items if "desk_at" in item]
        overdue = sum(due <= instant(at) for due in dues)
        return len(dues), overdue, sum(due <= instant(end) for due in dues) - overdue, page.last is not None

    def many(self, ids: Iterable[str]) -> list[Order]:
        """Return those orders that there are, at most a hundred, in their order."""
        items = self.table.get_many([(self.pk(one), "STATE") for one in ids])
        return [self._read(item) for item in items]

    def _read(self, item: Item) -> Order:
        return self.model.model_validate({**item, "id": item["pk"].partition("#")[2]})

    def said(self, case_id: str, sort: str) -> Iterator[Item]:
        """Yield the long texts of one sort (REPLY, REASON, REPORT), oldest first."""
        yield from self.table.every(self.pk(case_id), prefix=f"{sort}#")

    def children(self, case_id: str) -> list[str]:
        """Return the orders that were merged into one, as many as it may take in."""
        return [item["sk"].partition("#")[2] for item in self.table.every(self.pk(case_id), prefix="CHILD#")]

    def child(self, main: str, case_id: str, merged: bool) -> Write:
        """Describe the write by which an order finds one merged into it, or does so no more."""
        pk, sk = self.pk(main), f"CHILD#{case_id}"
        return self.table.put({"pk": pk, "sk": sk}) if merged else self.table.delete(pk, sk)

    def claim(self, area: str, channel: str, number: str, case_id: str) -> Write:
        """Describe the write by which what a channel calls by a number is this order, and no other."""
        return self.table.create({"pk": claimed(area, channel, number), "sk": "ORDER", "order": case_id})

    def claimed_by(self, area: str, channel: str, number: str) -> str:
        """Return the order that a channel's number stands for; "" if there is none yet."""
        there: Mapping[str, Any] = self.table.get(claimed(area, channel, number), "ORDER") or {}
        return str(there.get("order", ""))


class CallsStore(CaseStore[Calls]):
    """A day has one case: its id follows from the area and the day."""

    kind, model = "CALLS", Calls

    def desk(self, case: Calls) -> str:
        return case.unit

    def ended(self, case: Calls) -> bool:
        return True                        # nobody waits for anything


def claimed(area: str, channel: str, number: str) -> str:
    """Return under which key it stands that a channel's number is an order of an area."""
    return f"CLAIM#{digest('source', area, channel, number)}"
