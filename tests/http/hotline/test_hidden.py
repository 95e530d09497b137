"""Who reported stays hidden from the unit, through every door that leads to the order or to what came with it."""
import json

import pytest

from tests.support.kinds import scene
from tests.support.scenes.hotline import LIST, WORDS, act, answered_elsewhere, order
from tests.support.town import AREA, HEALTH, HOTLINE, MARKET
from tests.support.web import CENTRE, CLERK, HEAD, REVIEWER, SUPERVISOR, bearer, uploaded

IN_CHARGE = bearer("centre-head", ("head", HOTLINE))
SECOND, DOCTOR = bearer("reviewer-two", ("reviewer", MARKET)), bearer("doctor-one", ("reviewer", HEALTH))
PERSON = {"kind": "natural", "name": "张示例", "number": "11010519491231002X", "phone": "13800001234"}


@pytest.fixture
def here(web):
    web.citizen = bearer(web.ok(CLERK, "POST", "/accounts/persons", PERSON)["id"], level=3)
    web.web = web
    return web


def brought(here, category, **fields):
    """An order of the citizen, found to be of a category, sent to the market's unit and taken up there."""
    case = here.ok(here.citizen, "POST", LIST, {"area": AREA, "category": "help", **WORDS, **fields})["case"]["id"]
    here.react()
    act(here, case, CENTRE, "classify", category=category, urgency="ordinary")
    act(here, case, CENTRE, "dispatch", unit=MARKET)
    act(here, case, REVIEWER, "claim")
    return case


def named(here, who, file):
    return here.ok(who, "GET", f"/materials/{file}")["case"]["applications"]


def test_a_file_that_two_orders_share_names_to_each_reader_no_order_that_would_name_who_reported(here):
    picture, apart = uploaded(here, here.citizen), uploaded(here, here.citizen, "另一张.pdf")
    open_ = brought(here, "help", files=[picture, apart])
    report = brought(here, "report", files=[picture])
    waiting = here.ok(here.citizen, "POST", LIST, {
        "area": AREA, "category": "help", **WORDS, "files": [apart]})["case"]["id"]
    here.react()
    assert named(here, REVIEWER, picture) == [f"ORDER#{report}"], "reached by the report, it tells of nothing else"
    led_to = [here.ok(REVIEWER, "GET", f"{LIST}/{one.partition('#')[2]}") for one in named(here, REVIEWER, picture)]
    found = json.dumps([led_to, here.ok(REVIEWER, "GET", f"/materials/{picture}")], ensure_ascii=False)
    assert here.citizen.person not in found and "张*例" not in found, "wherever the file of the report leads"
    assert named(here, REVIEWER, apart) == [f"ORDER#{open_}"], "not of what the unit never had"
    lines = [line["act"] for line in here.ok(REVIEWER, "GET", f"/materials/{picture}")["timeline"]]
    assert lines == ["confirm", "reserve"], "nor does the time at which it was handed in again"
    for category, one in (("help", picture), ("report", apart)):
        tied = here.call(here.citizen, "POST", LIST, {"area": AREA, "category": category, **WORDS, "files": [one]})
        assert tied.json_body["errors"][0]["pointer"] == "/files/0", "a report has files of its own"
    for who in (CENTRE, here.citizen):
        assert named(here, who, picture) == [f"ORDER#{open_}", f"ORDER#{report}"]
        assert named(here, who, apart) == [f"ORDER#{open_}", f"ORDER#{waiting}"]


def test_a_file_does_not_say_by_its_name_who_handed_it_in(here):
    picture = uploaded(here, here.citizen, "张示例拍摄.pdf")
    report = brought(here, "report", files=[picture])
    here.react()
    read = here.call(REVIEWER, "GET", f"/materials/{picture}")
    assert read.json_body["case"]["title"] == "附件.pdf" and "张示例" not in read.body.decode()
    assert "张示例" not in here.call(REVIEWER, "GET", f"/materials/{picture}/file").body.decode()
    assert picture in json.dumps(here.ok(REVIEWER, "GET", f"{LIST}/{report}/words")), "it is there to be read"
    for who in (CENTRE, here.citizen):
        assert here.ok(who, "GET", f"/materials/{picture}")["case"]["title"] == "张示例拍摄.pdf"
    asked, proof = brought(here, "complaint", against=MARKET), uploaded(here, REVIEWER, "处理情况.pdf")
    act(here, asked, REVIEWER, "sign")
    act(here, asked, REVIEWER, "reply", result="solved", text="已查处", files=[proof])
    here.react()
    for who, title in ((REVIEWER, "处理情况.pdf"), (SECOND, "附件.pdf")):
        assert here.ok(who, "GET", f"/materials/{proof}")["case"]["title"] == title, "whose own it is knows its name"
    own = brought(here, "help", files=[uploaded(here, here.citizen, "照片.pdf")])
    shown, = here.ok(REVIEWER, "GET", f"{LIST}/{own}/words")["files"]
    assert here.ok(REVIEWER, "GET", f"/materials/{shown}")["case"]["title"] == "照片.pdf", "nothing is hidden there"


@pytest.mark.parametrize("which", ["repeated", "collective"])
def test_what_is_asked_again_or_by_many_is_listed_to_the_centre_and_refused_to_units(here, which):
    assert here.ok(CENTRE, "GET", f"{LIST}?list={which}")["items"] == []
    for who in (REVIEWER, HEAD):
        answer = here.call(who, "GET", f"{LIST}?list={which}")
        assert (answer.status_code, answer.json_body["type"]) == (403, "urn:yiciban:problem:no-list")


def words(here, who, case):
    return here.call(who, "GET", f"{LIST}/{case}/words").status_code


def file(here, who, case):
    return here.call(who, "GET", f"{LIST}/{case}").status_code


def report(here, picture=None):
    case = here.ok(here.citizen, "POST", LIST, {
        "area": AREA, "category": "report", **WORDS, "files": [picture] if picture else []})["case"]["id"]
    here.react()
    act(here, case, CENTRE, "dispatch", unit=MARKET)
    return case


def test_a_report_is_read_by_the_head_and_by_who_took_it_up_and_listed_to_the_others_of_the_unit(here):
    picture = uploaded(here, here.citizen)
    case = report(here, picture)
    for who, expected, of_files in ((HEAD, 200, 200), (REVIEWER, 403, 404), (SECOND, 403, 404)):
        assert (file(here, who, case), words(here, who, case)) == (200, expected)
        assert here.call(who, "GET", f"/materials/{picture}").status_code == of_files
        assert case in [row["id"] for row in here.ok(who, "GET", LIST)["items"]]
    assert "请先认领" in here.call(SECOND, "GET", f"{LIST}/{case}/words").json_body["detail"]
    assert words(here, DOCTOR, case) == words(here, SUPERVISOR, case) == 404, "who cannot take it up"
    act(here, case, REVIEWER, "claim")
    assert [words(here, who, case) for who in (HEAD, REVIEWER, SECOND)] == [200, 200, 404]
    act(here, case, REVIEWER, "sign")
    answered = act(here, case, REVIEWER, "reply", result="solved", text="已查处")
    assert answered["case"]["state"] == "replied", "who replied is told that it is done"
    for state in ("replied", "checked", "called", "closed"):
        assert [words(here, who, case) for who in (HEAD, REVIEWER, SECOND, DOCTOR)] == [200, 404, 404, 404], state
        assert [file(here, who, case) for who in (REVIEWER, SECOND, DOCTOR)] == [200, 200, 404], state
        for name, fields in {"replied": {"pass": {}}, "called": {"close": {}}, "checked": {
                "call_back": {"satisfaction": 5, "solved": True}}}.get(state, {}).items():
            act(here, case, CENTRE, name, **fields)


def test_a_unit_that_sent_a_report_back_reads_it_no_more_and_forgets_it_once_the_centre_has_decided(here):
    sent = {"act": "return", "reason": "other", "basis": "三定方案", "text": "请另派"}
    declined, elsewhere, answered = report(here), report(here), report(here)
    for case in (declined, elsewhere, answered):
        act(here, case, REVIEWER, "claim")
        for _ in range(2):                 # asked again, it is told again that it was done
            here.ok(REVIEWER, "POST", f"{LIST}/{case}/acts", sent, key=f"sent-back-{case}")
        assert [words(here, who, case) for who in (HEAD, REVIEWER)] == [404, 404]
        assert [file(here, who, case) for who in (HEAD, REVIEWER)] == [200, 200], "until the centre has looked at it"
    act(here, declined, CENTRE, "decline", text="请向有关机关举报")
    act(here, elsewhere, CENTRE, "dispatch", unit=HEALTH)
    answered_elsewhere(here, answered)
    act(here, answered, CENTRE, "answer_by_thread", text="见牵头件")
    for case in (declined, elsewhere, answered):
        assert [file(here, who, case) for who in (HEAD, REVIEWER)] == [404, 404]
    act(here, answered, CENTRE, "call_back", satisfaction=5, solved=True)
    closed = act(here, answered, CENTRE, "close")
    assert closed["case"]["unit"] == HOTLINE and file(here, HEAD, answered) == 404


def test_who_complains_of_a_unit_is_hidden_from_every_unit_and_what_is_reported_of_it_does_not_go_there(here):
    body = {"area": AREA, **WORDS, "against": MARKET}
    for category in ("complaint", "help", "report"):
        seen = here.ok(here.citizen, "POST", LIST, {"category": category, **body})["case"]
        assert (seen["hidden"], seen["against"], seen["party"]) == (True, MARKET, "张*例")
        path = f"{LIST}/{seen['id']}/acts"
        if category == "report":
            sent = here.call(CENTRE, "POST", path, {"act": "designate", "unit": MARKET})
            assert (sent.status_code, sent.json_body["errors"][0]["pointer"]) == (422, "/unit")
            offered = here.ok(CENTRE, "GET", f"{LIST}/{seen['id']}")["acts"]
            assert "merge" not in {one["act"] for one in offered}, "the main order may lie with that unit"
        unit, reader = (HEALTH, DOCTOR) if category == "report" else (MARKET, REVIEWER)
        act(here, seen["id"], CENTRE, "dispatch", unit=unit)
        shown = here.ok(reader, "GET", f"{LIST}/{seen['id']}")["case"]
        assert not {"person", "party", "against"} & set(shown)
    for wrong in (HOTLINE, f"{AREA}.nowhere"):
        answer = here.call(here.citizen, "POST", LIST, {"category": "complaint", **body, "against": wrong})
        assert (answer.status_code, answer.json_body["errors"][0]["pointer"]) == (422, "/against")


def test_the_centre_may_say_later_of_whom_an_order_complains(here):
    case = here.ok(here.citizen, "POST", LIST, {"area": AREA, "category": "help", **WORDS})["case"]["id"]
    classed = {"category": "complaint", "urgency": "ordinary"}
    assert act(here, case, CENTRE, "classify", **classed)["case"]["hidden"] is False
    seen = act(here, case, CENTRE, "classify", **classed, against=MARKET)["case"]
    assert (seen["hidden"], seen["against"], seen["party"]) == (True, MARKET, "张*例")
    assert act(here, case, CENTRE, "classify", **classed)["case"]["against"] == MARKET, "what is not said stays"
    act(here, case, CENTRE, "dispatch", unit=MARKET)
    assert here.ok(REVIEWER, "GET", LIST)["items"][0]["party"] == ""


def test_what_is_reported_of_a_unit_does_not_reach_it_by_another_name_given_to_the_report(here):
    case = here.ok(here.citizen, "POST", LIST, {"area": AREA, "category": "report", **WORDS, "against": MARKET})
    path, complaint = f"{LIST}/{case['case']['id']}", {"category": "complaint", "urgency": "ordinary"}

    def refused(who, act, **fields):
        answer = here.call(who, "POST", f"{path}/acts", {"act": act, **fields})
        return answer.status_code, answer.json_body["detail"].partition("（")[0]
    for given in (complaint, {"category": "report", "urgency": "ordinary", "against": HEALTH}):
        assert refused(CENTRE, "classify", **given) == (
            403, "举报件改作其他类别、改变被反映的单位，由热线中心负责人决定")
    assert refused(HEAD, "classify", **complaint)[0] == 404, "the head of another unit"
    seen = act(here, case["case"]["id"], IN_CHARGE, "classify", **complaint)["case"]
    assert (seen["category"], seen["against"], seen["hidden"]) == ("complaint", MARKET, True)
    assert refused(CENTRE, "classify", **complaint, against=HEALTH)[0] == 403, "nor by naming another unit then"
    for fields in ({"unit": MARKET}, {"unit": HEALTH, "co_units": [MARKET]}):
        for name in ("dispatch", "designate"):
            assert refused(CENTRE, name, **fields)[0] == 422
    shown = here.ok(CENTRE, "GET", path)
    assert "merge" not in {one["act"] for one in shown["acts"]}
    assert MARKET not in {one["unit"] for one in here.ok(CENTRE, "GET", f"{path}/suggestions")["items"]}
    act(here, case["case"]["id"], CENTRE, "dispatch", unit=HEALTH)
    assert refused(CENTRE, "invite", co_units=[MARKET])[0] == 422


def test_what_a_seat_took_for_a_report_goes_where_it_may_once_the_head_has_put_that_right(here):
    case = here.ok(here.citizen, "POST", LIST, {"area": AREA, "category": "complaint", **WORDS, "against": MARKET})
    case = case["case"]["id"]
    act(here, case, CENTRE, "classify", category="report", urgency="ordinary")
    act(here, case, IN_CHARGE, "classify", category="complaint", urgency="ordinary")
    assert act(here, case, CENTRE, "dispatch", unit=MARKET)["case"]["state"] == "dispatched"


def test_a_unit_answers_a_report_again_with_its_own_file(here):
    case = report(here)
    for name in ("claim", "sign"):
        act(here, case, REVIEWER, name)
    shown = uploaded(here, REVIEWER, "检查笔录.pdf")
    act(here, case, REVIEWER, "reply", result="solved", text="已查处", files=[shown])
    here.react()
    act(here, case, CENTRE, "send_back", text="请补充")
    act(here, case, REVIEWER, "claim")
    act(here, case, REVIEWER, "reply", result="solved", text="已查处并补充", files=[shown])


def test_a_file_of_a_report_is_handed_in_with_no_application(web):
    here = scene(web)
    order(here, "report", files=[here.files["M1"]])
    web.react()
    tied = web.call(here.citizen, "POST", f"{here.path}/acts", {
        "act": "revise", "form": {"店名": "示例"}, "materials": here.files})
    assert (tied.status_code, tied.json_body["errors"][0]["pointer"]) == (422, "/materials/M1")
