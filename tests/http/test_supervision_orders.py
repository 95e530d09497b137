"""Supervision orders as their offices meet them over HTTP."""
import pytest

from tests.support.kinds import scene
from tests.support.scenes.supervise import ORDERS, do, issued, waiting
from tests.support.town import HALL, MARKET, OTHER_AREA
from tests.support.web import CLERK, HEAD, REVIEWER, SUPERVISOR


@pytest.fixture
def here(web):
    return scene(web).submitted()


def inbox(here, who):
    return [one["template"] for one in here.web.ok(who, "GET", "/messages?limit=100")["items"]]


def rows(here, who, query=""):
    return [row["id"] for row in here.web.ok(who, "GET", f"{ORDERS}{query}")["items"]]


def test_an_order_is_issued_signed_answered_sent_back_and_accepted_and_each_side_is_told(here):
    order = issued(here, 2)
    here.web.react()
    assert inbox(here, REVIEWER).count("supervised") == 1 and rows(here, REVIEWER, "?unclaimed=true") == [order]
    file = here.web.ok(REVIEWER, "GET", f"{ORDERS}/{order}")
    assert (file["case"]["title"], file["state_label"]) == ("督办（书面督办）", "待签收")
    assert here.web.ok(REVIEWER, "GET", f"{ORDERS}/{order}/clocks/answer")["due_on"] == "2026-03-05"
    assert here.web.ok(REVIEWER, "GET", f"{ORDERS}/{order}/text")["text"] == "请尽快办理"
    assert here.web.call(SUPERVISOR, "GET", f"{ORDERS}/{order}/answer").status_code == 404
    do(here, REVIEWER, order, "sign")
    do(here, REVIEWER, order, "answer", text="已办结，见附证")
    here.web.react()
    assert inbox(here, SUPERVISOR).count("supervised-to-watch") == 1 and rows(here, SUPERVISOR) == [order]
    assert here.web.ok(SUPERVISOR, "GET", f"{ORDERS}/{order}/answer")["text"] == "已办结，见附证"
    do(here, SUPERVISOR, order, "send_back", note="未附凭证")
    here.web.react()
    assert inbox(here, REVIEWER).count("supervised") == 2
    do(here, REVIEWER, order, "answer", text="凭证已附")
    assert do(here, SUPERVISOR, order, "accept")["state_label"] == "已办结"
    assert rows(here, SUPERVISOR, "?month=2026-03") == rows(here, HEAD, "?month=2026-03") == [order]


def test_the_sweep_raises_an_order_that_nobody_answers_and_tells_both_sides(here):
    order = issued(here)
    for day in ("2026-03-04", "2026-03-04", "2026-03-10", "2026-03-18", "2026-03-19"):
        here.web.hands.to(day, 1)
        here.web.module.SWEEP.run(here.web.hands.at)
        here.web.react()
    acts = [line["act"] for line in here.web.ok(SUPERVISOR, "GET", f"{ORDERS}/{order}")["timeline"]]
    assert sorted(acts) == ["escalate", "escalate", "issue", "overdue_answer", "overdue_sign"]
    assert here.web.ok(HEAD, "GET", f"{ORDERS}/{order}")["case"]["level"] == 3
    assert (inbox(here, HEAD).count("supervised"), inbox(here, HEAD).count("supervised-late")) == (3, 2)
    assert inbox(here, SUPERVISOR).count("supervised-to-watch") == 4


@pytest.mark.parametrize("fault, pointers", [
    ({"unit": "hall"}, ["/unit"]), ({"unit": f"{OTHER_AREA}.hall"}, ["/unit"]), ({"kind": "CARD"}, ["/kind"]),
    ({"case_id": "b" * 26}, ["/case_id"]), ({"level": 6}, ["/level"]), ({"level": "1"}, ["/level"]),
    ({"text": " "}, ["/text"]), ({"text": "督" * 2001}, ["/text"]), ({"card": "c" * 26}, ["/card"]),
    ({"extra": 1}, ["/extra"])])
def test_an_order_with_a_fault_is_told_where_it_lies(here, fault, pointers):
    body = {"unit": HALL, "kind": "APPLICATION", "case_id": here.draft, "level": 1, "text": "请尽快办理"} | fault
    answer = here.web.call(SUPERVISOR, "POST", ORDERS, body)
    assert answer.status_code == 422 and [one["pointer"] for one in answer.json_body["errors"]] == pointers


def test_an_order_is_refused_for_another_unit_a_second_time_and_on_an_ended_case(here):
    body = {"unit": MARKET, "kind": "APPLICATION", "case_id": here.draft, "level": 1, "text": "请尽快办理"}
    for given, status, pointer, words in (
            (body, 422, "/unit", "现由430199000000.hall承办"), (body | {"unit": HALL}, 201, "", ""),
            (body | {"unit": HALL}, 409, "/case_id", "已有督办在办")):
        answer = here.web.call(SUPERVISOR, "POST", ORDERS, given)
        assert answer.status_code == status, answer.json_body
        if pointer:
            one, = answer.json_body["errors"]
            assert one["pointer"] == pointer and words in one["detail"]
    ended = waiting(here)
    here.web.ok(here.citizen, "POST", f"/applications/{ended}/acts", {"act": "withdraw"})
    answer = here.web.call(SUPERVISOR, "POST", ORDERS, body | {"case_id": ended})
    assert (answer.status_code, answer.json_body["errors"][0]["code"]) == (422, "ended")


def test_only_a_supervisor_issues_and_a_stranger_finds_nothing(here):
    body = {"unit": HALL, "kind": "APPLICATION", "case_id": here.draft, "level": 1, "text": "请尽快办理"}
    refused = here.web.call(HEAD, "POST", ORDERS, body)
    assert refused.status_code == 403 and "效能监督人员" in refused.json_body["detail"]
    order = issued(here)
    for who in (CLERK, here.citizen):
        assert here.web.call(who, "GET", f"{ORDERS}/{order}").status_code == 404
        assert here.web.call(who, "POST", f"{ORDERS}/{order}/acts", {"act": "sign"}).status_code == 404
    assert rows(here, CLERK) == [] and here.web.call(here.citizen, "GET", ORDERS).status_code == 403


def test_a_level_is_raised_with_a_reason_to_a_higher_one_only(here):
    order = issued(here, 2)
    path = f"{ORDERS}/{order}/acts"
    for body, pointer in (({"level": 2, "note": "仍未办结"}, "/level"), ({"level": 3}, "/note")):
        answer = here.web.call(SUPERVISOR, "POST", path, {"act": "raise_level", **body})
        assert answer.status_code == 422 and [one["pointer"] for one in answer.json_body["errors"]] == [pointer]
    raised = do(here, SUPERVISOR, order, "raise_level", level=3, note="仍未办结")
    assert (raised["case"]["level"], raised["case"]["title"]) == (3, "督办（挂牌督办）")
