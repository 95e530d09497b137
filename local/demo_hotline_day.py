"""A day at the 12345 hotline: thirty orders of all kinds through every branch, through HTTP alone.

Each function makes its orders, plays them to an end or to where somebody waits for them, and says how many it made.
"""
from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.kernel.calendar import civil_day

from .client import Person, until

if TYPE_CHECKING:
    from .demo_hotline import Desk

ORDERS, ARTICLES = "/hotline/orders", "/knowledge/articles"
NUMBER = "13800000000"


def a_day(desk: Desk) -> int:
    """Play the day; return how many orders it had."""
    parts = (answered_at_once, sent_by_other_systems, in_danger, helped_by_others, third_return, shelved,
             of_the_many, of_every_sort, supervised)
    made = sum(part(desk) for part in parts)
    desk.story.say("热线中心", "一日工单", f"{made} 件")
    return made


def to_the_end(desk: Desk, case: str, **reply: Any) -> None:
    """Sign, reply, check, call back, close."""
    desk.act(desk.story.reviewer, case, "sign")
    desk.act(desk.story.reviewer, case, "reply", **{"told": "电话", "result": "solved", "text": "已处理完毕", **reply})
    file = desk.act(desk.centre, case, "pass")
    if "call_back" in {one["act"] for one in file["acts"]}:
        desk.act(desk.centre, case, "call_back", satisfaction=5, solved=True)
    desk.act(desk.centre, case, "close")


def answered_at_once(desk: Desk) -> int:
    """Two are answered from the knowledge base, one is shown another way."""
    story, centre = desk.story, desk.centre
    second = Person(story.site, "热线中心乙", "centre", centre.unit)
    story.people.append(second)
    article = centre.post(ARTICLES, {"title": f"社保卡补办{secrets.token_hex(2)}", "keywords": ["社保卡"],
                                     "text": "携带身份证到任一社保服务网点补办"})["case"]["id"]
    approval = {"act": "approve", "wording": second.get(f"{ARTICLES}/{article}/text?last=true")["wording"]}
    story.refused(centre, f"{ARTICLES}/{article}/acts", approval, 409, "refused")
    second.post(f"{ARTICLES}/{article}/acts", approval)
    found = centre.get("/knowledge/search?words=%E7%A4%BE%E4%BF%9D%E5%8D%A1")["items"]
    story.expect(article in {one["id"] for one in found}, "what another approved is found")
    for _ in range(2):
        case = desk.taken(category="consultation", title="社保卡怎样补办",
                          caller={"name": "演示来电人", "phone": NUMBER})
        file = desk.act(centre, case, "answer", text="携带身份证到任一网点补办", article=article)
        story.expect(file["case"]["article"] == f"{article}/1", "the answer names the article and its edition")
    case = desk.taken(category="complaint", title="对判决不服", caller={"name": "演示来电人", "phone": NUMBER})
    desk.act(centre, case, "decline", text="已进入诉讼程序，请依法上诉")
    return 3


def sent_by_other_systems(desk: Desk) -> int:
    """Each system's number is one order, however often it is sent."""
    story, made = desk.story, 0
    for channel in ("07", "08", "09", "11", "12", "13"):
        number = f"{channel}-{secrets.token_hex(4)}"
        case = desk.taken(category="help", channel=channel, source_number=number,
                          caller={"name": "演示来电人", "phone": NUMBER})
        if channel == "07":
            story.refused(desk.centre, f"{ORDERS}/desk", {
                "title": "再次推送", "content": "同一来件", "category": "help", "channel": channel,
                "source_number": number}, 409, "registered-before")
        desk.act(desk.centre, case, "dispatch", unit=story.reviewer.unit)
        to_the_end(desk, case)
        made += 1
    return made


def in_danger(desk: Desk) -> int:
    """Fire: the words raise the urgency, the line is called, the unit has fifteen minutes to sign and two hours."""
    story, centre = desk.story, desk.centre
    case = desk.taken(category="help", title="商铺冒烟", content="示范路一商铺着火", channel="10",
                      source_number=f"110-{secrets.token_hex(4)}", caller={"name": "演示来电人", "phone": NUMBER})
    seen = centre.get(f"{ORDERS}/{case}")["case"]
    story.expect((seen["urgency"], seen["transfer"]) == ("critical", "119"), "the words call for the fire brigade")
    desk.act(centre, case, "transfer", line="119", number=secrets.token_hex(4), note="已转接")
    file = desk.act(centre, case, "dispatch", unit=story.reviewer.unit)
    left = {clock["name"]: (clock["left"], clock["unit"]) for clock in file["clocks"]}
    story.expect(left["sign"] == (15, "min") and left["reply"] == (2, "h"), "fifteen minutes to sign, two hours")
    to_the_end(desk, case)
    return 1


def helped_by_others(desk: Desk) -> int:
    """The unit that has it first leads; another reports to it; whose duty it is is suggested from the table."""
    story, centre = desk.story, desk.centre
    case = desk.taken(category="help", title="网吧食品过期", content="网吧出售过期食品",
                      caller={"name": "演示来电人", "phone": NUMBER})
    units = [one["unit"] for one in centre.get(f"{ORDERS}/{case}/suggestions")["items"]]
    story.expect(story.reviewer.unit in units, "the table of duties names the unit")
    desk.act(centre, case, "dispatch", unit=story.reviewer.unit, co_units=[desk.culture.unit])
    desk.act(desk.culture, case, "report", text="已责令网吧停售")
    told = story.reviewer.get(f"{ORDERS}/{case}/words")["reports"]
    story.expect([one["unit"] for one in told] == [desk.culture.unit], "who leads reads what the other did")
    to_the_end(desk, case)
    return 1


def third_return(desk: Desk) -> int:
    """Sent back twice by heads of units, then no more; the centre designates, and that is final."""
    story, centre = desk.story, desk.centre
    heads = [Person(story.site, "文旅局负责人", "head", desk.culture.unit), story.head]
    story.people.append(heads[0])
    case = desk.taken(category="help", caller={"name": "演示来电人", "phone": NUMBER})
    body = {"act": "return", "reason": "other", "basis": "三定方案", "text": "非本单位职责"}
    for head in heads:
        desk.act(centre, case, "dispatch", unit=head.unit)
        head.post(f"{ORDERS}/{case}/acts", body)
    desk.act(centre, case, "designate", unit=story.reviewer.unit)
    story.refused(story.head, f"{ORDERS}/{case}/acts", body, 409, "refused")
    other = desk.taken(category="help", caller={"name": "演示来电人", "phone": NUMBER})
    for head in heads:
        desk.act(centre, other, "dispatch", unit=head.unit)
        head.post(f"{ORDERS}/{other}/acts", body)
    desk.act(centre, other, "dispatch", unit=heads[0].unit)
    story.refused(heads[0], f"{ORDERS}/{other}/acts", body, 409, "refused")
    to_the_end(desk, case)
    return 2


def shelved(desk: Desk) -> int:
    """What cannot be solved now has measures and a day; the citizen reads both."""
    story = desk.story
    citizen = story.citizen()
    case = desk.taken(category="help", title="加装电梯", person=citizen.person)
    desk.act(desk.centre, case, "dispatch", unit=story.reviewer.unit)
    desk.act(story.reviewer, case, "sign")
    on = civil_day(story.now() + timedelta(days=200)).isoformat()
    desk.act(story.reviewer, case, "reply", told="电话", result="shelved", text="资金年内到位", measures="列入年度计划",
             promised_on=on)
    file = desk.act(desk.centre, case, "shelve")
    story.expect(file["clocks"][0]["due_on"] >= on, "it is followed to that day or the next working day")
    reply, = citizen.get(f"{ORDERS}/{case}/words")["replies"]
    story.expect((reply["measures"], reply["promised_on"]) == ("列入年度计划", on), "the citizen reads both")
    return 1


def of_the_many(desk: Desk) -> int:
    """Four households, one burst pipe: found near each other, merged, answered once, called back each."""
    story, centre, place = desk.story, desk.centre, f"示范小区{secrets.randbelow(9000) + 1000}号"
    cases = [desk.taken(category="help", title="小区爆管停水", content="主管道爆管，整栋停水", place=place,
                        caller={"name": f"演示住户{name}", "phone": f"{NUMBER[:-1]}{n}"})
             for n, name in enumerate("甲乙丙丁")]
    main, *children = cases
    near = centre.get(f"{ORDERS}/{main}/near")["items"]
    story.expect({one["id"] for one in near} == set(children), "the others are found by place, time and words")
    story.expect(centre.get(f"{ORDERS}/{cases[-1]}")["case"]["collective"], "it is a matter of the many")
    for child in children:
        desk.act(centre, child, "merge", main=main)
    desk.act(centre, main, "dispatch", unit=story.reviewer.unit)
    to_the_end(desk, main)
    for child in children:
        until("the main order's reply", lambda child=child: centre.get(  # type: ignore[misc]
            f"{ORDERS}/{child}")["case"]["state"] == "checked")
        desk.act(centre, child, "call_back", satisfaction=5, solved=True)
        desk.act(centre, child, "close")
    return len(cases)


def of_every_sort(desk: Desk) -> int:
    """Suggestion, praise, other; one whom nobody reaches is left open; one extended, one annulled."""
    story, centre, reviewer = desk.story, desk.centre, desk.story.reviewer
    caller = {"name": "演示来电人", "phone": NUMBER}
    for category, channel in (("suggestion", "14"), ("praise", "05"), ("other", "15"), ("complaint", "06")):
        case = desk.taken(category=category, channel=channel, caller=caller)
        desk.act(centre, case, "dispatch", unit=reviewer.unit)
        to_the_end(desk, case)
    case = desk.taken(category="help", caller=caller)
    desk.act(centre, case, "dispatch", unit=reviewer.unit)
    desk.act(reviewer, case, "sign")
    desk.act(reviewer, case, "ask_extension", asked_days=5, note="需现场核查")
    desk.act(story.head, case, "approve_extension")
    missed = desk.taken(category="help", caller=caller)
    desk.act(centre, missed, "dispatch", unit=reviewer.unit)
    desk.act(reviewer, missed, "sign")
    desk.act(reviewer, missed, "reply", told="电话", result="explained", text="已说明")
    desk.act(centre, missed, "pass")
    desk.act(centre, missed, "miss")
    wrong = desk.taken(category="help")
    desk.act(story.supervisor, wrong, "annul", note="重复登记")
    return 7


def supervised(desk: Desk) -> int:
    """Five that nobody handles in time: reminded at the end of their day, supervised in writing a working day over."""
    story, centre, reviewer = desk.story, desk.centre, desk.story.reviewer
    cases = [desk.taken(category="consultation", caller={"name": "演示来电人", "phone": NUMBER}) for _ in range(5)]
    for case in cases:
        desk.act(centre, case, "dispatch", unit=reviewer.unit)
        desk.act(reviewer, case, "sign")
    for clock, level in (("reply", 1), ("written", 2)):
        due = next(one["due_at"] for one in centre.get(f"{ORDERS}/{cases[-1]}")["clocks"] if one["name"] == clock)
        story.move(to=due)
        until(f"level {level}", lambda level=level: all(  # type: ignore[misc]
            centre.get(f"{ORDERS}/{case}")["case"]["level"] == level for case in cases))
        story.say("系统", "督办级别", str(level))
    order = until("one supervision order each", lambda: [
        row for row in story.head.get("/supervision/orders?limit=100")["items"] if "书面督办" in row["title"]])
    story.say("系统", "书面督办", f"{len(order)} 件")
    listed = {row["id"] for row in reviewer.get(f"{ORDERS}?due=overdue&limit=100")["items"]}
    story.expect(set(cases) <= listed, "they lead the unit's list of what is overdue")
    for case in cases:
        desk.act(reviewer, case, "reply", told="电话", result="solved", text="已办结")
    return len(cases)
