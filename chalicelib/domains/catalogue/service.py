"""What is done with the catalogue, one method per use. Anyone may read it; two officials are needed to change it."""
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from chalicelib.kernel.cases import same
from chalicelib.kernel.cursors import open_cursor, seal_cursor
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.problems import Forbidden, Invalid, Missing, Refused, Stale, fault
from chalicelib.kernel.record import Key
from chalicelib.kernel.table import TABLE, Write
from chalicelib.kernel.vault import digest
from chalicelib.kernel.views import Answer

from . import importer
from .editions import Current, Department, Departments, Edition, Guide, Import, Listed, Listing, Search, Staged
from .find import find
from .guide import page
from .models import Item, ItemLine
from .store import CatalogueStore, Shelf
from .words import KINDS, sounds

SEEDER, PUBLISHER = "seed-keeper", "seed-publisher"


@dataclass
class Catalogue:
    store: CatalogueStore
    clock: Callable[[], datetime]

    def bring_in(self, body: Import, who: Actor, key: Key) -> Answer[Edition]:
        """Read a source of items and keep it, not yet published. Raise Forbidden, Invalid, Conflict."""
        if who.role != "keeper" or who.area != body.area:
            raise Forbidden("事项目录由本地区的事项管理人员导入")
        edition = digest("id", "CATALOGUE", who.person, key.value)
        if first := self.store.staged(body.area, edition):
            same(first.request, key)
            return Answer(_shown(first), replayed=True)
        try:
            reading = importer.read(body.content, body.format, body.area)
        except ValueError as error:
            raise Invalid("导入内容无法读取", errors=[fault("/content", "content", str(error))]) from error
        if not reading.items:
            raise Invalid("没有可以发布的事项", errors=[
                fault("/content", "item", f"{one.item or one.line}{one.pointer}：{one.detail}")
                for one in reading.report.findings[:20]])
        staged = Staged(id=edition, area=body.area, mode=body.mode, imported_at=self.clock(),
                        report=reading.report, imported_by=who.person, request=key.digest,
                        withheld=reading.withheld)
        try:
            self.store.stage(staged, reading.items)
        except Stale:
            first = self._staged(edition, who)     # another request under this key was faster
            same(first.request, key)
            return Answer(_shown(first), replayed=True)
        return Answer(_shown(staged))

    def edition(self, edition: str, who: Actor) -> Edition:
        """Return an edition with its report, to the keepers and heads of its area. Raise Missing."""
        return _shown(self._staged(edition, who))

    def publish(self, edition: str, who: Actor, key: Key) -> Answer[Edition]:
        """Put an edition in force; resume if a crash stopped it before. Raise Missing, Forbidden, Stale, Conflict."""
        staged = self._staged(edition, who)
        if staged.imported_by == who.person:
            raise Forbidden("发布应当由导入人以外的事项管理人员或者负责人办理")
        fresh = self.store.marks.once(who, key, self.clock(), lambda mark: self._publish(staged, who, mark))
        return Answer(_shown(self._staged(edition, who)), replayed=not fresh)

    def _publish(self, staged: Staged, who: Actor, mark: Write) -> None:
        if staged.state == "published":
            raise Refused("该次导入已经发布", code="published")
        before = self.store.current(staged.area, fresh=True)
        there = self.store.shelf(staged.area, before).by_code if before else {}
        lines = dict(there) if staged.mode == "merge" else {
            code: line for code, line in there.items() if code in staged.withheld}
        for item in self.store.brought_in(staged):
            line = there.get(item.code)
            if line is None or line.content != item.content:
                line = _line(item, self.store.place(item, line.version if line else 0))
            lines[item.code] = line
        published = staged.model_copy(update={
            "state": "published", "published_at": self.clock(), "published_by": who.person, "items": len(lines),
            "number": before.number + 1 if before else 1})
        self.store.publish(published, before, sorted(
            lines.values(), key=lambda line: (line.department, line.kind, line.name, line.code)), mark)

    def publish_seed(self, area: str, items: list[dict[str, object]]) -> Edition:
        """Publish the project's own items. The same items twice are published once."""
        content = json.dumps(items, ensure_ascii=False)
        key = Key(sha256(content.encode()).hexdigest()[:20], "seed")
        keeper = Actor(person=SEEDER, role="keeper", area=area)
        edition = self.bring_in(Import(area=area, format="json", content=content), keeper, key).result
        if edition.state == "published":
            return edition
        return self.publish(edition.id, keeper.model_copy(update={"person": PUBLISHER}), key).result

    def item(self, area: str, code: str, version: int | None = None) -> Item:
        """Return an item as a version of it says, or (None) as it is in force. Raise Missing, or Refused."""
        return self.in_force(area, code) if version is None else self.store.item(area, code, version)

    def in_force(self, area: str, code: str) -> Item:
        """Return an item as it is in force. Raise Missing; Refused if it is no longer published."""
        if line := self.line(area, code):
            return self.store.item(area, code, line.version)
        if self.store.known(area, code):
            raise Refused("该事项已停止办理", code="withdrawn")
        raise Missing("未找到该事项")

    def line(self, area: str, code: str) -> ItemLine | None:
        """Return the line of an item in the catalogue in force; None if it is not, or no longer, published."""
        current = self.store.current(area)
        return self.store.shelf(area, current).by_code.get(code) if current else None

    def guide(self, area: str, code: str, version: int | None = None) -> Guide:
        """Return the guide of a version of an item, by default the one in force. Raise Missing or Refused."""
        item, line = self.item(area, code, version), self.line(area, code)
        in_force = bool(line and line.version == item.version)
        why_not = item.why_not if in_force else "该版本已不再有效" if line else "该事项已停止办理"
        return Guide(version=item.version, in_force=in_force, applicable=not why_not, why_not=why_not, item=item)

    def guide_page(self, area: str, code: str, version: int | None = None) -> str:
        """Return the guide as a page of HTML. Raise Missing or Refused."""
        return page(self.guide(area, code, version), self.clock())

    def departments(self, area: str) -> Departments:
        """Return the departments that offer something, in the order of the list. Raise Missing."""
        shelf = self._shelf(area)
        found: dict[str, list[ItemLine]] = {}
        for line in shelf.lines:
            found.setdefault(line.department, []).append(line)
        return Departments(area=area, catalogue=shelf.current.number, as_of=self.clock(), departments=[
            Department(unit=unit, name=lines[0].department_name, items=len(lines),
                       applicable=sum(line.applicable for line in lines)) for unit, lines in found.items()])

    def search(self, asked: Search, limit: int, cursor: str | None) -> Listing:
        """Return a page of what answers, the best first. Further pages are of the same version. Raise Missing."""
        at, bound = self.clock(), f"catalogue {asked.model_dump_json()}"
        shelf, start = self._shelf(asked.area), 0
        if given := open_cursor(cursor, bound, at):
            start = int(given["start"])
            shelf = self.store.shelf(asked.area, Current.model_validate(given["of"]))
        found = [line for line in find(shelf.lines, asked.q)
                 if asked.department in (None, line.department) and asked.applicable in (None, line.applicable)]
        after = start + limit
        rest = {"start": after, "of": shelf.current.model_dump(mode="json")} if after < len(found) else None
        return Listing(area=asked.area, catalogue=shelf.current.number, as_of=at, total=len(found),
                       items=[_listed(line) for line in found[start:after]],
                       cursor=seal_cursor(rest, TABLE, bound, at))

    def _shelf(self, area: str) -> Shelf:
        current = self.store.current(area)
        if current is None:
            raise Missing("该地区尚未发布事项目录")
        return self.store.shelf(area, current)

    def _staged(self, edition: str, who: Actor) -> Staged:
        staged = self.store.staged(who.area, edition) if who.role in ("keeper", "head") else None
        if staged is None:
            raise Missing("未找到该次导入")
        return staged


def _shown(staged: Staged) -> Edition:
    return Edition.model_validate(staged.model_dump(include=set(Edition.model_fields)))


def _line(item: Item, version: int) -> ItemLine:
    return ItemLine(code=item.code, version=version, name=item.name, kind=item.kind, department=item.department,
                    department_name=item.department_name, main_item=item.main_item, applicable=item.applicable,
                    why_not=item.why_not, sounds=sounds(item.name), content=item.content)


def _listed(line: ItemLine) -> Listed:
    return Listed(code=line.code, item_version=line.version, name=line.name, kind=line.kind,
                  kind_label=KINDS[line.kind], department=line.department, department_name=line.department_name,
                  applicable=line.applicable, why_not=line.why_not)
