"""The part of the demonstration in which a service is rated 不满意 and the rating put right."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import demo_rating_rounds
from .client import Failed, Person, ask, until

if TYPE_CHECKING:
    from .story import Story


def a_bad_rating(story: Story, citizen: Person, number: str) -> None:
    """Rate what ended under a number, and follow the correction until the rater is called back content."""
    rectifier = Person(story.site, "整改专员", "rectifier", story.reviewer.unit)
    story.people.append(rectifier)
    rating = invited(citizen, number)
    rated = citizen.post(f"/ratings/{rating}/acts", {"act": "rate", "level": 2, "tags": [202], "words": "往返了三次"})
    story.show(citizen.word, "评价：不满意", rated)
    correction = until("the correction", lambda: opened(story, rectifier, rating))
    for who in (story.clerk, story.reviewer, story.head):
        story.expect(who.send("GET", f"/ratings/{rating}").status == 404, "the rated do not see who rated")
    bare = story.head.send("GET", f"/corrections/{correction}")
    story.expect(bare.status == 200 and number not in str(bare.body), "their head sees the correction, not the case")
    at_work(story, rectifier, correction, "contact", note="已电话联系评价人，情况属实")
    behind = rectifier.get(f"/corrections/{correction}/rating")
    story.expect((behind["number"], behind["words"]) == (number, "往返了三次"), "who puts it right knows what happened")
    at_work(story, rectifier, correction, "admit")
    at_work(story, rectifier, correction, "correct", result="corrected", reply="已致歉，补充了材料清单的说明")
    at_work(story, story.supervisor, correction, "send_back", note="请写明整改的长期措施")
    at_work(story, rectifier, correction, "correct", result="corrected", reply="已致歉并更正指南，每月复查一次")
    at_work(story, story.supervisor, correction, "pass")
    at_work(story, story.supervisor, correction, "call_back", satisfied=True, note="评价人表示满意")
    closed = at_work(story, story.supervisor, correction, "close")
    story.expect(closed["case"]["state"] == "closed" and not closed["clocks"], "the correction has an end")
    told = until("word to the rater", lambda: [one for one in citizen.get("/messages?limit=100")["items"]
                                               if one["template"] == "righted"])
    story.say(citizen.word, "收到整改结果", told[0]["text"])
    at_a_window(story)
    demo_rating_rounds.play(story, citizen, number, correction)


def a_good_rating(story: Story, citizen: Person, number: str) -> None:
    """Rate what ended under a number, and change one's mind once."""
    path = f"/ratings/{invited(citizen, number)}/acts"
    story.show(citizen.word, "评价：基本满意", citizen.post(path, {"act": "rate", "level": 3}))
    changed = citizen.post(path, {"act": "change", "level": 5, "tags": [501], "words": "回访后确认已解决"})
    story.show(citizen.word, "修改评价：非常满意", changed)
    story.refused(citizen, path, {"act": "change", "level": 1}, 409, "refused")


def invited(citizen: Person, number: str) -> str:
    """Wait for the invitation to rate what has this number; return the rating's id."""
    def found() -> str | None:
        rows = citizen.get("/ratings?limit=100")["items"]
        return next((row["id"] for row in rows if row["number"] == number and row["state"] == "invited"), None)
    return str(until("the invitation to rate", found))


def opened(story: Story, rectifier: Person, rating: str) -> str | None:
    """Return the correction of a rating, which only its supervisor can tell by."""
    for row in rectifier.get("/corrections?limit=100")["items"]:
        behind = story.supervisor.get(f"/corrections/{row['id']}/rating")
        if behind["source"] == story.supervisor.get(f"/ratings/{rating}")["case"]["source"]:
            return str(row["id"])
    return None


def at_work(story: Story, who: Person, correction: str, act: str, **fields: Any) -> dict[str, Any]:
    """Do one act on a correction, which must be offered."""
    path = f"/corrections/{correction}"
    offered = {one["act"]: one for one in who.get(path)["acts"]}
    if act not in offered:
        raise Failed(f"expected: {act} is offered to {who.word} ({sorted(offered)})")
    file: dict[str, Any] = who.post(f"{path}/acts", {"act": act, **fields})
    story.show(who.word, f"{offered[act]['label']}（{offered[act]['basis']}）", file)
    return file


def at_a_window(story: Story) -> None:
    """Somebody scans the code at a window and rates without a name; a forged code is refused."""
    code = story.clerk.get("/ratings/window-code?window=3")
    key = {"Content-Type": "application/json", "Idempotency-Key": story.key()}
    said = ask("POST", f"{story.site}/ratings/window", {**code, "level": 5, "tags": [501]}, key)
    story.expect(said.status == 201, f"anybody can rate at a window, was {said.body}")
    forged = ask("POST", f"{story.site}/ratings/window", {**code, "code": "aaaaaaaa", "level": 1},
                 key | {"Idempotency-Key": story.key()})
    story.expect(forged.status == 422, "a code that we did not print is refused")
    story.say("群众", "扫窗口二维码评价（匿名）", f"{code['unit']} {code['window']}号窗口：非常满意")
