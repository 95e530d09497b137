"""Ratings by telephone (channel 6): a seat of the centre calls and takes down what the rater says, once, as theirs."""
import pytest

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.ratings.measures import of_rating
from chalicelib.domains.ratings.rights import about_correction
from chalicelib.domains.ratings.wiring import ratings
from chalicelib.kernel.table import Table
from tests.support.kinds import scene
from tests.support.scenes.hotline import CALLER, act, order, taken
from tests.support.scenes.ratings import rated
from tests.support.tables import stored
from tests.support.town import AREA, HOTLINE, MARKET, OTHER_AREA
from tests.support.web import CENTRE, CLERK, HEAD, REVIEWER, SUPERVISOR, bearer

PATH, SEAT = "/ratings/by-telephone", bearer("centre-two", ("centre", HOTLINE))
REPLY = {"told": "电话", "result": "solved", "text": "已处理"}


@pytest.fixture
def here(web):
    return scene(web).submitted()


@pytest.fixture
def application(here):
    """An application that has ended, and its rating."""
    rating = rated(here)
    return ratings().store.get(rating).source.partition("#")[2], rating


def ended(here, made, anonymous=False):
    """An order that was replied to, called back where that can be, and closed."""
    act(here, made, CENTRE, "dispatch", unit=MARKET)
    for who, done, more in ((REVIEWER, "sign", {}), (REVIEWER, "reply", REPLY), (CENTRE, "pass", {}),
                            (CENTRE, "call_back", {"satisfaction": 5, "solved": True}), (CENTRE, "close", {})):
        if not (anonymous and done == "call_back"):
            act(here, made, who, done, **more)
    here.web.react()
    return made


def said(case_id, kind="APPLICATION", **marks):
    return {"kind": kind, "case_id": case_id, "level": 2, "tags": [202], "words": "等候太久", **marks}


def test_what_the_rater_says_is_taken_down_once_as_theirs_and_the_event_names_the_seat(here, application):
    case, rating = application
    first = here.web.call(SEAT, "POST", PATH, said(case), key="telephone-key-0001")
    again = here.web.call(SEAT, "POST", PATH, said(case), key="telephone-key-0001")
    assert (first.status_code, first.json_body, again.json_body) == (201, {"received": True}, {"received": True})
    assert here.web.call(SEAT, "POST", PATH, said(case)).status_code == 409, "rated once, by whatever channel"
    kept, event = ratings().store.get(rating), ratings().store.event(rating, 2)
    assert (kept.state, kept.level, kept.channel, kept.person) == ("rated", 2, 6, here.citizen.person)
    assert (event.act, event.by.person, event.by.role, kept.anonymous, kept.traces) == (
        "rate", "centre-two", "centre", False, ())
    assert here.web.ok(here.citizen, "GET", f"/ratings/{rating}/words") == {"words": "等候太久"}
    line = here.web.ok(here.citizen, "GET", f"/ratings/{rating}")["timeline"][0]
    assert (line["office"], line["act"]) == ("热线中心", "rate"), "the rater sees who took it down"
    here.web.react()
    assert len(here.rows("CORRECTION")) == 1, "what is bad is put right as ever"
    for who in (SEAT, CENTRE, REVIEWER, HEAD):
        assert here.web.call(who, "GET", f"/ratings/{rating}").status_code == 404
    changed = here.web.ok(here.citizen, "POST", f"/ratings/{rating}/acts", {"act": "change", "level": 4})
    assert changed["case"]["level"] == 4 and ratings().store.get(rating).channel == 6


def test_only_a_seat_of_the_area_s_centre_takes_down_and_a_level_is_said(here, application):
    case, _ = application
    far = bearer("far-seat", ("centre", f"{OTHER_AREA}.hotline"))
    for who, status in ((here.citizen, 403), (CLERK, 403), (SUPERVISOR, 403), (far, 404)):
        assert here.web.call(who, "POST", PATH, said(case)).status_code == status
    unsaid = {name: value for name, value in said(case).items() if name not in ("level", "tags")}
    assert here.web.call(SEAT, "POST", PATH, unsaid).status_code == 422, "silence is no praise"
    assert here.web.call(SEAT, "POST", PATH, said(case, service_number=2)).status_code == 404, "never asked for"
    here.web.hands.to("2026-04-02")
    late = here.web.call(SEAT, "POST", PATH, said(case))
    assert late.status_code == 409


def test_a_visit_is_named_by_its_number(here):
    here.act(CLERK, "receive")
    number = here.web.ok(CLERK, "POST", "/ratings/visits", {"application": here.draft})["service_number"]
    here.web.ok(SEAT, "POST", PATH, said(here.draft, service_number=number, level=5, tags=[501]))
    rating, = here.rows("RATING")
    assert (ratings().store.get(rating).sort, ratings().store.get(rating).level) == ("visit", 5)


def test_neither_who_acted_nor_who_serves_in_the_unit_takes_down_and_no_rating_of_its_own_staff(here):
    made = ended(here, order(here))
    asked, = [one for one in here.web.ok(here.citizen, "GET", "/messages")["items"] if one["template"] == "rate"]
    assert asked["text"].startswith("请对诉求 "), "each kind is called what it is"
    acted = here.web.call(CENTRE, "POST", PATH, said(made, "ORDER"))
    assert acted.status_code == 409 and "参与该事项" in acted.json_body["detail"]
    for person in (SEAT.person, here.citizen.person):
        accounts().store.appoint(person, "话*", [{"role": "clerk", "unit": MARKET, "area": AREA}])
        refused = here.web.call(SEAT, "POST", PATH, said(made, "ORDER"))
        assert refused.status_code == 409 and "本单位" in refused.json_body["detail"], person
        accounts().store.appoint(person, "话*", [])
    here.web.ok(SEAT, "POST", PATH, said(made, "ORDER"))
    here.web.react()
    assert len(here.rows("CORRECTION")) == 1


def test_who_called_and_cannot_sign_in_rates_by_telephone_and_is_sent_nothing_about_it(here):
    made, nobody = ended(here, taken(here, caller=CALLER)), ended(here, taken(here, category="report"), anonymous=True)
    assert here.web.call(SEAT, "POST", PATH, said(nobody, "ORDER")).status_code == 404, "nobody could be called"
    rating, = here.rows("RATING")
    kept = ratings().store.get(rating)
    assert (kept.state, kept.called, kept.source) == ("invited", True, f"ORDER#{made}")
    assert [one.sums for one in of_rating(kept)] == [{"asked": 1}], "whom nobody has called yet was asked all the same"
    for _ in range(2):
        here.web.ok(SEAT, "POST", PATH, said(made, "ORDER"), key="telephone-key-0003")
    here.web.react()
    correction, = here.rows("CORRECTION")
    kept = ratings().store.get(rating)
    assert (kept.state, kept.level, kept.channel, kept.anonymous) == ("rated", 2, 6, False)
    assert {"answered", "could_rate"} <= next(of_rating(kept)).sums.keys()
    assert about_correction(Table("yiciban-test-cases"), correction, "closed")["person"] == "", "nor when it is righted"
    sent = [item() for pk, _, item in stored("inbox") if pk == f"INBOX#{kept.person}"]
    assert sent and {item["kind"] for item in sent} == {"ORDER"}, "of the order they hear as ever"


def test_of_seat_and_rater_at_once_one_is_told_that_it_was_done(here, application, monkeypatch):
    case, rating = application
    real, raced = ratings().store.save, []

    def slow(step, key, *more):
        if not raced:
            raced.append(True)
            here.web.ok(here.citizen, "POST", f"/ratings/{rating}/acts", {"act": "rate", "level": 5})
        return real(step, key, *more)
    monkeypatch.setattr(ratings().store, "save", slow)
    lost = here.web.call(SEAT, "POST", PATH, said(case))
    assert lost.status_code == 409 and ratings().store.get(rating).level == 5
