"""A day at the bureau over HTTP: every operation once, in the order of life."""
import json

import boto3
import pytest

from tests.support.town import AREA, HALL, MARKET
from tests.support.web import ADMIN, AUDITOR, CLERK, HEAD, KEEPER, KEEPER2, REVIEWER, SUPERVISOR, bearer, uploaded

ID_NUMBER = "11010519491231002X"


@pytest.fixture
def citizen(web):
    person = web.ok(CLERK, "POST", "/accounts/persons", {"kind": "natural", "name": "张示例", "number": ID_NUMBER,
                                                         "phone": "13800001234"})
    return bearer(person["id"], level=3)


@pytest.fixture
def item(web):
    code = web.ok(None, "GET", f"/catalogue/items?area={AREA}")["items"][0]["code"]
    return web.ok(None, "GET", f"/catalogue/items/{code}?area={AREA}")["item"]


@pytest.fixture
def case(web, citizen, item):
    draft = web.ok(citizen, "POST", "/applications", {"area": AREA, "item": item["code"]})["case"]
    files = {one["id"]: uploaded(web, citizen) for one in item["materials"] if one["necessity"] == "1"}
    path = f"/applications/{draft['id']}"
    web.ok(citizen, "POST", f"{path}/acts", {"act": "revise", "form": {"店名": "示例"}, "materials": files})
    case = web.ok(citizen, "POST", f"{path}/acts", {"act": "submit"})["case"]
    web.react()
    return case


def test_an_application_lives_from_the_draft_to_the_archive(web, citizen, case):
    path = f"/applications/{case['id']}"
    for who, act in ((CLERK, {"act": "receive"}), (CLERK, {"act": "accept"}), (REVIEWER, {"act": "review"}),
                     (REVIEWER, {"act": "ask_extension", "asked_days": 3, "note": "需核查"}),
                     (HEAD, {"act": "approve_extension"}), (HEAD, {"act": "grant"}), (HEAD, {"act": "close"}),
                     (CLERK, {"act": "issue"}), (CLERK, {"act": "deliver", "delivery": "邮寄"}),
                     (CLERK, {"act": "archive"})):
        web.ok(who, "POST", f"{path}/acts", act)
        web.react()
    file = web.ok(citizen, "GET", path)
    assert (file["case"]["state"], file["acts"], len(file["timeline"])) == ("archived", [], 13)
    assert {line["office"] for line in file["timeline"]} == {"申请人", "窗口人员", "审查人员", "单位负责人"}
    assert web.ok(CLERK, "GET", f"{path}/papers")["form"] == {"店名": "示例"}
    ledger = web.ok(citizen, "GET", f"{path}/clocks/statutory")
    assert ledger["lines"][-1]["day"] == ledger["due_on"] and ledger["basis"]
    assert [row["state"] for row in web.ok(CLERK, "GET", "/applications/closed?month=2026-03")["items"]] == ["archived"]
    assert web.ok(citizen, "GET", "/applications")["items"][0]["id"] == case["id"]
    track = web.ok(None, "GET", f"/applications/track?number={case['number']}&code={case['query_code']}")
    assert track["state"] == "archived" and "party" not in track


def test_notices_and_messages_follow_the_events(web, citizen, case):
    rows = web.ok(citizen, "GET", "/notices")["items"]
    assert [row["title"] for row in rows] == ["收件凭证"]
    shown = web.ok(citizen, "GET", f"/notices/{rows[0]['id']}")["case"]
    page = web.ok(citizen, "GET", f"/notices/{rows[0]['id']}/page")
    assert shown["number"] in page and "张*例" in page and "张示例" not in page
    checked = web.ok(None, "GET", f"/notices/verify?number={shown['number']}&code={shown['check_code']}")
    assert checked["stands"]
    served = web.ok(citizen, "POST", f"/notices/{rows[0]['id']}/acts", {"act": "acknowledge"})
    assert served["case"]["state"] == "served"
    told = web.ok(citizen, "GET", "/messages")["items"]
    assert [one["template"] for one in told] == ["received"] and case["number"] in told[0]["text"]
    assert web.ok(citizen, "POST", "/messages/read", {"ids": [told[0]["id"]]}) == {"read": 1}
    assert [one["template"] for one in web.ok(CLERK, "GET", "/messages")["items"]] == ["submitted"]


def test_silence_raises_a_card_that_the_unit_puts_right(web, citizen, case):
    web.hands.to("2026-03-10", 1)
    assert web.module.SWEEP.run(web.hands.at) >= 1
    web.react()
    file = web.ok(citizen, "GET", f"/applications/{case['id']}")
    assert file["case"]["accept_mode"] == "deemed"
    cards = web.ok(SUPERVISOR, "GET", "/supervision/cards")["items"]
    card = next(card for card in cards if card["number"].startswith("Y3-"))
    assert web.ok(SUPERVISOR, "GET", f"/supervision/cards/{card['id']}")["case"]["person"] == HALL
    for who, act in ((CLERK, "explain"), (CLERK, "correct"), (SUPERVISOR, "verify")):
        done = web.ok(who, "POST", f"/supervision/cards/{card['id']}/acts", {"act": act, "note": "已整改到位"})
    assert done["case"]["state"] == "closed"


def test_a_material_is_found_sound_or_defective(web, citizen, case):
    material = next(iter(web.ok(CLERK, "GET", f"/applications/{case['id']}/papers")["materials"].values()))
    assert web.ok(citizen, "GET", "/materials")["items"]
    assert web.ok(CLERK, "GET", f"/materials/{material}")["case"]["applications"] == [case["id"]]
    assert web.ok(CLERK, "GET", f"/materials/{material}/file")["url"].startswith("https://")
    found = web.ok(CLERK, "POST", f"/materials/{material}/acts", {"act": "reject", "note": "无法辨认"})
    assert found["case"]["state"] == "defective"
    assert web.call(SUPERVISOR, "GET", f"/materials/{material}/file").status_code == 404


def test_a_window_takes_an_application_in(web, citizen, item):
    files = {one["id"]: uploaded(web, CLERK, person=citizen.person)
             for one in item["materials"] if one["necessity"] == "1"}
    made = web.ok(CLERK, "POST", "/applications/window", {"area": AREA, "item": item["code"], "person": citizen.person,
                                                          "materials": files, "form": {}})
    assert made["case"]["state"] == "received"
    assert made["case"]["id"] in {row["id"] for row in web.ok(CLERK, "GET", "/applications")["items"]}


def test_accounts_of_persons_staff_units_and_mandates(web, citizen):
    agent = web.ok(CLERK, "POST", "/accounts/persons", {"kind": "natural", "name": "李受托", "number":
                                                        "440524188001010014"})["id"]
    assert web.ok(citizen, "GET", "/accounts/me")["number"] == "110***********002X"
    given = web.ok(citizen, "POST", "/accounts/mandates", {"agent": agent, "until": "2026-12-31"})
    assert web.ok(bearer(agent), "GET", "/accounts/mandates")["items"][0]["id"] == given["id"]
    assert web.ok(citizen, "POST", f"/accounts/mandates/{given['id']}/revoke")["ended"]
    assert web.ok(CLERK, "GET", f"/accounts/persons/{citizen.person}")["party"] == "张*例"
    clear = web.ok(CLERK, "POST", f"/accounts/persons/{citizen.person}/reveal", {"reason": "核对原件"})
    assert clear["number"] == ID_NUMBER
    assert web.ok(AUDITOR, "GET", "/accounts/reads?day=2026-03-02")["items"][0]["by"] == "clerk-one"
    unit = {"id": f"{AREA}.culture", "name": "示范区文化和旅游局"}
    assert web.ok(ADMIN, "POST", "/accounts/units", unit) == unit
    assert unit in web.ok(None, "GET", f"/accounts/units?area={AREA}")["items"]
    staff = web.ok(ADMIN, "POST", "/accounts/staff", {"subject": "s-1", "name": "王示例", "offices": [
        {"role": "reviewer", "unit": MARKET}]})
    assert staff["party"] == "王*例"


def test_a_session_ends(web, citizen):
    here = citizen.model_copy(update={"session": "s1"})
    assert web.ok(here, "POST", "/accounts/sessions/end") == {"done": True}
    assert web.call(here, "GET", "/accounts/me").status_code == 403
    web.ok(citizen.model_copy(update={"session": "s2"}), "GET", "/accounts/me")


def test_the_catalogue_is_published_by_two_persons(web, item):
    content = json.dumps([{**item, "code": item["code"][:-3] + "009", "name": "另一事项"}])
    brought = web.ok(KEEPER, "POST", "/catalogue/imports", {"area": AREA, "format": "json", "content": content})
    path = f"/catalogue/versions/{brought['id']}/publish"
    assert web.ok(KEEPER, "GET", f"/catalogue/imports/{brought['id']}")["state"] == "imported"
    assert web.call(KEEPER, "POST", path).status_code == 403
    assert web.ok(KEEPER2, "POST", path)["state"] == "published"
    web.hands.move(minutes=2)
    assert web.ok(None, "GET", f"/catalogue/items?area={AREA}&q=另一")["total"] == 1
    assert web.ok(None, "GET", f"/catalogue/departments?area={AREA}")["departments"]
    assert "<h1" in web.ok(None, "GET", f"/catalogue/guides/{AREA}/{item['code']}")


def test_health_names_the_commit(web):
    assert web.ok(None, "GET", "/health")["parts"] == {"store": True}
    boto3.client("dynamodb").delete_table(TableName="yiciban-test-figures")
    assert web.ok(None, "GET", "/health")["parts"] == {"store": False}
