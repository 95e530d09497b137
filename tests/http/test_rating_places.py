"""Ratings at nodes, of visits, by a link, by codes of a hall, by inspection; and who may not rate."""
import json

import pytest

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.messages import channels
from chalicelib.domains.messages.wiring import messages
from chalicelib.domains.ratings.place_models import ByLink, Visit
from chalicelib.domains.ratings.rights import token_of
from chalicelib.domains.ratings.store import NODES, TAGS
from chalicelib.domains.ratings.wiring import places, ratings
from chalicelib.kernel.problems import Stale
from chalicelib.kernel.record import Key
from chalicelib.kernel.reference import NATION
from tests.support.kinds import scene
from tests.support.scenes.ratings import granted, rated
from tests.support.tables import stored
from tests.support.town import AREA, HEALTH, MARKET, MONDAY
from tests.support.web import CLERK, HEAD, REVIEWER, SUPERVISOR, bearer


@pytest.fixture
def here(web):
    return scene(web).submitted()


def rows(here):
    here.web.react()
    return [here.web.ok(here.citizen, "GET", f"/ratings/{row['id']}")["case"]
            for row in here.web.ok(here.citizen, "GET", "/ratings")["items"]]


def inspected(here, **more):
    body = {"unit": MARKET, "visited_on": "2026-03-02", "level": 1, "words": "窗口无人", "commissioned": "某评估机构"}
    return here.web.call(SUPERVISOR, "POST", "/ratings/inspections", body | more)


def test_an_area_that_asks_at_every_node_gets_a_rating_of_each_with_its_number(web):
    reference = ratings().reference
    asked = [row | {"asked": True} for row in reference.rows(NODES, f"{NATION}/1")]
    reference.publish(NODES, AREA, "all", asked, MONDAY.date())
    here = scene(web).submitted()
    granted(here)
    asked = rows(here)
    assert sorted((row["node"], row["service_number"]) for row in asked) == [
        ("accept", 2), ("close", 3), ("submit", 1)], "one that a window registers is not handed in"
    for row in asked:
        here.web.ok(here.citizen, "POST", f"/ratings/{row['id']}/acts", {"act": "rate", "level": 5, "channel": 1})
    assert {ratings().store.get(row["id"]).channel for row in asked} == {1}


def test_a_visit_is_rated_by_the_person_and_the_official_gets_nothing_to_rate_with(here):
    here.act(CLERK, "receive")
    body, key = {"application": here.draft, "window": "3"}, "visit-key-0000001"
    first = here.web.call(CLERK, "POST", "/ratings/visits", body, key=key)
    again = here.web.call(CLERK, "POST", "/ratings/visits", body, key=key)
    assert (first.status_code, first.json_body, again.json_body) == (201, {"service_number": 11}, first.json_body)
    second = here.web.ok(CLERK, "POST", "/ratings/visits", body)
    assert second == {"service_number": 12}
    for who, status in ((HEAD, 403), (bearer("far", ("clerk", HEALTH)), 404)):
        assert here.web.call(who, "POST", "/ratings/visits", body).status_code == status
    visits = [row for row in rows(here) if row["sort"] == "visit"]
    assert sorted(row["service_number"] for row in visits) == [11, 12]
    act = here.web.ok(here.citizen, "POST", f"/ratings/{visits[0]['id']}/acts", {"act": "rate", "level": 4,
                                                                                 "tags": [401]})
    assert act["case"]["level"] == 4
    online = here.web.call(here.citizen, "POST", f"/ratings/{visits[1]['id']}/acts", {"act": "rate", "level": 4,
                                                                                      "tags": [404]})
    assert online.status_code == 422, "a tag of the online side does not fit a visit"


def test_a_visit_whose_request_died_is_asked_once_when_it_is_sent_again(here, monkeypatch):
    """The number it had taken is lost, which does no harm; what was entered of it names nothing."""
    here.act(CLERK, "receive")
    body, key = Visit(application=here.draft), Key("visit-key", "d")
    with monkeypatch.context() as patch:
        patch.setattr(ratings().store, "create", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            places().visited(body, CLERK.acting(""), key)
    assert not here.rows("RATING")
    assert places().visited(body, CLERK.acting(""), key).result.service_number == 12
    again = places().visited(body, CLERK.acting(""), key)
    assert (again.result.service_number, again.replayed, len(here.rows("RATING"))) == (12, True, 1)
    for _ in range(2):
        ratings().forget("APPLICATION", here.draft)
    rating, = here.rows("RATING")
    gone = ratings().store.get(rating)
    assert gone.person == "", "what names nobody any more takes its visits with it"
    assert here.draft not in json.dumps([item() for pk, _, item in stored("cases") if pk.endswith(rating)], default=str)
    assert ratings().store.visits(f"APPLICATION#{here.draft}") == [], "nor does the case lead to it"


def test_of_those_who_did_it_the_official_who_asked_is_the_last_whom_the_province_is_told(here, monkeypatch):
    here.act(CLERK, "receive")
    real = ratings().served["APPLICATION"]
    monkeypatch.setitem(ratings().served, "APPLICATION", lambda case: {
        **real(case), "staff": [CLERK.person, REVIEWER.person]})
    here.web.ok(CLERK, "POST", "/ratings/visits", {"application": here.draft, "window": "3"})
    visit = next(one for one in map(ratings().store.get, here.rows("RATING")) if one.sort == "visit")
    assert visit.rated == (REVIEWER.person, CLERK.person)


def test_a_link_opens_one_rating_once_and_comes_only_by_sms(here, monkeypatch):
    sent = []
    told = type("Told", (), {"send": lambda self, *given: sent.append(given)})()
    monkeypatch.setattr(channels, "connect", lambda: {"wechat": told, "sms": told})
    monkeypatch.setattr("chalicelib.domains.messages.wiring.link", lambda token: f" https://a.cn/#{token}")
    messages.cache_clear()
    rating = rated(here)
    text = next(text for address, _, title, text in sent if title == "请您评价")
    token = text.rpartition("#")[2]
    assert token == token_of(rating) and rating in token
    inbox = json.dumps(here.web.ok(here.citizen, "GET", "/messages"), ensure_ascii=False)
    assert "请您评价" in inbox and token not in inbox
    opened = here.web.ok(None, "POST", "/ratings/links/open", {"token": token})
    assert (opened["state"], opened["area"]) == ("invited", AREA) and here.citizen.person not in json.dumps(opened)
    forged = token[:-1] + ("a" if token[-1] != "a" else "b")
    assert here.web.call(None, "POST", "/ratings/links/open", {"token": forged}).status_code == 404
    body, key = {"token": token, "level": 2, "tags": [204], "words": "跑了三趟"}, "link-key-00000001"
    for _ in range(2):
        assert here.web.call(None, "POST", "/ratings/links", body, key=key).json_body == {"received": True}
    assert here.web.call(None, "POST", "/ratings/links", body).status_code == 409, "rated once"
    seen = here.web.ok(SUPERVISOR, "GET", f"/ratings/{rating}")["case"]
    assert (seen["channel"], seen["level"], seen["anonymous"], seen["person"]) == (7, 2, False, here.citizen.person)
    here.web.ok(here.citizen, "POST", f"/ratings/{rating}/acts", {"act": "change", "level": 3, "channel": 1})
    assert ratings().store.get(rating).channel == 7, "a change is of the same rating, for the province too"


def test_a_link_ends_with_the_time_for_the_rating(here):
    token = token_of(rated(here))
    here.web.hands.to("2026-04-02")
    late = here.web.call(None, "POST", "/ratings/links", {"token": token, "level": 5})
    assert late.status_code == 409


def test_of_two_who_rate_at_once_one_is_told_that_it_was_done(here, monkeypatch):
    rating, store = rated(here), ratings().store
    real, raced = store.save, []

    def slow(step, key, *more):
        if not raced:
            raced.append(None)
            raced[0] = places().rate_by_link(ByLink(token=token_of(rating), level=5), "there", Key("k", "d"))
        return real(step, key, *more)
    monkeypatch.setattr(store, "save", slow)
    lost = here.web.call(here.citizen, "POST", f"/ratings/{rating}/acts", {"act": "rate", "level": 1})
    assert raced[0].received and lost.status_code == Stale.status
    assert here.web.ok(here.citizen, "GET", f"/ratings/{rating}")["case"]["level"] == 5


def test_somebody_of_the_unit_does_not_rate_it(here):
    rating = rated(here)
    accounts().store.appoint(here.citizen.person, "张*", [{"role": "clerk", "unit": MARKET, "area": AREA}])
    refused = here.web.call(here.citizen, "POST", f"/ratings/{rating}/acts", {"act": "rate", "level": 5})
    assert refused.status_code == 409 and "本单位" in refused.json_body["detail"]
    assert here.web.call(None, "POST", "/ratings/links", {"token": token_of(rating), "level": 5}).status_code == 409


@pytest.mark.parametrize("place", ["", "?item={}", "?window=3"])
def test_a_code_hangs_in_the_hall_for_an_item_or_at_a_window_before_or_after(here, place):
    code = here.web.ok(CLERK, "GET", f"/ratings/window-code{place.format(here.item['code'])}")
    body = {**code, "level": 5, "tags": [501], "handling": "before", "channel": 4, "device": "pad-1",
            "shown_at": "2026-03-02T01:59:58Z"}
    here.web.ok(None, "POST", "/ratings/window", body)
    rating, = here.rows("RATING")
    seen = here.web.ok(SUPERVISOR, "GET", f"/ratings/{rating}")["case"]
    assert (seen["sort"], seen["handling"], seen["channel"], seen["anonymous"]) == ("general", "before", 4, True)
    kept = ratings().store.get(rating)
    assert (kept.item, kept.window) == (code["item"], code["window"])
    assert "pad-1" not in str(kept) and len(kept.traces) == 2 and kept.seconds is not None
    moved = {**body, "window": "9", "item": ""} if not code["window"] else {**body, "window": ""}
    assert here.web.call(None, "POST", "/ratings/window", moved).status_code == 422, "a code is of one place"


def test_a_code_is_printed_of_an_item_that_there_is(here):
    answer = here.web.call(CLERK, "GET", "/ratings/window-code?item=430199A1")
    assert (answer.status_code, answer.json_body["errors"][0]["pointer"]) == (422, "/item")


def test_who_asks_too_often_is_told_what_was_asked_too_often(here, monkeypatch):
    here.act(CLERK, "receive")
    monkeypatch.setattr(type(places()), "most", lambda *given: 0)
    visit = here.web.call(CLERK, "POST", "/ratings/visits", {"application": here.draft})
    assert visit.status_code == 429 and "邀请评价" in visit.json_body["detail"]
    code = here.web.ok(CLERK, "GET", "/ratings/window-code?window=3")
    assert "评价次数" in here.web.call(None, "POST", "/ratings/window", {**code, "level": 5}).json_body["detail"]


def test_an_inspection_is_its_own_sort_and_what_it_finds_bad_is_put_right(here):
    answer = inspected(here)
    assert answer.status_code == 201, answer.json_body
    seen = answer.json_body["case"]
    assert (seen["sort"], seen["commissioned"], seen["person"], seen["level"]) == ("inspection", "某评估机构", "", 1)
    here.web.react()
    assert len(here.rows("CORRECTION")) == 1
    for wrong, status in (({"unit": f"{'9' * 12}.market"}, 422), ({"visited_on": "2026-03-03"}, 422),
                          ({"tags": [106]}, 422)):
        assert inspected(here, **wrong).status_code == status, wrong
    body = {"unit": MARKET, "visited_on": "2026-03-02", "level": 5}
    assert here.web.call(REVIEWER, "POST", "/ratings/inspections", body).status_code == 403


def test_tags_are_the_nation_s_and_no_area_s(here):
    reference = ratings().reference
    reference.publish(TAGS, AREA, "own", [{"code": 599, "word": "本地标签", "valid_from": "2004-01-01",
                                           "valid_to": "9999-12-31"}], MONDAY.date())
    codes = {row["code"] for row in here.web.ok(None, "GET", "/ratings/tags?side=offline")["items"]}
    assert 599 not in codes and 501 in codes and 506 not in codes
