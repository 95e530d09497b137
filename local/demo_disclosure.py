"""The part of the demonstration about publishing: a document through three reviews, a licence, a folder of texts."""
from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.kernel.calendar import civil_day

from .client import Answer, Failed, Person, ask, until

if TYPE_CHECKING:
    from .story import Story

AREA = "430199000000"
MARKET, OPENNESS = f"{AREA}.market", f"{AREA}.openness"
PATH = "/disclosure/documents"
TEXT = ("一、适用范围\n本办法适用于在示范区内开设小型餐饮店的申请人。\n二、办理方式\n可以在窗口或者网上申请，"
        "咨询电话0731-88000001。\n"
        "三、联系\n办不成的事请拨打12345。")
PLANTED = "\n经办人身份证号码11010519491231002X"


class Press:
    """The people who publish: an author, a head, a publisher, a leader; each the same person whenever they sign in."""

    def __init__(self, story: Story):
        self.story = story
        self.author = Person(story.site, "起草人", "reviewer", MARKET, person="demo-author")
        self.head = Person(story.site, "初审", "head", MARKET, person="demo-head")
        self.publisher = Person(story.site, "复审", "publisher", OPENNESS, person="demo-publisher")
        self.leader = Person(story.site, "终审", "leader", OPENNESS, person="demo-leader")
        story.people += [self.author, self.head, self.publisher, self.leader]

    def act(self, who: Person, case: str, act: str, **fields: Any) -> dict[str, Any]:
        """Do one act that is offered, and print it."""
        before = who.get(f"{PATH}/{case}")
        offered = {one["act"]: one for one in before["acts"]}
        self.story.expect(act in offered, f"{act} is offered to {who.word} ({sorted(offered)})")
        file: dict[str, Any] = who.post(f"{PATH}/{case}/acts", {"act": act, **fields})
        self.story.show(who.word, f"{offered[act]['label']}（{offered[act]['basis']}）", file)
        return file

    def draft(self, title: str, column: str, text: str) -> str:
        today = civil_day(self.story.now()).isoformat()
        body = {"title": title, "column": column, "formed_on": today, "topic": "政务服务", "text": text}
        made = self.author.post(PATH, body)["case"]
        self.story.say(self.author.word, "起草", f"《{title}》 索引号 {made['number']}")
        return str(made["id"])

    def out(self, case: str) -> dict[str, Any]:
        """Wait until a document is published; return it."""
        def found() -> dict[str, Any] | None:
            shown: dict[str, Any] = self.leader.get(f"{PATH}/{case}")["case"]
            return shown if shown["state"] == "published" else None
        published: dict[str, Any] = until("a document on the site", found)
        return published

    def site(self, path: str) -> Answer:
        return ask("GET", f"{self.story.site}/site/{AREA}/{path}")


def play(story: Story, number: str, data: Path | None) -> None:
    """Play everything; `number` is that of an application granted, `data` a folder with texts to publish."""
    press = Press(story)
    publish(press)
    licence(press, number)
    withdraw(press)
    if data:
        folder(press, data)


def publish(press: Press) -> None:
    """A document is blocked by a planted number, mended, missed by a review, reviewed by three, out on its hour."""
    story = press.story
    title = f"小型餐饮店办理说明（{story.now():%Y%m%d%H%M%S}）"
    case = press.draft(title, "guides", TEXT + PLANTED)
    story.refused(press.author, f"{PATH}/{case}/acts", {"act": "submit"}, 422, "invalid")
    found = press.author.get(f"{PATH}/{case}/text")["findings"]
    story.expect([one["kind"] for one in found] == ["resident-id"], "the planted number is found, and nothing else")
    story.say("系统", "检查", found[0]["detail"])
    press.act(press.author, case, "revise", title=title, column="guides", text=TEXT)
    submitted = press.act(press.author, case, "submit")
    review = next(clock for clock in submitted["clocks"] if clock["name"] == "review")
    story.move(days=(datetime.fromisoformat(review["due_at"]) - story.now() + timedelta(hours=8)).days + 1)
    story.settle(story.card(case, "Y2", "DOCUMENT"))
    press.act(press.head, case, "approve")
    press.act(press.publisher, case, "approve")
    hour = (story.now() - timedelta(hours=6)).replace(minute=0, second=0)      # two hours on, in UTC
    press.act(press.leader, case, "schedule", hour=f"{hour.isoformat()}"[:19] + "Z")
    story.expect(press.leader.get(f"{PATH}/{case}")["case"]["address"] == "", "it is not out before its hour")
    story.move(hours=3)
    seen(press, press.out(case), title)


def withdraw(press: Press) -> None:
    """A notice published in error is taken down by two persons; a tombstone stays that tells nothing of it."""
    title = f"误发的通知（{press.story.now():%Y%m%d%H%M%S}）"
    case = press.draft(title, "notices", TEXT)
    press.act(press.author, case, "submit")
    for who, act in ((press.head, "approve"), (press.publisher, "approve"), (press.leader, "schedule")):
        press.act(who, case, act)
    press.story.move(minutes=1)
    out = press.out(case)
    seen(press, out, title)
    press.act(press.publisher, case, "ask_withdrawal", note="与现行规定不一致")
    press.act(press.leader, case, "approve_withdrawal")
    press.story.move(minutes=1)
    until("the tombstone", lambda: "撤回" in press.site(out["address"]).body)
    for path in (out["address"], f"elder/{out['address']}", "index.html", "notices/index.html", "feed.xml"):
        press.story.expect(title not in press.site(path).body, f"{path} says nothing of it")
    press.story.expect("deleted-entry" in press.site("feed.xml").body, "the feed says that it is gone")
    press.story.say("公众", "看到撤回说明", f"/site/{AREA}/{out['address']}")


def seen(press: Press, out: dict[str, Any], told: str) -> None:
    """The document is on its page in both styles, in the lists, in the feed."""
    for path in (out["address"], f"elder/{out['address']}"):
        page = press.site(path)
        press.story.expect(page.status == 200 and told in page.body, f"the site shows {path}")
    for path in ("index.html", f"{out['column']}/index.html", "feed.xml"):
        press.story.expect(out["address"] in press.site(path).body, f"{path} lists it")
    press.story.say("公众", "在网站上看到", f"/site/{AREA}/{out['address']}（{out['published_at']}）")


def licence(press: Press, number: str) -> None:
    """The licence of a granted application is on the site, and names its holder by the masked name."""
    def found() -> dict[str, Any] | None:
        serial = press.site("index.json").body["columns"].get("licences", {"serial": 0})["serial"]
        for one in range(serial, max(serial - 20, 0), -1):
            row: dict[str, Any] = press.site(f"licences/{one:08d}.json").body
            if any(number in line for line in row["text"]):
                return row
        return None
    press.story.move(minutes=2)
    row = until("the licence on the site", found)
    press.story.expect("演*" in row["title"] and "演示申请人" not in str(row), "the holder's name is masked")
    press.story.say("公众", "在网站上看到许可结果", f"{row['title']} /site/{AREA}/{row['address']}")


def folder(press: Press, data: Path) -> None:
    """Publish every text of `documents/`: what cannot be read is reported, and goes out as a reviewer judges."""
    cases = [one_text(press, file) for file in sorted((data / "documents").glob("*.txt"))]
    press.story.move(minutes=2)
    for case in cases:
        out = press.out(case)
        seen(press, out, out["title"])


def one_text(press: Press, file: Path) -> str:
    """Take one text through its reviews; return the document's id."""
    text = file.read_bytes().decode("utf-8", "replace")
    first = text.lstrip("\ufeff").strip().splitlines()[0]
    title = first if len(first) <= 60 else f"政务服务工作材料（{file.stem[:3]}）"
    case = press.draft(title, "reports", text)
    found = press.author.get(f"{PATH}/{case}/text")["findings"]
    if any(one["level"] == "block" for one in found):
        raise Failed(f"{file.name} holds what may not be published: {found[0]['detail']}")
    press.act(press.author, case, "submit")
    if found:
        kinds = Counter(one["kind"] for one in found)
        press.story.say("系统", "检查", f"{file.name} {dict(kinds)}，如{found[0]['detail']}")
        press.story.refused(press.head, f"{PATH}/{case}/acts", {"act": "approve"}, 422, "invalid")
    told = {"confirm": True, "note": "已逐处核对，按原件公开，不作推测修改"} if found else {}
    press.act(press.head, case, "approve", **told)
    press.act(press.publisher, case, "approve")
    press.act(press.leader, case, "schedule")
    return case
