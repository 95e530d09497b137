"""Complaints over HTTP: a life from the window to the improvement, who learns what, and what is refused."""
import json

import pytest

from chalicelib.domains.accounts.wiring import accounts
from tests.support.tables import stored
from tests.support.town import AREA, HEALTH, MARKET, OTHER_AREA
from tests.support.web import AUDITOR, CENTRE, CLERK, HEAD, LEADER, REVIEWER, SUPERVISOR, SUPERVISOR2, bearer, uploaded

LIST = "/complaints"
PERSON = {"kind": "natural", "name": "张示例", "number": "11010519491231002X", "phone": "13800001234"}
WORDS = {"subject": "三次到窗口未办成", "content": "每次到窗口都说缺一份材料"}
CALLER = {"name": "李来访", "phone": "13912345678"}
TEXT = "已核实，材料清单已更正"
OTHER = bearer("reviewer-two", ("reviewer", MARKET))
DOCTOR = bearer("doctor-one", ("reviewer", HEALTH))


@pytest.fixture
def citizen(web):
    return bearer(web.ok(CLERK, "POST", "/accounts/persons", PERSON)["id"], level=3)


@pytest.fixture
def brought(web, citizen):
    return lambda sort="complaint", **fields: web.ok(citizen, "POST", LIST, {
        "area": AREA, "sort": sort, **WORDS, **fields})["case"]["id"]


def act(web, who, case, act, **fields):
    file = web.ok(who, "POST", f"{LIST}/{case}/acts", {"act": act, **fields})
    web.react()
    return file


def told(web, who):
    web.react()
    return [one["template"] for one in web.ok(who, "GET", "/messages")["items"]]


def faults(answer):
    return [one["pointer"] for one in answer.json_body["errors"]]


def test_the_whole_course_with_the_citizen_told_at_each_turn(web, citizen, brought):
    file = uploaded(web, citizen)
    case = brought("enterprise", files=[file])
    assert "complaint-to-desk" in told(web, SUPERVISOR)
    act(web, SUPERVISOR, case, "classify", course="coordination", unit=MARKET)
    assert "complaint-to-unit" in told(web, REVIEWER)
    act(web, REVIEWER, case, "sign")
    assert web.ok(REVIEWER, "GET", f"/materials/{file}/file")["url"], "the file came with it"
    act(web, REVIEWER, case, "ask_extension", asked_days=2, note="需与另一部门会商")
    act(web, HEAD, case, "approve_extension")
    act(web, REVIEWER, case, "answer", result="solved", text=TEXT)
    words = web.ok(citizen, "GET", f"{LIST}/{case}/words")
    assert [one["text"] for one in words["answers"]] == [TEXT] and words["reasons"] == words["measures"] == []
    act(web, SUPERVISOR, case, "call_back", satisfied=True)
    act(web, SUPERVISOR, case, "attribute", cause="materials")
    act(web, SUPERVISOR, case, "plan", unit=HEALTH, text="更新一次性告知单", measure_by="2026-03-31")
    act(web, DOCTOR, case, "improve", text="已更新并公布")
    assert [one["act"] for one in web.ok(DOCTOR, "GET", f"{LIST}/{case}/measures")["items"]] == ["plan", "improve"]
    assert web.call(DOCTOR, "GET", f"{LIST}/{case}/words").status_code == 404
    act(web, SUPERVISOR, case, "close")
    assert {"complaint-got", "complaint-told", "complaint-extended", "complaint-ended"} <= set(told(web, citizen))
    assert [row["id"] for row in web.ok(DOCTOR, "GET", f"{LIST}/closed?month=2026-03")["items"]] == [case]
    counted = web.ok(citizen, "GET", f"{LIST}/{case}/clocks/answer")
    assert (counted["limit"]["count"], counted["due_on"]) == (3, "2026-03-09")
    line, = web.ok(LEADER, "GET", f"{LIST}/ledger?month=2026-03")["items"]
    assert (line["id"], line["state"], line["cause_name"], line["measure_by"], line["satisfied"]) == (
        case, "closed", "申请材料", "2026-03-31", True)


def test_the_ledger_has_open_and_closed_and_the_figures_agree_with_it(web, brought):
    cases = [brought("enterprise") for _ in range(3)]
    act(web, SUPERVISOR, cases[0], "decline", text="属于行政复议范围", remedy="reconsideration")
    act(web, SUPERVISOR, cases[1], "classify", course="coordination", unit=MARKET)
    first = web.ok(AUDITOR, "GET", f"{LIST}/ledger?month=2026-03&limit=2")
    rest = web.ok(AUDITOR, "GET", f"{LIST}/ledger?month=2026-03&limit=2&cursor={first['cursor']}")
    lines = first["items"] + rest["items"]
    assert {line["id"]: line["state"] for line in lines} == dict(
        zip(cases, ("declined", "classified", "registered"), strict=True))
    assert not {"person", "reporter", "subject"} & set(lines[0])
    asked = "/figures/indicators?month=2026-03&about=complaints"
    for who in (SUPERVISOR, LEADER):
        counted = {one["code"]: (one["numerator"], one["denominator"]) for one in web.ok(who, "GET", asked)["items"]}
        assert (counted["enterprise_ended_rate"], counted["stuck_ended_rate"]) == ((1, 3), (0, 0))
        assert (counted["complaints_ended_rate"], counted["complaints_declined_rate"]) == ((1, 3), (1, 3))
    assert web.call(REVIEWER, "GET", asked).status_code == 403
    trace = f"/figures/cases?month=2026-03&unit={MARKET}&measure=complaints.enterprise_received"
    assert [one["case"] for one in web.ok(SUPERVISOR, "GET", trace)["items"]] == [f"COMPLAINT#{cases[1]}"]
    assert web.call(CENTRE, "GET", trace).status_code == 403, "the hotline has no complaints"


def test_who_is_declined_reads_where_it_belongs_and_within_which_time(web, citizen, brought):
    case = brought()
    answer = web.call(SUPERVISOR, "POST", f"{LIST}/{case}/acts", {
        "act": "decline", "text": "属于行政复议范围", "remedy": "nowhere"})
    assert (answer.status_code, faults(answer)) == (422, ["/remedy"])
    act(web, SUPERVISOR, case, "decline", text="属于行政复议范围", remedy="reconsideration")
    remedy = web.ok(citizen, "GET", f"{LIST}/{case}/words")["remedy"]
    assert (remedy["name"], remedy["within"]) == ("行政复议", "60日")
    assert "本级人民政府" in remedy["body"] and remedy["basis"] == "《中华人民共和国行政复议法》第二十条"


def test_a_reporter_is_found_in_nothing_that_the_unit_gets(web, citizen, brought):
    for case in (brought("report"), brought("complaint", hidden=True)):
        act(web, SUPERVISOR, case, "classify", course="complaint", unit=MARKET)
        act(web, REVIEWER, case, "sign")
        for who in (REVIEWER, HEAD, OTHER):
            outputs = [web.ok(who, "GET", path) for path in (
                LIST, f"{LIST}/{case}", f"{LIST}/{case}/words", f"{LIST}/{case}/measures", "/messages")]
            assert not [one for one in (citizen.person, "张*", "张**", "张示") if one in json.dumps(
                outputs, ensure_ascii=False)]
        assert web.ok(SUPERVISOR, "GET", f"{LIST}/{case}")["case"]["person"] == citizen.person


def test_who_acted_in_the_matter_is_kept_away_from_the_complaint_about_it(web, citizen):
    code = web.ok(None, "GET", f"/catalogue/items?area={AREA}")["items"][0]["code"]
    item = web.ok(None, "GET", f"/catalogue/items/{code}?area={AREA}")["item"]
    files = {one["id"]: uploaded(web, citizen) for one in item["materials"] if one["necessity"] == "1"}
    matter = web.ok(citizen, "POST", "/applications", {"area": AREA, "item": code, "materials": files})["case"]["id"]
    for who, name in ((citizen, "submit"), (CLERK, "receive"), (CLERK, "accept"), (REVIEWER, "claim")):
        web.ok(who, "POST", f"/applications/{matter}/acts", {"act": name})
    body = {"area": AREA, "sort": "stuck", **WORDS, "matter": f"APPLICATION#{matter}"}
    case = web.ok(citizen, "POST", LIST, body)["case"]["id"]
    act(web, SUPERVISOR, case, "classify", course="complaint", unit=MARKET)
    seen = web.ok(REVIEWER, "GET", f"{LIST}/{case}")
    assert not {"person", "reporter", "matter", "subject"} & set(seen["case"]) and not seen["acts"]
    assert all("回避" in one["reason"] for one in seen["blocked"] if one["act"] == "sign")
    assert web.call(REVIEWER, "GET", f"{LIST}/{case}/words").status_code == 404
    answer = web.call(HEAD, "POST", f"{LIST}/{case}/acts", {"act": "assign", "handler": REVIEWER.person})
    assert answer.status_code == 422
    assert web.ok(OTHER, "GET", f"{LIST}/{case}")["case"]["matter"] == f"APPLICATION#{matter}"
    act(web, OTHER, case, "sign")
    for wrong in (f"APPLICATION#{'a' * 26}", f"MATERIAL#{matter}"):
        answer = web.call(citizen, "POST", LIST, body | {"matter": wrong})
        assert (answer.status_code, faults(answer)) == (422, ["/matter"])
    stranger = bearer("p" * 26, level=3)
    assert web.call(stranger, "POST", LIST, body).status_code in (404, 422), "nobody learns of another's case"


def test_the_desk_takes_down_a_caller_and_what_the_box_held(web, citizen):
    desk = {"sort": "stuck", "channel": "window", **WORDS}
    called = web.ok(CLERK, "POST", f"{LIST}/desk", desk | {"caller": CALLER})["case"]
    assert not {"person", "reporter"} & set(called), "the window is shown no more of it"
    assert web.ok(SUPERVISOR, "GET", f"{LIST}/{called['id']}")["case"]["reporter"] == "李*访"
    boxed = web.ok(SUPERVISOR, "POST", f"{LIST}/desk", desk | {"sort": "suggestion", "channel": "box"})["case"]
    assert boxed["anonymous"] and boxed["person"] == ""
    own = web.ok(CLERK, "POST", f"{LIST}/desk", desk | {"person": citizen.person})["case"]
    assert [row["id"] for row in web.ok(citizen, "GET", LIST)["items"]] == [own["id"]]
    both = web.call(CLERK, "POST", f"{LIST}/desk", desk | {"caller": CALLER, "person": citizen.person})
    assert both.status_code == 422
    held = json.dumps([item() for _, _, item in stored("cases")], ensure_ascii=False, default=str)
    assert "13912345678" not in held and "李来访" not in held


def test_a_request_sent_twice_is_one_case_and_one_act(web, citizen):
    body = {"area": AREA, "sort": "complaint", **WORDS}
    first, second = (web.call(citizen, "POST", LIST, body, key="complaint-twice-1") for _ in range(2))
    assert first.json_body["case"]["id"] == second.json_body["case"]["id"]
    assert web.call(citizen, "POST", LIST, body | {"sort": "report"}, key="complaint-twice-1").status_code == 422
    case = first.json_body["case"]["id"]
    sent = {"act": "classify", "course": "complaint", "unit": MARKET}
    versions = {web.ok(SUPERVISOR, "POST", f"{LIST}/{case}/acts", sent, key="complaint-act-01")["version"]
                for _ in range(2)}
    assert versions == {2}
    assert web.call(SUPERVISOR, "POST", f"{LIST}/{case}/acts", sent, If_Match='"1"').status_code == 412


def test_what_cannot_be_is_refused_with_a_pointer(web, citizen, brought):
    case = brought()
    assert web.call(citizen, "POST", LIST, {"area": OTHER_AREA, "sort": "report", **WORDS}).status_code == 404
    for pointer, wrong in (("/unit", {"unit": f"{OTHER_AREA}.market"}), ("/unit", {"unit": f"{AREA}.supervision"}),
                           ("/against/0", {"against": [citizen.person]})):
        answer = web.call(SUPERVISOR, "POST", f"{LIST}/{case}/acts", {
            "act": "classify", "course": "complaint", "unit": MARKET, **wrong})
        assert (answer.status_code, faults(answer)) == (422, [pointer])
    assert faults(web.call(citizen, "POST", LIST, {
        "area": AREA, "sort": "report", **WORDS, "files": ["a" * 26]})) == ["/files/0"]
    act(web, SUPERVISOR, case, "classify", course="complaint", unit=MARKET)
    act(web, REVIEWER, case, "sign")
    act(web, REVIEWER, case, "answer", result="solved", text=TEXT)
    act(web, SUPERVISOR, case, "call_back", satisfied=True)
    assert faults(web.call(SUPERVISOR, "POST", f"{LIST}/{case}/acts", {
        "act": "attribute", "cause": "weather"})) == ["/cause"]
    act(web, SUPERVISOR, case, "attribute", cause="rules")
    for day in ("2026-03-02", "2027-03-02"):
        assert faults(web.call(SUPERVISOR, "POST", f"{LIST}/{case}/acts", {
            "act": "plan", "unit": MARKET, "text": TEXT, "measure_by": day})) == ["/measure_by"]


def test_a_late_unit_is_carded_once_and_told(web, brought):
    case = brought()
    act(web, SUPERVISOR, case, "classify", course="coordination", unit=MARKET)
    web.hands.to("2026-03-04")
    for _ in range(2):
        web.module.SWEEP.run(web.hands.at)
        web.react()
    cards = web.ok(SUPERVISOR, "GET", "/supervision/cards")["items"]
    assert [card["title"] for card in cards] == ["投诉举报未在时限内签收"]
    assert "complaint-late" in told(web, REVIEWER)


def test_what_another_case_on_the_matter_has_answered_is_answered_with_reference_to_it(web, citizen, brought):
    lead, case, alone = brought("stuck"), brought(), brought()
    web.ok(citizen, "POST", "/threads", {"lead": f"COMPLAINT#{lead}", "other": f"COMPLAINT#{case}"})
    act(web, SUPERVISOR, case, "classify", course="complaint", unit=MARKET)
    answer = {"act": "answer_by_thread", "text": "与先前反映一并答复"}
    for one in (case, alone, lead):
        refused = web.call(SUPERVISOR, "POST", f"{LIST}/{one}/acts", answer)
        assert refused.status_code == 409 and "没有已经答复的牵头件" in refused.json_body["detail"]
    act(web, SUPERVISOR, lead, "explain", text=TEXT)
    file = act(web, SUPERVISOR, case, **answer)
    assert (file["case"]["state"], file["case"]["result"]) == ("answered", "explained")
    assert {clock["name"] for clock in file["clocks"]} == {"callback"}
    assert web.ok(citizen, "GET", f"{LIST}/{case}/words")["answers"][0]["text"] == answer["text"]
    assert web.call(SUPERVISOR, "POST", f"{LIST}/{alone}/acts", answer).status_code == 409


def test_whoever_brings_it_names_officials_who_then_have_nothing_to_do_with_it(web, citizen, brought):
    nobody = web.call(citizen, "POST", LIST, {"area": AREA, "sort": "complaint", **WORDS, "against": ["没有这个人"]})
    assert (nobody.status_code, faults(nobody)) == (422, ["/against/0"])
    accounts().store.appoint(SUPERVISOR2.person, "督*", [one.model_dump() for one in SUPERVISOR2.offices])
    case = brought("report", against=[SUPERVISOR2.person])
    seen = web.ok(SUPERVISOR2, "GET", f"{LIST}/{case}")
    assert "reporter" not in seen["case"] and not seen["acts"]
    assert web.call(SUPERVISOR2, "GET", f"{LIST}/{case}/words").status_code == 404
    for name, fields in (("annul", {"note": "登记错误"}), ("explain", {"text": TEXT})):
        answer = web.call(SUPERVISOR2, "POST", f"{LIST}/{case}/acts", {"act": name, **fields})
        assert answer.status_code == 409 and "回避" in answer.json_body["detail"]
    act(web, SUPERVISOR, case, "classify", course="complaint", unit=MARKET)
    assert web.call(SUPERVISOR2, "POST", f"{LIST}/{case}/acts", {"act": "annul", "note": "有误"}).status_code == 409
