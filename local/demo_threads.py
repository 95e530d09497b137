"""The part of the demonstration in which an application and two orders are on one matter, and have one answer."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .client import until
from .demo_hotline import Desk

if TYPE_CHECKING:
    from .story import Story


def one_answer(story: Story, item: dict[str, Any]) -> None:
    """The applicant links an order, the centre another, and a report that no official is shown beside them; the
    decision answers them all.
    """
    desk, citizen = Desk(story, item["area"]), story.citizen()
    application, _ = story.draft(citizen, item)
    story.act(citizen, application, "submit")
    lead, made = f"APPLICATION#{application}", {}
    for category in ("complaint", "help", "report"):
        made[category] = desk.taken(category=category, person=citizen.person)
        desk.act(desk.centre, made[category], "dispatch", unit=story.reviewer.unit)
    linked = citizen.post("/threads", {"lead": lead, "other": f"ORDER#{made['complaint']}"})
    thread = f"/threads/{linked['case']['id']}"
    story.show(citizen.word, "关联事项", linked)
    again = citizen.send("POST", "/threads", {"lead": lead, "other": f"ORDER#{made['complaint']}"})
    story.expect(again.headers.get("idempotent-replayed") == "true", "linking twice is once")
    desk.act(desk.centre, made["help"], "link", kind="APPLICATION", case_id=application)
    until("the centre's order in the thread", lambda: len(citizen.get(thread)["case"]["members"]) == 3)
    citizen.post(f"{thread}/acts", {"act": "join", "member": f"ORDER#{made['report']}"})
    for who, members in ((citizen, 4), (story.reviewer, 3)):
        file = who.get(thread)
        story.expect(len(file["case"]["members"]) == members and file["version"] == members - 1,
                     f"{who.word} is shown {members} cases, and as many acts as they know of")
        story.say(who.word, "查看同一事项", "、".join(one["label"] for one in file["case"]["members"]))
    story.expect(story.clerk.send("GET", thread).status == 404, "who is shown one of the cases finds no thread")
    for who, act in ((story.clerk, "receive"), (story.clerk, "accept"), (story.reviewer, "review"),
                     (story.head, "grant")):
        story.act(who, application, act)
    for who in (citizen, story.reviewer):
        file = until("the answer", lambda who=who: (one := who.get(thread))["case"]["answered_by"] and one)
        story.expect(file["case"]["answered_by"] == lead, "the decision is the answer to all")
        story.show(who.word, "查看统一答复", file)
    told = until("the message", lambda: [one for one in citizen.get("/messages?limit=100")["items"]
                                         if one["template"] == "thread-answered"])
    story.expect(len(told) == 1, "the citizen is told once")
    story.say(citizen.word, "收到消息", told[0]["text"])
    for order in made.values():
        desk.act(story.reviewer, order, "sign")
        desk.act(story.reviewer, order, "reply", told="电话", result="solved", text="您的申请已获准，详见办件结果")
        desk.act(desk.centre, order, "pass")
        desk.act(desk.centre, order, "call_back", satisfaction=5, solved=True)
        desk.act(desk.centre, order, "close")
    closed = story.head.post(f"{thread}/acts", {"act": "close", "note": "各件均已办结"})
    story.show(story.head.word, "解除关联", closed)
    story.expect(citizen.send("GET", f"/threads/of/ORDER/{order}").status == 404, "the cases may be linked anew")
