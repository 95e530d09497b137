"""The part of the demonstration in which a notice on holidays comes while deadlines run."""
from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .client import Person, ask, until

if TYPE_CHECKING:
    from .story import Story

PATH, NATION, CLOCK = "/calendars/notices", "0" * 12, "precheck"


def a_longer_holiday(story: Story, item: dict[str, Any]) -> None:
    """A deadline has passed and a card is out; a notice makes that day one of a longer holiday, and the card goes."""
    one, two = (Person(story.site, f"日历管理员{sign}", "calendar_keeper", f"{NATION}.calendar") for sign in "甲乙")
    story.people += [one, two]
    citizen = story.citizen()
    case, _ = story.draft(citizen, item)
    submitted = story.act(citizen, case, "submit")
    before = due(submitted)
    story.move(to=next(clock["due_at"] for clock in submitted["clocks"] if clock["name"] == CLOCK))
    card = story.card(case, "Y2")
    given = notice(story, before)
    entered = one.post(PATH, given)
    path = f"{PATH}/{entered['case']['id']}"
    story.say(one.word, "录入放假通知", f"{given['number']}：{before}放假")
    story.refused(one, f"{path}/acts", {"act": "approve"}, 409, "refused")
    moves = [move for page in pages(two, f"{path}/effect") for move in page["moves"]]
    mine = [move for move in moves if (move["before_on"], move["clock"]) == (before, CLOCK)]
    story.expect(any(move["cards_withdrawn"] for move in mine), "the dry run tells that a card goes")
    story.expect(due(citizen.get(f"/applications/{case}")) == before, "a dry run moves nothing")
    cases, gone, new = (sum(move[name] for move in moves) for name in ("cases", "cards_withdrawn", "cards_due"))
    story.say(two.word, "试算影响", f"{cases} 个期限将变动，{gone} 张牌将撤，{new} 张将亮")
    two.post(f"{path}/acts", {"act": "approve"})
    story.say(two.word, "批准公布", given["number"])
    until("the notice in force", lambda: story.move(minutes=2) and current(story) == given["number"])
    story.move(minutes=2)
    file = until("the recount", lambda: (found := citizen.get(f"/applications/{case}"))
                 and found["timeline"][0]["act"] == "recount" and found)
    entry = file["timeline"][0]
    moved = any(move["clock"] == CLOCK for move in entry["moved"])
    story.expect(due(file) > before and moved and entry["note"] == given["number"],
                 "the deadline has moved, and the record says by which notice")
    story.show("系统", "按新日历重算期限", file)
    until("the card withdrawn",
          lambda: story.supervisor.get(f"/supervision/cards/{card}")["case"]["state"] == "withdrawn")
    story.say("系统", "撤牌", "期限依新通知尚未届满")


def due(file: dict[str, Any]) -> str:
    return str(next(clock for clock in file["clocks"] if clock["name"] == CLOCK)["due_on"])


def current(story: Story) -> str:
    return str(ask("GET", f"{story.site}/calendars/versions").body["current"])


def notice(story: Story, day: str) -> dict[str, Any]:
    """Return a notice that adds one day off; for a year without a notice, to the days that are assumed off anyway."""
    calendar = ask("GET", f"{story.site}/calendars/versions/{quote(current(story))}").body
    assumed = next((year["holidays"] for year in calendar["assumed"] if str(year["year"]) == day[:4]), {})
    return {"number": f"演示〔{day[:4]}〕{story.now():%m%d%H%M%S}号", "publisher": "国务院办公厅", "source": "演示",
            "year": int(day[:4]), "holidays": assumed | {day: "临时放假"}}


def pages(who: Person, path: str) -> Iterator[dict[str, Any]]:
    """Yield all pages of a list."""
    cursor = ""
    while cursor is not None:
        page = who.get(f"{path}?limit=100{f'&cursor={quote(cursor)}' if cursor else ''}")
        yield page
        cursor = page["cursor"]
