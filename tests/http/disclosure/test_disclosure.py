"""Documents over HTTP: from the draft to the site and down again; what is refused, and to whom nothing is there."""
import json

import boto3

from chalicelib.domains.disclosure import jobs as disclosure_jobs
from tests.support.kinds import PLANTED, scene
from tests.support.scenes.disclosure import BODY, OUT, PASSED, PATH, do, drafted
from tests.support.town import AREA
from tests.support.web import AUDITOR, CLERK, HEAD, LEADER, PUBLISHER, REVIEWER, SUPERVISOR, bearer

CITIZEN = bearer("p" * 26, level=3)


def site():
    """What lies in the public bucket: key -> (text, media type)."""
    client = boto3.client("s3")
    keys = [one["Key"] for one in client.list_objects_v2(Bucket="yiciban-test-site").get("Contents", [])]
    found = {key: client.get_object(Bucket="yiciban-test-site", Key=key) for key in keys}
    return {key: (one["Body"].read().decode(), one["ContentType"]) for key, one in found.items()}


def publish(web):
    return disclosure_jobs.publish()


def test_a_document_goes_from_the_draft_to_the_site_and_leaves_a_tombstone(web):
    made = web.ok(REVIEWER, "POST", PATH, BODY)
    case, path = made["case"]["id"], f"{PATH}/{made['case']['id']}"
    assert [one["act"] for one in made["acts"]] == ["revise", "discard", "submit", "claim"]
    web.ok(REVIEWER, "POST", f"{path}/acts", {"act": "revise", **{k: v for k, v in BODY.items() if k != "formed_on"}})
    do(web, case, *PASSED, (LEADER, {"act": "schedule", "hour": "2026-03-02T18:00:00+08:00"}))
    assert [row["id"] for row in web.ok(LEADER, "GET", f"{PATH}/queue")["items"]] == [case]
    assert publish(web) == 0 and site() == {}
    web.hands.to("2026-03-02", 18)
    assert publish(web) == 1
    shown = web.ok(PUBLISHER, "GET", path)
    assert (shown["case"]["state"], shown["case"]["address"]) == ("published", "guides/00000001.html")
    assert shown["timeline"][0]["label"] == "发布" and shown["clocks"] == []
    assert web.ok(PUBLISHER, "GET", f"{path}/clocks/publish")["basis"] == "XXGK26"
    page, kind = site()[f"{AREA}/guides/00000001.html"]
    assert kind == "text/html; charset=utf-8" and BODY["title"] in page and "2026年3月2日" in page
    assert "feed.xml" in {key.rpartition("/")[2] for key in site()}
    do(web, case, (PUBLISHER, {"act": "ask_withdrawal", "note": "内容有误"}), (LEADER, {"act": "approve_withdrawal"}))
    assert publish(web) == 1
    assert BODY["title"] not in "".join(text for text, _ in site().values())
    assert web.ok(PUBLISHER, "GET", f"{PATH}/closed?month=2026-03")["items"][0]["state"] == "withdrawn"


def test_a_planted_number_is_refused_with_its_place_and_the_draft_stays(web):
    case = drafted(web, text="第一行\n经办人身份证11010519491231002X")
    answer = web.call(REVIEWER, "POST", f"{PATH}/{case}/acts", {"act": "submit"})
    assert answer.status_code == 422 and answer.json_body["type"] == "urn:yiciban:problem:invalid"
    assert answer.json_body["errors"] == [{
        "pointer": "/text", "code": "resident-id", "detail": "第2行第7字：居民身份证号码（110***********002X）",
        "kind": "resident-id", "level": "block", "line": 2, "column": 7, "excerpt": "110***********002X"}]
    told = web.ok(REVIEWER, "GET", f"{PATH}/{case}/text")
    assert [one["kind"] for one in told["findings"]] == ["resident-id"]
    assert web.ok(REVIEWER, "GET", f"{PATH}/{case}")["case"]["state"] == "draft"
    for below in ("", "/own"):
        assert [row["id"] for row in web.ok(REVIEWER, "GET", f"{PATH}{below}")["items"]] == [case]


def test_citizens_strangers_and_other_units_find_nothing(web):
    case = do(web, drafted(web), *OUT)
    publish(web)
    for who in (CITIZEN, CLERK, bearer("x", ("publisher", "430198000000.openness"))):
        for below in ("", "/text", "/clocks/publish"):
            assert web.call(who, "GET", f"{PATH}/{case}{below}").status_code == 404
        assert web.call(who, "POST", f"{PATH}/{case}/acts", {"act": "claim"}).status_code == 404
    for who in (SUPERVISOR, AUDITOR, HEAD):
        assert web.call(who, "GET", f"{PATH}/{case}/text").status_code == 200
    assert web.call(CITIZEN, "POST", PATH, BODY).status_code == 403
    assert web.call(CITIZEN, "GET", f"{PATH}/queue").status_code == 403


def test_a_missed_review_is_a_yellow_card_for_the_unit_that_had_it(web):
    case = do(web, drafted(web), (REVIEWER, {"act": "submit"}), (HEAD, {"act": "approve"}))
    web.hands.to("2026-03-06", 1)
    web.module.SWEEP.run(web.hands.at)
    web.react()
    row, = web.ok(PUBLISHER, "GET", "/supervision/cards?unclaimed=true")["items"]
    card = web.ok(SUPERVISOR, "GET", f"/supervision/cards/{row['id']}")["case"]
    assert (card["rule"], card["source"], card["person"]) == ("Y2", f"DOCUMENT#{case}", f"{AREA}.openness")
    web.ok(PUBLISHER, "POST", f"/supervision/cards/{row['id']}/acts", {"act": "explain", "note": "人员出差"})


def test_a_granted_licence_reaches_the_site_and_names_its_holder_by_the_masked_name(web):
    here = scene(web).submitted()
    for who, act in ((CLERK, "receive"), (CLERK, "accept"), (REVIEWER, "review"), (HEAD, "grant")):
        here.act(who, act)
    web.react()
    assert publish(web) == 1 and publish(web) == 0
    shown = site()
    page, row = shown[f"{AREA}/licences/00000001.html"][0], json.loads(shown[f"{AREA}/licences/00000001.json"][0])
    number = web.ok(here.citizen, "GET", here.path)["case"]["number"]
    assert number in page and "欧**例" in page and here.item["name"] in row["title"]
    for key, (text, _) in shown.items():
        assert not [plant for plant in PLANTED if plant in text or plant in key]
