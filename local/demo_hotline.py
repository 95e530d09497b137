"""The part of the demonstration that plays at the 12345 hotline, through HTTP alone: four orders, then a day of thirty.
"""
from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from .client import Person, until
from .demo_hotline_day import a_day

if TYPE_CHECKING:
    from .story import Story

ORDERS = "/hotline/orders"
PHONE = "13800000000"


class Desk:
    """The people of the hotline, and what they do to one order after another."""

    def __init__(self, story: Story, area: str):
        self.story, self.area = story, area
        self.centre = Person(story.site, "热线中心", "centre", f"{area}.hotline")
        self.culture = Person(story.site, "文旅局", "reviewer", f"{area}.culture")
        story.people += [self.centre, self.culture]

    def taken(self, **fields: Any) -> str:
        """Take an order down at the centre; return its id."""
        case = self.centre.post(f"{ORDERS}/desk", {
            "title": f"夜间噪音扰民{secrets.token_hex(2)}", "content": "店铺每晚营业到凌晨两点，噪音很大",
            "place": f"示范路{secrets.randbelow(9000) + 1000}号", **fields})["case"]
        self.story.say("热线中心", "登记工单", f"{case['number']} {case['party'] or '匿名'}")
        return str(case["id"])

    def act(self, who: Person, case: str, act: str, **fields: Any) -> dict[str, Any]:
        """Do one act; it must be among those that are offered to this person."""
        before = who.get(f"{ORDERS}/{case}")
        offered = {one["act"]: one for one in before["acts"]}
        where = f"{before['state_label']}: {sorted(offered)}"
        self.story.expect(act in offered, f"{act} is offered to {who.word} ({where})")
        file: dict[str, Any] = who.post(f"{ORDERS}/{case}/acts", {"act": act, **fields})
        self.story.show(who.word, f"{offered[act]['label']}（{offered[act]['basis']}）", file)
        return file


def orders(story: Story) -> tuple[Person, str]:
    """One done again, one that lapses, a report whose reporter the unit does not see, one under a law's longer limit.

    Return the citizen whose order was closed, and its number.
    """
    desk = Desk(story, story.clerk.unit[:12])
    done = done_again(desk)
    lapsed(desk)
    reported(desk)
    lawful(desk)
    a_day(desk)
    return done


def done_again(desk: Desk) -> tuple[Person, str]:
    """Dispatched, returned, dispatched again, replied to, reopened by a dissatisfied caller, replied to, closed."""
    story, centre, reviewer = desk.story, desk.centre, desk.story.reviewer
    citizen = story.citizen()
    case = desk.taken(category="complaint", person=citizen.person)
    desk.act(centre, case, "dispatch", unit=desk.culture.unit)
    desk.act(desk.culture, case, "return", reason="not_ours", basis="三定方案", text="噪音监管由市场部门牵头",
             suggested=reviewer.unit)
    first = desk.act(centre, case, "dispatch", unit=reviewer.unit)
    story.refused(reviewer, f"{ORDERS}/{case}/acts", {"act": "return", "reason": "other", "basis": "三定方案",
                                                      "text": "再退"}, 409, "refused")
    desk.act(reviewer, case, "sign")
    desk.act(reviewer, case, "claim")
    clear = reviewer.post(f"{ORDERS}/{case}/caller/reveal", {"reason": "先行回复来电人"})
    story.expect(clear["phone"] == PHONE, "the unit reads the telephone number with a reason")
    desk.act(reviewer, case, "reply", told="电话", result="explained", text="已向店铺宣传噪音管理规定")
    desk.act(centre, case, "pass")
    desk.act(centre, case, "call_back", satisfaction=2, solved=False, contacted=False, note="噪音依旧")
    again = desk.act(centre, case, "rework", text="来电人反映噪音依旧，请现场核查")
    half, whole = (next(clock for clock in file["clocks"] if clock["name"] == "reply") for file in (again, first))
    story.expect((half["left"], whole["left"]) == (5, 10), "a rework has half the limit")
    desk.act(reviewer, case, "reply", told="电话", result="solved", text="已责令店铺加装隔音设施并于22时停止营业")
    desk.act(centre, case, "pass")
    desk.act(centre, case, "call_back", satisfaction=5, solved=True, contacted=True)
    closed = desk.act(centre, case, "close")
    story.expect(closed["case"]["state"] == "closed" and closed["case"]["unit"] == reviewer.unit, "it is closed")
    acts = [line["act"] for line in centre.get(f"{ORDERS}/{case}")["timeline"]]
    story.expect(acts.count("rework") == acts.count("return") == 1 and acts.count("reply") == 2, "all is on record")
    return citizen, closed["case"]["number"]


def lapsed(desk: Desk) -> None:
    """Nobody signs for a critical order: after fifteen minutes it is noted and carded."""
    story = desk.story
    case = desk.taken(category="help", urgency="critical", caller={"name": "演示来电人", "phone": PHONE})
    desk.act(desk.centre, case, "dispatch", unit=story.reviewer.unit)
    story.move(minutes=16)
    file = until("the reminder", lambda: (found := desk.centre.get(f"{ORDERS}/{case}"))["case"]["level"] and found)
    story.show("系统", "签收超时催办（WF26）", file)
    story.settle(story.card(case, "Y6", "ORDER"))


def reported(desk: Desk) -> None:
    """The unit handles a report and is shown nothing of who made it: neither an anonymous caller nor a person."""
    story, reviewer = desk.story, desk.story.reviewer
    citizen = story.citizen()
    own = citizen.post(ORDERS, {"area": desk.area, "category": "report", "title": "举报无证经营",
                                "content": "某店铺无食品经营许可", "place": "示范路2号"})["case"]
    story.say(citizen.word, "提交举报", own["number"])
    for case in (desk.taken(category="report"), own["id"]):
        desk.act(desk.centre, case, "dispatch", unit=reviewer.unit)
        seen, listed = reviewer.get(f"{ORDERS}/{case}"), reviewer.get(f"{ORDERS}?limit=100")["items"]
        story.expect({"person", "party"}.isdisjoint(seen["case"]), "the unit is not shown whose it is")
        story.expect(citizen.person not in str(seen) + str(listed), "nor does its list tell")
        desk.act(reviewer, case, "sign")
        desk.act(reviewer, case, "reply", told="电话", result="solved", text="已立案查处")
        file = desk.act(desk.centre, case, "pass")
        if "call_back" in {one["act"] for one in file["acts"]}:
            desk.act(desk.centre, case, "call_back", satisfaction=5, solved=True)
        desk.act(desk.centre, case, "close")
    replies = citizen.get(f"{ORDERS}/{own['id']}/words")["replies"]
    story.expect([one["text"] for one in replies] == ["已立案查处"], "who reported reads the reply")


def lawful(desk: Desk) -> None:
    """A law gives the unit sixty days: its head says so within five working days, the citizen reads which law and why.
    """
    story, reviewer = desk.story, desk.story.reviewer
    citizen = story.citizen()
    case = desk.taken(category="complaint", person=citizen.person)
    desk.act(desk.centre, case, "dispatch", unit=reviewer.unit)
    desk.act(reviewer, case, "sign")
    file = desk.act(story.head, case, "apply_law", law="《信访工作条例》第三十四条", length=60, length_unit="cd",
                    reason="该诉求属于信访事项")
    clock = next(clock for clock in file["clocks"] if clock["name"] == "reply")
    story.expect((clock["left"], clock["unit"]) == (60, "cd"), "the law's sixty days are counted")
    story.expect("law" not in {one["name"] for one in file["clocks"]}, "and it is applied once")
    note = citizen.get(f"{ORDERS}/{case}")["timeline"][0]["note"]
    story.expect("《信访工作条例》第三十四条" in note, "the citizen reads which law")
