"""A person and their own data, over HTTP: seen, taken along, corrected, deleted as far as the law lets them go."""
import pytest

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.privacy import jobs as privacy_jobs
from chalicelib.domains.privacy.store import CLASSES
from chalicelib.domains.privacy.wiring import requests
from chalicelib.kernel.identity import NATION
from tests.support.kinds import PERSON, audited, scene
from tests.support.scenes import hotline
from tests.support.scenes.privacy import CORRECTION, DELETION, PATH
from tests.support.town import AREA, MARKET, MONDAY, OTHER_AREA
from tests.support.web import AUDITOR, CENTRE, CLERK, REGISTRAR, SECURITY, SUPERVISOR, bearer, uploaded


@pytest.fixture
def here(web):
    return scene(web).submitted()


def lodge(here, body):
    return here.web.ok(here.citizen, "POST", PATH, body)["case"]["id"]


def act(here, who, case, act, **fields):
    return here.web.ok(who, "POST", f"{PATH}/{case}/acts", {"act": act, **fields})


def answered(here):
    """An order of the citizen that the centre has answered."""
    made = hotline.order(here)
    hotline.act(here, made, CENTRE, "answer", text=hotline.TEXT)
    here.web.react()
    return made


def test_a_person_sees_what_is_held_on_them_and_nobody_else_does(here):
    web, citizen = here.web, here.citizen
    mine = web.ok(citizen, "GET", "/privacy/mine")
    assert (mine["account"]["party"], mine["account"]["phone"]) == ("欧**例", "139****5678")
    assert {one["kind"]: one["cases"] for one in mine["held"]} == {
        "APPLICATION": 1, "MATERIAL": len(here.files), "NOTICE": 1}
    row, = web.ok(citizen, "GET", "/privacy/mine/cases?kind=APPLICATION")["items"]
    assert row["id"] == here.draft
    for who in (CLERK, AUDITOR, SECURITY):
        assert web.call(who, "GET", "/privacy/mine").status_code == 403
    stranger = web.ok(bearer("p" * 26), "GET", "/privacy/mine/cases?kind=APPLICATION")
    assert stranger["items"] == []
    assert web.call(citizen, "GET", "/privacy/mine/cases?kind=CARD").status_code == 422


def test_an_agent_sees_nothing_of_what_is_held_on_their_principal(here):
    agent = here.web.ok(CLERK, "POST", "/accounts/persons", {
        "kind": "natural", "name": "司马代理", "number": "440524188001010014"})["id"]
    mandate = here.web.ok(here.citizen, "POST", "/accounts/mandates", {"agent": agent, "until": "2026-12-31"})["id"]
    who = bearer(agent, level=3)
    for path in ("/privacy/mine", "/privacy/mine/export?kind=APPLICATION"):
        assert here.web.call(who, "GET", path, On_Behalf_Of=mandate).status_code == 403
    refused = here.web.call(who, "POST", PATH, DELETION, On_Behalf_Of=mandate)
    assert refused.status_code == 409 and "本人" in refused.json_body["detail"]


def test_an_export_holds_each_case_whole_page_by_page(here):
    code = here.item["code"]
    here.web.ok(here.citizen, "POST", "/applications", {"area": AREA, "item": code})
    first = here.web.ok(here.citizen, "GET", "/privacy/mine/export?kind=APPLICATION&limit=1")
    rest = here.web.ok(here.citizen, "GET",
                       f"/privacy/mine/export?kind=APPLICATION&limit=1&cursor={first['cursor']}")
    files = [one["file"] for one in (*first["items"], *rest["items"])]
    assert {file["case"]["id"] for file in files} >= {here.draft} and len(files) == 2
    whole = next(file for file in files if file["case"]["id"] == here.draft)
    read = here.web.ok(here.citizen, "GET", here.path)
    assert (whole["case"], whole["timeline"]) == (read["case"], read["timeline"])


def test_a_correction_is_decided_in_fifteen_working_days_and_carried_out(here):
    web = here.web
    case = lodge(here, CORRECTION)
    file = web.ok(here.citizen, "GET", f"{PATH}/{case}")
    assert [row["id"] for row in web.ok(REGISTRAR, "GET", PATH)["items"]] == [case]
    clock, = file["clocks"]
    assert (clock["name"], clock["due_on"], file["state_label"]) == ("decide", "2026-03-23", "待处理")
    assert web.ok(here.citizen, "GET", f"{PATH}/{case}/clocks/decide")["due_on"] == "2026-03-23"
    assert web.ok(REGISTRAR, "GET", f"{PATH}/{case}/proposal") == {
        "name": "", "phone": "136****5678", "reason": "号码已更换"}
    clear = web.ok(REGISTRAR, "POST", f"{PATH}/{case}/reveal", {"reason": "核对新号码"})
    assert clear["phone"] == "13612345678"
    act(here, REGISTRAR, case, "grant")
    web.react()
    file = web.ok(here.citizen, "GET", f"{PATH}/{case}")
    assert file["case"]["carried_at"] and [line["act"] for line in file["timeline"]] == [
        "carry_out", "grant", "lodge"]
    assert web.ok(here.citizen, "GET", "/accounts/me")["phone"] == "136****5678"
    titles = [one["title"] for one in web.ok(here.citizen, "GET", "/messages")["items"]]
    assert "个人信息请求有答复" in titles
    line, = web.ok(AUDITOR, "GET", f"/accounts/persons/{here.citizen.person}/reads")["items"]
    assert (line["fields"], line["case"], line["office"]) == ("phone", f"SUBJECT#{case}", f"registrar@{AREA}.bureau")
    own, = web.ok(here.citizen, "GET", "/accounts/me/reads")["items"]
    assert set(own) == {"at", "office", "fields"}
    assert web.call(here.citizen, "GET", f"/accounts/persons/{here.citizen.person}/reads").status_code == 403
    audited(web)


def test_a_name_is_corrected_upon_proof_that_is_the_person_s_own(here):
    body = {"area": AREA, "sort": "correct", "name": "欧阳更正", "reason": "登记有误"}
    assert here.web.call(here.citizen, "POST", PATH, body).status_code == 422
    foreign = here.web.call(here.citizen, "POST", PATH, body | {"materials": ["a" * 26]})
    assert foreign.json_body["errors"][0]["pointer"] == "/materials/0"
    case = lodge(here, body | {"materials": [uploaded(here.web, here.citizen)]})
    act(here, REGISTRAR, case, "grant")
    here.web.react()
    profile = accounts().store.person(here.citizen.person)
    assert accounts().store.opened(profile)["name"] == "欧阳更正" and profile["party"] == "欧**正"


@pytest.mark.parametrize("body, pointer", [
    (DELETION | {"phone": "13612345678"}, ""), (CORRECTION | {"phone": "123"}, "/phone"),
    ({"area": AREA, "sort": "correct", "reason": "无"}, "")])
def test_a_request_that_does_not_fit_its_sort_is_told_so(here, body, pointer):
    answer = here.web.call(here.citizen, "POST", PATH, body)
    assert answer.status_code == 422 and answer.json_body["errors"][0]["pointer"] == pointer


def test_an_area_without_an_office_takes_no_request(here):
    refused = here.web.call(here.citizen, "POST", PATH, CORRECTION | {"area": OTHER_AREA})
    unknown = here.web.call(None, "GET", f"/privacy/classes?area={OTHER_AREA}")
    assert (refused.status_code, unknown.status_code) == (404, 404) and refused.json_body == unknown.json_body


def test_nothing_is_deleted_of_who_has_a_matter_in_hand(here):
    case = lodge(here, DELETION)
    file = here.web.ok(REGISTRAR, "GET", f"{PATH}/{case}")
    assert "grant" not in {one["act"] for one in file["acts"]}
    assert "尚有未办结的事项" in next(one["reason"] for one in file["blocked"] if one["act"] == "grant")
    refused = here.web.call(REGISTRAR, "POST", f"{PATH}/{case}/acts", {"act": "grant"})
    assert refused.status_code == 409


def test_a_refused_deletion_names_the_classes_that_a_law_keeps(here):
    case = lodge(here, DELETION)
    without = here.web.call(REGISTRAR, "POST", f"{PATH}/{case}/acts", {"act": "refuse", "note": "依法保存"})
    assert without.status_code == 422 and without.json_body["errors"][0]["pointer"] == "/kept"
    mine = {"act": "refuse", "note": "依法保存", "kept": ["orders"]}
    assert here.web.call(REGISTRAR, "POST", f"{PATH}/{case}/acts", mine).status_code == 422
    file = act(here, REGISTRAR, case, "refuse", note="办件依法归档", kept=["applications"])
    assert file["case"]["kept"] == ["applications"] and file["state_label"] == "不予同意"


def test_a_granted_deletion_lets_go_what_no_law_keeps_and_restricts_the_rest(here):
    web = here.web
    order, loose = answered(here), uploaded(web, here.citizen)
    here.act(here.citizen, "withdraw")
    web.react()
    case = lodge(here, DELETION)
    act(here, REGISTRAR, case, "grant")
    web.react()
    kept = web.ok(here.citizen, "GET", f"{PATH}/{case}")["case"]["kept"]
    assert kept == ["applications", "materials", "notices", "requests"]
    for path in (f"/hotline/orders/{order}", f"/materials/{loose}"):
        assert web.call(here.citizen, "GET", path).status_code == 404, "it is nobody's any more"
    assert web.ok(SUPERVISOR, "GET", f"/hotline/orders/{order}")["case"]["title"] == "（内容已清除）"
    assert web.call(CENTRE, "GET", f"/hotline/orders/{order}/words").status_code == 404
    assert web.ok(here.citizen, "GET", here.path)["state_label"], "an application is kept, as the law has it"
    refused = web.call(CLERK, "POST", f"/accounts/persons/{here.citizen.person}/reveal", {"reason": "核对原件"})
    assert (refused.status_code, refused.json_body["type"]) == (409, "urn:yiciban:problem:restricted")
    assert accounts().address(here.citizen.person, "sms") == ""
    audited(web)
    web.ok(CLERK, "POST", "/accounts/persons", PERSON | {"phone": "13712345678"})      # seen again at a window
    web.ok(CLERK, "POST", f"/accounts/persons/{here.citizen.person}/reveal", {"reason": "核对原件"})


def test_a_case_on_hold_is_not_let_go_at_its_person_s_word(here):
    web, order = here.web, answered(here)
    here.act(here.citizen, "withdraw")
    web.ok(SECURITY, "POST", "/privacy/holds", {"case": f"ORDER#{order}", "reason": "行政诉讼"})
    case = lodge(here, DELETION)
    act(here, REGISTRAR, case, "grant")
    web.react()
    assert "orders" in web.ok(here.citizen, "GET", f"{PATH}/{case}")["case"]["kept"]
    assert web.ok(here.citizen, "GET", f"/hotline/orders/{order}")["case"]["title"] == hotline.WORDS["title"]


def test_who_had_nothing_but_an_order_is_forgotten(web):
    citizen = bearer(web.ok(CLERK, "POST", "/accounts/persons", PERSON)["id"], level=3)
    order = web.ok(citizen, "POST", "/hotline/orders", {"area": AREA, "category": "help", **hotline.WORDS}
                   )["case"]["id"]
    web.ok(CENTRE, "POST", f"/hotline/orders/{order}/acts", {"act": "answer", "text": hotline.TEXT})
    web.react()
    case = web.ok(citizen, "POST", PATH, DELETION)["case"]["id"]
    web.ok(REGISTRAR, "POST", f"{PATH}/{case}/acts", {"act": "grant"})
    web.react()
    profile = accounts().store.person(citizen.person)
    assert profile["party"] == "已注销" and accounts().store.opened(profile) == dict.fromkeys(
        ("name", "number", "phone", "openid"), "")
    assert accounts().store.known_by("ID", PERSON["number"]) is None
    assert web.ok(CLERK, "POST", "/accounts/persons", PERSON)["id"] != citizen.person, "a new person to us"
    audited(web)


def test_the_classes_of_the_area_of_each_case_say_what_goes(here):
    order = answered(here)
    here.act(here.citizen, "withdraw")
    reference = requests().reference
    rows = reference.rows(CLASSES, f"{NATION}/1")
    reference.publish(CLASSES, AREA, "own", [row | {"on_request": False} if row["code"] == "orders" else row
                                             for row in rows], MONDAY.date())
    case = lodge(here, DELETION)
    act(here, REGISTRAR, case, "grant")
    here.web.react()
    assert "orders" in here.web.ok(here.citizen, "GET", f"{PATH}/{case}")["case"]["kept"]
    assert here.web.ok(here.citizen, "GET", f"/hotline/orders/{order}")["case"]["title"] == hotline.WORDS["title"]


def test_a_granted_deletion_that_an_office_holds_back_is_told_and_done_when_the_office_ends(web):
    person, store = web.ok(CLERK, "POST", "/accounts/persons", PERSON)["id"], accounts().store
    citizen = bearer(person, level=3)
    store.appoint(person, "欧**例", [{"role": "clerk", "unit": MARKET, "area": AREA}])
    case = web.ok(citizen, "POST", PATH, DELETION)["case"]["id"]
    web.ok(REGISTRAR, "POST", f"{PATH}/{case}/acts", {"act": "grant"})
    web.react()
    assert web.ok(citizen, "GET", f"{PATH}/{case}")["case"]["kept"] == ["identity", "requests"]
    assert privacy_jobs.keep() == 0 and store.known_by("ID", PERSON["number"]) == person
    store.appoint(person, "欧**例", [], store.staff(person))
    web.hands.move(days=1)
    privacy_jobs.keep()
    assert store.known_by("ID", PERSON["number"]) is None


def test_a_request_that_nobody_decides_raises_a_yellow_card(here):
    case = lodge(here, CORRECTION)
    here.web.react()
    here.web.hands.to("2026-03-24", 1)
    here.web.module.SWEEP.run(here.web.hands.at)
    here.web.react()
    cards = here.web.ok(SUPERVISOR, "GET", "/supervision/cards")["items"]
    mine = [here.web.ok(SUPERVISOR, "GET", f"/supervision/cards/{one['id']}")["case"] for one in cards]
    assert [one for one in mine if one["source"] == f"SUBJECT#{case}" and one["number"].startswith("Y2-")]


def test_the_classes_of_data_are_public(web):
    found = web.ok(None, "GET", f"/privacy/classes?area={AREA}")
    by_code = {one["code"]: one for one in found["items"]}
    assert by_code["applications"]["keep"] == "30yr@GZ9" and by_code["applications"]["end"] == "anonymise"
    assert {"identity", "reads", "messages", "site"} <= set(by_code)


def test_what_is_asked_for_already_is_not_asked_for_twice_until_it_is_ended(here):
    first = lodge(here, CORRECTION)
    number = here.web.ok(here.citizen, "GET", f"{PATH}/{first}")["case"]["number"]
    again = here.web.call(here.citizen, "POST", PATH, CORRECTION)
    assert again.status_code == 409 and again.json_body["type"].endswith("asked")
    assert number in again.json_body["detail"]
    assert len(here.web.ok(here.citizen, "GET", PATH)["items"]) == 1
    lodge(here, CORRECTION | {"phone": "13900000001"})
    act(here, here.citizen, first, "withdraw")
    second = lodge(here, CORRECTION)       # before the reaction to the end of the first
    here.web.react()
    assert here.web.call(here.citizen, "POST", PATH, CORRECTION).status_code == 409 and second != first


def test_of_two_requests_for_the_same_at_one_moment_one_is_kept(here, monkeypatch):
    real, quicker = type(requests().store).asking, []

    def asking(store, case):
        write = real(store, case)
        if not quicker:
            quicker.append("another device")
            lodge(here, CORRECTION)
        return write
    monkeypatch.setattr(type(requests().store), "asking", asking)
    assert here.web.call(here.citizen, "POST", PATH, CORRECTION).status_code == 409
    assert len(here.web.ok(here.citizen, "GET", PATH)["items"]) == 1
