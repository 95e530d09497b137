"""A repeated Idempotency-Key, at every door that asks for one and makes no case: done once, answered again, or 422."""
import json

import boto3
import pytest

from chalicelib.domains.accounts import doors
from chalicelib.domains.accounts.wiring import accounts
from chalicelib.kernel.identity import Level
from tests.support.town import AREA, HALL, SEEDS
from tests.support.web import ADMIN, AUDITOR, CLERK, KEEPER, KEEPER2, bearer

NUMBERS = {"张示例": "11010519491231002X", "李示例": "440524188001010014"}
DAY = {"until": "2026-03-31"}


@pytest.fixture
def outside(web, monkeypatch):
    """WeChat's phone codes, each good once, and a national platform that agrees."""
    left = {"c1": "13800001234", "c2": "13900005678"}
    monkeypatch.setattr(doors, "openid_of", lambda code: f"openid-of-{code}")
    monkeypatch.setattr(doors, "phone_of", left.pop)
    monkeypatch.setattr(doors, "confirm_identity", lambda name, number: True)
    accounts.cache_clear()


@pytest.fixture
def two(web, outside):
    """The ids of two citizens who were seen at a window."""
    return [web.ok(CLERK, "POST", "/accounts/persons", {"kind": "natural", "name": name, "number": number})["id"]
            for name, number in NUMBERS.items()]


@pytest.fixture
def newcomer(web, outside):
    return bearer(web.ok(None, "POST", "/accounts/sessions/wechat", {"code": "c"})["person"], level=Level.NONE)


def mandate(web, two, number=0):
    given = {"agent": two[1], "until": f"2026-04-0{number + 1}"}
    return web.ok(bearer(two[0]), "POST", "/accounts/mandates", given)["id"]


def brought_in(web, number=0):
    return web.ok(KEEPER, "POST", "/catalogue/imports", imported(number))["id"]


def imported(number):
    item = json.loads((SEEDS / "items.json").read_text("utf-8"))[number]
    return {"area": AREA, "format": "json", "content": json.dumps([item])}


def staff(role):
    return {"subject": "s-9", "name": "王示例", "offices": [{"role": role, "unit": HALL}]}


def person(**fields):
    return {"kind": "natural", "name": "赵示例", "number": "810000199001010019"} | fields


DOORS = {
    "accounts_give_phone": lambda web, two, newcomer: (
        newcomer, *(("/accounts/me/phone", {"code": code}) for code in ("c1", "c2"))),
    "accounts_identify": lambda web, two, newcomer: (
        newcomer, *(("/accounts/me/identity", {"name": name, "number": "810000199001010019"}) for name in "赵钱")),
    "accounts_register": lambda web, two, newcomer: (
        CLERK, *(("/accounts/persons", person(phone=phone)) for phone in ("13800001234", "13900005678"))),
    "accounts_reveal": lambda web, two, newcomer: (
        CLERK, *((f"/accounts/persons/{one}/reveal", {"reason": "核对申请材料"}) for one in two)),
    "accounts_found_unit": lambda web, two, newcomer: (
        ADMIN, *(("/accounts/units", {"id": f"{AREA}.tax", "name": name}) for name in ("税务窗口", "税务局"))),
    "accounts_appoint": lambda web, two, newcomer: (
        ADMIN, *(("/accounts/staff", staff(role)) for role in ("clerk", "head"))),
    "accounts_give": lambda web, two, newcomer: (
        bearer(two[0]), *(("/accounts/mandates", {"agent": agent} | DAY) for agent in (two[1], "a" * 26))),
    "accounts_revoke": lambda web, two, newcomer: (
        bearer(two[0]), *((f"/accounts/mandates/{mandate(web, two, n)}/revoke", None) for n in range(2))),
    "catalogue_bring_in": lambda web, two, newcomer: (
        KEEPER, *(("/catalogue/imports", imported(number)) for number in range(2))),
    "catalogue_publish": lambda web, two, newcomer: (
        KEEPER2, *((f"/catalogue/versions/{brought_in(web, number)}/publish", None) for number in range(2))),
}
"""By operation: who sends it, and two requests that differ."""


def stored():
    tables = [f"yiciban-test-{name}" for name in ("accounts", "reference", "cases")]
    return [boto3.client("dynamodb").scan(TableName=table)["Items"] for table in tables]


@pytest.mark.parametrize("door", DOORS)
def test_a_request_sent_again_is_answered_again_and_another_under_its_key_refused(web, two, newcomer, door):
    who, first, other = DOORS[door](web, two, newcomer)
    made = web.call(who, "POST", *first, key="one-key-of-sixteen")
    assert made.status_code < 300 and "Idempotent-Replayed" not in made.headers, made.json_body
    there = stored()
    again = web.call(who, "POST", *first, key="one-key-of-sixteen")
    assert (again.status_code, again.json_body, again.headers.get("Idempotent-Replayed")) == (
        made.status_code, made.json_body, "true")
    refused = web.call(who, "POST", *other, key="one-key-of-sixteen")
    assert (refused.status_code, refused.json_body["type"]) == (422, "urn:yiciban:problem:key-reused")
    assert stored() == there, "nothing is written the second time"


def test_every_door_that_asks_for_a_key_and_makes_no_case_is_tried_here(web):
    asking = {f"{prefix.strip('/')}_{one.name}" for prefix, api in web.module.APIS.items() for one in api.operations
              if one.keyed and prefix in ("/accounts", "/catalogue")}
    assert asking == set(DOORS)


def test_a_reading_sent_twice_stands_once_in_the_auditor_s_list(web, two):
    for key in ("one-key-of-sixteen", "one-key-of-sixteen", "another-key-of-16"):
        web.ok(CLERK, "POST", f"/accounts/persons/{two[0]}/reveal", {"reason": "核对申请材料"}, key=key)
    assert len(web.ok(AUDITOR, "GET", f"/accounts/reads?day={web.hands.at.date()}")["items"]) == 2


def test_a_key_is_its_sender_s_own_and_that_of_a_refused_request_is_free(web, two):
    key, path = "one-key-of-sixteen", f"/accounts/persons/{two[0]}/reveal"
    assert web.call(CLERK, "POST", "/accounts/persons", person(number="810000199001010010"), key=key).status_code == 422
    web.ok(CLERK, "POST", "/accounts/persons", person(), key=key)
    other = bearer("clerk-two", ("clerk", HALL))
    web.ok(other, "POST", path, {"reason": "核对申请材料"}, key=key)
