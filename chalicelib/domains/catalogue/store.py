"""Where the catalogue is kept, in the table `reference`.

`ITEM#<area>#<code>`: immutable versions `V#000003` of an item.
`CATALOGUE#<area>#<edition>`: `META`, the items brought in (`ITEMS#<request>#0000`), and once it is being published the
lines of the whole catalogue (`LINES#000002#0000`; 000002 is the number it is published under). Chunks hold at most
MOST_ROWS. `CATALOGUE#<area>`: the pointer `CURRENT`, turned last: until then the catalogue before it is in force.
`KEY#<person>`: requests to publish that were done (kernel.marks).
"""
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeVar

from chalicelib.kernel.marks import Marks
from chalicelib.kernel.problems import Missing, Stale
from chalicelib.kernel.table import Item as Row
from chalicelib.kernel.table import Table, Write, size, transact

from .editions import Current, Staged
from .models import Item, ItemLine

K = TypeVar("K")
V = TypeVar("V")
FRESH = timedelta(seconds=60)              # how old a pointer may be that a process goes by
MOST_ROWS, MOST_BYTES = 200, 300_000
KEPT_SHELVES, KEPT_ITEMS = 6, 3000         # how many immutable things a process remembers


@dataclass(frozen=True)
class Shelf:
    """A published catalogue: its lines in the order of the list."""

    current: Current
    lines: tuple[ItemLine, ...] = ()

    @cached_property
    def by_code(self) -> dict[str, ItemLine]:
        return {line.code: line for line in self.lines}


@dataclass
class CatalogueStore:
    table: Table
    clock: Callable[[], datetime]
    _pointers: dict[str, tuple[datetime, Current | None]] = field(default_factory=dict)
    _shelves: dict[tuple[str, str, int], Shelf] = field(default_factory=dict)
    _items: dict[tuple[str, str, int], Item] = field(default_factory=dict)

    @property
    def marks(self) -> Marks:
        return Marks(self.table)

    def item(self, area: str, code: str, version: int) -> Item:
        """Return one version of an item, in force or not. Raise Missing."""
        key = (area, code, version)
        if key not in self._items:
            row = self.table.get(f"ITEM#{area}#{code}", _version(version))
            if row is None:
                raise Missing("未找到该事项或者该版本")
            _keep(self._items, KEPT_ITEMS)[key] = Item.model_validate(row["item"] | {"version": version})
        return self._items[key]

    def known(self, area: str, code: str) -> bool:
        """Whether there ever was a version of this item."""
        return bool(self.table.page(f"ITEM#{area}#{code}", limit=1).items)

    def place(self, item: Item, after: int) -> int:
        """Store the item's content as its next version, later than `after`; return the number.

        The same content as the last version's is that version: publishing again after a crash writes nothing twice.
        """
        pk, version = f"ITEM#{item.area}#{item.code}", after + 1
        said = item.model_dump(mode="json", exclude_defaults=True, exclude={"version"})
        while True:
            row = {"pk": pk, "sk": _version(version), "content": item.content, "item": said}
            try:
                self.table.save(self.table.create(row))
                return version
            except Stale:
                last = self.table.page(pk, newest_first=True, limit=1).items[0]
                if last["content"] == item.content:
                    return int(last["sk"][2:])
                version = int(last["sk"][2:]) + 1

    def stage(self, staged: Staged, items: Iterable[Item]) -> None:
        """Keep what was brought in; its META, written last, makes it known. Raise Stale if one with its id is known."""
        pk, chunks = f"CATALOGUE#{staged.area}#{staged.id}", 0
        for rows in _chunks(item.model_dump(mode="json", exclude_defaults=True) for item in items):
            self.table.save(self.table.put({"pk": pk, "sk": _items(staged, chunks), "rows": rows}))
            chunks += 1
        meta = staged.model_copy(update={"chunks": chunks}).model_dump(mode="json")
        self.table.save(self.table.create({"pk": pk, "sk": "META", "meta": meta}))

    def staged(self, area: str, edition: str) -> Staged | None:
        """Return what is known of an edition, or None."""
        row = self.table.get(f"CATALOGUE#{area}#{edition}", "META")
        return Staged.model_validate(row["meta"]) if row else None

    def brought_in(self, staged: Staged) -> Iterator[Item]:
        """Yield the items that an edition brought in."""
        for number in range(staged.chunks):
            row = self.table.get(f"CATALOGUE#{staged.area}#{staged.id}", _items(staged, number))
            if row is None:
                raise Missing("导入的事项不完整")
            yield from (Item.model_validate(one) for one in row["rows"])

    def publish(self, staged: Staged, before: Current | None, lines: Iterable[ItemLine], mark: Write) -> None:
        """Write the lines of an edition, then turn the pointer to it, with the mark of the request.

        Raise Stale if it was turned since `before`.
        """
        pk, chunks = f"CATALOGUE#{staged.area}#{staged.id}", 0
        for rows in _chunks(line.model_dump(mode="json") for line in lines):
            self.table.save(self.table.put({"pk": pk, "sk": _lines(staged.number, chunks), "rows": rows}))
            chunks += 1
        assert staged.published_at
        pointer = Current(edition=staged.id, number=staged.number, chunks=chunks, published_at=staged.published_at)
        transact(self.table.replace({"pk": f"CATALOGUE#{staged.area}", "sk": "CURRENT",
                                     **pointer.model_dump(mode="json")}, "number", before.number if before else None),
                 self.table.put({"pk": pk, "sk": "META", "meta": staged.model_dump(mode="json")}), mark)
        self._pointers.pop(staged.area, None)

    def current(self, area: str, fresh: bool = False) -> Current | None:
        """Return the pointer, at most FRESH old, or as it is now; None before the first publication."""
        at = self.clock()
        if fresh or area not in self._pointers or not timedelta() <= at - self._pointers[area][0] <= FRESH:
            row = self.table.get(f"CATALOGUE#{area}", "CURRENT")
            self._pointers[area] = at, Current.model_validate(row) if row else None
        return self._pointers[area][1]

    def shelf(self, area: str, current: Current) -> Shelf:
        """Return the catalogue that a pointer names, or named: it never changes, so it is read once a process."""
        key = (area, current.edition, current.number)
        if key not in self._shelves:
            rows = (self.table.get(f"CATALOGUE#{area}#{current.edition}", _lines(current.number, number))
                    for number in range(current.chunks))
            lines = tuple(ItemLine.model_validate(one) for row in rows if row for one in row["rows"])
            _keep(self._shelves, KEPT_SHELVES)[key] = Shelf(current, lines)
        return self._shelves[key]


def _version(number: int) -> str:
    return f"V#{number:06d}"


def _items(staged: Staged, chunk: int) -> str:
    return f"ITEMS#{staged.request}#{chunk:04d}"       # two requests under one key do not mix


def _lines(number: int, chunk: int) -> str:
    return f"LINES#{number:06d}#{chunk:04d}"


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield the rows in lists of at most MOST_ROWS and MOST_BYTES, as DynamoDB counts them."""
    chunk: list[Row] = []
    weight = 0
    for row in rows:
        heavy = size({"row": row})
        if chunk and (len(chunk) == MOST_ROWS or weight + heavy > MOST_BYTES):
            yield chunk
            chunk, weight = [], 0
        chunk.append(row)
        weight += heavy
    if chunk:
        yield chunk


def _keep(kept: dict[K, V], most: int) -> dict[K, V]:
    """Return the dictionary with room for one more: the oldest entry gives way."""
    if len(kept) >= most:
        del kept[next(iter(kept))]
    return kept
