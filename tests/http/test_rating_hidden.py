"""Who rated is hidden from the rated in everything they can be shown; what is public of it names nobody."""
import json
import re

import pytest

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.ratings.rights import token_of
from tests.support.kinds import PERSON, readers, scene
from tests.support.scenes.ratings import at_window, corrected
from tests.support.town import AREA, MARKET
from tests.support.web import CLERK, HEAD, RECTIFIER, REVIEWER, SUPERVISOR, bearer

OF_THE_CASE = ("/applications", "/notices", "/materials", "/accounts", "/privacy")
"""Where the rated work on the case that was rated, whose applicant they know; who rated is not said there."""
QUERIES = ("", "?month=2026-03", "?day=2026-03-05", f"?unit={MARKET}", f"?area={AREA}", "?window=3")
TEXT = "群众反映等候时间过长，现已增开窗口并公示等候时间。"


@pytest.fixture
def here(web):
    made = scene(web).submitted()
    readers(made)
    return made


def act(here, who, case, act, kind="corrections", **fields):
    return here.web.ok(who, "POST", f"/{kind}/{case}/acts", {"act": act, **fields})


def closed(here, late=False, **marks):
    """A bad rating that was put right, with the rater's name in every note; rating and correction."""
    rating, correction = corrected(here, words="证人在此", **marks)
    if late:
        here.web.hands.to("2026-03-04", 1)
        here.web.module.SWEEP.run(here.web.hands.at)
        here.web.react()
    act(here, RECTIFIER, correction, "contact", note=f"已联系{PERSON['name']}")
    act(here, RECTIFIER, correction, "admit", note=PERSON["phone"])
    act(here, RECTIFIER, correction, "correct", result="corrected", reply=f"已向{PERSON['name']}致歉")
    act(here, SUPERVISOR, correction, "pass", note=PERSON["name"])
    act(here, SUPERVISOR, correction, "call_back", satisfied=True, note=PERSON["phone"])
    act(here, SUPERVISOR, correction, "close")
    return rating, correction


def outputs(here, who):
    """Every answer to a GET that a reader can think of: each route, with every case there is, with every query."""
    ids = {prefix: here.rows(kind) for kind, prefix in (
        ("RATING", "/ratings"), ("CORRECTION", "/corrections"), ("CARD", "/supervision/cards"), ("ORDER", "/hotline"),
        ("SIGNAL", "/signals"), ("SUPERVISE", "/supervision/orders"))}
    for prefix, api in here.web.module.APIS.items():
        for operation in api.operations:
            path = prefix + operation.path
            if operation.method != "GET" or path.startswith(OF_THE_CASE):
                continue
            name = "contact" if prefix == "/corrections" else "window"
            filled = [path.replace("{name}", name)]
            if "{case_id}" in path:
                known = ids.get(path.partition("/{case_id}")[0], [])
                filled = [filled[0].replace("{case_id}", case) for case in known]
            for at in filled:
                for query in QUERIES if "{" not in path else ("",):
                    answer = here.web.call(who, "GET", at + query)
                    if answer.status_code == 200:
                        yield at + query, answer.body.decode()


def test_no_output_that_the_rated_can_get_names_the_rater(here):
    rating, correction = closed(here, late=True)
    act(here, SUPERVISOR, correction, "publish", text=TEXT)
    here.web.react()
    said = here.web.ok(SUPERVISOR, "GET", f"/ratings/{rating}")["case"]
    secrets = {PERSON["name"], PERSON["number"], PERSON["phone"], here.citizen.person, rating, "证人在此",
               said["number"], said["source"].partition("#")[2], token_of(rating)}
    met = set()
    for who in (CLERK, REVIEWER, HEAD, bearer(REVIEWER.person, ("rectifier", MARKET)),
                bearer(HEAD.person, ("rectifier", MARKET))):
        searched = dict(outputs(here, who))
        inbox = here.web.ok(who, "GET", "/messages?limit=100")["items"]
        searched["/messages"] = json.dumps([one for one in inbox if one["kind"] != "APPLICATION"], ensure_ascii=False)
        met |= set(searched)
        assert len(searched) > 15, who.person
        for path, text in searched.items():
            if path.startswith("/messages?"):
                continue                   # the desk's messages of the application itself name its number
            assert [secret for secret in secrets if secret in text] == [], (who.person, path)
    below = {f"/corrections/{correction}", f"/corrections/{correction}/clocks/contact"}
    assert {"/corrections", "/signals", "/supervision/cards", f"/ratings/published?area={AREA}", *below} <= met
    seen = dict(outputs(here, SUPERVISOR))
    assert any(PERSON["name"] in text for text in seen.values()), "who watches over it does read the notes"


def test_a_representative_bad_rating_is_public_until_it_is_taken_back_and_names_no_person(here, web):
    """The rater's own name and numbers; those of others as far as they can be told by their form."""
    _, correction = closed(here, tags=[204])
    for text in (f"向{PERSON['name']}致歉，并已增开窗口", f"已致电{PERSON['phone']}说明情况",
                 "已向身份证号码为440524188001010014的群众致歉", "联系人：王小明，住建设路12号，已确认满意"):
        answer = here.web.call(SUPERVISOR, "POST", f"/corrections/{correction}/acts", {"act": "publish", "text": text})
        assert answer.status_code == 422, text
        assert {one["pointer"] for one in answer.json_body["errors"]} == {"/text"}
        assert PERSON["name"] not in answer.body.decode() and PERSON["number"] not in answer.body.decode()
    path = f"/ratings/published?area={AREA}"
    assert web.ok(None, "GET", path)["items"] == []
    act(here, SUPERVISOR, correction, "publish", text=TEXT)
    web.react()
    entry, = web.ok(None, "GET", path)["items"]
    assert {name: entry[name] for name in ("unit", "month", "level", "tags", "result", "text")} == {
        "unit": MARKET, "month": "2026-03", "level": 2, "tags": [204], "result": "corrected", "text": TEXT}
    assert web.ok(None, "GET", "/ratings/published?area=430121000000")["items"] == []
    for item in [one for one in web.module.CASES.scan().items if one.get("act") == "publish"]:
        web.module.RELAY.offer(item)
    assert len(web.ok(None, "GET", path)["items"]) == 1, "told again, it is there once"
    act(here, SUPERVISOR, correction, "unpublish")
    web.react()
    for item in [one for one in web.module.CASES.scan().items if one.get("act") == "publish"]:
        web.module.RELAY.offer(item)
    assert web.ok(None, "GET", path)["items"] == [], "what the case says in the end holds"


def test_public_entries_come_in_pages(here, web):
    for _ in range(2):
        _, correction = at_window(here)
        act(here, RECTIFIER, correction, "contact", note="现场核实")
        act(here, RECTIFIER, correction, "admit_at_once")
        act(here, RECTIFIER, correction, "correct", result="explained", reply="已说明依据")
        act(here, SUPERVISOR, correction, "pass")
        act(here, SUPERVISOR, correction, "close")
        act(here, SUPERVISOR, correction, "publish", text=TEXT)
        web.hands.move(minutes=1)
    web.react()
    first = web.ok(None, "GET", f"/ratings/published?area={AREA}&limit=1")
    rest = web.ok(None, "GET", f"/ratings/published?area={AREA}&limit=1&cursor={first['cursor']}")
    assert (len(first["items"]), len(rest["items"]), rest["cursor"]) == (1, 1, None)


def test_who_watches_over_the_area_lists_the_bad_ratings_of_a_unit_that_have_no_end(here, web):
    _, correction = corrected(here)
    row, = web.ok(SUPERVISOR, "GET", f"/corrections?unit={MARKET}")["items"]
    assert (row["id"], row["state"]) == (correction, "waiting")
    for who, unit, status in ((SUPERVISOR, "430121000000.market", 404), (HEAD, MARKET, 403),
                              (here.citizen, MARKET, 403)):
        assert web.call(who, "GET", f"/corrections?unit={unit}").status_code == status
    act(here, RECTIFIER, correction, "contact", note="已联系")
    act(here, RECTIFIER, correction, "dispute", judgement="malicious", note="多次无故差评")
    act(here, SUPERVISOR, correction, "uphold", note="已核实")
    web.react()
    assert web.ok(SUPERVISOR, "GET", f"/corrections?unit={MARKET}")["items"] == []
    assert re.fullmatch(r"\d{6}CP.*", row["number"])


def test_a_supervisor_who_was_rated_is_shown_neither_the_rating_nor_who_gave_it(here, web):
    rating, correction = corrected(here, words="证人在此")
    same = bearer(REVIEWER.person, ("supervisor", f"{AREA}.supervision"))
    for path in (f"/ratings/{rating}", f"/ratings/{rating}/words", f"/corrections/{correction}/rating"):
        assert (web.call(same, "GET", path).status_code, web.call(SUPERVISOR, "GET", path).status_code) == (404, 200)
    assert web.call(same, "POST", f"/ratings/{rating}/acts", {"act": "note_default", "note": "有误"}).status_code == 404
    also = bearer(REVIEWER.person, ("rectifier", MARKET))
    told = {who.person: {one["template"] for one in web.ok(who, "GET", "/messages")["items"]}
            for who in (RECTIFIER, also)}
    assert "bad" in told[RECTIFIER.person] and "bad" not in told[also.person]


def test_a_rating_that_names_nobody_is_handled_by_none_of_those_who_serve_at_the_windows(here, web):
    _, correction = at_window(here)
    offices = [{"role": role, "unit": MARKET, "area": AREA} for role in ("reviewer", "rectifier")]
    accounts().store.appoint(REVIEWER.person, "审*", offices)
    also = bearer(REVIEWER.person, ("rectifier", MARKET))
    refused = web.call(also, "POST", f"/corrections/{correction}/acts", {"act": "claim"})
    assert refused.status_code == 409 and "未参与原事项办理" in refused.json_body["detail"]
    assert web.call(also, "GET", f"/corrections/{correction}/rating").status_code == 404
    act(here, RECTIFIER, correction, "claim")
    assert web.ok(RECTIFIER, "GET", f"/corrections/{correction}/rating")["words"] == "无人接待"
    handed = web.call(RECTIFIER, "POST", f"/corrections/{correction}/acts",
                      {"act": "hand_over", "handler": also.person})
    assert handed.status_code == 422 and handed.json_body["errors"][0]["pointer"] == "/handler"
