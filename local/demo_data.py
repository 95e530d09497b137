"""The part of the demonstration that plays on a real list of items: a folder with `catalogue-<region>.csv`."""
from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .client import Failed, Person

if TYPE_CHECKING:
    from .story import Story

LIMIT = "20wd@XKF42"
"""What the law itself gives where an item says nothing else (行政许可法 42)."""


def real_items(story: Story, folder: Path) -> None:
    """Import every list of the folder, publish it, and take one completed item through to a decision."""
    files = sorted(folder.glob("catalogue-*.csv"))
    if not files:
        raise Failed(f"no catalogue-*.csv in {folder}")
    for file in files:
        _one_list(story, file)


def _one_list(story: Story, file: Path) -> None:
    area = file.stem.rpartition("-")[2].ljust(12, "0")
    keeper, second = (Person(story.site, word, "keeper", f"{area}.bureau") for word in ("事项管理员甲", "事项管理员乙"))
    report = publish(story, keeper, second, area, "csv", file.read_text("utf-8"))
    rows = len(file.read_text("utf-8").splitlines()) - 1
    story.expect(report["items"] + report["duplicates"] + report["unreadable_rows"] == rows,
                 "every row is an item, or reported")
    found = keeper.get(f"/catalogue/items?area={area}&limit=1&q=syz")["items"] or keeper.get(
        f"/catalogue/items?area={area}&limit=1")["items"]
    citizen = story.citizen()
    story.refused(citizen, "/applications", {"area": area, "item": found[0]["code"]}, 409, "not-applicable")
    item = keeper.get(f"/catalogue/items/{found[0]['code']}?area={area}")["item"]
    completed = {name: value for name, value in item.items() if name != "version" and value not in (None, "", [], ())}
    completed |= {"statutory": LIMIT, "promised": LIMIT, "materials": [
        {"id": "M1", "name": "申请表", "source": "1", "accept": ["pdf"]}]}
    publish(story, keeper, second, area, "json", json.dumps([completed], ensure_ascii=False))
    story.move(minutes=2)                                # the catalogue in force is read at most a minute old
    item = keeper.get(f"/catalogue/items/{found[0]['code']}?area={area}")["item"]
    case, _ = story.draft(citizen, item)
    story.act(citizen, case, "submit")
    unit = item["hall"] or item["department"]
    clerk = Person(story.site, "窗口丙", "clerk", unit)
    reviewer = Person(story.site, "审查丙", "reviewer", item["department"])
    story.expect(story.clerk.send("GET", f"/applications/{case}").status == 404, "another area finds nothing")
    for who, act in ((clerk, "receive"), (clerk, "accept"), (reviewer, "review"), (reviewer, "grant"),
                     (reviewer, "close")):
        story.act(who, case, act)


def publish(story: Story, keeper: Person, second: Person, area: str, kind: str, content: str) -> dict[str, Any]:
    """Import a source and have another keeper publish it; return the report."""
    edition = keeper.post("/catalogue/imports", {"area": area, "format": kind, "content": content})
    report: dict[str, Any] = edition["report"]
    missing = report["missing_limits"]
    story.say(keeper.word, "导入事项", f"{report['rows']} 行，{report['items']} 项，缺法定时限 {missing} 项")
    done = second.post(f"/catalogue/versions/{edition['id']}/publish", None)
    story.say(second.word, "发布事项目录", f"第{done['number']}版，共 {done['items']} 项")
    return report
