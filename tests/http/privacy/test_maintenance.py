"""Announced maintenance: nothing new is begun, nothing in hand is lost, reads go on, and it ends by itself."""
import pytest

from chalicelib.domains.maintenance.models import Announce
from chalicelib.kernel import table
from chalicelib.kernel.record import Key
from tests.support.kinds import scene
from tests.support.town import AREA
from tests.support.web import ADMIN, AUDITOR, CLERK, OPERATOR, announced

NOTICE = {"until": "2026-03-02T04:00:00Z", "text": "系统升级，给您带来不便敬请谅解"}


@pytest.fixture
def here(web):
    return scene(web)


def closed(here, **changes):
    return here.web.ok(OPERATOR, "POST", "/maintenance", NOTICE | changes)


def draft(here):
    return here.web.call(here.citizen, "POST", "/applications", {"area": AREA, "item": here.item["code"]})


def test_meanwhile_creates_and_acts_are_refused_with_the_notice_and_when_to_come_back(here):
    assert here.web.ok(None, "GET", "/maintenance")["notice"] is None
    assert closed(here)["holds"] is True
    for answer in (draft(here), here.web.call(here.citizen, "POST", f"{here.path}/acts", {"act": "submit"})):
        assert (answer.status_code, answer.json_body["type"]) == (503, "urn:yiciban:problem:maintenance")
        assert answer.headers["Retry-After"] == "7200"
        assert "2026-03-02 12:00" in answer.json_body["detail"] and NOTICE["text"] in answer.json_body["detail"]


def test_reads_and_signing_out_go_on_and_everybody_can_read_the_notice(here):
    closed(here)
    for path in (here.path, "/messages", "/accounts/me"):
        here.web.ok(here.citizen, "GET", path)
    here.web.ok(here.citizen, "POST", "/accounts/sessions/end")
    assert here.web.ok(None, "GET", "/maintenance")["notice"]["text"] == NOTICE["text"]


def test_an_upload_in_hand_is_confirmed_and_no_new_one_begun(here):
    material = announced(here.web, here.citizen)
    closed(here)
    here.web.ok(here.citizen, "POST", f"/materials/{material}/acts", {"act": "confirm"})
    body = {"area": AREA, "name": "a.pdf", "content_type": "application/pdf", "size": 9, "sha256": "0" * 64}
    assert here.web.call(here.citizen, "POST", "/materials", body).status_code == 503


def test_jobs_and_reactions_lose_nothing_meanwhile(here):
    here.submitted()
    closed(here, until="2026-03-05T00:00:00Z")
    here.web.hands.to("2026-03-04", 1)
    here.web.module.SWEEP.run(here.web.hands.at)
    here.web.react()
    acts = [line["act"] for line in here.web.ok(here.citizen, "GET", here.path)["timeline"]]
    assert "overdue_precheck" in acts, "a deadline is a deadline: the system acts on it"


def test_it_ends_by_itself_at_its_instant(here):
    closed(here)
    here.web.hands.move(hours=1, minutes=59, seconds=59)
    assert draft(here).status_code == 503
    here.web.hands.move(seconds=1)
    assert draft(here).status_code == 201
    assert here.web.ok(None, "GET", "/maintenance")["notice"] is None


def test_it_may_be_announced_ahead_and_begins_by_itself(here):
    shown = closed(here, begins_at="2026-03-02T03:00:00Z")
    assert shown["holds"] is False and shown["notice"]["begins_at"] == "2026-03-02T03:00:00Z"
    assert draft(here).status_code == 201
    here.web.hands.move(hours=1)
    assert draft(here).status_code == 503


def test_it_is_ended_early_and_another_process_knows_within_a_minute(here, monkeypatch):
    from chalicelib.domains.maintenance.wiring import maintenance
    closed(here)
    other = type(maintenance())(maintenance().table, here.web.hands)
    assert other.now() is not None
    here.web.hands.move(minutes=10)
    assert other.now() is not None
    here.web.ok(OPERATOR, "POST", "/maintenance/end")
    assert draft(here).status_code == 201
    here.web.hands.move(seconds=61)
    assert other.now() is None


def test_an_end_goes_by_what_stands_and_not_by_what_a_process_remembers(here):
    from chalicelib.domains.maintenance.wiring import announcing, maintenance
    assert here.web.ok(None, "GET", "/maintenance")["notice"] is None      # remembered for a minute
    other = type(announcing())(type(maintenance())(maintenance().table, here.web.hands), announcing().marks,
                               here.web.hands)
    closure = other.announce(Announce(**NOTICE), OPERATOR.acting("", None), Key("a" * 16, "announce"))
    assert closure.result.holds
    assert here.web.ok(OPERATOR, "POST", "/maintenance/end", key="end-of-maintenance")["notice"] is None
    again = here.web.call(OPERATOR, "POST", "/maintenance/end", key="end-of-maintenance")
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (200, "true")
    assert here.web.call(OPERATOR, "POST", "/maintenance/end").status_code == 409, "it is over"


def test_an_end_does_not_undo_what_was_announced_at_that_moment(here, monkeypatch):
    from chalicelib.domains.maintenance.wiring import maintenance
    closed(here)
    there = maintenance().stored()
    closed(here, until="2026-03-02T08:00:00Z")
    monkeypatch.setattr(type(maintenance()), "stored", lambda self: there)
    assert here.web.call(OPERATOR, "POST", "/maintenance/end").status_code == 409


def test_only_the_administrator_of_the_whole_announces_it(here):
    for who in (ADMIN, AUDITOR, CLERK, here.citizen):
        assert here.web.call(who, "POST", "/maintenance", NOTICE).status_code == 403
        assert here.web.call(who, "POST", "/maintenance/end").status_code == 403
    assert here.web.call(OPERATOR, "POST", "/maintenance/end").status_code == 409


@pytest.mark.parametrize("changes", [
    {"until": "2026-03-02T02:00:00Z"}, {"until": "2026-03-06T02:00:01Z"},
    {"begins_at": "2026-03-02T05:00:00Z"}, {"begins_at": "2026-03-01T05:00:00Z", "until": "2026-03-02T01:00:00Z"}])
def test_a_time_that_is_over_backward_or_longer_than_three_days_is_refused(here, changes):
    answer = here.web.call(OPERATOR, "POST", "/maintenance", NOTICE | changes)
    assert answer.status_code == 422 and answer.json_body["errors"][0]["pointer"] == "/until"


def test_a_process_asks_the_store_once_a_minute(here, monkeypatch):
    calls, real = [], table.send

    def send(operation, **request):
        if request.get("Key", {}).get("pk") == {"S": "MAINTENANCE"}:
            calls.append(operation)
        return real(operation, **request)
    monkeypatch.setattr(table, "send", send)
    here.web.hands.move(minutes=2)
    for _ in range(5):
        assert draft(here).status_code == 201
    assert len(calls) == 1
