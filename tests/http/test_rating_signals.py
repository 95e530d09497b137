"""Signs of gaming: raised by published rules, objected to, judged; the rating is kept, and left out only if upheld."""
import pytest

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.ratings.store import SIGNS
from chalicelib.domains.ratings.wiring import ratings, signals
from chalicelib.kernel.reference import NATION
from tests.support.kinds import scene
from tests.support.scenes.ratings import rated, signalled
from tests.support.tables import stored
from tests.support.town import AREA, HALL, HEALTH, MARKET, MONDAY
from tests.support.web import CLERK, HEAD, REVIEWER, SUPERVISOR, bearer


@pytest.fixture
def here(web):
    return scene(web).submitted()


def strict(**numbers):
    """Publish the area's own numbers; what it does not name is the nation's."""
    reference = ratings().reference
    rows = [row | {"number": numbers[row["name"]]} for row in reference.rows(SIGNS, f"{NATION}/1")
            if row["name"] in numbers]
    reference.publish(SIGNS, AREA, "strict", rows, MONDAY.date())


def at_window(here, **marks):
    code = here.web.ok(CLERK, "GET", "/ratings/window-code?window=3")
    here.web.ok(None, "POST", "/ratings/window", {**code, "level": 5} | marks)


def raised(here):
    here.web.react()
    return sorted(signals().store.get(case).rule for case in here.rows("SIGNAL"))


def act(here, who, case, act, **fields):
    return here.web.ok(who, "POST", f"/signals/{case}/acts", {"act": act, **fields})


@pytest.mark.parametrize("rule, numbers, marks, times", [
    ("device", {"device": 2}, {"device": "phone-1"}, 3), ("text", {"text": 2}, {"words": "服务非常好很满意"}, 3),
    ("praise", {"praise": 2}, {}, 3), ("quick", {}, {"shown_at": "2026-03-02T02:00:00Z"}, 1)])
def test_a_rule_is_broken_by_one_more_than_its_number(here, rule, numbers, marks, times):
    strict(**numbers)
    here.web.hands.at = MONDAY.replace(hour=2, minute=0, second=2)
    for n in range(times):
        assert raised(here) == [], n
        at_window(here, **marks)
    assert raised(here) == [rule]
    at_window(here, level=4, words="另外的话语内容")
    assert raised(here) == [rule], "what is not alike raises nothing"


def test_many_ratings_at_one_place_within_minutes_are_looked_at_once_and_all_count(here):
    strict(rush=2)
    for _ in range(4):
        at_window(here, level=4)
    assert raised(here) == ["rush"]
    signal = signals().store.get(here.rows("SIGNAL")[0])
    assert (signal.rating, signal.window, signal.found, signal.threshold) == ("", "3", 3, 2)
    here.web.hands.move(minutes=10)
    for _ in range(2):
        at_window(here, level=4)
    assert raised(here) == ["rush"], "another span, and not more than so many in it"
    assert all(not ratings().store.get(one).excluded for one in here.rows("RATING"))


def test_a_clock_that_runs_ahead_is_no_sign(here):
    here.web.hands.at = MONDAY.replace(hour=2, minute=0, second=2)
    at_window(here, shown_at="2026-03-02T02:00:09Z")
    assert raised(here) == []


def test_a_crowd_at_one_address_is_a_sign_only_outside_the_hall(here):
    strict(address=0, person=0)
    at_window(here)
    assert raised(here) == []
    rating = rated(here)
    here.web.ok(here.citizen, "POST", f"/ratings/{rating}/acts", {"act": "rate", "level": 5})
    assert raised(here) == ["address", "person"]


def test_an_official_of_another_unit_who_rates_is_looked_at(here):
    rating = rated(here)
    accounts().store.appoint(here.citizen.person, "张*", [{"role": "clerk", "unit": HEALTH, "area": AREA}])
    here.web.ok(here.citizen, "POST", f"/ratings/{rating}/acts", {"act": "rate", "level": 5})
    assert raised(here) == ["staff"]


def test_a_sign_is_raised_once_and_keeps_no_address_device_or_words(here):
    strict(device=0)
    at_window(here, device="phone-secret", words="一句只有我会说的话")
    assert raised(here) == ["device"]
    for item in [one for one in here.web.module.CASES.scan().items if one.get("act") == "rate_at_window"]:
        here.web.module.RELAY.offer(item)
    assert raised(here) == ["device"]
    for table in ("cases", "figures"):
        for pk, _, item in stored(table):
            text = str(item())
            assert "phone-secret" not in text and (pk.startswith("RATING#") or "只有我会说" not in text)


def test_the_unit_objects_the_supervisor_judges_and_only_then_does_it_not_count(here):
    signal = signalled(here)
    rating = signals().store.get(signal).rating
    file = here.web.ok(REVIEWER, "GET", f"/signals/{signal}")
    assert (file["case"]["rule"], file["case"]["found"], file["case"]["threshold"]) == ("quick", 1, 3)
    assert rating not in str(file) and [one["act"] for one in file["acts"]] == ["object"]
    early = here.web.call(SUPERVISOR, "POST", f"/signals/{signal}/acts", {"act": "uphold", "note": "属实"})
    assert early.status_code == 409, "not before the unit was heard"
    for who in (bearer("far", ("head", HALL)), here.citizen):
        assert here.web.call(who, "GET", f"/signals/{signal}").status_code == 404
    act(here, HEAD, signal, "object", note="群众自行扫码，窗口未代评")
    assert not ratings().store.get(rating).excluded
    seen = act(here, SUPERVISOR, signal, "uphold", note="调取监控核实为代评")
    here.web.react()
    here.web.react()
    kept = ratings().store.get(rating)
    assert (seen["case"]["rating"], kept.excluded, kept.level, kept.state) == (rating, "gaming", 5, "rated")
    told = {who: {one["template"] for one in here.web.ok(who, "GET", "/messages?limit=100")["items"]}
            for who in (HEAD, REVIEWER)}
    assert {"signal", "signal-judged"} <= told[HEAD] and not {"signal", "signal-judged"} & told[REVIEWER]


def test_a_unit_that_says_nothing_lets_its_time_pass_and_a_sign_dismissed_changes_nothing(here):
    signal = signalled(here)
    rating = signals().store.get(signal).rating
    here.web.hands.to("2026-03-06", 1)
    here.web.module.SWEEP.run(here.web.hands.at)
    here.web.react()
    row, = here.web.ok(SUPERVISOR, "GET", "/signals")["items"]
    assert here.web.ok(SUPERVISOR, "GET", f"/signals/{signal}/clocks/judge")["due_on"] == "2026-03-16"
    assert (row["id"], row["state"]) == (signal, "silent") and here.web.ok(REVIEWER, "GET", "/signals")["items"] == []
    here.web.hands.to("2026-03-17", 1)
    here.web.module.SWEEP.run(here.web.hands.at)
    here.web.react()
    told = [one["template"] for one in here.web.ok(SUPERVISOR, "GET", "/messages?limit=100")["items"]]
    assert told.count("signal-to-judge") == 2, "the unit's time is over, and the supervisor's"
    act(here, SUPERVISOR, signal, "dismiss", note="群众操作熟练")
    here.web.react()
    assert not ratings().store.get(rating).excluded and here.web.ok(SUPERVISOR, "GET", "/signals")["items"] == []


def test_the_rules_are_public_with_what_is_not_watched_and_why(here):
    strict(quick=5)
    seen = here.web.ok(None, "GET", f"/ratings/rules?area={AREA}")
    of = {row["name"]: row for row in seen["signals"]}
    assert of["quick"]["number"] == 5 and of["device"]["number"] == 10
    assert not of["served"]["watched"] and of["served"]["note"]
    assert {row["code"] for row in seen["channels"]} == set(range(1, 8))
    assert {row["name"] for row in seen["formulas"]} >= {"good_rate", "active_rate", "called_back_rate"}
    assert here.web.call(None, "GET", f"/ratings/rules?area={MARKET}").status_code == 422
