"""The catalogue as its callers meet it: who may change it, what anyone may read, and what bad input gets."""
import json
from urllib.parse import quote

import pytest

from tests.support.town import AREA, OTHER_AREA, SEEDS
from tests.support.web import CLERK, HEAD, KEEPER, KEEPER2, bearer

ITEMS = json.loads((SEEDS / "items.json").read_text("utf-8"))
FOOD = ITEMS[0]
FAR = bearer("keeper-far", ("keeper", f"{OTHER_AREA}.bureau"))
CITIZEN = bearer("citizen-one")


def problem(answer):
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json_body["type"].rpartition(":")[2]


def sent(*items, **more):
    return {"area": AREA, "format": "json", "content": json.dumps(items), **more}


@pytest.fixture
def publish(web):
    def publish(*items, **more):
        edition = web.ok(KEEPER, "POST", "/catalogue/imports", sent(*items, **more))
        return web.ok(KEEPER2, "POST", f"/catalogue/versions/{edition['id']}/publish")
    return publish


def test_an_edition_goes_from_import_to_publication_through_two_hands(web):
    answer = web.call(KEEPER, "POST", "/catalogue/imports", sent(FOOD | {"promised": "6wd@YSHJ36"}))
    edition = answer.json_body
    assert (answer.status_code, edition["state"], edition["report"]["publishable"]) == (201, "imported", 1)
    assert web.ok(None, "GET", f"/catalogue/items/{FOOD['code']}?area={AREA}")["version"] == 1
    path = f"/catalogue/versions/{edition['id']}/publish"
    assert problem(web.call(KEEPER, "POST", path)) == (403, "forbidden")
    assert problem(web.call(FAR, "POST", path)) == (404, "missing")
    assert problem(web.call(CLERK, "POST", path)) == (404, "missing")
    assert web.ok(HEAD, "POST", path)["number"] == 2
    assert problem(web.call(KEEPER2, "POST", path)) == (409, "published")
    assert web.ok(KEEPER, "GET", f"/catalogue/imports/{edition['id']}")["state"] == "published"
    guide = web.call(None, "GET", f"/catalogue/items/{FOOD['code']}?area={AREA}")
    assert (guide.headers["ETag"], guide.json_body["item"]["promised"]) == ('"2"', "6wd@YSHJ36")
    assert web.ok(None, "GET", f"/catalogue/items/{FOOD['code']}?area={AREA}&version=1")["in_force"] is False


def test_only_the_keeper_of_the_area_may_import(web):
    for who in (CITIZEN, CLERK, HEAD, FAR):
        assert problem(web.call(who, "POST", "/catalogue/imports", sent(FOOD))) == (403, "forbidden")


def test_a_repeated_key_imports_once_and_another_body_under_it_is_refused(web):
    key = "the-same-key-twice"
    first = web.call(KEEPER, "POST", "/catalogue/imports", sent(FOOD), key=key)
    again = web.call(KEEPER, "POST", "/catalogue/imports", sent(FOOD), key=key)
    assert first.json_body == again.json_body and again.headers["Idempotent-Replayed"] == "true"
    assert problem(web.call(KEEPER, "POST", "/catalogue/imports", sent(ITEMS[1]), key=key)) == (422, "key-reused")


@pytest.mark.parametrize("body, pointer", [
    ({"area": "4301"}, "/area"), ({"format": "xml"}, "/format"), ({"mode": "delete"}, "/mode"),
    ({"content": ""}, "/content"), ({"content": "{"}, "/content"), ({"content": "[]"}, None), ({"more": 1}, "/more"),
    ({"format": "csv", "content": "name,code\n"}, "/content"),
])
def test_a_source_that_cannot_be_read_is_refused_with_a_pointer(web, body, pointer):
    answer = web.call(KEEPER, "POST", "/catalogue/imports", sent(FOOD) | body)
    assert problem(answer) == (422, "invalid")
    assert [one["pointer"] for one in answer.json_body["errors"]] == ([pointer] if pointer else [])


def test_anyone_may_browse_by_department_and_search_page_by_page(web, publish):
    publish(*ITEMS)
    departments = web.ok(None, "GET", f"/catalogue/departments?area={AREA}")
    assert len(departments["departments"]) == 19 and departments["catalogue"] == 2
    assert sum(one["items"] for one in departments["departments"]) == 42
    health = web.ok(None, "GET", f"/catalogue/items?area={AREA}&department={AREA}.health&limit=2")
    assert (health["total"], len(health["items"])) == (5, 2)
    rest = web.ok(None, "GET", f"/catalogue/items?area={AREA}&department={AREA}.health&limit=100"
                               f"&cursor={quote(health['cursor'])}")
    assert len(rest["items"]) == 3 and rest["cursor"] is None
    found = web.ok(None, "GET", f"/catalogue/items?area={AREA}&q={quote('公积金 tq')}")
    assert [one["name"] for one in found["items"]] == ["住房公积金提取"]
    closed = web.ok(None, "GET", f"/catalogue/items?area={AREA}&applicable=false")
    assert {one["name"] for one in closed["items"]} == {"高龄津贴给付", "残疾人证新办"}
    assert {one["why_not"] for one in closed["items"]} == {"未公布法定办结时限"}


@pytest.mark.parametrize("query, status", [
    (f"area={OTHER_AREA}", 404), ("", 422), ("area=1", 422), (f"area={AREA}&department=x", 422),
    (f"area={AREA}&limit=101", 400), (f"area={AREA}&cursor=x", 400), (f"area={AREA}&sort=name", 422),
    (f"area={AREA}&q={'a' * 61}", 422),
])
def test_a_search_that_makes_no_sense_is_told_so(web, query, status):
    assert problem(web.call(None, "GET", f"/catalogue/items?{query}"))[0] == status


def test_an_item_withdrawn_says_so_and_its_versions_stay_readable(web, publish):
    publish(ITEMS[1], mode="replace")
    path = f"/catalogue/items/{FOOD['code']}?area={AREA}"
    assert problem(web.call(None, "GET", path)) == (409, "withdrawn")
    assert web.ok(None, "GET", f"{path}&version=1")["why_not"] == "该事项已停止办理"
    assert problem(web.call(None, "GET", f"{path}&version=9")) == (404, "missing")
    assert problem(web.call(None, "GET", f"/catalogue/items/none?area={AREA}")) == (404, "missing")


def test_the_guide_page_says_what_the_law_wants_said(web, publish):
    publish(*ITEMS)
    answer = web.call(None, "GET", f"/catalogue/guides/{AREA}/{FOOD['code']}")
    text = answer.body.decode()
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8" and '<html lang="zh-CN">' in text
    for said in ("20个工作日", "《中华人民共和国行政许可法》第四十二条", "10个工作日", "《优化营商环境条例》第三十六条",
                 "受理条件", "食品经营许可申请书", "不收费", "0731-00009999", "行政复议", "行政诉讼",
                 "检验，预计10个工作日"):
        assert said in text, said
    assert "<script" not in text and "现在不能申请" not in text
    allowance = next(one for one in ITEMS if one["name"] == "高龄津贴给付")
    text = web.ok(None, "GET", f"/catalogue/guides/{AREA}/{allowance['code']}")
    assert "现在不能申请" in text and "未公布法定办结时限" in text


def test_an_item_of_which_little_is_known_has_a_page_that_says_what_is_not_published(web, publish):
    publish({"area": AREA, "code": "A1", "name": "甲", "department": f"{AREA}.hall", "department_name": "乙"})
    assert web.ok(None, "GET", f"/catalogue/guides/{AREA}/A1").count("未公布") >= 7


def test_whatever_an_item_says_is_text_on_its_page(web, publish):
    evil = '<script>alert("1")</script>'
    publish(FOOD | {"name": evil, "conditions": [evil], "materials": [FOOD["materials"][0] | {"name": evil}]})
    text = web.ok(None, "GET", f"/catalogue/guides/{AREA}/{FOOD['code']}")
    assert "<script" not in text and text.count("&lt;script&gt;") == 4
