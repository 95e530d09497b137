"""What is counted of cases, exactly once in effect: sums by whose they are, month and measure, with a trace.

Table `figures`, under a generation (`G1`): pk `G1#MARKS#<KIND>#<id>`, sk `LEDGER`, what a case adds now and the version
of it that this was read from; pk `G1#TRACE#<area>#<whose>#<month>#<measure>`, sk `<KIND>#<id>`, what it adds there; pk
`G1#TOTAL#<area>#<month>`, sk `<whose>#<shard>`, the sums. A case's marks take the place of its former ones in all three
at once, under the condition that nobody else did so: neither a repeat nor an older version counts, however events come.

pk `FIGURES`, sk `GENERATION`: which generation is shown (`current`), and which is being built beside it, if one is.
"""
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

from chalicelib.kernel.problems import Busy, Stale
from chalicelib.kernel.shares import Counted
from chalicelib.kernel.table import Item, Page, Table, Write, transact

TRIES = 8
SHARDS = 4                                 # of a sum, so that a unit's cases seldom wait for each other
MOST = 100                                 # writes in one transaction: the ledger, a trace per mark, a sum per cell
POINTER = ("FIGURES", "GENERATION")
UNITS = "{}."                              # how the units of an area begin
Change = tuple[str, str, str, int, int]    # whose, month, measure, what it adds now, the difference


@dataclass(frozen=True, slots=True)
class Generation:
    """Which count is shown, and which is being built (0: none)."""

    current: int = 1
    building: int = 0
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """The figures, kept in the table `figures`."""

    table: Table

    def generation(self) -> Generation:
        """Return what the pointer says; a bureau that never rebuilt its figures has none."""
        item = self.table.get(*POINTER)
        return Generation(**{name: item[name] for name in ("current", "building", "turn")}) if item else Generation()

    def point(self, was: Generation, current: int, building: int) -> Generation:
        """Move the pointer. Raise Stale if somebody else did."""
        fresh = Generation(current, building, was.turn + 1)
        self.table.save(self.table.replace({
            "pk": POINTER[0], "sk": POINTER[1], "current": current, "building": building, "turn": fresh.turn},
            "turn", was.turn or None))
        return fresh

    def enter(self, generation: int, what: str, read: Callable[[], Counted]) -> None:
        """Let the case `what` count with the marks that `read` finds, unless a later version of it does. Raise Busy."""
        for _ in range(TRIES):
            ledger = self.table.get(f"G{generation}#MARKS#{what}", "LEDGER") or {}
            counted = read()               # after the ledger: what is read is no older than what is replaced
            if counted.version <= ledger.get("version", 0):
                return
            try:
                while not (ledger := self._write(generation, what, ledger, counted)).get("version"):
                    pass                   # more than one transaction takes
                return
            except Stale:
                continue
        raise Busy("统计繁忙，请稍后重试", retry_after=1)

    def _write(self, generation: int, what: str, ledger: Item, counted: Counted) -> Item:
        """Write as many changes as a transaction takes; return the ledger, which names the version with the last ones.
        """
        old = {(*cell.split("|"), name): n for cell, sums in ledger.get("marks", {}).items()
               for name, n in sums.items()}
        changes = [(*key, counted.marks.get(key, 0), by) for key in sorted({*old, *counted.marks})
                   if (by := counted.marks.get(key, 0) - old.get(key, 0))]
        cells, shard, writes = dict[tuple[str, str], dict[str, int]](), crc32(what.encode()) % SHARDS, list[Write]()
        now = fitting(changes)
        for whose, month, measure, n, by in now:
            pk = f"G{generation}#TRACE#{counted.area}#{whose}#{month}#{measure}"
            writes.append(self.table.put({"pk": pk, "sk": what, "n": n}) if n else self.table.delete(pk, what))
            cells.setdefault((whose, month), {})[measure] = by
            old[whose, month, measure] = n
        fresh: Item = {"pk": f"G{generation}#MARKS#{what}", "sk": "LEDGER", "turn": ledger.get("turn", 0) + 1,
                       "marks": _nested(old)} | ({"version": counted.version} if len(now) == len(changes) else {})
        transact(self.table.replace(fresh, "turn", ledger.get("turn")), *writes, *(
            self.table.add(f"G{generation}#TOTAL#{counted.area}#{month}", f"{whose}#{shard}", sums)
            for (whose, month), sums in cells.items()))
        return fresh

    def cells(self, area: str, month: str, whose: str = "", generation: int = 0) -> dict[str, dict[str, int]]:
        """Return the sums of an area's month, by whose they are: those that begin with `whose` (UNITS, OF_ITEM, a unit
        and `#`); of the generation shown unless one is named.
        """
        pk = f"G{generation or self.generation().current}#TOTAL#{area}#{month}"
        return _together(self.table.every(pk, prefix=whose.format(area)))

    def page(self, area: str, month: str, whose: str, limit: int, after: Item | None
             ) -> tuple[dict[str, dict[str, int]], Item | None]:
        """Return the sums of at most `limit` units or items, and the key after which there may be more."""
        pk = f"G{self.generation().current}#TOTAL#{area}#{month}"
        page = self.table.page(pk, prefix=whose.format(area), limit=(limit + 1) * SHARDS, after=after)
        found = _together(page.items)
        shown = list(found)[:len(found) - 1 if page.last else None][:limit]    # the last one may go on behind the page
        last = [item for item in page.items if shown and _whose(item) == shown[-1]]
        return {one: found[one] for one in shown}, (
            {"pk": pk, "sk": last[-1]["sk"]} if last and len(shown) < len(found) else None)

    def traced(self, area: str, whose: str, month: str, measure: str, limit: int, after: Item | None) -> Page:
        """Return a page of the cases from which one sum was counted, and what each adds."""
        pk = f"G{self.generation().current}#TRACE#{area}#{whose}#{month}#{measure}"
        return self.table.page(pk, limit=limit, after=after)

    def items(self) -> Iterator[Item]:
        """Yield everything that is kept of any generation; reads the whole table."""
        page = self.table.scan()
        while True:
            yield from (item for item in page.items if generation_of(item["pk"]))
            if not page.last:
                return
            page = self.table.scan(after=page.last)


def fitting(changes: Sequence[Change]) -> Sequence[Change]:
    """Return as many of the changes, in order, as fit into one transaction with the ledger and the sums they touch."""
    cells = set[tuple[str, str]]()
    for traces, (whose, month, *_) in enumerate(changes, 1):
        cells.add((whose, month))
        if 1 + traces + len(cells) > MOST:
            return changes[:traces - 1]
    return changes


def _whose(item: Item) -> str:
    return str(item["sk"]).rpartition("#")[0]


def _together(items: Iterable[Item]) -> dict[str, dict[str, int]]:
    """Return the shards of sums as one each, by whose they are."""
    found = dict[str, dict[str, int]]()
    for item in items:
        sums = found.setdefault(_whose(item), {})
        for name, n in item.items():
            if name not in ("pk", "sk"):
                sums[name] = sums.get(name, 0) + n
    return found


def generation_of(pk: str) -> int:
    """Return the generation under which something is kept; 0 for what is none of the figures."""
    first, _, rest = pk.partition("#")
    known = rest.partition("#")[0] in ("MARKS", "TRACE", "TOTAL")
    return int(first[1:]) if known and first[:1] == "G" else 0


def _nested(marks: Mapping[tuple[str, ...], int]) -> dict[str, dict[str, int]]:
    """Return marks as a ledger holds them: each cell is named once."""
    cells = dict[str, dict[str, int]]()
    for (whose, month, measure), n in marks.items():
        if n:
            cells.setdefault(f"{whose}|{month}", {})[measure] = n
    return cells
