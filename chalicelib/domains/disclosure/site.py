"""The public site of an area, as objects to write: pages in two styles, JSON, feed and sitemaps. Reads, never writes.

Everything is found by (column, serial). A column's numbered pages hold PER_PAGE serials each and are the record from
which lists are made, so that publishing the ten-thousandth document writes as much as the tenth:

    <column>/00000042.html .json       a document or its tombstone        elder/...      each page in the elder style
    <column>/page-0003.html .json      serials 41 to 60, for good         <column>/index.html   the newest first
    index.html .json  feed.xml  sitemap.xml  sitemap-<column>-0001.xml  assets/site.css
"""
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from chalicelib.kernel.calendar import CIVIL, rfc3339
from chalicelib.kernel.objects import Objects

from .feed import LATEST, atom, sitemap, sitemap_index
from .models import Document

PER_PAGE = 20
PER_SITEMAP = 1_000                        # of at most 50,000 that the protocol allows
PAGES = Path(__file__).with_name("pages")
HTML, JSON, XML = "text/html; charset=utf-8", "application/json", "application/xml"
STYLES = ("", "elder/")
UNFIT = re.compile(r"[^\t\n\r\x20-\x7e\xa0-\ud7ff\uf900-\ufffd\U00010000-\U000effff]")
"""What HTML or XML may not hold, and private characters, which no font knows: shown as the replacement character."""
HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、[^。；]{1,38}|第[一二三四五六七八九十百]+[章条节][^。；]{0,30}")
Row = dict[str, Any]
Write = tuple[str, bytes, str]


@dataclass(frozen=True, slots=True)
class Site:
    """The folder of one area. `base`: its public address, or ""; `columns`: code -> title, in the order of the home
    page."""

    objects: Objects
    area: str
    name: str
    base: str
    columns: Mapping[str, str]

    def writes(self, case: Document, text: str) -> Iterator[Write]:
        """Yield what publishing or withdrawing a document writes, each (key, body, media type): first the document,
        then what lists it. Doing it twice changes nothing.
        """
        row = self._row(case)
        title = self.columns.get(case.column, case.column)
        lines = [] if row["withdrawn_at"] else [fit(line.strip()) for line in text.split("\n") if line.strip()]
        if lines[:1] == [row["title"]]:
            del lines[0]                   # the title is told once
        yield self._json(stem(row["address"]), row | {"column": case.column, "column_title": title, "text": lines})
        yield from self._pages("document.html", row["address"], row=row, column=case.column, column_title=title,
                               lines=[(line, bool(HEADING.fullmatch(line))) for line in lines])
        manifest, page = self._manifest(case, row, title), (case.serial - 1) // PER_PAGE + 1
        last = manifest["columns"][case.column]["serial"]
        rows = self._rows(case.column, page, row)
        older = page_name(page - 1) if page > 1 else ""
        listed = {"column": case.column, "column_title": title}
        yield self._json(f"{case.column}/{page_name(page)}", {
            "area": self.area, **listed, "page": page, "items": rows, "older": older and f"{older}.json"})
        yield from self._pages("column.html", f"{case.column}/{page_name(page)}.html", rows=rows, older=older,
                               page=page, **listed)
        newest, older = self._newest(case.column, last, page, rows)
        yield from self._pages("column.html", f"{case.column}/index.html", rows=newest, older=older, page=0, **listed)
        yield self._json("index", manifest)
        yield from self._pages("home.html", "index.html", manifest=manifest)
        yield self._at("feed.xml", atom(self.area, self.name, self.base, manifest), "application/atom+xml")
        name = f"sitemap-{case.column}-{(case.serial - 1) // PER_SITEMAP + 1:04d}.xml"
        changed = None if row["withdrawn_at"] else row["published_at"]
        yield self._at(name, sitemap(self.base, self._read(name), row["address"], changed), XML)
        yield self._at("sitemap.xml", sitemap_index(self.base, [
            f"sitemap-{code}-{n:04d}.xml" for code, column in sorted(manifest["columns"].items())
            for n in range(1, (column["serial"] - 1) // PER_SITEMAP + 2)]), XML)
        style = (PAGES / "site.css").read_bytes()
        stored = self.objects.head(f"{self.area}/assets/site.css")
        if stored is None or stored.sha256 != sha256(style).hexdigest():
            yield self._at("assets/site.css", style, "text/css; charset=utf-8")

    def _row(self, case: Document) -> Row:
        """Return the document as lists and JSON name it; of one withdrawn, that there was one."""
        assert case.published_at and case.hour
        gone = case.state in ("withdrawing", "withdrawn")
        told = {"title": "该文件已撤回", "reference": "", "topic": ""} if gone else {
            "title": fit(case.title), "reference": fit(case.reference), "topic": fit(case.topic)}
        return {"serial": case.serial, "address": address(case.column, case.serial), "number": case.number, **told,
                "formed_on": str(case.formed_on), "issuer": fit(case.issuer),
                "published_at": rfc3339(case.published_at),
                "withdrawn_at": rfc3339(case.hour) if gone else None}

    def _manifest(self, case: Document, row: Row, title: str) -> Row:
        """Return the area's record with the document in it: columns, the latest, the withdrawn."""
        there: Row = self._loaded("index") or {"columns": {}, "latest": [], "withdrawn": []}
        column = there["columns"].get(case.column, {"serial": 0, "updated_at": ""})
        changed = row["withdrawn_at"] or row["published_at"]
        entry = row | {"column": case.column, "column_title": title}
        known = {one["address"] for one in there["latest"]}
        latest = [entry if one["address"] == row["address"] else one for one in there["latest"]]
        if row["address"] not in known and not row["withdrawn_at"]:    # one that was put aside comes after its serial
            latest = [entry, *latest]
        gone = [one for one in there["withdrawn"] if one["address"] != row["address"]]
        if row["withdrawn_at"]:
            gone = [{"address": row["address"], "withdrawn_at": row["withdrawn_at"]}, *gone]
        columns = there["columns"] | {case.column: {
            "title": title, "serial": max(column["serial"], case.serial),
            "updated_at": max(column["updated_at"], changed)}}
        return {"area": self.area, "name": self.name, "updated_at": max(there.get("updated_at", ""), changed),
                "columns": {code: columns[code] for code in (*self.columns, *columns) if code in columns},
                "latest": latest[:2 * LATEST], "withdrawn": gone[:LATEST]}

    def _rows(self, column: str, page: int, row: Row | None = None) -> list[Row]:
        """Return the rows of a numbered page, the newest first, with `row` in its place."""
        there = (self._loaded(f"{column}/{page_name(page)}") or {"items": []})["items"] if page else []
        rows = {one["serial"]: one for one in there} | ({row["serial"]: row} if row else {})
        return [rows[serial] for serial in sorted(rows, reverse=True)]

    def _newest(self, column: str, last: int, page: int, rows: list[Row]) -> tuple[list[Row], str]:
        """Return the newest PER_PAGE of a column, and the page on which the older ones begin."""
        end = (last - 1) // PER_PAGE + 1
        found = [row for n in (end, end - 1) for row in (rows if n == page else self._rows(column, n))]
        return found[:PER_PAGE], page_name(end - 1) if end > 1 else ""

    def _pages(self, template: str, path: str, **facts: Any) -> Iterator[Write]:
        """Yield a page in both styles; `up` leads from it to the area's folder."""
        for style, other in (STYLES, STYLES[::-1]):
            up = "../" * (path.count("/") + style.count("/"))
            text = _templates().get_template(template).render(
                site=self, up=up, root=up + style, other=up + other + path, elder=bool(style), day=_day,
                canonical=f"{self.base or up}{path}", **facts)
            yield self._at(style + path, text.encode(), HTML)

    def _json(self, path: str, content: Row) -> Write:
        return self._at(f"{path}.json", json.dumps(content, ensure_ascii=False, indent=1).encode(), JSON)

    def _at(self, path: str, body: bytes, kind: str) -> Write:
        return f"{self.area}/{path}", body, kind

    def _loaded(self, path: str) -> Row | None:
        found = self._read(f"{path}.json")
        return json.loads(found) if found else None

    def _read(self, path: str) -> bytes | None:
        key = f"{self.area}/{path}"
        return self.objects.get(key) if self.objects.head(key) else None


def address(column: str, serial: int) -> str:
    """Return where a document stands below the area's folder."""
    return f"{column}/{serial:08d}.html"


def stem(path: str) -> str:
    return path.removesuffix(".html")


def page_name(page: int) -> str:
    return f"page-{page:04d}"


def fit(text: str) -> str:
    """Return a text with what no page may hold shown as the replacement character."""
    return UNFIT.sub("�", text)


def _day(instant: str) -> str:
    """Return a day, or the civil day of an instant, as people read it."""
    at = datetime.fromisoformat(instant)
    at = at.astimezone(CIVIL) if at.tzinfo else at
    return f"{at.year}年{at.month}月{at.day}日"


@cache
def _templates() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # here: only a page pays for it
    return Environment(loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                       lstrip_blocks=True)
