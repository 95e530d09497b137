"""Hotline orders over HTTP: what bad requests get, and that nothing refused is written."""
import boto3
import pytest

from tests.support.town import AREA, HALL, HOTLINE, MARKET, OTHER_AREA
from tests.support.web import CENTRE, CLERK, HEAD, REVIEWER, bearer

ORDERS = "/hotline/orders"
WORDS = {"title": "小区夜间施工噪音", "content": "连续三晚施工到凌晨两点", "place": "示范路1号"}
CALLER = {"name": "李来电", "phone": "0731-8412 3456"}
TEXT = "已现场核查并责令整改"


@pytest.fixture
def citizen(web):
    person = {"kind": "natural", "name": "张示例", "number": "11010519491231002X"}
    return bearer(web.ok(CLERK, "POST", "/accounts/persons", person)["id"], level=3)


@pytest.fixture
def made(web, citizen):
    return lambda **more: web.ok(citizen, "POST", ORDERS, {"area": AREA, "category": "help", **WORDS, **more})["case"]


def act(web, who, case, act, **fields):
    return web.ok(who, "POST", f"{ORDERS}/{case}/acts", {"act": act, **fields})


def stored():
    return boto3.client("dynamodb").scan(TableName="yiciban-test-cases")["Items"]


DESK, OWN = f"{ORDERS}/desk", ORDERS


@pytest.mark.parametrize("path, change, status, code, pointer", [
    (OWN, {"category": "gossip"}, 422, "invalid", "/category"),
    (OWN, {"urgency": "critical"}, 422, "invalid", "/urgency"),
    (OWN, {"channel": "01"}, 422, "invalid", "/channel"),
    (OWN, {"title": "长" * 61}, 422, "invalid", "/title"),
    (OWN, {"content": "  "}, 422, "invalid", "/content"),
    (OWN, {"hidden": True}, 422, "invalid", "/hidden"),
    (OWN, {"area": OTHER_AREA}, 404, "missing", None),
    (DESK, {"caller": {"name": "李", "phone": "123-4567"}}, 422, "invalid", "/caller/phone"),
    (DESK, {"caller": CALLER, "person": "a" * 26}, 422, "invalid", ""),
    (DESK, {"person": "a" * 26}, 404, "missing", None),
    (DESK, {"channel": "16"}, 422, "invalid", "/channel"),
])
def test_a_bad_registration_is_a_problem_that_says_where_and_writes_nothing(
        web, citizen, path, change, status, code, pointer):
    who, own = (CENTRE, {}) if path == DESK else (citizen, {"area": AREA})
    answer = web.call(who, "POST", path, {"category": "help", **WORDS, **own, **change})
    problem = answer.json_body
    assert (answer.status_code, problem["type"]) == (status, f"urn:yiciban:problem:{code}"), problem
    assert pointer is None or [one["pointer"] for one in problem["errors"]] == [pointer]
    assert stored() == []


def test_only_the_centre_takes_orders_at_its_desk_and_officials_register_none_of_their_own(web, citizen):
    body = {"category": "help", **WORDS}
    for who in (citizen, CLERK, HEAD, bearer("c", ("centre", MARKET))):
        assert web.call(who, "POST", DESK, body).status_code in (403, 409)
    assert web.call(HEAD, "POST", OWN, {**body, "area": AREA}).status_code == 403
    assert stored() == []


@pytest.mark.parametrize("name, fields, pointer", [
    ("dispatch", {"unit": f"{AREA}.nowhere"}, "/unit"), ("dispatch", {"unit": HOTLINE}, "/unit"),
    ("dispatch", {"unit": f"{OTHER_AREA}.market"}, "/unit"), ("designate", {"unit": "market"}, "/unit"),
    ("hand_over", {"handler": "nobody"}, "/handler"), ("answer", {"text": "长" * 2001}, "/text"),
    ("claim", {"note": "长" * 151}, "/note")])
def test_an_act_at_the_centre_with_a_fault_is_pointed_at(web, made, name, fields, pointer):
    case = made()["id"]
    act(web, CENTRE, case, "claim")
    answer = web.call(CENTRE, "POST", f"{ORDERS}/{case}/acts", {"act": name, **fields})
    assert (answer.status_code, answer.json_body["errors"][0]["pointer"]) == (422, pointer)


@pytest.mark.parametrize("name, fields, pointer", [
    ("return", {"reason": "not_ours", "basis": "三定方案", "text": "非本单位职责"}, "/suggested"),
    ("return", {"reason": "7", "basis": "三定方案", "text": "其他"}, "/reason"),
    ("return", {"reason": "other", "text": "其他"}, "/basis"),
    ("ask_extension", {"asked_days": 6, "note": "复杂"}, "/asked_days"),
    ("reply", {"result": "done", "text": TEXT}, "/result"), ("reply", {"result": "solved"}, "/text"),
    ("reply", {"result": "solved", "text": TEXT}, "/told")])
def test_an_act_of_the_unit_with_a_fault_is_pointed_at(web, made, name, fields, pointer):
    case = made()["id"]
    act(web, CENTRE, case, "dispatch", unit=MARKET)
    act(web, REVIEWER, case, "sign")
    answer = web.call(REVIEWER, "POST", f"{ORDERS}/{case}/acts", {"act": name, **fields})
    assert (answer.status_code, answer.json_body["errors"][0]["pointer"]) == (422, pointer)


def test_a_unit_that_returns_an_order_as_not_its_own_says_whose_it_is(web, made):
    case = made()["id"]
    act(web, CENTRE, case, "dispatch", unit=MARKET)
    for fields, words in (({}, "请填写应由哪一单位承办"), ({"suggested": MARKET}, "不能是本单位"),
                          ({"suggested": f"{AREA}.nowhere"}, "没有这一承办单位")):
        answer = web.call(REVIEWER, "POST", f"{ORDERS}/{case}/acts", {
            "act": "return", "reason": "not_ours", "basis": "三定方案", "text": "非本单位职责", **fields})
        error, = answer.json_body["errors"]
        assert (answer.status_code, error["pointer"]) == (422, "/suggested") and words in error["detail"]
    wrong = web.call(REVIEWER, "POST", f"{ORDERS}/{case}/acts", {
        "act": "return", "reason": "other", "basis": "三定方案", "text": "其他", "suggested": MARKET})
    assert wrong.json_body["errors"][0]["pointer"] == "/suggested"


def test_an_act_of_another_office_is_refused_with_its_basis(web, made):
    case = made()["id"]
    act(web, CENTRE, case, "dispatch", unit=MARKET)
    answer = web.call(CENTRE, "POST", f"{ORDERS}/{case}/acts", {"act": "sign"})
    assert answer.status_code == 403 and "签收由窗口人员、审查人员、单位负责人办理" in answer.json_body["detail"]
    assert HALL not in answer.json_body["detail"]


def test_who_is_hidden_is_not_asked_whether_the_unit_was_in_touch(web, made):
    case = made(category="report")["id"]
    for who, name, fields in ((CENTRE, "dispatch", {"unit": MARKET}), (REVIEWER, "sign", {}),
                              (REVIEWER, "reply", {"result": "solved", "text": "已查处"}), (CENTRE, "pass", {})):
        act(web, who, case, name, **fields)
    answer = web.call(CENTRE, "POST", f"{ORDERS}/{case}/acts", {
        "act": "call_back", "satisfaction": 5, "solved": True, "contacted": True})
    assert (answer.status_code, answer.json_body["errors"][0]["pointer"]) == (422, "/contacted")


@pytest.mark.parametrize("marks", [{"satisfaction": "5", "solved": True}, {"satisfaction": 5, "solved": "yes"}])
def test_a_call_back_takes_a_number_and_a_truth_value_and_nothing_like_them(web, made, marks):
    case = made()["id"]
    answer = web.call(CENTRE, "POST", f"{ORDERS}/{case}/acts", {"act": "call_back", **marks})
    assert answer.status_code == 422
