"""A notice on holidays over HTTP: entered, tried dry, approved by another keeper, carried to every case that waits."""
import json
from urllib.parse import quote

import pytest

from chalicelib.domains.calendars.store import ProposalStore
from chalicelib.kernel.identity import NATION
from tests.support.kinds import scene
from tests.support.scenes.calendars import PATH
from tests.support.town import AREA
from tests.support.web import CALENDAR, CALENDAR2, CLERK, KEEPER, REVIEWER, bearer
from tools.verify_deadline import main

NUMBER = "国办发明电〔2026〕9号"
NOTICE = {"number": NUMBER, "publisher": "国务院办公厅", "source": "测试：延长假期", "year": 2026,
          "holidays": {"2026-03-05": "临时放假", "2026-03-06": "临时放假"}, "makeup_days": []}


def propose(web, **changes):
    return web.ok(CALENDAR, "POST", PATH, NOTICE | changes)["case"]["id"]


def act(web, who, case, name, **fields):
    return web.call(who, "POST", f"{PATH}/{case}/acts", {"act": name, **fields})


@pytest.fixture
def waiting(web):
    """Three applications received on Monday 2 March, and one that is held by a pause."""
    here = scene(web).submitted()
    here.act(CLERK, "receive")
    body = {"area": AREA, "item": here.item["code"], "form": {}, "materials": here.files}
    *_, held = [web.ok(CLERK, "POST", "/applications/window", body | {"person": here.citizen.person})["case"]["id"]
                for _ in range(3)]
    for who, given in ((CLERK, {"act": "accept"}), (REVIEWER, {"act": "review"}),
                       (REVIEWER, {"act": "suspend", "reason": "检验", "planned": 5, "note": "送检样品"})):
        web.ok(who, "POST", f"/applications/{held}/acts", given)
    web.react()
    return here, held


def effects(web, case, limit=100):
    """All pages of the dry run."""
    pages, cursor = [], ""
    while cursor is not None:
        pages.append(web.ok(CALENDAR2, "GET", f"{PATH}/{case}/effect?limit={limit}{cursor and f'&cursor={cursor}'}"))
        cursor = pages[-1]["cursor"]
    return pages


def due(web, here, name="notice"):
    return next(clock for clock in web.ok(here.citizen, "GET", here.path)["clocks"] if clock["name"] == name)["due_on"]


def test_a_notice_is_tried_dry_approved_by_another_and_moves_what_waits(web, waiting, tmp_path):
    here, _ = waiting
    case = propose(web)
    assert due(web, here) == "2026-03-09"
    page, = effects(web, case)
    assert {"kind": "APPLICATION", "area": AREA, "clock": "notice", "before_on": "2026-03-09", "after_on": "2026-03-11",
            "held": False, "cases": 3, "cards_withdrawn": 0, "cards_due": 0} in page["moves"]
    assert here.draft not in json.dumps(page) and due(web, here) == "2026-03-09", "no case is named, nothing is moved"
    assert web.ok(None, "GET", "/calendars/versions")["current"] == "2026"
    assert act(web, CALENDAR, case, "approve").status_code == 409
    assert act(web, CALENDAR2, case, "approve").json_body["case"]["state"] == "approved"
    web.react()
    web.react()
    web.hands.move(minutes=2)
    assert web.module.RECOUNT.run(web.hands.at) == 4, "those that wait, and the one that a pause holds"
    assert web.ok(None, "GET", "/calendars/versions")["current"] == NUMBER
    ledger = web.ok(here.citizen, "GET", f"{here.path}/clocks/notice")
    assert (ledger["due_on"], ledger["calendar"]) == ("2026-03-11", NUMBER)
    entry = web.ok(here.citizen, "GET", here.path)["timeline"][0]
    assert (entry["act"], entry["note"]) == ("recount", NUMBER)
    assert entry["moved"] == [{"clock": "notice", "before": "2026-03-09T16:00:00Z", "after": "2026-03-11T16:00:00Z",
                               "held": False, "lapsed": None}]
    files = [tmp_path / "clock.json", tmp_path / "calendar.json"]
    for file, content in zip(files, (ledger, web.ok(None, "GET", f"/calendars/versions/{quote(NUMBER)}")), strict=True):
        file.write_text(json.dumps(content), "utf-8")
    assert main(list(map(str, files))) == 0


def test_the_approval_told_twice_announces_once(web):
    case = propose(web)
    act(web, CALENDAR2, case, "approve")
    for _ in range(2):
        web.module.KINDS["CALENDAR"]().announce(case)
    web.hands.move(minutes=2)
    assert [one["number"] for one in web.ok(None, "GET", "/calendars/versions")["items"]].count(NUMBER) == 1
    version = web.ok(None, "GET", f"/calendars/versions/{quote(NUMBER)}")
    assert version["notices"][-1]["known_at"] == "2026-03-02T02:00:00Z", "known since the approval"


def at_the_same_moment(web, monkeypatch, **changes):
    """Two notices under one number, neither of which was there yet when the other was entered."""
    with monkeypatch.context() as moment:
        moment.setattr(ProposalStore, "pending", lambda *_: False)
        return propose(web), propose(web, **changes)


def test_of_two_approved_under_one_number_at_the_same_moment_the_first_stands(web, monkeypatch):
    first, second = at_the_same_moment(web, monkeypatch, holidays={"2026-03-06": "临时"}, makeup_days=[])
    for case in (first, second):
        act(web, CALENDAR2, case, "approve")
    web.react()
    web.react()
    web.hands.move(minutes=2)
    states = {case: web.ok(CALENDAR, "GET", f"{PATH}/{case}")["state_label"] for case in (first, second)}
    assert sorted(states.values()) == ["已公布", "已退回"]
    assert [one["number"] for one in web.ok(None, "GET", "/calendars/versions")["items"]].count(NUMBER) == 1


def test_a_case_that_a_pause_holds_open_is_in_the_dry_run(web, waiting):
    page, = effects(web, propose(web))
    assert {move["clock"] for move in page["moves"] if move["held"]} == {"statutory"}


def test_the_dry_run_comes_in_pages(web, waiting):
    case = propose(web)
    whole, = effects(web, case)
    pages = effects(web, case, limit=2)
    assert len(pages) > 1 and all(page["cases"] <= 2 for page in pages)
    assert sum(page["cases"] for page in pages) == whole["cases"]
    assert sum(move["cases"] for page in pages for move in page["moves"]) == sum(
        move["cases"] for move in whole["moves"])
    stale = web.call(CALENDAR, "GET", f"{PATH}/{case}/effect?cursor={pages[0]['cursor']}")
    assert stale.status_code == 400, "a cursor is its reader's own"


def test_a_notice_is_entered_under_a_number_that_none_waits_under(web):
    first = propose(web)
    refused = web.call(CALENDAR2, "POST", PATH, NOTICE)
    assert (refused.status_code, refused.json_body["errors"][0]["pointer"]) == (422, "/number")
    assert "已经录入，尚待批准" in refused.json_body["errors"][0]["detail"]
    act(web, CALENDAR, first, "withdraw")
    assert propose(web) != first


def test_a_notice_that_is_decided_on_is_not_tried_dry_any_more(web, waiting):
    approved, withdrawn = propose(web), propose(web, number="另一文号")
    act(web, CALENDAR2, approved, "approve")
    act(web, CALENDAR, withdrawn, "withdraw")
    for case, word in ((approved, "已公布"), (withdrawn, "已撤回")):
        answer = web.call(CALENDAR, "GET", f"{PATH}/{case}/effect")
        assert answer.status_code == 409 and f"{word}的通知不再试算" in answer.json_body["detail"]


def test_what_a_number_looks_like_is_said_in_words_with_an_example(web):
    answer = web.call(CALENDAR, "POST", PATH, NOTICE | {"number": "甲/乙"})
    assert answer.json_body["errors"][0]["detail"] == "格式应为不含斜线的文号，如国办发明电〔2025〕7号"


def test_a_number_is_used_once(web, monkeypatch):
    first, second = at_the_same_moment(web, monkeypatch)
    act(web, CALENDAR2, first, "approve")
    web.react()
    web.hands.move(minutes=2)
    for answer in (act(web, CALENDAR2, second, "approve"), web.call(CALENDAR, "POST", PATH, NOTICE)):
        assert (answer.status_code, answer.json_body["errors"][0]["pointer"]) == (422, "/number")


def test_what_is_rejected_or_withdrawn_never_comes_into_the_calendar(web):
    rejected, withdrawn = propose(web), propose(web, number="另一文号")
    assert act(web, CALENDAR2, rejected, "reject").status_code == 422, "a rejection says why"
    assert act(web, CALENDAR2, rejected, "reject", note="日期有误").json_body["case"]["state"] == "rejected"
    assert act(web, CALENDAR, withdrawn, "withdraw").json_body["case"]["state"] == "withdrawn"
    web.react()
    web.hands.move(minutes=2)
    assert web.ok(None, "GET", "/calendars/versions")["current"] == "2026"
    assert {row["id"] for row in web.ok(CALENDAR, "GET", PATH)["items"]} == {rejected, withdrawn}
    assert web.ok(CALENDAR2, "GET", f"{PATH}/{rejected}")["state_label"] == "已退回"


@pytest.mark.parametrize("changes, pointer", [
    ({"number": "甲/乙"}, "/number"), ({"number": "2026"}, "/number"), ({"year": 1999}, "/year"),
    ({"holidays": {"2026-13-01": "元旦"}}, "/holidays/2026-13-01"),
    ({"holidays": {"2026-03-05": ""}}, "/holidays/2026-03-05"),
    ({"makeup_days": ["2026-03-05"]}, "/makeup_days/0"), ({"holidays": {}}, "/holidays"),
    ({"makeup_days": ["2026-03-07", "2026-03-10"]}, "/makeup_days/1"),
    ({"makeup_days": ["2026-03-07", "2026-03-07"]}, "/makeup_days/1"),
])
def test_a_notice_that_is_not_right_is_pointed_at(web, changes, pointer):
    answer = web.call(CALENDAR, "POST", PATH, NOTICE | changes)
    assert answer.status_code == 422, answer.json_body
    assert [one["pointer"] for one in answer.json_body["errors"]] == [pointer]
    assert web.ok(CALENDAR, "GET", PATH)["items"] == []


def test_only_keepers_of_the_national_calendar_enter_notices(web):
    local = bearer("calendar-far", ("calendar_keeper", f"{AREA}.calendar"))
    for who, status in ((KEEPER, 403), (local, 409), (bearer("c" * 26), 403)):
        assert web.call(who, "POST", PATH, NOTICE).status_code == status
    other = bearer("national-clerk", ("clerk", f"{NATION}.calendar"))
    case = propose(web)
    for who in (KEEPER, local, other):
        assert web.call(who, "GET", f"{PATH}/{case}/effect").status_code == 404


def test_a_notice_sent_twice_under_one_key_is_entered_once(web):
    first = web.call(CALENDAR, "POST", PATH, NOTICE, key="one-key-of-sixteen")
    again = web.call(CALENDAR, "POST", PATH, NOTICE, key="one-key-of-sixteen")
    assert again.json_body["case"] == first.json_body["case"] and again.headers["Idempotent-Replayed"] == "true"
    assert len(web.ok(CALENDAR, "GET", PATH)["items"]) == 1
