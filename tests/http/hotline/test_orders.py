"""Hotline orders over HTTP: a life from the call to the closing, and who learns what on the way."""
import json

import boto3
import pytest

from tests.support.town import AREA, HEALTH, HOTLINE, MARKET, OTHER_AREA
from tests.support.web import AUDITOR, CENTRE, CLERK, HEAD, REVIEWER, SUPERVISOR, bearer

ORDERS = "/hotline/orders"
PERSON = {"kind": "natural", "name": "张示例", "number": "11010519491231002X", "phone": "13800001234"}
WORDS = {"title": "小区夜间施工噪音", "content": "连续三晚施工到凌晨两点", "place": "示范路1号"}
CALLER = {"name": "李来电", "phone": "0731-8412 3456"}
DOCTOR = bearer("doctor-one", ("reviewer", HEALTH))
TEXT = "已现场核查并责令整改"


@pytest.fixture
def citizen(web):
    return bearer(web.ok(CLERK, "POST", "/accounts/persons", PERSON)["id"], level=3)


@pytest.fixture
def made(web, citizen):
    return lambda category="help", **fields: web.ok(citizen, "POST", ORDERS, {
        "area": AREA, "category": category, **WORDS, **fields})["case"]


@pytest.fixture
def taken(web):
    return lambda **fields: web.ok(CENTRE, "POST", f"{ORDERS}/desk", {"category": "help", **WORDS, **fields})["case"]


def act(web, who, case, act, **fields):
    file = web.ok(who, "POST", f"{ORDERS}/{case}/acts", {"act": act, **fields})
    web.react()
    return file


def stored():
    return boto3.client("dynamodb").scan(TableName="yiciban-test-cases")["Items"]


def test_an_order_lives_from_the_request_to_the_closing(web, citizen, made):
    case = made()
    assert (case["number"], case["party"], case["channel"]) == (f"{AREA[:6]}1234520260302A0001", "张*例", "03")
    for who, name, fields in (
            (CENTRE, "claim", {}), (CENTRE, "dispatch", {"unit": MARKET}),
            (REVIEWER, "return", {"reason": "not_ours", "basis": "三定方案第五条", "text": "属卫生健康部门职责",
                                  "suggested": HEALTH}),
            (CENTRE, "dispatch", {"unit": HEALTH}), (DOCTOR, "sign", {}), (DOCTOR, "claim", {}),
            (DOCTOR, "reply", {"told": "电话", "result": "explained", "text": "已解释噪音标准"}),
            (CENTRE, "pass", {}), (CENTRE, "call_back", {"satisfaction": 2, "solved": False, "note": "仍有噪音"}),
            (CENTRE, "rework", {"text": "来电人反映夜间仍施工"}),
            (DOCTOR, "reply", {"told": "电话", "result": "solved", "text": TEXT}),
            (CENTRE, "pass", {}), (CENTRE, "miss", {}),
            (CENTRE, "call_back", {"satisfaction": 5, "solved": True}), (CENTRE, "close", {})):
        file = act(web, who, case["id"], name, **fields)
    assert (file["case"]["state"], file["acts"], file["case"]["unit"]) == ("closed", [], HEALTH)
    mine = web.ok(citizen, "GET", f"{ORDERS}/{case['id']}")
    assert (mine["state_label"], len(mine["timeline"]), mine["case"]["satisfaction"]) == ("已办结", 16, 5)
    words = web.ok(citizen, "GET", f"{ORDERS}/{case['id']}/words")
    assert [reply["text"] for reply in words["replies"]] == ["已解释噪音标准", TEXT]
    assert words["content"] == WORDS["content"] and words["reasons"] == []
    inside = web.ok(DOCTOR, "GET", f"{ORDERS}/{case['id']}/words")["reasons"]
    assert [(one["act"], one["code"], one["suggested"]) for one in inside] == [
        ("return", "not_ours", HEALTH), ("rework", "", "")]
    ledger = web.ok(citizen, "GET", f"{ORDERS}/{case['id']}/clocks/reply")
    assert ledger["lines"][-1]["day"] == ledger["due_on"], "how the half was counted"
    row, = web.ok(DOCTOR, "GET", f"{ORDERS}/closed?month=2026-03")["items"]
    assert row["id"] == case["id"] and web.ok(REVIEWER, "GET", f"{ORDERS}/closed?month=2026-03")["items"] == []
    assert web.ok(citizen, "GET", ORDERS)["items"][0]["id"] == case["id"]
    told = {one["template"] for one in web.ok(citizen, "GET", "/messages")["items"]}
    assert told == {"order-registered", "order-replied", "order-reworked", "order-closed", "rate"}


def test_a_caller_is_kept_sealed_and_found_again_and_the_unit_may_ask_with_a_reason(web, taken):
    first, again = taken(caller=CALLER), taken(caller={**CALLER, "phone": "073184123456"})
    other = taken(caller={**CALLER, "name": "王来电"})
    assert first["person"] == again["person"] != other["person"] and first["party"] == "李*电"
    act(web, CENTRE, first["id"], "dispatch", unit=MARKET)
    seen, person = web.ok(REVIEWER, "GET", f"{ORDERS}/{first['id']}")["case"], first["person"]
    assert seen["party"] == "李*电" and person not in json.dumps(seen), "a unit asks at the order, where it is guarded"
    act(web, REVIEWER, first["id"], "claim")
    for who in (REVIEWER, CENTRE):
        clear = web.ok(who, "POST", f"{ORDERS}/{first['id']}/caller/reveal", {"reason": "回复来电人"})
        assert clear["phone"] == "073184123456"
    assert len(web.ok(AUDITOR, "GET", "/accounts/reads?day=2026-03-02")["items"]) == 2
    cases = json.dumps(stored(), ensure_ascii=False)
    assert "8412" not in cases and "李来电" not in cases, "phones and names never stand in cases"
    profile = web.ok(CENTRE, "GET", f"/accounts/persons/{person}")
    assert profile["level"] == 0, "what a caller says proves nothing"


def test_a_caller_s_mobile_number_is_not_the_account_that_has_it(web, citizen, taken):
    case = taken(caller={"name": PERSON["name"], "phone": PERSON["phone"]})
    assert case["person"] != citizen.person
    assert web.call(citizen, "GET", f"{ORDERS}/{case['id']}").status_code == 404
    known = taken(person=citizen.person)
    assert web.ok(citizen, "GET", f"{ORDERS}/{known['id']}")["case"]["party"] == "张*例"


@pytest.mark.parametrize("category, asked", [("report", False), ("complaint", True)])
def test_who_reported_is_nowhere_in_what_the_unit_is_shown(web, citizen, made, category, asked):
    case = made(category, **({"hidden": True} if asked else {}))["id"]
    assert act(web, CENTRE, case, "claim")["case"]["party"] == "张*例"
    act(web, CENTRE, case, "dispatch", unit=MARKET)
    web.hands.to("2026-03-04", 1)
    web.module.SWEEP.run(web.hands.at)
    web.react()
    act(web, REVIEWER, case, "claim")
    act(web, REVIEWER, case, "sign")
    card = web.ok(REVIEWER, "GET", "/supervision/cards?unclaimed=true")["items"][0]["id"]
    shown = [web.call(who, "GET", path).json_body for who in (REVIEWER, HEAD, SUPERVISOR, AUDITOR) for path in (
        f"{ORDERS}/{case}", ORDERS, "/messages", "/supervision/cards")]
    shown += [web.ok(REVIEWER, "GET", path) for path in (f"{ORDERS}/{case}/words", f"/supervision/cards/{card}",
                                                         f"{ORDERS}/{case}/clocks/reply")]
    assert WORDS["title"] in json.dumps(shown, ensure_ascii=False), "the order itself is there"
    for secret in (citizen.person, "张*例"):
        assert secret not in json.dumps(shown, ensure_ascii=False)
    rows = [item for item in stored() if item["sk"]["S"] == "STATE" and item["pk"]["S"].startswith("ORDER#")]
    assert len(rows) == 1 and "party" not in rows[0], "no index projects a name"


def test_a_complaint_is_not_hidden_unless_that_is_asked_for(web, citizen, made):
    case = made("complaint")["id"]
    act(web, CENTRE, case, "dispatch", unit=MARKET)
    assert web.ok(REVIEWER, "GET", f"{ORDERS}/{case}")["case"]["party"] == "张*例"
    assert web.ok(REVIEWER, "GET", ORDERS)["items"][0]["party"] == "张*例"


def test_an_order_that_turns_out_to_be_a_report_hides_who_made_it(web, citizen, made):
    case = made()["id"]
    file = act(web, CENTRE, case, "classify", category="report", urgency="urgent")
    assert (file["case"]["category"], file["case"]["hidden"], file["case"]["party"]) == ("report", True, "张*例")
    sent = act(web, CENTRE, case, "dispatch", unit=MARKET)
    assert {clock["name"]: clock["unit"] for clock in sent["clocks"]} == {
        "sign": "min", "return": "h", "reply": "h", "law": "wd"}
    assert "person" not in web.ok(REVIEWER, "GET", f"{ORDERS}/{case}")["case"]
    assert web.ok(REVIEWER, "GET", ORDERS)["items"][0]["party"] == ""


def test_an_anonymous_order_has_nobody_to_tell_and_is_closed_without_a_call(web, taken):
    case = taken(category="report")
    assert (case["anonymous"], case["person"], case["party"]) == (True, "", "")
    for who, name, fields in ((CENTRE, "dispatch", {"unit": MARKET}), (REVIEWER, "sign", {}),
                              (REVIEWER, "reply", {"told": "电话", "result": "solved", "text": TEXT}),
                              (CENTRE, "pass", {}), (CENTRE, "close", {})):
        file = act(web, who, case["id"], name, **fields)
    assert file["case"]["state"] == "closed"
    boxes = {item["pk"]["S"] for item in boto3.client("dynamodb").scan(TableName="yiciban-test-inbox")["Items"]}
    assert boxes == {f"INBOX#{HOTLINE}", f"INBOX#{MARKET}"}


def test_a_critical_order_not_signed_in_a_quarter_of_an_hour_is_noted_and_carded(web, taken):
    case = taken(urgency="critical", caller=CALLER)["id"]
    act(web, CENTRE, case, "dispatch", unit=MARKET)
    web.hands.move(minutes=14)
    web.module.SWEEP.run(web.hands.at)
    assert web.ok(REVIEWER, "GET", f"{ORDERS}/{case}")["case"]["level"] == 0
    web.hands.move(minutes=1)
    web.module.SWEEP.run(web.hands.at)
    web.react()
    assert web.ok(REVIEWER, "GET", f"{ORDERS}/{case}")["case"]["level"] == 1
    row, = web.ok(SUPERVISOR, "GET", "/supervision/cards")["items"]
    card = web.ok(SUPERVISOR, "GET", f"/supervision/cards/{row['id']}")["case"]
    assert (card["rule"], card["level"], card["person"], card["source"]) == ("Y6", "yellow", MARKET, f"ORDER#{case}")
    assert "order-late" in {one["template"] for one in web.ok(REVIEWER, "GET", "/messages")["items"]}


def test_an_extension_is_approved_by_another_and_the_citizen_reads_why(web, citizen, made):
    case = made()["id"]
    act(web, CENTRE, case, "dispatch", unit=MARKET, note="请核查")
    act(web, REVIEWER, case, "sign")
    act(web, REVIEWER, case, "ask_extension", asked_days=3, note="须夜间实地测量噪音")
    file = act(web, HEAD, case, "approve_extension")
    assert next(clock for clock in file["clocks"] if clock["name"] == "reply")["due_on"] == "2026-03-12"
    told = {one["template"]: one["title"] for one in web.ok(citizen, "GET", "/messages")["items"]}
    assert told["order-extended"] == "诉求办理延期"
    notes = {line["act"]: line["note"] for line in web.ok(citizen, "GET", f"{ORDERS}/{case}")["timeline"]}
    assert notes["ask_extension"] == "须夜间实地测量噪音" and notes["dispatch"] == "", "what was written for them"


def test_a_unit_that_had_the_order_goes_on_seeing_it_without_acting(web, made):
    case = made()["id"]
    act(web, CENTRE, case, "dispatch", unit=MARKET)
    act(web, REVIEWER, case, "return", reason="other", basis="三定方案", text="请另派")
    act(web, CENTRE, case, "designate", unit=HEALTH)
    file = web.ok(REVIEWER, "GET", f"{ORDERS}/{case}")
    assert file["acts"] == [] and file["case"]["designated"] and web.ok(REVIEWER, "GET", ORDERS)["items"] == []
    refused = web.call(DOCTOR, "POST", f"{ORDERS}/{case}/acts", {
        "act": "return", "reason": "other", "basis": "三定方案", "text": "请另派"})
    assert refused.status_code == 409 and "第二十二条" not in refused.json_body["detail"]
    assert "指定的承办单位不得退回" in refused.json_body["detail"] and "安阳" in refused.json_body["detail"]


def test_another_area_and_offices_without_a_part_in_it_find_nothing(web, made):
    case = made()["id"]
    act(web, CENTRE, case, "dispatch", unit=MARKET)
    for who in (bearer("far", ("centre", f"{OTHER_AREA}.hotline")), bearer("p" * 26), CLERK, DOCTOR,
                bearer("far", ("reviewer", f"{OTHER_AREA}.market")), bearer("x", ("rectifier", MARKET))):
        for path in (f"{ORDERS}/{case}", f"{ORDERS}/{case}/words", f"{ORDERS}/{case}/clocks/reply"):
            assert web.call(who, "GET", path).status_code == 404
        assert web.call(who, "POST", f"{ORDERS}/{case}/acts", {"act": "claim"}).status_code == 404
        assert web.call(who, "GET", ORDERS).json_body.get("items", []) == []
    assert web.call(SUPERVISOR, "GET", f"{ORDERS}/{case}/words").status_code == 404


def test_a_request_sent_twice_is_one_order_and_an_act_done_once(web, citizen):
    body = {"category": "help", **WORDS, "caller": CALLER}
    answers = [web.call(CENTRE, "POST", f"{ORDERS}/desk", body, key="the-same-key-0001") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json_body["case"]["id"] == answers[1].json_body["case"]["id"]
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    changed = web.call(CENTRE, "POST", f"{ORDERS}/desk", {**body, "title": "另一件"}, key="the-same-key-0001")
    assert changed.json_body["type"].endswith(":key-reused")
    case = answers[0].json_body["case"]["id"]
    for _ in range(2):
        done = web.call(CENTRE, "POST", f"{ORDERS}/{case}/acts", {"act": "dispatch", "unit": MARKET},
                        key="the-same-key-0002")
        assert (done.status_code, done.json_body["version"]) == (200, 2)
    late = web.call(CENTRE, "POST", f"{ORDERS}/{case}/acts", {"act": "claim"}, If_Match='"1"')
    assert late.json_body["type"].endswith(":outdated")
