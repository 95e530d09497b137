"""The edge of the system: signing in, what needs no token, what bad requests get. Nothing refused is ever written."""
import json
import os
import re
from urllib.parse import quote

import boto3
import pytest

from chalicelib.domains.accounts import doors
from chalicelib.domains.accounts.wiring import accounts
from chalicelib.kernel.bodies import PATTERNS, adapter, parsed
from chalicelib.kernel.identity import Bearer
from chalicelib.kernel.problems import Invalid, Unauthenticated
from chalicelib.kernel.tokens import verify
from tests.support.town import AREA, HALL, MARKET
from tests.support.web import ADMIN, CLERK, REVIEWER, SUPERVISOR, bearer
from tools.openapi import faults

CITIZEN = bearer("p" * 26)
PUBLIC = {"GET /accounts/units", "POST /accounts/sessions/staff", "POST /accounts/sessions/wechat",
          "GET /applications/track", "GET /calendars/versions", "GET /calendars/versions/{number}",
          "GET /calendars/versions/{number}/icalendar", "GET /catalogue/departments",
          "GET /catalogue/guides/{area}/{code}", "GET /catalogue/items", "GET /catalogue/items/{code}",
          "GET /figures/public", "GET /health",
          "GET /maintenance", "GET /notices/verify", "GET /privacy/classes", "GET /ratings/published",
          "GET /ratings/rules", "GET /ratings/tags",
          "POST /ratings/links", "POST /ratings/links/open", "POST /ratings/window"}


@pytest.fixture
def item(web):
    return web.ok(None, "GET", f"/catalogue/items?area={AREA}")["items"][0]["code"]


@pytest.fixture
def draft(web, item):
    made = web.ok(CLERK, "POST", "/accounts/persons", {"kind": "natural", "name": "张示例",
                                                       "number": "11010519491231002X"})
    who = bearer(made["id"])
    return who, web.ok(who, "POST", "/applications", {"area": AREA, "item": item})["case"]["id"]


def stored():
    """Everything in the table of cases."""
    return boto3.client("dynamodb").scan(TableName="yiciban-test-cases")["Items"]


def test_the_routes_that_need_no_token_are_these(web):
    open_routes = {f"{operation.method} {prefix}{operation.path}" for prefix, api in web.module.APIS.items()
                   for operation in api.operations if operation.public}
    assert open_routes == PUBLIC


def test_the_description_is_valid_and_its_examples_fit(web):
    document = web.ok(None, "GET", "/openapi.json")
    assert faults(document) == []


@pytest.mark.parametrize("body, raw, headers, status, code, pointer", [
    (None, b"{bad", {}, 400, "not-json", None),
    (None, b"", {}, 400, "not-json", None),
    (None, b"[]", {}, 422, "invalid", ""),
    ({"area": AREA}, None, {}, 422, "invalid", "/item"),
    ({"area": AREA, "item": "x", "colour": 1}, None, {}, 422, "invalid", "/colour"),
    ({"area": 1, "item": "x"}, None, {}, 422, "invalid", "/area"),
    ({"area": AREA, "item": "长" * 81}, None, {}, 422, "invalid", "/item"),
    ({"area": AREA, "item": "none"}, None, {}, 404, "missing", None),
    ({"area": AREA, "item": "none"}, None, {"Idempotency_Key": "short"}, 400, "bad-key", None),
    *[({"area": AREA, "item": "none"}, None, {"Content_Type": media}, 415, "media-type", None) for media in (
        "", "text/plain", "application/x-www-form-urlencoded", "application/problem+json", "multipart/form-data")],
    *[({"area": AREA, "item": "none"}, None, {"Content_Type": media}, 404, "missing", None) for media in (
        "application/json; charset=utf-8", "Application/JSON;charset=UTF-8")],
    ({"area": AREA, "item": "none"}, None, {"If_Match": "3"}, 400, "if-match", None),
    ({"area": AREA, "item": "none"}, None, {"Acting_Office": "head@x"}, 403, "office", None),
    ({"area": AREA, "item": "none"}, None, {"On_Behalf_Of": "m"}, 403, "no-mandate", None),
])
def test_a_bad_request_is_a_problem_that_says_where_and_writes_nothing(
        web, body, raw, headers, status, code, pointer):
    answer = web.call(CITIZEN, "POST", "/applications", body, raw=raw, **headers)
    problem = answer.json_body
    assert (answer.status_code, problem["type"]) == (status, f"urn:yiciban:problem:{code}"), problem
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert pointer is None or [one["pointer"] for one in problem["errors"]] == [pointer]
    assert stored() == []


@pytest.mark.parametrize("query, code", [("limit=0", "limit"), ("limit=x", "limit"), ("limit=٣", "limit"),
                                         ("cursor=x", "cursor"),
                                         ("colour=1", "invalid")])
def test_a_page_that_cannot_be_is_refused(web, query, code):
    answer = web.call(CITIZEN, "GET", f"/applications?{query}")
    assert answer.json_body["type"].endswith(f":{code}")


@pytest.mark.parametrize("month", ["0000-01", "1999-12", "9999-12", "2100-01", "2026-13", "２０２６-03"])
def test_a_month_in_which_nothing_can_have_been_is_refused_by_every_door(web, month):
    doors = [prefix + operation.path for prefix, api in web.module.APIS.items() for operation in api.operations
             if operation.query and "month" in operation.query.model_fields]
    assert len(doors) > 5
    for path in doors:
        answer = web.call(SUPERVISOR, "GET", f"{path}?month={quote(month)}")
        assert (answer.status_code, answer.json_body["errors"][0]["pointer"]) == (422, "/month"), path


def test_a_cursor_is_good_for_its_reader_and_its_list_and_for_a_day(web, item, draft):
    who, _ = draft
    web.hands.move(minutes=1)
    web.ok(who, "POST", "/applications", {"area": AREA, "item": item})
    cursor = web.ok(who, "GET", "/applications?limit=1")["cursor"]
    assert who.person not in cursor and len(web.ok(who, "GET", f"/applications?limit=1&cursor={cursor}")["items"]) == 1
    for other, path in ((CITIZEN, "/applications"), (who, "/notices")):
        assert web.call(other, "GET", f"{path}?cursor={cursor}").status_code == 400
    web.hands.move(days=1, minutes=1)
    assert "过期" in web.call(who, "GET", f"/applications?cursor={cursor}").json_body["detail"]


def test_a_stranger_cannot_tell_whether_there_is_a_case(web, draft):
    _, case = draft
    for who in (CITIZEN, CLERK, REVIEWER):
        known = web.call(who, "GET", f"/applications/{case}")
        unknown = web.call(who, "GET", "/applications/nothing")
        assert (known.status_code, known.json_body) == (404, unknown.json_body)
        acted = web.call(who, "POST", f"/applications/{case}/acts", {"act": "withdraw"})
        assert acted.json_body == known.json_body


def test_an_act_out_of_order_an_office_without_the_right_a_stale_version(web, draft):
    who, case = draft
    path = f"/applications/{case}/acts"
    for act, headers, status, code in ((("accept"), {}, 409, "out-of-order"), ("submit", {}, 409, "refused"),
                                       ("discard", {"If_Match": '"9"'}, 412, "outdated")):
        answer = web.call(who, "POST", path, {"act": act}, **headers)
        assert (answer.status_code, answer.json_body["type"].rpartition(":")[2]) == (status, code)
    assert web.call(who, "POST", path, {"act": "fly"}).json_body["errors"][0]["code"] == "union_tag_invalid"
    assert len(stored()) == 3, "the draft's state, its event and its form"


def test_a_repeated_key_is_answered_and_with_another_body_refused(web, item):
    body, key = {"area": AREA, "item": item}, "the-same-key-0001"
    made = web.ok(CLERK, "POST", "/accounts/persons", {"kind": "natural", "name": "张", "number": "11010519491231002X"})
    who = bearer(made["id"])
    first, again = (web.call(who, "POST", "/applications", body, key=key) for _ in range(2))
    assert first.json_body["case"] == again.json_body["case"] and again.headers["Idempotent-Replayed"] == "true"
    other = web.call(who, "POST", "/applications", {**body, "form": {"a": "b"}}, key=key)
    assert (other.status_code, other.json_body["type"]) == (422, "urn:yiciban:problem:key-reused")


def test_an_office_is_named_where_several_are_held(web):
    two = bearer("two-offices", ("clerk", HALL), ("reviewer", MARKET))
    assert web.call(two, "GET", "/applications").json_body["type"].endswith(":office")
    web.ok(two, "GET", "/applications", Acting_Office=f"reviewer@{MARKET}")


@pytest.mark.parametrize("spoil", ["none", "signature", "issuer", "audience", "expired", "unknown kid"])
def test_only_a_token_of_ours_in_its_time_is_believed(web, spoil, monkeypatch):
    from chalicelib.kernel import settings, tokens
    token, at = tokens.issue(CITIZEN, web.hands.at), web.hands.at
    here = settings.settings()
    match spoil:
        case "signature":
            head, _, rest = token.rpartition(".")
            token = f"{head}.{'A' if rest[0] != 'A' else 'B'}{rest[1:]}"
        case "issuer":
            monkeypatch.setattr(tokens, "settings", lambda: here.model_copy(update={"token_issuer": "x"}))
        case "audience":
            monkeypatch.setattr(tokens, "settings", lambda: here.model_copy(update={"token_audience": "x"}))
        case "expired":
            web.hands.move(hours=3)
            at = web.hands.at
        case "unknown kid":
            key = {**json.loads(os.environ["TOKEN_SIGNING_KEY"]), "kid": "other"}
            monkeypatch.setenv("TOKEN_SIGNING_KEY", json.dumps(key))
            token = tokens.issue(CITIZEN, at)
    if spoil == "none":
        assert verify(token, at) == CITIZEN
    else:
        with pytest.raises(Unauthenticated):
            verify(token, at)


def test_two_keys_are_good_during_a_rotation(web, monkeypatch):
    from joserfc.jwk import ECKey

    from chalicelib.kernel import tokens
    old = tokens.issue(CITIZEN, web.hands.at)
    fresh = ECKey.generate_key("P-256", {"kid": "test-2", "alg": "ES256", "use": "sig"})
    keys = json.loads(os.environ["TOKEN_KEYS"])["keys"]
    monkeypatch.setenv("TOKEN_KEYS", json.dumps({"keys": [*keys, fresh.as_dict(private=False)]}))
    monkeypatch.setenv("TOKEN_SIGNING_KEY", json.dumps(fresh.as_dict(private=True)))
    assert verify(old, web.hands.at) == verify(tokens.issue(CITIZEN, web.hands.at), web.hands.at) == CITIZEN


@pytest.fixture
def outside(monkeypatch):
    """The doors of others, played: a WeChat code, an ID token of the staff, the national platform."""
    monkeypatch.setattr(doors, "openid_of", lambda code: f"openid-of-{code}")
    monkeypatch.setattr(doors, "subject_of", lambda token: token)
    monkeypatch.setattr(doors, "phone_of", lambda code: "13800005678")
    monkeypatch.setattr(doors, "confirm_identity", lambda name, number: name == "张示例")
    accounts.cache_clear()


def test_a_wrong_secret_is_a_503_that_says_when_to_come_again_and_quotes_nothing(web, outside, monkeypatch):
    monkeypatch.setenv("TOKEN_SIGNING_KEY", '{"kid": "a-value-to-keep"}')
    answer = web.call(None, "POST", "/accounts/sessions/wechat", {"code": "one"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "系统配置暂时无法读取" in answer.json_body["detail"] and "a-value-to-keep" not in answer.body.decode()


def test_a_citizen_signs_in_and_registers_the_real_name(web, outside):
    first = web.ok(None, "POST", "/accounts/sessions/wechat", {"code": "one"})
    again = web.ok(None, "POST", "/accounts/sessions/wechat", {"code": "one"})
    assert first["person"] == again["person"] and first["level"] == 0
    who: Bearer = verify(first["token"], web.hands.at)
    reached = web.ok(who, "POST", "/accounts/me/phone", {"code": "two"})
    assert (reached["level"], reached["phone"]) == (1, "138****5678")
    wrong = web.call(who, "POST", "/accounts/me/identity", {"name": "李", "number": "11010519491231002X"})
    assert wrong.json_body["type"].endswith(":identity")
    known = web.ok(who, "POST", "/accounts/me/identity", {"name": "张示例", "number": "11010519491231002x"})
    assert (known["level"], known["party"]) == (2, "张*例")
    assert web.ok(None, "POST", "/accounts/sessions/wechat", {"code": "one"})["level"] == 2


def test_staff_sign_in_with_the_offices_they_were_given(web, outside):
    assert web.call(None, "POST", "/accounts/sessions/staff", {"id_token": "s-9"}).status_code == 403
    web.ok(ADMIN, "POST", "/accounts/staff", {"subject": "s-9", "name": "王", "offices": [
        {"role": "clerk", "unit": HALL}]})
    session = web.ok(None, "POST", "/accounts/sessions/staff", {"id_token": "s-9"})
    assert session["offices"] == [f"clerk@{HALL}"]
    web.ok(verify(session["token"], web.hands.at), "GET", "/applications")


def test_preflights_are_answered_for_the_configured_origins(web):
    answer = web.client.http.request("OPTIONS", "/applications", headers={
        "Origin": "https://bureau.example.gov.cn", "Content-Type": "application/json"})
    assert answer.status_code == 204 and answer.headers["Access-Control-Allow-Origin"].endswith("gov.cn")
    other = web.client.http.request("OPTIONS", "/applications", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in other.headers


def test_a_fault_of_ours_is_a_problem_that_quotes_nothing(web, monkeypatch):
    monkeypatch.setattr("chalicelib.kernel.table.Table.get", lambda *_: (_ for _ in ()).throw(ValueError("张示例")))
    answer = web.call(CITIZEN, "GET", "/applications/x")
    assert answer.status_code == 500 and "张示例" not in answer.body.decode()
    assert json.loads(answer.body)["type"] == "urn:yiciban:problem:internal"


def test_every_summary_is_the_first_sentence_of_what_is_said_of_the_operation(web):
    described = web.ok(None, "GET", "/openapi.json")["paths"]
    for prefix, api in web.module.APIS.items():
        for operation in api.operations:
            summary = described[prefix + operation.path][operation.method.lower()]["summary"]
            assert summary.endswith(".") and " ".join(operation.doc.split()).startswith(summary), summary


def test_every_form_that_a_text_must_have_is_said_in_words(web):
    described = web.ok(None, "GET", "/openapi.json")
    asked = [adapter(one.body).json_schema() for api in web.module.APIS.values() for one in api.operations
             if one.body] + [operation["parameters"] for path in described["paths"].values()
                                         for operation in path.values()]
    assert set(patterns_in(asked)) <= set(PATTERNS)


def patterns_in(value):
    """Every pattern in a JSON schema."""
    if isinstance(value, dict):
        if isinstance(pattern := value.get("pattern"), str):
            yield pattern
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from patterns_in(one)


def test_an_unknown_act_is_pointed_at_and_told_which_there_are_for_every_kind_of_case(web):
    bodies = [one.body for api in web.module.APIS.values() for one in api.operations if one.path.endswith("/acts")]
    assert len(bodies) >= 10
    for body in bodies:
        with pytest.raises(Invalid) as invalid:
            parsed(adapter(body), '{"act": "nonsense"}')
        act = next(one for one in invalid.value.facts["errors"] if one["pointer"] == "/act")
        assert re.search("：[a-z_]+", act["detail"]), "at least one act is named"


@pytest.mark.parametrize("key, code, words", [
    ("short", "bad-key", "Idempotency-Key 请求头应为16至64个可见字符"), ("k" * 65, "bad-key", "16至64个"),
    ("", "no-key", "缺少 Idempotency-Key 请求头：16至64个可见字符")])
def test_a_key_that_is_too_short_is_not_called_missing(web, key, code, words):
    answer = web.call(CITIZEN, "POST", "/applications", {"area": AREA, "item": "x"}, Idempotency_Key=key)
    assert answer.status_code == 400 and answer.json_body["type"].endswith(f":{code}")
    assert words in answer.json_body["detail"]
