"""The part of the demonstration that plays between the services: what went wrong, a report, what is declined."""
from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from .client import Person, until

if TYPE_CHECKING:
    from .story import Story

LIST = "/complaints"


def matters(story: Story, citizen: Person, number: str) -> None:
    """An enterprise's matter improved to the end, a report that hides its reporter, one declined, one late.

    `number`: of an application of the citizen's, which the first one names.
    """
    enterprise(story, citizen, number)
    reported(story)
    declined(story)
    late(story)


def brought(story: Story, citizen: Person, sort: str, **fields: Any) -> str:
    """Bring a matter; return its id."""
    case = citizen.post(LIST, {"area": story.reviewer.unit[:12], "sort": sort, "subject": "办理中遇到的问题",
                               "content": "多次到窗口仍未办成，请协调解决", **fields})["case"]
    story.say(citizen.word, f"反映：{case['title']}", case["number"])
    return str(case["id"])


def act(story: Story, who: Person, case: str, act: str, **fields: Any) -> dict[str, Any]:
    """Do one act, which must be offered."""
    before = who.get(f"{LIST}/{case}")
    offered = {one["act"]: one for one in before["acts"]}
    story.expect(act in offered, f"{act} is offered to {who.word} ({before['state_label']}: {sorted(offered)})")
    file: dict[str, Any] = who.post(f"{LIST}/{case}/acts", {"act": act, **fields})
    story.show(who.word, f"{offered[act]['label']}（{offered[act]['basis']}）", file)
    return file


def enterprise(story: Story, citizen: Person, number: str) -> None:
    """Named with the application it is about: who acted there is kept away, another answers, something is changed."""
    other = Person(story.site, "协调专员", "reviewer", story.reviewer.unit)
    story.people.append(other)
    matter = next(row["id"] for row in citizen.get("/applications?limit=100")["items"] if row["number"] == number)
    case = brought(story, citizen, "enterprise", matter=f"APPLICATION#{matter}")
    act(story, story.supervisor, case, "classify", course="coordination", unit=story.reviewer.unit)
    kept = story.reviewer.get(f"{LIST}/{case}")
    story.expect(not kept["acts"] and citizen.person not in str(kept), "who acted in the matter is kept away from it")
    act(story, other, case, "sign")
    act(story, other, case, "answer", result="solved", text="已协调两个科室一次办结，并当面致歉")
    act(story, story.supervisor, case, "call_back", satisfied=True)
    act(story, story.supervisor, case, "attribute", cause="materials")
    today = datetime.fromisoformat(kept["as_of"]).date()
    act(story, story.supervisor, case, "plan", unit=story.reviewer.unit, text="修订一次性告知单",
        measure_by=(today + timedelta(days=30)).isoformat())
    act(story, other, case, "improve", text="告知单已修订并在窗口公示")
    closed = act(story, story.supervisor, case, "close")["case"]
    lines = story.supervisor.get(f"{LIST}/ledger?month={closed['opened_at'][:7]}&limit=100")["items"]
    line = next(one for one in lines if one["id"] == case)
    story.expect((line["state"], line["cause_name"]) == ("closed", "申请材料"), "it stands in the ledger")
    story.say("效能监督", "企业疑难台账", f"{line['number']} {line['state_label']} 原因：{line['cause_name']}")


def reported(story: Story) -> None:
    """The unit handles a report and learns nothing of who made it."""
    citizen = story.citizen()
    case = brought(story, citizen, "report")
    act(story, story.supervisor, case, "classify", course="complaint", unit=story.reviewer.unit)
    seen = [story.reviewer.get(path) for path in (f"{LIST}/{case}", f"{LIST}/{case}/words", f"{LIST}?limit=100")]
    story.expect(citizen.person not in str(seen) and "reporter" not in seen[0]["case"], "the reporter is hidden")


def declined(story: Story) -> None:
    """A decision is complained of: who wants it reviewed reads where, and within which time."""
    citizen = story.citizen()
    case = brought(story, citizen, "complaint")
    act(story, story.supervisor, case, "decline", text="对许可决定不服的，请申请行政复议", remedy="reconsideration")
    remedy = citizen.get(f"{LIST}/{case}/words")["remedy"]
    story.expect(remedy["within"] == "60日", "the time for a reconsideration is told")
    story.say(citizen.word, "读到指引", f"{remedy['name']}：{remedy['within']}内，{remedy['basis']}")


def late(story: Story) -> None:
    """Nobody signs for what the suggestion box held: the unit is carded."""
    box = {"sort": "stuck", "channel": "box", "subject": "叫号系统看不清", "content": "大厅屏幕字太小"}
    case = story.clerk.post(f"{LIST}/desk", box)["case"]["id"]
    story.say("窗口甲", "登记意见箱来件", "匿名")
    act(story, story.supervisor, case, "classify", course="coordination", unit=story.reviewer.unit)
    story.move(days=10)
    until("the lapse", lambda: any(line["act"] == "overdue_sign" for line in story.supervisor.get(
        f"{LIST}/{case}")["timeline"]))
    story.settle(story.card(case, "Y6", "COMPLAINT"))
