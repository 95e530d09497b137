"""The part of the demonstration in which ratings come by other ways than a case's end, and are looked at."""
from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.kernel.calendar import civil_day

from .client import Failed, Person, ask, until
from .story import AREA, HALL, MARKET

if TYPE_CHECKING:
    from .story import Story

TEXT = "群众反映材料往返三次，现已更正办事指南的材料清单并每月复查。"


def play(story: Story, citizen: Person, number: str, correction: str) -> None:
    """A visit, the hall's code, an inspection, a false bad rating, a sign of gaming, what is public, what was pushed.
    """
    rules = ask("GET", f"{story.site}/ratings/rules?area={AREA}").body
    asked = "、".join(row["word"] for row in rules["nodes"] if row["asked"])
    story.say("群众", "查看评价规则",
              f"在{asked}环节评价；{len(rules['signals'])}条异常规则，{len(rules['formulas'])}个指标公式")
    a_visit(story, citizen, number)
    at_the_hall(story, level=4, tags=[401], handling="before")
    found = story.supervisor.post("/ratings/inspections", {
        "unit": MARKET, "visited_on": today(story), "level": 4, "tags": [403],
        "words": "以办事人身份体验，流程清楚", "commissioned": "受托评估机构"})
    story.show("效能监督", "录入监督查评：满意", found)
    a_false_one(story)
    too_quick(story)
    in_public(story, correction)
    pushed(story)


def a_visit(story: Story, citizen: Person, number: str) -> None:
    """The window asks whoever it served to rate that visit; the window gets nothing to rate with."""
    case = next(row["id"] for row in citizen.get("/applications?limit=100")["items"] if row["number"] == number)
    asked = story.clerk.post("/ratings/visits", {"application": case, "window": "3"})
    story.expect(set(asked) == {"service_number"}, "the official gets nothing but the number of the service")

    def invited() -> str | None:
        rows = citizen.get("/ratings?limit=100")["items"]
        return next((row["id"] for row in rows if row["number"] == number and row["state"] == "invited"), None)
    path = f"/ratings/{until('the invitation to rate the visit', invited)}"
    story.expect(citizen.get(path)["case"]["sort"] == "visit", "a visit is rated apart from the case")
    story.show(citizen.word, "一次一评：满意", citizen.post(f"{path}/acts", {"act": "rate", "level": 4, "tags": [401]}))


def at_the_hall(story: Story, **marks: Any) -> None:
    """Somebody scans the code that hangs in the hall."""
    code = story.clerk.get("/ratings/window-code")
    said = ask("POST", f"{story.site}/ratings/window", {**code, **marks}, {"Idempotency-Key": story.key()})
    story.expect(said.status == 201, f"anybody rates by the hall's code, was {said.body}")
    story.say("群众", "扫大厅评价码（匿名）", f"等级{marks['level']}")


def a_false_one(story: Story) -> None:
    """A bad rating without cause is disputed, judged malicious, and kept out of the scores."""
    rectifier = Person(story.site, "整改专员乙", "rectifier", HALL)
    story.people.append(rectifier)

    def there() -> dict[str, dict[str, Any]]:
        return {row["id"]: row for row in rectifier.get("/corrections?limit=100")["items"]}
    before = there()
    at_the_hall(story, level=1, words="与办事无关的内容")
    row = until("the bad rating", lambda: [one for case, one in there().items() if case not in before])[0]
    for who, act, fields in ((rectifier, "contact", {"note": "调取监控核实，当时无人办事"}),
                             (rectifier, "dispute", {"judgement": "malicious", "note": "与事实不符"}),
                             (story.supervisor, "uphold", {"note": "核实监控，认定恶意差评"})):
        file = who.post(f"/corrections/{row['id']}/acts", {"act": act, **fields})
        story.show(who.word, file["state_label"], file)
    story.expect(row["id"] not in there(), "the bad rating is on no desk any more")
    rating = story.supervisor.get(f"/corrections/{row['id']}/rating")
    story.expect(rating["words"] and not rating["person"], "the rating is kept, and nobody's")


def too_quick(story: Story) -> None:
    """A rating a second after the question was shown: the unit objects, the supervisor upholds the sign."""
    now = datetime.fromisoformat(story.supervisor.get("/signals")["as_of"])

    def there() -> dict[str, dict[str, Any]]:
        return {row["id"]: row for row in story.clerk.get("/signals?limit=100")["items"]
                if row["title"] == "评价弹出后随即提交"}
    before = there()
    at_the_hall(story, level=5, shown_at=(now - timedelta(seconds=1)).isoformat())
    signal = until("the sign of gaming", lambda: [one for case, one in there().items() if case not in before])[0]
    path = f"/signals/{signal['id']}"
    seen = story.clerk.get(path)["case"]
    story.expect("rating" not in seen and seen["threshold"] == 3, "the unit sees the rule, not the rating")
    story.refused(story.supervisor, f"{path}/acts", {"act": "uphold", "note": "属实"}, 409, "out-of-order")
    objected = story.clerk.post(f"{path}/acts", {"act": "object", "note": "群众自行扫码"})
    story.show("窗口甲", "对异常线索提出异议", objected)
    judged = story.supervisor.post(f"{path}/acts", {"act": "uphold", "note": "核实为代评"})
    story.show("效能监督", "认定异常", judged)
    rating = f"/ratings/{judged['case']['rating']}"
    until("the rating left out", lambda: story.supervisor.get(rating)["case"]["excluded"] == "gaming")


def in_public(story: Story, correction: str) -> None:
    """A representative bad rating is made public without persons."""
    path = f"/corrections/{correction}/acts"
    story.refused(story.supervisor, path, {"act": "publish", "text": "已致电13800000000向群众致歉"}, 422, "invalid")
    story.show("效能监督", "公开典型差评", story.supervisor.post(path, {"act": "publish", "text": TEXT}))

    def shown() -> list[dict[str, Any]]:
        return list(ask("GET", f"{story.site}/ratings/published?area={AREA}").body["items"])
    entry = until("the public entry", shown)[0]
    story.say("群众", "查看典型差评", f"{entry['office']}：{entry['text']}")


def today(story: Story) -> str:
    """The bureau's civil day."""
    return civil_day(story.now()).isoformat()


def pushed(story: Story) -> None:
    """All of the day's ratings that count have a receipt of the province's stand-in; a deployment without EXCHANGE_URL
    has nothing to push to.
    """
    if os.environ.get("LOCAL_ENGINE_KIND") == "emulator":
        story.say("系统", "推送上级好差评", "未连接上级系统，不推送")
        return
    day = today(story)

    def received() -> list[dict[str, Any]]:
        rows = story.supervisor.get(f"/ratings/exchange?day={day}&limit=100")["items"]
        return list(rows) if rows and all(row["state"] == "received" for row in rows) else []
    rows = until("receipts of the province", received)
    if len({(row["project"], row["service_number"], row["channel"]) for row in rows}) != len(rows):
        raise Failed("expected: each rating is pushed under a key of its own")
    story.say("效能监督", "核对上级推送清单", f"{len(rows)}条评价全部有回执")
