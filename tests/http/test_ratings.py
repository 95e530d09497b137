"""A service is rated badly over HTTP and put right; the rated person never learns who rated."""
import json

import boto3
import pytest

from chalicelib.domains.ratings.store import LIMITS
from chalicelib.domains.ratings.wiring import ratings
from chalicelib.kernel.reference import NATION
from tests.support.kinds import readers, scene
from tests.support.scenes import hotline
from tests.support.scenes.ratings import at_window, corrected, rated
from tests.support.town import AREA, HALL, MARKET, MONDAY
from tests.support.web import CENTRE, CLERK, HEAD, RECTIFIER, REVIEWER, SUPERVISOR, bearer


@pytest.fixture
def here(web):
    made = scene(web).submitted()
    readers(made)
    return made


def act(here, who, case, act, kind="corrections", **fields):
    return here.web.ok(who, "POST", f"/{kind}/{case}/acts", {"act": act, **fields})


def refused(here, who, case, act, kind="corrections", **fields):
    """The problem that an act gets."""
    answer = here.web.call(who, "POST", f"/{kind}/{case}/acts", {"act": act, **fields})
    assert answer.status_code >= 400
    return answer.json_body


def inbox(here, who):
    return {one["template"]: one["text"] for one in here.web.ok(who, "GET", "/messages?limit=100")["items"]}


def test_what_ended_is_offered_for_rating_once_and_rated_once(here):
    rating = rated(here)
    row, = here.web.ok(here.citizen, "GET", "/ratings")["items"]
    assert (row["id"], row["state_label"]) == (rating, "待评价") and "请您评价" not in row["title"]
    assert "评价人信息对被评价人员保密" in inbox(here, here.citizen)["rate"]
    tags = here.web.ok(None, "GET", "/ratings/tags")["items"]
    assert (201, "服务态度冷淡") in {(row["code"], row["word"]) for row in tags}
    assert len({row["code"] for row in tags}) == len(tags) == 25
    file = act(here, here.citizen, rating, "rate", "ratings", level=5, tags=[501], words="很快")
    assert (file["case"]["level"], [one["act"] for one in file["acts"]]) == (5, ["change"])
    again = refused(here, here.citizen, rating, "rate", "ratings", level=1)
    assert again["status"] == 409 and not here.rows("CORRECTION")
    changed = act(here, here.citizen, rating, "change", "ratings", level=4, words="补充一句")
    assert (changed["case"]["level"], changed["acts"]) == (4, [])
    assert here.web.ok(here.citizen, "GET", f"/ratings/{rating}/words") == {"words": "补充一句"}
    assert here.web.ok(here.citizen, "GET", f"/ratings/{rating}/clocks/window")["basis"] == "GZ3"


def test_a_tag_of_another_level_and_one_that_there_is_not_are_pointed_at(here):
    rating = rated(here)
    for tags, said in (([501], "与所选等级对应"), ([299], "没有标签299"), ([201, 201], "不重复")):
        problem = refused(here, here.citizen, rating, "rate", "ratings", level=2, tags=tags)
        assert problem["status"] == 422 and said in problem["errors"][0]["detail"]
    assert here.web.ok(here.citizen, "GET", f"/ratings/{rating}")["version"] == 1


def test_a_bad_rating_is_contacted_admitted_corrected_checked_called_back_and_closed(here):
    rating, correction = corrected(here, tags=[204], words="跑了三趟")
    row, = here.web.ok(RECTIFIER, "GET", "/corrections")["items"]
    assert row["id"] == correction and row["due_at"] == "2026-03-03T16:00:00Z", "one working day to make contact"
    ledger = here.web.ok(SUPERVISOR, "GET", f"/corrections/{correction}/clocks/correct")
    assert (ledger["basis"], ledger["due_on"]) == ("GZ3", "2026-03-09")
    act(here, RECTIFIER, correction, "contact", note="已电话联系，情况属实")
    behind = here.web.ok(RECTIFIER, "GET", f"/corrections/{correction}/rating")
    assert behind["words"] == "跑了三趟" and behind["person"] == here.citizen.person and behind["source"]
    act(here, RECTIFIER, correction, "admit")
    act(here, RECTIFIER, correction, "ask_extension", asked_days=10, note="需调取录像")
    assert "未参与" in refused(here, HEAD, correction, "approve_extension")["detail"], "the head decided the case"
    act(here, SUPERVISOR, correction, "approve_extension")
    act(here, RECTIFIER, correction, "correct", result="corrected", reply="已向群众致歉，材料清单已更正")
    act(here, SUPERVISOR, correction, "send_back", note="请补充整改措施")
    act(here, RECTIFIER, correction, "correct", result="corrected", reply="已致歉，更正清单并培训窗口人员")
    act(here, SUPERVISOR, correction, "pass")
    assert "须回访" in refused(here, SUPERVISOR, correction, "close")["detail"]
    act(here, SUPERVISOR, correction, "miss_call", note="未接通")
    here.web.react()
    assert "to-watch" in inbox(here, SUPERVISOR)
    act(here, SUPERVISOR, correction, "call_back", satisfied=True)
    closed = act(here, SUPERVISOR, correction, "close")
    here.web.react()
    assert (closed["case"]["state"], closed["clocks"]) == ("closed", [])
    assert [one["act"] for one in closed["acts"]] == ["publish"]
    assert "righted" in inbox(here, here.citizen) and "bad" in inbox(here, RECTIFIER)
    assert "bad" not in inbox(here, REVIEWER), "it is no message for who was rated"
    reply = here.web.ok(SUPERVISOR, "GET", f"/corrections/{correction}/reply")
    assert reply == {"result": "corrected", "reply": "已致歉，更正清单并培训窗口人员"}


def test_a_rater_who_is_not_content_has_it_done_again_once(here):
    _, correction = corrected(here)
    act(here, RECTIFIER, correction, "contact", note="已联系")
    act(here, RECTIFIER, correction, "admit")
    for satisfied in (False, False):
        act(here, RECTIFIER, correction, "correct", result="explained", reply="说明依据")
        act(here, SUPERVISOR, correction, "pass")
        called = act(here, SUPERVISOR, correction, "call_back", satisfied=satisfied)
        if "rework" in [one["act"] for one in called["acts"]]:
            again = act(here, SUPERVISOR, correction, "rework")
            assert [clock["due_on"] for clock in again["clocks"]] == ["2026-03-05"], "half of five days, rounded up"
    assert [one["act"] for one in called["acts"] if one["act"] != "annul"] == ["close"]


def test_a_mistaken_rating_is_judged_by_the_supervisor_and_kept_out_of_the_scores(here):
    rating, correction = corrected(here)
    act(here, RECTIFIER, correction, "contact", note="评价人称误触")
    disputed = act(here, RECTIFIER, correction, "dispute", judgement="mistaken", note="评价人确认误评")
    assert {clock["name"]: clock["paused"] for clock in disputed["clocks"]} == {"correct": True, "review": False}
    act(here, SUPERVISOR, correction, "uphold", note="核实通话录音")
    here.web.react()
    here.web.react()
    seen = here.web.ok(SUPERVISOR, "GET", f"/ratings/{rating}")["case"]
    assert (seen["excluded"], seen["level"], seen["state"]) == ("mistaken", 2, "rated"), "kept, and not counted"
    assert "judged" in inbox(here, here.citizen)


def test_who_was_rated_reads_no_note_and_no_reply(here, web):
    """Whoever puts it right may write down whom they spoke to."""
    _, correction = corrected(here)
    act(here, RECTIFIER, correction, "contact", note="已联系申请人张女士")
    act(here, RECTIFIER, correction, "admit")
    act(here, RECTIFIER, correction, "correct", result="corrected", reply="已向张女士致歉")
    for who in (HEAD, bearer(REVIEWER.person, ("rectifier", MARKET))):
        assert "张女士" not in json.dumps(web.ok(who, "GET", f"/corrections/{correction}"), ensure_ascii=False)
        assert web.call(who, "GET", f"/corrections/{correction}/reply").status_code == 404
    other = bearer("head-two", ("head", MARKET))
    assert "张女士" in json.dumps(web.ok(other, "GET", f"/corrections/{correction}"), ensure_ascii=False)
    assert web.ok(SUPERVISOR, "GET", f"/corrections/{correction}/reply")["reply"] == "已向张女士致歉"


def test_a_rectifier_is_told_to_claim_before_reading_what_was_said_and_who_was_rated_nothing(here, web):
    _, correction = corrected(here)
    path, other = f"/corrections/{correction}/rating", bearer("rectifier-two", ("rectifier", MARKET))
    unclaimed = web.call(RECTIFIER, "GET", path)
    assert (unclaimed.status_code, unclaimed.json_body["type"]) == (409, "urn:yiciban:problem:claim-first")
    assert "请先认领" in unclaimed.json_body["detail"]
    act(here, RECTIFIER, correction, "claim")
    assert web.ok(RECTIFIER, "GET", path)["number"] and web.call(other, "GET", path).status_code == 403
    for who in (HEAD, bearer(REVIEWER.person, ("rectifier", MARKET)), bearer("far", ("rectifier", HALL)), here.citizen):
        assert web.call(who, "GET", path).status_code == 404


def test_the_supervisor_finds_another_hand_where_the_unit_has_none(here):
    _, correction = corrected(here)
    act(here, RECTIFIER, correction, "contact", note="已联系")
    same = refused(here, SUPERVISOR, correction, "redirect", unit=MARKET, note="重新计算期限")
    assert (same["status"], same["errors"][0]["pointer"]) == (422, "/unit"), "that would only give it more time"
    seen = act(here, SUPERVISOR, correction, "redirect", unit=HALL, note="本单位无可办理人员")["case"]
    assert (seen["unit"], seen["handler"], seen["state"]) == (HALL, "", "waiting")


def test_a_correction_follows_a_change_of_mind(here, web):
    rating, correction = corrected(here, tags=[201], words="窗口无人")
    changed = act(here, here.citizen, rating, "change", "ratings", level=5)
    assert (changed["case"]["level"], changed["case"]["tags"]) == (5, []), "tags go with the level"
    assert web.ok(here.citizen, "GET", f"/ratings/{rating}/words") == {"words": "窗口无人"}, "words are kept"
    web.react()
    web.react()
    seen = web.ok(RECTIFIER, "GET", f"/corrections/{correction}")
    assert (seen["case"]["level"], seen["case"]["tags"], seen["timeline"][0]["act"]) == (5, [], "refresh")
    assert [line["act"] for line in seen["timeline"]].count("refresh") == 1


def test_who_was_rated_has_no_hand_in_the_correction(here, web):
    two = bearer(REVIEWER.person, ("rectifier", MARKET))
    _, correction = corrected(here)
    problem = refused(here, two, correction, "claim")
    assert problem["status"] == 409 and "未参与原事项办理" in problem["detail"]
    act(here, RECTIFIER, correction, "claim")
    assert refused(here, RECTIFIER, correction, "hand_over", handler=REVIEWER.person)["status"] == 422
    assert web.call(two, "GET", f"/corrections/{correction}/rating").status_code == 404


def test_silence_lapses_to_unrated_and_never_to_praise(here):
    rating = rated(here)
    here.web.hands.to("2026-04-02")
    here.web.module.SWEEP.run(here.web.hands.at)
    seen = here.web.ok(here.citizen, "GET", f"/ratings/{rating}")
    assert (seen["case"]["state"], seen["case"]["level"], seen["acts"]) == ("unrated", 0, [])


def test_a_unit_that_makes_no_contact_gets_a_card(here):
    corrected(here)
    here.web.hands.to("2026-03-04", 1)
    here.web.module.SWEEP.run(here.web.hands.at)
    here.web.react()
    cards = here.web.ok(HEAD, "GET", "/supervision/cards")["items"]
    assert any(card["title"] == "差评未在时限内联系" and card["number"].startswith("Y6-") for card in cards)


def test_a_code_at_a_window_lets_anybody_rate_without_a_name_and_is_flagged(here, web):
    code = web.ok(CLERK, "GET", "/ratings/window-code?window=12")
    body = {**code, "level": 4, "tags": [401]}
    first = web.call(None, "POST", "/ratings/window", body, key="window-key-000001")
    second = web.call(None, "POST", "/ratings/window", body, key="window-key-000001")
    assert (first.status_code, first.json_body) == (second.status_code, second.json_body) == (201, {"received": True})
    other = web.call(None, "POST", "/ratings/window", body | {"level": 1, "tags": []}, key="window-key-000001")
    assert other.status_code == 422 and len(here.rows("RATING")) == 1
    seen = web.ok(SUPERVISOR, "GET", f"/ratings/{here.rows('RATING')[0]}")["case"]
    assert (seen["anonymous"], seen["window"], seen["person"], seen["unit"]) == (True, "12", "", code["unit"])
    forged = web.call(None, "POST", "/ratings/window", body | {"code": "aaaaaaaa"})
    assert forged.status_code == 422 and forged.json_body["errors"][0]["pointer"] == "/code"
    assert web.call(here.citizen, "GET", "/ratings/window-code?window=1").status_code == 403


def test_an_anonymous_bad_rating_is_put_right_and_closed_without_a_call(here):
    _, correction = at_window(here)
    act(here, RECTIFIER, correction, "contact", note="现场核实")
    act(here, RECTIFIER, correction, "admit")
    act(here, RECTIFIER, correction, "correct", result="corrected", reply="已增派人员")
    act(here, SUPERVISOR, correction, "pass")
    assert "匿名" in refused(here, SUPERVISOR, correction, "call_back", satisfied=True)["detail"]
    assert act(here, SUPERVISOR, correction, "close")["case"]["state"] == "closed"


def test_one_address_rates_at_windows_only_so_often(here, web):
    body = {**web.ok(CLERK, "GET", "/ratings/window-code?window=1"), "level": 5}
    rows = [{"name": "per_address", "number": 2}, *ratings().reference.rows(LIMITS, f"{NATION}/1")[:-2]]
    ratings().reference.publish(LIMITS, AREA, "strict", rows, MONDAY.date())
    assert [web.call(None, "POST", "/ratings/window", body).status_code for _ in range(3)] == [201, 201, 429]


def test_nothing_that_the_rated_can_read_names_the_rater_or_the_case(here):
    """The reviewer, the clerk and the head read everything that is theirs; an event's notice tells no more."""
    rating, correction = corrected(here, words="证人在此")
    said = here.web.ok(SUPERVISOR, "GET", f"/corrections/{correction}/rating")
    secrets = {rating, said["number"], said["source"].partition("#")[2], said["person"], said["party"], said["words"]}
    for who in (bearer(REVIEWER.person, ("rectifier", MARKET)), HEAD):
        told = [one for one in here.web.ok(who, "GET", "/messages?limit=100")["items"] if one["kind"] != "APPLICATION"]
        assert correction not in json.dumps(told), "nor are they told that there is one"
        shown = [*(here.web.ok(who, "GET", path) for path in ("/corrections", f"/corrections/{correction}"))]
        for text in (json.dumps(one, ensure_ascii=False) for one in shown):
            assert correction in text and not [one for one in secrets if one in text], who.person
        assert here.web.call(who, "GET", f"/ratings/{rating}").status_code == 404
        assert here.web.call(who, "GET", f"/corrections/{correction}/rating").status_code == 404
    assert here.web.call(HEAD, "GET", "/ratings").status_code == 403
    rows = boto3.client("dynamodb").scan(TableName="yiciban-test-cases")["Items"]
    kept = [row for row in rows if row["pk"]["S"] == f"CORRECTION#{correction}"]
    hidden = json.dumps(kept, ensure_ascii=False)
    assert kept and not [one for one in secrets - {rating} if one in hidden], "not even the record holds it"


def test_the_rating_of_a_report_does_not_undo_what_the_hotline_hides(here, web):
    report = {"area": AREA, "category": "report", **hotline.WORDS}
    order = web.ok(here.citizen, "POST", hotline.LIST, report)["case"]["id"]
    hotline.act(here, order, CENTRE, "answer", text="已告知办理渠道")
    web.react()
    row = next(row for row in web.ok(here.citizen, "GET", "/ratings")["items"] if row["title"] == report["title"])
    act(here, here.citizen, row["id"], "rate", "ratings", level=1, words="无人处理")
    web.react()
    correction, = here.rows("CORRECTION")
    seat = bearer("rectifier-of-centre", ("rectifier", f"{AREA}.hotline"))
    act(here, seat, correction, "claim")
    for who in (seat, SUPERVISOR):
        behind = web.ok(who, "GET", f"/corrections/{correction}/rating")
        assert behind == {"words": "无人处理", "person": "", "party": "", "source": "", "number": "", "title": ""}
    seen = web.ok(SUPERVISOR, "GET", f"/ratings/{row['id']}")["case"]
    assert (seen["person"], seen["party"]) == ("", "")
