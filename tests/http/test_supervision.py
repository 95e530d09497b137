"""Supervision as its offices meet it over HTTP: what a late case brings, an appeal, a card found by hand."""
import pytest

from chalicelib.domains.supervision import jobs as supervision_jobs
from tests.support.kinds import scene
from tests.support.scenes.supervision import found
from tests.support.town import HALL
from tests.support.web import CLERK, SUPERVISOR, SUPERVISOR2, bearer

HEAD_OF_HALL = bearer("head-hall", ("head", HALL))


@pytest.fixture
def here(web):
    """An application that lay till it was deemed accepted; the clerk had taken it up."""
    from chalicelib.domains.accounts.wiring import accounts
    made = scene(web).submitted()
    accounts().store.appoint(CLERK.person, "窗*", [one.model_dump() for one in CLERK.offices])
    made.act(CLERK, "claim")
    for day in ("2026-03-06", "2026-03-10"):
        web.hands.to(day, 1)
        web.module.SWEEP.run(web.hands.at)
        web.react()
    return made


def cards(here, who, query=""):
    return here.web.ok(who, "GET", f"/supervision/cards{query}")["items"]


def act(here, who, card, act, **body):
    return here.web.ok(who, "POST", f"/supervision/cards/{card}/acts", {"act": act, **body})


def test_the_handler_is_told_of_the_card_appeals_and_another_supervisor_decides(here):
    card = next(card["id"] for card in cards(here, CLERK) if card["number"].startswith("Y3-"))
    assert "card" in [one["template"] for one in here.web.ok(CLERK, "GET", "/messages")["items"]]
    file = here.web.ok(CLERK, "GET", f"/supervision/cards/{card}")
    assert (file["case"]["deadline"], file["case"]["handler"]) == ("2026-03-09T16:00:00Z", CLERK.person)
    assert here.web.ok(CLERK, "GET", f"/supervision/cards/{card}/clocks/correct")["due_on"] == "2026-03-13"
    appealed = act(here, CLERK, card, "appeal", text="系统停电", materials=list(here.files.values())[:1])
    assert appealed["state_label"] == "申诉待裁决（未说明）"
    here.web.react()
    assert here.web.ok(SUPERVISOR, "GET", f"/supervision/cards/{card}/appeal")["text"] == "系统停电"
    assert "card-to-watch" in [one["template"] for one in here.web.ok(SUPERVISOR, "GET", "/messages")["items"]]
    assert act(here, SUPERVISOR, card, "uphold", note="情况属实")["case"]["state"] == "withdrawn"
    assert cards(here, SUPERVISOR, "?month=2026-03")[0]["state_label"]


def test_a_red_card_by_hand_takes_two_supervisors_and_says_so_in_chinese(here):
    red = found(here, "R3")
    own = here.web.call(SUPERVISOR, "POST", f"/supervision/cards/{red}/acts", {"act": "confirm", "note": "属实"})
    assert own.status_code == 409 and "提出红牌的人员不得自行确认" in own.json_body["detail"]
    assert here.web.call(HEAD_OF_HALL, "GET", f"/supervision/cards/{red}").status_code == 404
    act(here, SUPERVISOR2, red, "confirm", note="属实")
    here.web.react()
    assert red in [card["id"] for card in cards(here, HEAD_OF_HALL)]


@pytest.mark.parametrize("body, pointer", [
    ({"rule": "W1"}, "/rule"), ({"rule": "Y1"}, "/rule"), ({"event": 0}, "/event"), ({"note": " "}, "/note"),
    ({"case_id": "kurz"}, "/case_id"), ({"extra": 1}, "/extra"), ({"event": 999}, "/event"),
    ({"case_id": "b" * 26}, "/case_id")])
def test_a_finding_with_a_fault_is_told_where_it_lies(here, body, pointer):
    full = {"rule": "Y4", "kind": "APPLICATION", "case_id": here.draft, "event": 1, "note": "核实"} | body
    answer = here.web.call(SUPERVISOR, "POST", "/supervision/cards", full)
    assert answer.status_code == 422 and [one["pointer"] for one in answer.json_body["errors"]] == [pointer]


@pytest.mark.parametrize("query", ["?month=2026-13", "?unit=hall", "?unclaimed=perhaps", "?state=fired",
                                   "?unit=430199000001.hall"])
def test_a_filter_with_a_fault_is_refused(here, query):
    assert here.web.call(SUPERVISOR, "GET", f"/supervision/cards{query}").status_code == 422


def test_the_supervisor_signs_the_slot_of_eleven_o_clock_and_the_units_on_its_list_were_told(here):
    here.web.hands.to("2026-03-10", 11)
    assert supervision_jobs.dispatch() == 2 and supervision_jobs.dispatch() == 0
    here.web.react()
    row, = here.web.ok(SUPERVISOR, "GET", "/supervision/dispatches?day=2026-03-10")["items"]
    path = f"/supervision/dispatches/{row['id']}"
    counts = here.web.ok(SUPERVISOR, "GET", f"{path}/list")["counts"]
    assert sum(counts.values()) == here.web.ok(SUPERVISOR, "GET", path)["case"]["total"] and counts[HALL] >= 2
    assert "dispatched" in [one["template"] for one in here.web.ok(CLERK, "GET", "/messages")["items"]]
    assert here.web.ok(SUPERVISOR, "GET", f"{path}/clocks/sign")["due_at"] == "2026-03-10T07:00:00Z"
    signed = here.web.ok(SUPERVISOR, "POST", f"{path}/acts", {"act": "sign", "note": "已向综合窗口催办"})
    assert signed["state_label"] == "已签署"
    assert here.web.call(CLERK, "GET", path).status_code == 404


def test_the_month_s_bulletin_leads_from_its_numbers_to_the_cases(here):
    bulletin = here.web.ok(SUPERVISOR, "GET", "/supervision/bulletins?month=2026-03")
    hall = next(one for one in bulletin["items"] if one["unit"] == HALL)
    counted = here.web.ok(SUPERVISOR, "GET", f"/supervision/bulletins/2026-03/units/{HALL}/cases?limit=100")["items"]
    assert hall["yellow"] == sum(one["sums"].get("yellow", 0) for one in counted) >= 2
    assert here.web.call(CLERK, "GET", "/supervision/bulletins?month=2026-03").status_code == 403
    assert here.web.ok(HEAD_OF_HALL, "GET", "/supervision/bulletins?month=2026-03")["items"] == [hall]
    own = here.web.ok(HEAD_OF_HALL, "GET", f"/supervision/bulletins/2026-03/units/{HALL}/cases?limit=100")["items"]
    assert own == counted


def test_an_appeal_with_a_file_of_nobody_or_an_id_number_is_told_where_it_lies(here):
    card = next(card["id"] for card in cards(here, CLERK) if card["number"].startswith("Y3-"))
    body = {"act": "appeal", "text": "申请人11010519491231002X当日未到", "materials": [
        next(iter(here.files.values())), "b" * 26]}
    answer = here.web.call(CLERK, "POST", f"/supervision/cards/{card}/acts", body)
    assert answer.status_code == 422 and "11010519491231002X" not in answer.body.decode()
    assert [one["pointer"] for one in answer.json_body["errors"]] == ["/materials/1", "/text"]
    assert "居民身份证号码" in answer.json_body["errors"][1]["detail"]


def test_a_list_names_the_unit_carded(here):
    assert {row["about_unit"] for row in cards(here, CLERK)} == {HALL}
    assert HALL in {row["about_unit"] for row in cards(here, SUPERVISOR)}
    assert {row["unit"] for row in cards(here, SUPERVISOR)} == {f"{HALL[:12]}.supervision"}
