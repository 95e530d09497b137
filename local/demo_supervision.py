"""The part of the demonstration in which a card is appealed against, a slot signed, and bulletins traced."""
from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING
from urllib.parse import quote

from chalicelib.kernel.calendar import civil_day

from .client import Person, ask, until
from .demo_calendar import current, pages

if TYPE_CHECKING:
    from .story import Story

CARDS, ORDERS, SLOTS, BULLETINS = (f"/supervision/{name}" for name in ("cards", "orders", "dispatches", "bulletins"))
OPENING = time(9, 1)                       # a minute after the first slot of the day
MONTHS = 4                                 # as many as the story may last
CIVIL = timezone(timedelta(hours=8))


def an_appeal(story: Story, card: str) -> None:
    """The unit appeals against a card; the supervisor upholds that: the card is kept, marked, and counts no more."""
    path = f"{CARDS}/{card}/acts"
    file = story.clerk.post(path, {"act": "appeal", "text": "系统故障期间无法登录，附故障通报"})
    story.say(story.clerk.word, "申诉", file["state_label"])
    file = story.supervisor.post(path, {"act": "uphold", "note": "经核实申诉成立"})
    story.expect(file["case"]["state"] == "withdrawn", "the card is withdrawn and kept")
    story.say(story.supervisor.word, "撤牌", file["state_label"])


def an_order(story: Story, case: str, unit: Person) -> None:
    """The supervisor has the unit answer for a late case: signed for, answered, sent back, answered again, accepted."""
    body = {"unit": unit.unit, "kind": "APPLICATION", "case_id": case, "level": 2, "text": "请说明超期原因并限期办结"}
    file = story.supervisor.post(ORDERS, body)
    order = f"{ORDERS}/{file['case']['id']}"
    story.say(story.supervisor.word, "签发督办", f"{file['case']['title']} {file['case']['number']}")
    story.refused(story.supervisor, ORDERS, body | {"level": 3}, 409, "supervised")
    for who, act, fields in (
            (unit, "sign", {}), (unit, "answer", {"text": "已催促承办人员"}),
            (story.supervisor, "send_back", {"note": "未说明何时办结"}),
            (unit, "answer", {"text": "承办人员已到岗，三个工作日内办结"}),
            (story.supervisor, "accept", {})):
        file = who.post(f"{order}/acts", {"act": act, **fields})
        story.say(who.word, "督办", file["state_label"])
    story.expect(file["case"]["title"] == "督办（书面督办）" and file["acts"] == [], "the order is closed at its level")
    story.refused(story.supervisor, f"{order}/acts", {"act": "annul", "note": "已经办结"}, 409, "out-of-order")


def a_slot(story: Story) -> None:
    """On the next working day at nine the system opens a slot with what is overdue; the supervisor signs it."""
    day = next_working(story)
    story.move(to=datetime.combine(day, OPENING, CIVIL).isoformat())
    rows = until("the slot", lambda: story.supervisor.get(f"{SLOTS}?day={day}")["items"])
    slot = rows[0]["id"]
    listed = story.supervisor.get(f"{SLOTS}/{slot}/list")
    file = story.supervisor.post(f"{SLOTS}/{slot}/acts", {"act": "sign", "note": "已逐一电话督促"})
    story.say(story.supervisor.word, "线上调度", f"{day} {len(listed['items'])} 件超期；{file['state_label']}")


def next_working(story: Story) -> date:
    """Return the first working day after today, by the published calendar."""
    calendar = ask("GET", f"{story.site}/calendars/versions/{quote(current(story))}").body
    declared = {day: off for notice in calendar["notices"]
                for off, days in ((True, notice["holidays"]), (False, notice["makeup_days"])) for day in days}
    declared |= {day: True for year in calendar["assumed"] for day in year["holidays"]}
    day = civil_day(story.now()) + timedelta(days=1)
    while declared.get(day.isoformat(), day.weekday() > 4):
        day += timedelta(days=1)
    return day


def bulletins(story: Story) -> None:
    """Every number of the last bulletins is the sum of what its cards and cases add to it."""
    month, found = civil_day(story.now()).replace(day=1), 0
    for _ in range(MONTHS):
        found += a_bulletin(story, f"{month:%Y-%m}")
        month = (month - timedelta(days=1)).replace(day=1)
    story.expect(found, "there were cards in these months")


def a_bulletin(story: Story, month: str) -> int:
    """Trace a month's bulletin; return how many cards it has."""
    bulletin = story.supervisor.get(f"{BULLETINS}?month={month}")
    for line in bulletin["items"]:
        cases = [one for page in pages(story.supervisor, f"{BULLETINS}/{month}/units/{line['unit']}/cases")
                 for one in page["items"]]
        for name in ("yellow", "red", "withdrawn"):
            traced = sum(one["sums"].get(name, 0) for one in cases)
            story.expect(traced == line[name], f"{name} of {line['unit']} is traced, {traced} for {line[name]}")
    shown = "；".join(f"{line['unit'][13:]} 黄{line['yellow']}红{line['red']}撤{line['withdrawn']}"
                     for line in bulletin["items"])
    story.say(story.supervisor.word, "月度通报", f"{month} {shown or '本月没有红黄牌，也没有到期事项'}")
    return sum(line["yellow"] + line["red"] + line["withdrawn"] for line in bulletin["items"])
