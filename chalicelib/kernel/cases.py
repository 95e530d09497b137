"""Storage common to all cases: the state and the event that led to it, in one transaction of two."""
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from heapq import merge
from itertools import islice
from typing import Any, ClassVar, Generic
from zlib import crc32

from .calendar import civil_day
from .identity import SYSTEM
from .observe import count
from .problems import Conflict, Missing, Stale, TooLarge
from .record import C, Event, Hands, Key, Summary
from .table import Index, Item, Page, Table, Write, size, transact
from .vault import digest
from .workflow import Step

DESK = Index("desk", "desk", "desk_at")            # open cases of a unit, the first due first, the undated last
PERSON = Index("person", "person_key", "opened_at")    # KEYS_ONLY: cases of a person, by when they were opened
CLOSED = Index("closed", "closed", "closed_at")    # closed cases of a unit and month
DUE = Index("due", "due", "due_at")                # KEYS_ONLY: cases the system must look at, by day, lane and shard
HELD = "~"                                 # the place in DUE of a case whose clocks wait for no instant
SHARDS = 16
COUNTY = 6                                 # digits of an area code that name the county
MOST_STATE, MOST_EVENT, MOST_CLOCKS = 4096, 20480, 8


class CaseStore(Generic[C]):
    """Items: pk `<KIND>#<id>` with sk `STATE`, `EVENT#<number>`, or the name of an immutable part (`FORM`).

    There is no way to save a case without its event: `create` and `save` take a Step and nothing else.
    A domain names its kind and model, and says on whose desk a case lies.
    """

    kind: ClassVar[str]
    model: type[C]

    def __init__(self, table: Table):
        self.table = table

    def desk(self, case: C) -> str:
        """Return the unit on whose desk the case lies; "" when it is on none."""
        return ""

    def shards(self, desk: str) -> int:
        """Return over how many partitions a desk is spread: SHARDS for one at which a whole city calls, else 1."""
        return 1

    def place(self, step: Step[C]) -> str:
        """Return the case's place on its desk: the first due first, the undated last by when they were opened."""
        return instant(step.due_at) if step.due_at else f"~{instant(step.case.opened_at)}"

    def closed(self, case: C) -> bool:
        """Say whether the case has come to its end and belongs in the month's list of its unit."""
        return False

    def ended(self, case: C) -> bool:
        """Say whether the case has come to its end, whether or not a list of the month has it."""
        return self.closed(case)

    def id_for(self, who: str, key: Key) -> str:
        """Return the id that a create of `who` under `key` has, however often it is sent."""
        return digest("id", self.kind, who, key.value)

    def get(self, case_id: str) -> C:
        """Return the case; raise Missing."""
        return self.woken(case_id)[0]

    def woken(self, case_id: str) -> tuple[C, datetime | None]:
        """Return the case and the instant at which it asked to be looked at, None if it did not; raise Missing."""
        item = self.part(case_id, "STATE")
        at = item.get("due_at", HELD)
        return self.model.model_validate({**item, "id": case_id}), None if at == HELD else datetime.fromisoformat(at)

    def find(self, case_id: str) -> C | None:
        """Return the case, or None."""
        item = self.table.get(self.pk(case_id), "STATE")
        return self.model.model_validate({**item, "id": case_id}) if item else None

    def part(self, case_id: str, name: str) -> Item:
        """Return the item of the case called `name`; raise Missing."""
        item = self.table.get(self.pk(case_id), name)
        if item is None:
            raise Missing("未找到该事项")
        return item

    def event(self, case_id: str, number: int) -> Event:
        """Return one line of the timeline; raise Missing."""
        return Event.model_validate(self.part(case_id, event_sk(number)))

    def timeline(self, case_id: str) -> Iterator[Event]:
        """Yield all acts on the case, oldest first: for replay and audits."""
        for item in self.table.every(self.pk(case_id), prefix="EVENT#"):
            yield Event.model_validate(item)

    def whole(self, case_id: str) -> tuple[C, list[Event]]:
        """Return the case and the acts that made it what it is, none of later ones; raise Missing."""
        case = self.get(case_id)
        return case, [event for event in self.timeline(case_id) if event.number <= case.version]

    def hands(self, case_id: str, number: int) -> Hands:
        """Return who had the case when its event `number` came, who acted on it, who has it now; raise Missing."""
        if not 1 <= number <= len(timeline := list(self.timeline(case_id))):
            raise Missing("未找到该事项")
        handlers = [event.changes["handler"] for event in timeline[:number - 1] if "handler" in event.changes]
        acted = frozenset(event.by.person for event in timeline if event.by.unit)
        clocks = {name: clock for event in timeline for name, clock in event.clocks.items()}
        case = self.get(case_id)
        return Hands(timeline[number - 1], handlers[-1] if handlers else "", acted, clocks, case.unit, self.ended(case))

    def events(self, case_id: str, limit: int, after: Item | None) -> tuple[list[Event], Item | None]:
        """Return a page of the timeline, newest first, and where the next begins."""
        page = self.table.page(self.pk(case_id), prefix="EVENT#", limit=limit, after=after, newest_first=True)
        return [Event.model_validate(item) for item in page.items], page.last

    def create(self, step: Step[C], key: Key, parts: Mapping[str, Item] | None = None,
               beside: Iterable[Write] = ()) -> bool:
        """Write a new case, its first event and its parts. False if this same request had written it before.

        Raise Conflict if the key came with another request, Stale if what is `beside` it cannot be, TooLarge, or Busy.
        """
        return self._save(step, key, parts, beside)

    def save(self, step: Step[C], key: Key, parts: Mapping[str, Item] | None = None,
             beside: Iterable[Write] = ()) -> bool:
        """Write state and event together. False if this same act had been written; raise Stale if another won.

        `beside`: writes to other items that are to happen with the act or not at all, for a number without gaps.
        """
        return self._save(step, key, parts, beside)

    def _save(self, step: Step[C], key: Key, parts: Mapping[str, Item] | None, beside: Iterable[Write] = ()) -> bool:
        pk = self.pk(step.case.id)
        try:
            transact(*self.writes(step), *(self.table.create({**part, "pk": pk, "sk": name})
                                            for name, part in (parts or {}).items()), *beside)
        except Stale as stale:
            held = next((item for item in stale.held if item and item.get("sk") == event_sk(step.event.number)), None)
            held = held or self.table.get(pk, event_sk(step.event.number))
            if held and key.value and held.get("key") == key.value:
                same(held.get("digest", ""), key)
                return False
            raise Stale() from stale
        count("SystemActs" if step.event.by.person == SYSTEM.person else "Acts", kind=self.kind, act=step.event.act)
        return True

    def moves(self, step: Step[C]) -> bool:
        """Say whether the step gives the case another place on its desk, or another instant to be looked at."""
        there, then = self.part(step.case.id, "STATE"), self._index(step)
        return any(there.get(name) != then.get(name) for name in ("desk_at", "due_at"))

    def page(self, index: Index, value: str, limit: int, after: Item | None = None, newest_first: bool = False,
             span: tuple[str, str] = ("", "")) -> tuple[list[Summary], Page]:
        """Return summaries of this kind's cases from a partition of an index, its sort keys within `span`.

        The index `person` holds keys only, so that acts do not pay for it: its rows are read from the table.
        """
        if index is DESK and self.shards(value) > 1:
            page = self._merged(value, limit, after or {}, span)
        else:
            page = self.table.page(f"{self.kind}#{value}", index=index, limit=limit, after=after,
                                   newest_first=newest_first, since=span[0], until=span[1])
        if index is PERSON:
            page = Page(self.table.get_many([(item["pk"], "STATE") for item in page.items]), page.last)
        rows = [Summary.model_validate({**item, "id": item["pk"].partition("#")[2]}) for item in page.items]
        return rows, page

    def next_number(self, area: str, item: str, day: str, letter: str) -> str:
        """Take the next number of `item` in a county for `day`, in a call of its own: a gap does no harm, a wait would.

        It begins with the county's six digits: two counties may have an item of one code.
        """
        series = f"{area[:COUNTY]}{item}{day}{letter}"
        return f"{series}{self.table.count_up(f'NUMBER#{series}', 'COUNTER'):04d}"

    def _merged(self, desk: str, limit: int, after: Item, span: tuple[str, str]) -> Page:
        """Return a page of a desk in shards, in the order of the desk; `after` holds the last key shown of each shard.

        Each shard is read in small helpings, so that a page costs little more than its rows.
        """
        def waiting(shard: int) -> Iterator[tuple[str, str, int, Item]]:
            there = after.get(f"{shard:02d}")
            for item in self.table.every(f"{self.kind}#{desk}#{shard:02d}", index=DESK, after=there,
                                         since=span[0], until=span[1],
                                         limit=max(2, -(-limit // self.shards(desk)))):
                yield item["desk_at"], item["pk"], shard, item
        found = list(islice(merge(*map(waiting, range(self.shards(desk)))), limit + 1))
        shown = {f"{shard:02d}": {"pk": pk, "sk": "STATE", "desk_at": at} for at, pk, shard, _ in found[:limit]}
        return Page([item for *_, item in found[:limit]], {**after, **shown} if len(found) > limit else None)

    def writes(self, step: Step[C]) -> tuple[Item, ...]:
        pk, case = self.pk(step.case.id), step.case
        state: Item = {**case.model_dump(mode="json", exclude_defaults=True, exclude={"id"}), "pk": pk, "sk": "STATE",
                       **self._index(step)}
        event: Item = {**step.event.model_dump(mode="json", exclude_defaults=True), "pk": pk,
                       "sk": event_sk(step.event.number)}
        if size(state) > MOST_STATE or len(case.clocks) > MOST_CLOCKS or size(event) > MOST_EVENT:
            raise TooLarge("该事项的记录已达到上限，请将较长的内容作为附件提交")
        return self.table.put(state), self.table.create(event)     # the event's key is also the lock

    def _index(self, step: Step[C]) -> Item:
        case, item = step.case, dict[str, Any]()
        if desk := self.desk(case):
            shard = f"#{shard_of(self.pk(case.id)):02d}" if self.shards(desk) > 1 else ""
            item |= {"desk": f"{self.kind}#{desk}{shard}", "desk_at": self.place(step)}
        if case.person:
            item["person_key"] = f"{self.kind}#{case.person}"
        if self.closed(case):
            item |= {"closed": f"{self.kind}#{case.unit}#{civil_day(step.event.at):%Y-%m}",
                     "closed_at": instant(step.event.at)}
        if step.wake:
            item |= {"due": due_shard(step.wake.at, shard_of(self.pk(case.id)), step.wake.by_day),
                     "due_at": instant(step.wake.at)}
        elif case.clocks:                  # nothing to do before somebody acts; a new calendar must find it
            item |= {"due": f"held#{shard_of(self.pk(case.id)):02d}", "due_at": HELD}
        return item

    def pk(self, case_id: str) -> str:
        return f"{self.kind}#{case_id}"


def instant(at: datetime) -> str:
    """Return an instant as a sort key: fixed width, UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def due_shard(at: datetime, shard: int, by_day: bool = True) -> str:
    """Return the partition of the index `due` for an instant: its civil day, lane and shard."""
    return due_lane(civil_day(at), shard, by_day)


def due_lane(day: date, shard: int, by_day: bool) -> str:
    """Return one of a shard's two partitions for a day: `2026-03-10#07` for clocks of days, `…#m07` for the shorter."""
    return f"{day:%Y-%m-%d}#{'' if by_day else 'm'}{shard:02d}"


def shard_of(pk: str) -> int:
    """Return the shard in which a case waits to be woken, and in which it lies on a desk that has shards."""
    return crc32(pk.encode()) % SHARDS


def event_sk(number: int) -> str:
    return f"EVENT#{number:06d}"


def same(digest_stored: str, key: Key) -> None:
    """Raise Conflict unless the stored request is the one that came with `key`."""
    if digest_stored != key.digest:
        raise Conflict("同一请求标识已用于内容不同的请求")
