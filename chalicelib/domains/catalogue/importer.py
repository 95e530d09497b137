"""A source of items, CSV or JSON, read into items and a report of what it holds. Pure; nothing is filled in.

CSV: a header with COLUMNS, in any order, and perhaps OPTIONAL. The area code, being twelve digits, shows where a row
lost or gained a column before it: a name with an unquoted comma, an absent main item.
JSON: a list of items with the fields of `Item`.
"""
import csv
import io
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from chalicelib.kernel.bodies import in_words

from . import codes
from .checks import check
from .models import Finding, ImportReport, Item
from .words import KINDS, sounds

COLUMNS = ("department", "main_item", "name", "area_code", "item_code", "task_type", "department_code")
OPTIONAL = ("unit", "statutory", "promised")
"""The unit's id; the two limits as `20wd@XKF42`. Without a unit, the department's name in pinyin makes one."""
UNCLASSIFIED = "未分类"
MOST_FINDINGS, MOST_OF_A_KIND = 200, 20
AREA_CODE = re.compile(r"[0-9]{12}", re.ASCII)


@dataclass
class Source:
    """What was read: items by code, each with its line, and what was remarked on the way."""

    area: str
    rows: int = 0
    items: dict[str, tuple[Item, int]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    shifted: int = 0
    unreadable: int = 0
    duplicates: int = 0

    def take(self, given: dict[str, Any], line: int) -> None:
        """Add an item; refuse one that is of another area, that cannot be read, or whose code is there already."""
        code = str(given.get("code", ""))[:80]
        given = {name: value for name, value in given.items() if name != "version"}    # versions are counted here
        if given.get("area") != self.area:
            return self.skip(code, line, "/area", f"地区代码{str(given.get('area', ''))[:20]}不是{self.area}")
        try:
            item = Item.model_validate(given)
        except ValidationError as error:
            for one in error.errors(include_url=False, include_input=False):
                where = "".join(f"/{step}" for step in one["loc"])
                self.findings.append(_error(code, line, where, in_words(one)))
            self.unreadable += 1
            return None
        if item.code in self.items:
            self.duplicates += 1
            first = self.items[item.code][1]
            self.findings.append(_error(code, line, "/code", f"与第{first}行的编码重复，未载入"))
            return None
        self.items[item.code] = item, line
        return None

    def skip(self, code: str, line: int, pointer: str, detail: str) -> None:
        """Record a row that cannot become an item."""
        self.unreadable += 1
        self.findings.append(_error(code, line, pointer, detail))


@dataclass(frozen=True, slots=True)
class Reading:
    """The items that may be published, in the order of the source; the codes of those that may not; the report."""

    items: tuple[Item, ...]
    withheld: tuple[str, ...]
    report: ImportReport


def read(content: str | bytes, form: str, area: str) -> Reading:
    """Read a source of items.

    Raise ValueError, saying in Chinese why, if the content as a whole cannot be read.
    """
    text = decoded(content)
    source = Source(area)
    if form == "json":
        _read_json(text, source)
    else:
        _read_csv(text, source)
    return _reported(source)


def decoded(content: str | bytes) -> str:
    """Return the text of a file in UTF-8, with or without its mark, or in the national encoding (GB 18030)."""
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return content.decode("gb18030")
        except UnicodeDecodeError:
            raise ValueError("文件编码不是 UTF-8 或者 GB 18030") from None


def _read_json(text: str, source: Source) -> None:
    try:
        rows = json.loads(text)
    except ValueError:
        raise ValueError("内容不是有效的 JSON") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("内容应为事项的列表")
    for number, row in enumerate(rows, 1):
        source.rows += 1
        source.take(row, number)


def _read_csv(text: str, source: Source) -> None:
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = [name.strip() for name in next(reader, [])]
        if lacking := [name for name in COLUMNS if name not in header]:
            raise ValueError(f"缺少列：{'、'.join(lacking)}")
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            source.rows += 1
            cells = _aligned(header, [cell.strip() for cell in row])
            if cells is None:
                source.skip("", reader.line_num, "", f"有{len(row)}列，应有{len(header)}列，且无法对齐")
                continue
            if len(row) != len(header):
                source.shifted += 1
                source.findings.append(Finding(item=cells["item_code"][:80], line=reader.line_num, pointer="",
                                               level="warning", detail="列数不符，已按地区代码对齐"))
            source.take(_item(cells), reader.line_num)
    except csv.Error as error:
        raise ValueError("内容不是有效的 CSV") from error


def _aligned(header: list[str], row: list[str]) -> dict[str, str] | None:
    """Return the row's cells by column; None if it is not clear which is which."""
    if len(row) == len(header):
        return dict(zip(header, row, strict=True))
    place = header.index("area_code")
    anchors = [at for at, cell in enumerate(row) if AREA_CODE.fullmatch(cell)]
    if header[:place] != ["department", "main_item", "name"] or len(anchors) != 1 or anchors[0] < 2:
        return None
    department, *between = row[:anchors[0]]
    main_item, name = (between[0], ",".join(between[1:])) if len(between) > 1 else ("", between[0])
    tail = row[anchors[0]:]
    if len(tail) != len(header) - place:
        return None
    return dict(zip(header, [department, main_item, name, *tail], strict=True))


def _item(cells: dict[str, str]) -> dict[str, Any]:
    """Return a row as the fields of an Item; an empty cell states nothing."""
    kind = cells["task_type"].zfill(2)
    unit = cells.get("unit") or f"{cells['area_code']}.{_slug(cells['department'])}"
    return {"area": cells["area_code"], "code": cells["item_code"], "name": cells["name"],
            "main_item": "" if cells["main_item"] == UNCLASSIFIED else cells["main_item"],
            "kind": kind if kind in KINDS else "", "department": unit, "department_name": cells["department"],
            "department_code": cells["department_code"],
            **{name: cells[name] for name in ("statutory", "promised") if cells.get(name)}}


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", sounds(name))[:60]


def _reported(source: Source) -> Reading:
    rows = list(source.items.values())
    checked = [one for item, line in rows for one in check(item, line)] + _homonyms(rows)
    wrong = {one.item for one in checked if one.level == "error"}
    good = tuple(item for item, _ in rows if item.code not in wrong)
    findings = source.findings + checked
    warnings = [one for one in findings if one.level == "warning"]
    often = Counter((one.pointer, one.detail) for one in warnings)
    told = [one for one in findings if one.level == "error"]
    told += [one for one in warnings if often[one.pointer, one.detail] <= MOST_OF_A_KIND]
    report = ImportReport(
        rows=source.rows, items=len(rows), departments=len({item.department_name for item, _ in rows}),
        publishable=len(good), applicable=sum(item.applicable for item in good),
        missing_limits=sum(not item.statutory for item, _ in rows), shifted_rows=source.shifted,
        unreadable_rows=source.unreadable, duplicates=source.duplicates,
        bad_credit_codes=sum(codes.bad(item.code, item.department_code) for item, _ in rows),
        codes=dict(Counter(codes.pattern(item.code) for item, _ in rows)), findings=told[:MOST_FINDINGS],
        errors=sum(one.level == "error" for one in findings),
        warnings=dict(Counter(one.pointer.split("/")[1] if one.pointer else "row" for one in warnings)))
    named = {one.item for one in findings if one.level == "error" and one.item}
    return Reading(good, tuple(sorted(named - {item.code for item in good})), report)


def _homonyms(rows: list[tuple[Item, int]]) -> list[Finding]:
    """Return warnings of names that stand for two things: an item's within a department, a unit's department."""
    found, names, units = [], dict[tuple[str, str], str](), dict[str, str]()
    for item, line in rows:
        for pointer, known, detail in (
                ("/name", names.setdefault((item.department, item.name), item.code) == item.code, "同一部门有同名事项"),
                ("/department", units.setdefault(item.department, item.department_name) == item.department_name,
                 "同一单位有不同的部门名称")):
            if not known:
                found.append(Finding(item=item.code, line=line, pointer=pointer, level="warning", detail=detail))
    return found


def _error(code: str, line: int, pointer: str, detail: str) -> Finding:
    return Finding(item=code, line=line, pointer=pointer, level="error", detail=detail)
