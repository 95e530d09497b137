"""What an order brings with it: channels, urgent words, places, files; where it goes and who helps; over HTTP."""
import pytest

from tests.support.scenes.hotline import CALLER, LIST, WORDS, act, taken
from tests.support.scenes.knowledge import LIST as ARTICLES
from tests.support.scenes.knowledge import WORDING
from tests.support.town import AREA, HEALTH, MARKET
from tests.support.web import AUDITOR, CENTRE, CLERK, HEAD, REVIEWER, SUPERVISOR, bearer, uploaded

PERSON = {"kind": "natural", "name": "张示例", "number": "11010519491231002X", "phone": "13800001234"}
DOCTOR = bearer("doctor-one", ("reviewer", HEALTH))
PLACE = {"wgs84": {"lon": 112.938, "lat": 28.2278}}


@pytest.fixture
def here(web):
    web.citizen = bearer(web.ok(CLERK, "POST", "/accounts/persons", PERSON)["id"], level=3)
    web.web = web
    return web


def test_what_another_system_sends_twice_is_one_order_and_the_second_is_told_which(here):
    body = {"category": "help", "channel": "08", "source_number": "ZGZF-2026-0001", **WORDS}
    first = here.ok(CENTRE, "POST", f"{LIST}/desk", body)["case"]
    again = here.call(CENTRE, "POST", f"{LIST}/desk", body)
    assert (again.status_code, again.json_body["order"]) == (409, first["id"])
    assert first["number"] in again.json_body["detail"]
    other = here.ok(CENTRE, "POST", f"{LIST}/desk", {**body, "channel": "09"})["case"]
    assert other["id"] != first["id"], "another channel counts for itself"
    lacking = here.call(CENTRE, "POST", f"{LIST}/desk", {"category": "help", "channel": "10", **WORDS})
    assert (lacking.status_code, lacking.json_body["errors"][0]["pointer"]) == (422, "/source_number")


def test_words_of_danger_raise_the_urgency_and_name_the_line_also_for_a_citizen(here):
    body = {"area": AREA, "category": "help", "title": "楼下商铺起火", "content": "烟很大", "place": "示范路9号"}
    file = here.ok(here.citizen, "POST", LIST, body)
    case = file["case"]
    assert (case["urgency"], case["transfer"]) == ("critical", "119")
    assert next(clock["unit"] for clock in file["clocks"] if clock["name"] == "dispatch") == "min"
    act(here, case["id"], CENTRE, "transfer", line="119", number="H20260302-17", note="已说明被困人数")
    said, = here.ok(CENTRE, "GET", f"{LIST}/{case['id']}/words")["reasons"]
    assert (said["code"], said["text"]) == ("out 119", "H20260302-17")
    assert [row["id"] for row in here.ok(CENTRE, "GET", f"{LIST}?list=key")["items"]] == [case["id"]]
    notes = [line["note"] for line in here.ok(here.citizen, "GET", f"{LIST}/{case['id']}")["timeline"]]
    assert notes == ["", ""], "what the centre noted is its own"
    act(here, case["id"], CENTRE, "dispatch", unit=MARKET)
    assert here.ok(REVIEWER, "GET", f"{LIST}/{case['id']}/words")["reasons"] == [], "the line's record is the centre's"


def test_a_location_stays_in_the_system_in_which_it_was_given_and_within_china(here):
    case = taken(here, location=PLACE)
    assert here.ok(CENTRE, "GET", f"{LIST}/{case}/words")["location"] == {
        "wgs84": {"lon": "112.938000", "lat": "28.227800"}}
    for wrong, pointer in (({**PLACE, "gcj02": PLACE["wgs84"]}, "/location"), ({}, "/location"),
                           ({"gcj02": {"lon": 2.35, "lat": 48.85}}, "/location/gcj02/lon")):
        answer = here.call(CENTRE, "POST", f"{LIST}/desk", {"category": "help", **WORDS, "location": wrong})
        assert answer.status_code == 422 and answer.json_body["errors"][0]["pointer"] == pointer


def test_a_street_lies_in_the_area_of_the_order(here):
    body = {"category": "help", **WORDS, "street": f"{AREA[:6]}003000"}
    case = here.ok(CENTRE, "POST", f"{LIST}/desk", body)["case"]["id"]
    far = here.call(CENTRE, "POST", f"{LIST}/desk", {**body, "street": "110101001000"})
    other = here.call(CENTRE, "POST", f"{LIST}/{case}/acts", {
        "act": "classify", "category": "help", "urgency": "ordinary", "street": "110101001000"})
    assert [(one.status_code, one.json_body["errors"][0]["pointer"]) for one in (far, other)] == [(422, "/street")] * 2


def test_files_are_read_by_who_reads_the_words_and_by_nobody_else(here):
    picture, other = uploaded(here, here.citizen), uploaded(here, CLERK, person=here.citizen.person)
    body = {"area": AREA, "category": "report", **WORDS, "files": [picture]}
    strange = here.call(CENTRE, "POST", f"{LIST}/desk", {"category": "help", **WORDS, "files": [other]})
    assert strange.json_body["errors"][0]["pointer"] == "/files/0", "a seat names only what it may read"
    case = here.ok(here.citizen, "POST", LIST, body)["case"]["id"]
    here.react()
    act(here, case, CENTRE, "dispatch", unit=MARKET)
    act(here, case, REVIEWER, "sign")
    shown = uploaded(here, REVIEWER)
    act(here, case, REVIEWER, "reply", result="solved", text="已查处", files=[shown])
    here.react()
    words = here.ok(here.citizen, "GET", f"{LIST}/{case}/words")
    assert (words["files"], words["replies"][0]["files"]) == ([picture], [shown])
    for file in (picture, shown):
        for who, status in ((here.citizen, 200), (CENTRE, 200), (HEAD, 200), (REVIEWER, 404), (DOCTOR, 404),
                            (SUPERVISOR, 404), (bearer("q" * 26, level=3), 404)):
            assert here.call(who, "GET", f"/materials/{file}/file").status_code == status, (file, who)


def test_suggestions_say_why_and_helpers_report_to_the_unit_that_leads(here):
    case = taken(here, title="饭店食品过期", content="怀疑食品变质", caller=CALLER)
    found = here.ok(CENTRE, "GET", f"{LIST}/{case}/suggestions")["items"]
    assert (found[0]["unit"], "食品" in found[0]["why"]) == (MARKET, True)
    assert here.call(REVIEWER, "GET", f"{LIST}/{case}/suggestions").status_code == 404
    file = act(here, case, CENTRE, "dispatch", unit=MARKET, co_units=[HEALTH])
    assert file["case"]["helpers"] == {"health": 0}
    assert [row["id"] for row in here.ok(DOCTOR, "GET", f"{LIST}?list=helping")["items"]] == [case]
    assert {one["act"] for one in here.ok(DOCTOR, "GET", f"{LIST}/{case}")["acts"]} == {"report"}
    act(here, case, DOCTOR, "report", text="已检查，无食物中毒病例")
    assert here.ok(DOCTOR, "GET", f"{LIST}?list=helping")["items"] == []
    seen = here.ok(REVIEWER, "GET", f"{LIST}/{case}")["case"]["helpers"]
    told, = here.ok(REVIEWER, "GET", f"{LIST}/{case}/words")["reports"]
    assert seen["health"] == told["number"] and told["unit"] == HEALTH


def test_units_that_owe_a_report_are_told_once_that_it_is_late_and_the_order_is_urged(here):
    case = taken(here, caller=CALLER)
    file = act(here, case, CENTRE, "dispatch", unit=MARKET, co_units=[HEALTH])
    assert "report" in {clock["name"] for clock in file["clocks"]}
    act(here, case, REVIEWER, "sign")
    here.hands.to("2026-03-06", 1)
    for _ in range(2):
        here.module.SWEEP.run(here.hands.at)
        here.react()
    told = [one["template"] for one in here.ok(DOCTOR, "GET", "/messages")["items"]]
    assert told == ["order-help-late"] and here.ok(REVIEWER, "GET", f"{LIST}/{case}")["case"]["level"] == 1
    assert here.ok(SUPERVISOR, "GET", "/supervision/cards")["items"] == [], "the unit that leads has missed nothing"
    act(here, case, DOCTOR, "report", text="已检查")
    assert "report" not in {clock["name"] for clock in here.ok(REVIEWER, "GET", f"{LIST}/{case}")["clocks"]}


def test_of_a_report_no_other_unit_learns(here):
    case = taken(here, category="report", caller=CALLER)
    refused = here.call(CENTRE, "POST", f"{LIST}/{case}/acts", {"act": "dispatch", "unit": MARKET,
                                                                 "co_units": [HEALTH]})
    assert refused.json_body["errors"][0]["pointer"] == "/co_units"
    act(here, case, CENTRE, "dispatch", unit=HEALTH)
    act(here, case, DOCTOR, "return", reason="not_ours", basis="三定方案", text="非本单位职责", suggested=MARKET)
    act(here, case, CENTRE, "dispatch", unit=MARKET)
    assert here.call(DOCTOR, "GET", f"{LIST}/{case}").status_code == 404, "who sent it back knows of it no more"
    assert here.call(REVIEWER, "GET", f"{LIST}/{case}").status_code == 200


def test_a_number_is_read_with_a_reason_by_the_centre_and_who_handles_it_and_never_of_who_is_hidden(here):
    case, hidden = taken(here, caller=CALLER), taken(here, category="report", caller=CALLER)
    for one in (case, hidden):
        act(here, one, CENTRE, "dispatch", unit=MARKET)
    path, reason = "caller/reveal", {"reason": "先行联系来电人"}
    for who, one, told in ((REVIEWER, case, "请先认领该工单"), (REVIEWER, hidden, "该诉求已隐去反映人"),
                           (HEAD, hidden, "该诉求已隐去反映人"), (SUPERVISOR, hidden, "由热线中心或者承办人员查看")):
        refused = here.call(who, "POST", f"{LIST}/{one}/{path}", reason)
        assert refused.status_code == 403 and told in refused.json_body["detail"]
    act(here, case, REVIEWER, "claim")
    for who, one, status in ((REVIEWER, case, 200), (HEAD, case, 200), (CENTRE, hidden, 200), (HEAD, hidden, 403),
                             (SUPERVISOR, case, 403), (DOCTOR, case, 404)):
        assert here.call(who, "POST", f"{LIST}/{one}/{path}", reason).status_code == status
    short = here.call(CENTRE, "POST", f"{LIST}/{case}/{path}", {"reason": "联系"})
    assert short.status_code == 422 and short.json_body["errors"][0]["pointer"] == "/reason"
    reads = here.ok(AUDITOR, "GET", "/accounts/reads?day=2026-03-02")["items"]
    assert sorted((one["fields"], one["case"]) for one in reads) == sorted(
        [("phone", f"ORDER#{case}")] * 2 + [("phone", f"ORDER#{hidden}")])


def test_whose_number_nobody_has_is_not_read_as_an_empty_one(here):
    person = here.ok(CLERK, "POST", "/accounts/persons", {
        "kind": "natural", "name": "李示例", "number": "110101199003070046"})["id"]
    case, path = taken(here, person=person), "caller/reveal"
    for _ in range(2):
        none = here.call(CENTRE, "POST", f"{LIST}/{case}/{path}", {"reason": "先行联系来电人"}, key="one-read-of-two-0")
        assert none.status_code == 404 and "没有登记联系电话" in none.json_body["detail"]


def test_an_answer_names_an_article_that_holds_and_no_other(here):
    article = here.ok(CENTRE, "POST", ARTICLES, WORDING)["case"]["id"]
    case = taken(here, caller=CALLER, category="consultation")
    answer = {"act": "answer", "text": "夜间二十二时后不得施工", "article": article}
    wrong = here.call(CENTRE, "POST", f"{LIST}/{case}/acts", answer)
    assert wrong.json_body["errors"][0]["pointer"] == "/article", "a draft is no knowledge"
    seat = bearer("centre-two", ("centre", f"{AREA}.hotline"))
    approval = {"act": "approve", "wording": here.ok(seat, "GET", f"{ARTICLES}/{article}/text?last=true")["wording"]}
    revised = here.ok(CENTRE, "POST", f"{ARTICLES}/{article}/acts", {"act": "revise", **WORDING})
    unseen = here.call(seat, "POST", f"{ARTICLES}/{article}/acts", approval)
    assert unseen.json_body["errors"][0]["pointer"] == "/wording", "what was revised meanwhile was not read"
    approval["wording"] = revised["version"]
    assert here.call(CENTRE, "POST", f"{ARTICLES}/{article}/acts", approval).status_code == 409
    act_on = here.ok(seat, "POST", f"{ARTICLES}/{article}/acts", approval)
    assert act_on["case"]["edition"] == 1
    assert here.ok(REVIEWER, "GET", f"{ARTICLES}/{article}/text")["text"] == WORDING["text"]
    assert [row["id"] for row in here.ok(CENTRE, "GET", ARTICLES)["items"]] == [article]
    assert here.ok(CENTRE, "GET", f"{ARTICLES}/{article}/clocks/review")["due_on"] == "2027-03-02"
    assert [one["id"] for one in here.ok(REVIEWER, "GET", "/knowledge/search?words=夜间噪音")["items"]] == [article]
    assert here.ok(CENTRE, "POST", f"{LIST}/{case}/acts", answer)["case"]["article"] == f"{article}/1"
    here.hands.to("2027-03-03", 1)
    here.module.SWEEP.run(here.hands.at)
    assert here.ok(CENTRE, "GET", f"{ARTICLES}/{article}")["case"]["state"] == "due"
    assert here.ok(REVIEWER, "GET", "/knowledge/search?words=夜间噪音")["items"] == [], "what is due is not served"
    other = taken(here, caller=CALLER, category="consultation")
    assert here.call(CENTRE, "POST", f"{LIST}/{other}/acts", answer).status_code == 422


def test_a_day_of_the_telephones_is_entered_once_and_corrected_with_a_reason(here):
    day = {"day": "2026-03-01", "entered": 100, "answered": 97, "within": 95}
    case = here.ok(CENTRE, "POST", "/hotline/calls", day)["case"]["id"]
    again = here.call(CENTRE, "POST", "/hotline/calls", {**day, "answered": 98})
    assert (again.status_code, again.json_body["type"]) == (409, "urn:yiciban:problem:entered")
    assert here.call(REVIEWER, "POST", "/hotline/calls", {**day, "day": "2026-02-28"}).status_code == 403
    for wrong in ("2026-03-03", "1999-12-31"):
        answer = here.call(CENTRE, "POST", "/hotline/calls", {**day, "day": wrong})
        assert (answer.status_code, answer.json_body["errors"][0]["pointer"]) == (422, "/day")
    assert here.call(CENTRE, "POST", "/hotline/calls", {**day, "day": "2026-02-28", "within": 98}).status_code == 422
    fixed = here.ok(CENTRE, "POST", f"/hotline/calls/{case}/acts", {
        "act": "correct", "entered": 100, "answered": 98, "within": 95, "note": "交换机补录"})
    assert fixed["case"]["answered"] == 98
    assert [row["number"] for row in here.ok(SUPERVISOR, "GET", "/hotline/calls")["items"]] == ["430199JT20260301"]
    assert len(here.ok(SUPERVISOR, "GET", f"/hotline/calls/{case}")["timeline"]) == 2
