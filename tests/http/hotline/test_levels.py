"""Levels of supervision, shelving, merging, over HTTP and by the sweep."""
from hashlib import blake2b
from zlib import crc32

import boto3
import pytest

from chalicelib.domains.calendars.wiring import calendars
from chalicelib.domains.hotline.near import pairs
from chalicelib.domains.hotline.wiring import following
from chalicelib.domains.materials.wiring import materials
from chalicelib.kernel import vault
from chalicelib.kernel.calendar import Notice as Holidays
from chalicelib.kernel.problems import Stale
from chalicelib.kernel.relay import Notice
from chalicelib.kernel.table import from_wire
from tests.support.scenes.hotline import CALLER, LIST, TEXT, WORDS, act, taken
from tests.support.town import AREA, HEALTH, MARKET
from tests.support.web import CENTRE, CLERK, HEAD, REVIEWER, SUPERVISOR, bearer, uploaded

PERSON = {"kind": "natural", "name": "张示例", "number": "11010519491231002X", "phone": "13800001234"}


@pytest.fixture
def here(web):
    web.citizen = bearer(web.ok(CLERK, "POST", "/accounts/persons", PERSON)["id"], level=3)
    web.web = web
    return web


def pass_days(web, *days):
    for day in days:
        web.hands.to(day, 1)
        web.module.SWEEP.run(web.hands.at)
        web.react()


def replied(web, case, **fields):
    act(web, case, REVIEWER, "sign")
    act(web, case, REVIEWER, "reply", **{"told": "电话", "result": "solved", "text": TEXT, **fields})


def test_days_over_raise_the_level_and_one_supervision_order_follows_it(here):
    case = taken(here, caller=CALLER)
    act(here, case, CENTRE, "dispatch", unit=MARKET)
    act(here, case, REVIEWER, "sign")
    levels = {}
    for day in ("2026-03-10", "2026-03-11", "2026-03-17", "2026-03-24"):
        pass_days(here, day)
        seen = here.ok(CENTRE, "GET", f"{LIST}/{case}")["case"]["level"]
        found = [(row["title"], row["state"]) for row in here.ok(HEAD, "GET", "/supervision/orders")["items"]]
        levels[day] = (seen, *found)
    assert levels == {"2026-03-10": (1,), "2026-03-11": (2, ("督办（书面督办）", "issued")),
                      "2026-03-17": (3, ("督办（挂牌督办）", "issued")),
                      "2026-03-24": (4, ("督办（约谈）", "issued"))}
    assert here.ok(REVIEWER, "GET", f"{LIST}/{case}/clocks/talk")["due_on"] == "2026-03-23", "ten working days over"
    act(here, case, SUPERVISOR, "circulate", note="约谈后仍未办结")
    here.react()
    assert here.ok(HEAD, "GET", "/supervision/orders")["items"][0]["title"] == "督办（通报）"
    assert {row["id"] for row in here.ok(REVIEWER, "GET", f"{LIST}?due=overdue")["items"]} == {case}
    counted = here.ok(CENTRE, "GET", f"/hotline/board?unit={MARKET}")
    assert (counted["open"], counted["overdue"], counted["more"]) == (1, 1, False)
    assert here.ok(REVIEWER, "GET", "/hotline/board") == counted
    assert here.call(REVIEWER, "GET", f"/hotline/board?unit={HEALTH}").status_code == 403
    for query, pointer in (("street=abc", "/street"), (f"unit={MARKET}&street={AREA}", "/street"), ("unit=a", "/unit")):
        answer = here.call(CENTRE, "GET", f"/hotline/board?{query}")
        assert answer.status_code == 422 and [one["pointer"] for one in answer.json_body["errors"]] == [pointer], query
    replied_late = here.ok(REVIEWER, "POST", f"{LIST}/{case}/acts", {
        "act": "reply", "told": "电话", "result": "solved", "text": TEXT})
    assert {clock["name"] for clock in replied_late["clocks"]} == {"callback"}


def test_the_third_order_on_the_list_in_a_quarter_is_a_talk(here):
    cases = [taken(here, caller=CALLER, place=f"示范路{n}号") for n in range(3)]
    for case in cases:
        act(here, case, CENTRE, "dispatch", unit=MARKET)
        act(here, case, REVIEWER, "sign")
    pass_days(here, "2026-03-10", "2026-03-11", "2026-03-17")
    levels = sorted(here.ok(CENTRE, "GET", f"{LIST}/{case}")["case"]["level"] for case in cases)
    assert levels == [3, 3, 4]


def test_what_is_shelved_names_measures_and_a_day_and_comes_back_when_it_has_passed(here):
    case = here.ok(here.citizen, "POST", LIST, {"area": MARKET[:12], "category": "help", "title": "老旧管网改造",
                                                "content": "水管老化"})["case"]["id"]
    act(here, case, CENTRE, "dispatch", unit=MARKET)
    act(here, case, REVIEWER, "sign")
    shelved = {"act": "reply", "told": "电话", "result": "shelved", "text": "暂无法解决"}
    for more, pointer in (({}, ""), ({"measures": "列入计划", "promised_on": "2026-03-02"}, "/promised_on"),
                          ({"measures": "列入计划", "promised_on": "2027-03-03"}, "/promised_on")):
        answer = here.call(REVIEWER, "POST", f"{LIST}/{case}/acts", {**shelved, **more})
        assert (answer.status_code, answer.json_body["errors"][0]["pointer"]) == (422, pointer)
    here.ok(REVIEWER, "POST", f"{LIST}/{case}/acts", {**shelved, "measures": "列入改造计划",
                                                       "promised_on": "2026-06-30"})
    assert here.call(CENTRE, "POST", f"{LIST}/{case}/acts", {"act": "pass"}).status_code == 409
    file = act(here, case, CENTRE, "shelve")
    assert (file["case"]["state"], file["case"]["unit"], file["clocks"][0]["due_on"]) == (
        "shelved", MARKET, "2026-06-30")
    mine = here.ok(here.citizen, "GET", f"{LIST}/{case}")
    reply, = here.ok(here.citizen, "GET", f"{LIST}/{case}/words")["replies"]
    assert (mine["case"]["promised"], reply["measures"]) == ("2026-06-30", "列入改造计划")
    assert [row["id"] for row in here.ok(REVIEWER, "GET", f"{LIST}?list=key")["items"]] == [case]
    pass_days(here, "2026-07-01")
    back = here.ok(REVIEWER, "GET", f"{LIST}/{case}")
    assert (back["case"]["state"], back["case"]["level"]) == ("handling", 3)
    assert [clock["name"] for clock in back["clocks"]] == ["reply"]
    order, = here.ok(HEAD, "GET", "/supervision/orders")["items"]
    assert order["title"] == "督办（挂牌督办）"
    again = {**shelved, "measures": "列入改造计划", "promised_on": "2026-12-31"}
    here.ok(REVIEWER, "POST", f"{LIST}/{case}/acts", again)
    act(here, case, CENTRE, "shelve")
    act(here, case, REVIEWER, "take_up")
    third = here.call(REVIEWER, "POST", f"{LIST}/{case}/acts", again)
    assert (third.status_code, third.json_body["errors"][0]["pointer"]) == (422, "/result"), "twice and no more"


def test_a_citizen_dissatisfied_again_is_a_supervision_order_too(here):
    case = taken(here, caller=CALLER)
    act(here, case, CENTRE, "dispatch", unit=MARKET)
    act(here, case, REVIEWER, "sign")
    for opened in ([], ["督办（挂牌督办）"]):
        act(here, case, REVIEWER, "reply", told="电话", result="explained", text=TEXT)
        act(here, case, CENTRE, "pass")
        act(here, case, CENTRE, "call_back", satisfaction=1, solved=False)
        act(here, case, CENTRE, "rework", text="仍未解决")
        here.react()
        assert [row["title"] for row in here.ok(HEAD, "GET", "/supervision/orders")["items"]] == opened


def merged(here, number=3):
    """Orders of different callers on one matter, all but the first merged into it."""
    cases = [taken(here, caller={"name": f"来电{name}", "phone": f"1390000000{n}"})
             for n, name in enumerate("甲乙丙丁"[:number])]
    for case in cases[1:]:
        act(here, case, CENTRE, "merge", main=cases[0])
    return cases


def test_orders_on_one_matter_are_found_merged_answered_once_and_called_back_each(here):
    main, *children = merged(here)
    near = here.ok(CENTRE, "GET", f"{LIST}/{main}/near")["items"]
    assert {one["id"] for one in near} == set(children) and all(one["score"] > 90 for one in near)
    last = here.ok(CENTRE, "GET", f"{LIST}/{children[1]}")["case"]
    assert (last["crowd"], last["collective"], last["state"]) == (2, True, "merged")
    assert {one["id"] for one in here.ok(CENTRE, "GET", f"{LIST}/{main}/children")["items"]} == set(children)
    assert here.ok(CENTRE, "GET", f"{LIST}/{main}")["case"]["children"] == 2
    chain = here.call(CENTRE, "POST", f"{LIST}/{main}/acts", {"act": "merge", "main": taken(here)})
    assert chain.status_code == 409, "a main order is not merged itself"
    act(here, main, CENTRE, "dispatch", unit=MARKET)
    replied(here, main)
    act(here, main, CENTRE, "pass")
    here.react()
    for child in children:
        file = here.ok(CENTRE, "GET", f"{LIST}/{child}")
        assert (file["case"]["state"], [clock["name"] for clock in file["clocks"]]) == ("checked", ["callback"])
        assert here.ok(CENTRE, "GET", f"{LIST}/{child}/words")["replies"][0]["text"] == TEXT
    act(here, children[0], CENTRE, "call_back", satisfaction=1, solved=False)
    again = act(here, children[0], CENTRE, "rework", text="来电人反映仍未解决")
    assert again["case"]["unit"] == MARKET, "a dissatisfied citizen's order goes on by itself"
    act(here, children[1], CENTRE, "call_back", satisfaction=5, solved=True)
    assert act(here, children[1], CENTRE, "close")["case"]["unit"] == MARKET


def test_a_child_s_citizen_reads_the_main_reply_s_files_and_is_not_said_to_have_been_called(here, monkeypatch):
    main, child = taken(here), here.ok(here.citizen, "POST", LIST, {"area": AREA, "category": "help", **WORDS})[
        "case"]["id"]
    act(here, child, CENTRE, "merge", main=main)
    act(here, main, CENTRE, "dispatch", unit=MARKET)
    act(here, main, REVIEWER, "sign")
    shown = uploaded(here, REVIEWER)
    act(here, main, REVIEWER, "reply", told="电话", result="solved", text=TEXT, files=[shown])
    act(here, main, CENTRE, "pass")
    here.react()
    assert materials().store.get(shown).applications == (f"ORDER#{main}", f"ORDER#{child}")
    assert here.call(here.citizen, "GET", f"/materials/{shown}/file").status_code == 200
    reply, = here.ok(here.citizen, "GET", f"{LIST}/{child}/words")["replies"]
    assert (reply["told"], reply["files"]) == ("", [shown])
    monkeypatch.setattr(materials(), "erased", lambda name: name == f"ORDER#{main}")
    materials().destroy_of(f"ORDER#{main}")
    assert not materials().store.get(shown).erased, "the other still needs it"


def test_when_the_main_order_is_shelved_the_others_wait_with_it_and_each_is_told_once(here):
    main, *children = merged(here)
    act(here, main, CENTRE, "dispatch", unit=MARKET)
    replied(here, main, result="shelved", measures="列入改造计划", promised_on="2026-06-30")
    version = act(here, main, CENTRE, "shelve")["version"]
    here.react()
    following().tell(told(here, main, version, "shelve"))
    for child in children:
        file = here.ok(CENTRE, "GET", f"{LIST}/{child}")
        assert (file["case"]["state"], file["case"]["promised"], file["clocks"]) == ("merged", "2026-06-30", [])
        reply, = here.ok(CENTRE, "GET", f"{LIST}/{child}/words")["replies"]
        assert (reply["measures"], reply["promised_on"], reply["told"]) == ("列入改造计划", "2026-06-30", "")
    pass_days(here, "2026-07-01")
    act(here, main, REVIEWER, "reply", told="电话", result="solved", text=TEXT)
    act(here, main, CENTRE, "pass")
    here.react()
    for child in children:
        file = here.ok(CENTRE, "GET", f"{LIST}/{child}")
        assert (file["case"]["state"], file["case"]["result"], file["case"]["promised"]) == ("checked", "solved", "")
        assert [one["text"] for one in here.ok(CENTRE, "GET", f"{LIST}/{child}/words")["replies"]] == [TEXT, TEXT]
        act(here, child, CENTRE, "call_back", satisfaction=5, solved=True)


def test_when_the_main_order_is_annulled_while_it_is_shelved_the_others_are_promised_nothing_any_more(here):
    main, child = merged(here, 2)
    act(here, main, CENTRE, "dispatch", unit=MARKET)
    replied(here, main, result="shelved", measures="列入改造计划", promised_on="2026-06-30")
    act(here, main, CENTRE, "shelve")
    here.react()
    act(here, main, SUPERVISOR, "annul", note="登记有误")
    here.react()
    seen = here.ok(CENTRE, "GET", f"{LIST}/{child}")["case"]
    assert (seen["state"], seen["promised"], seen["result"]) == ("registered", "", "")


def test_what_one_asks_for_again_and_what_many_ask_for_are_lists_of_the_centre(here):
    street = f"{MARKET[:6]}001000"
    first, again = (taken(here, caller=CALLER, street=street) for _ in range(2))
    others = [taken(here, caller={"name": f"来电{n}", "phone": f"1390000000{n}"}) for n in range(2)]
    seen = here.ok(CENTRE, "GET", f"{LIST}/{again}")["case"]
    assert (seen["repeats"], seen["crowd"]) == (first, 0)
    for which, expected in (("repeated", [again]), ("collective", others[1:])):
        assert [row["id"] for row in here.ok(CENTRE, "GET", f"{LIST}?list={which}")["items"]] == expected
    assert here.ok(CENTRE, "GET", f"/hotline/board?street={street}")["open"] == 2
    act(here, first, CENTRE, "answer", text=TEXT)
    assert here.ok(CENTRE, "GET", f"/hotline/board?street={street}")["open"] == 1


def test_one_telephone_is_one_person_whatever_names_they_give(here):
    cases = []
    for name in ("张先生", "张三", "老张"):
        cases.append(taken(here, caller={"name": name, "phone": "13900000001"}))
        here.hands.move(minutes=1)
    seen = [here.ok(CENTRE, "GET", f"{LIST}/{case}")["case"] for case in cases]
    assert [(one["repeats"], one["crowd"], one["collective"]) for one in seen] == [
        ("", 0, False), (cases[0], 0, False), (cases[1], 0, False)]
    assert all(one["same_person"] for one in here.ok(CENTRE, "GET", f"{LIST}/{cases[0]}/near")["items"])
    act(here, cases[1], CENTRE, "merge", main=cases[0])
    child, = here.ok(CENTRE, "GET", f"{LIST}/{cases[0]}/children")["items"]
    assert child["same_person"]


def test_a_merger_is_undone_until_the_main_order_is_answered(here):
    main, child = merged(here, 2)
    alone = act(here, child, CENTRE, "unmerge", note="不是同一问题")
    assert (alone["case"]["state"], alone["case"]["main"]) == ("registered", "")
    act(here, child, CENTRE, "merge", main=main)
    act(here, main, CENTRE, "dispatch", unit=MARKET)
    replied(here, main)
    refused = here.call(CENTRE, "POST", f"{LIST}/{child}/acts", {"act": "unmerge", "note": "不是同一问题"})
    assert refused.status_code == 409 and "主单已经答复" in refused.json_body["detail"]
    late = here.call(CENTRE, "POST", f"{LIST}/{taken(here)}/acts", {"act": "merge", "main": main})
    assert late.json_body["errors"][0]["pointer"] == "/main"


def test_what_the_centre_answers_after_a_return_is_at_the_door_of_no_unit_that_sent_it_back(here):
    main, child = merged(here, 2)
    act(here, main, CENTRE, "dispatch", unit=MARKET)
    act(here, main, REVIEWER, "return", reason="other", basis="三定方案", text="非本单位职责")
    act(here, main, CENTRE, "answer", text=TEXT)
    here.react()
    seen = here.ok(CENTRE, "GET", f"{LIST}/{child}")["case"]
    assert (seen["state"], seen["units"]) == ("checked", [])


def test_when_the_main_order_is_not_taken_up_the_others_go_their_own_way(here):
    main, child = merged(here, 2)
    act(here, main, CENTRE, "decline", text="属于诉讼渠道")
    here.react()
    assert here.ok(CENTRE, "GET", f"{LIST}/{child}")["case"]["state"] == "registered"


def told(here, case, number, act):
    return Notice(kind="ORDER", case_id=case, number=number, act=act, source="replied", target="", at=here.hands.at,
                  basis="JN27")


def test_a_reaction_that_failed_at_a_child_does_the_others_and_the_rest_when_tried_again(here, monkeypatch):
    main, *children = merged(here)
    act(here, main, CENTRE, "dispatch", unit=MARKET)
    replied(here, main)
    version = act(here, main, CENTRE, "pass")["version"]
    follow = following()
    store, save = follow.hotline.store, follow.hotline.store.save

    def dies(step, *more):
        if step.case.id == min(children):
            raise Stale()
        return save(step, *more)
    notice = told(here, main, version, "pass")
    monkeypatch.setattr(store, "save", dies)
    with pytest.raises(Stale):
        follow.tell(notice)
    monkeypatch.setattr(store, "save", save)
    states = {child: store.get(child).state for child in children}
    assert states == {min(children): "merged", max(children): "checked"}, "one that fails holds up no other"
    for _ in range(2):
        follow.tell(notice)
    after = [store.get(child) for child in children]
    assert [case.state for case in after] == ["checked", "checked"]
    assert [case.version for case in after] == [3, 3], "the one that was done before was not done again"


def test_no_key_and_no_neighbour_s_item_tells_a_place_a_word_or_a_person(here):
    taken(here, caller=CALLER, channel="11", source_number="上级交办〔2026〕1号")
    for table in ("cases", "figures"):
        for item in boto3.client("dynamodb").scan(TableName=f"yiciban-test-{table}")["Items"]:
            keys = item["pk"]["S"] + item["sk"]["S"]
            assert "示范路" not in keys and "上级交办" not in keys
            if item["pk"]["S"].startswith("SPOT#"):
                assert "示范" not in str(item) and "施工" not in str(item)


def test_the_words_of_an_order_cannot_be_looked_for_in_its_sketch_without_the_key(here, monkeypatch):
    taken(here, caller=CALLER)
    item, = [from_wire(one) for one in boto3.client("dynamodb").scan(TableName="yiciban-test-figures")["Items"]
             if one["pk"]["S"].startswith("SPOT#")]
    words = pairs(f"{WORDS['title']}{WORDS['content']}")
    guesses = {crc32(word.encode()) for word in words} | {
        int.from_bytes(blake2b(word.encode(), digest_size=4).digest()) for word in words}
    assert item["sketch"] and not guesses & set(item["sketch"])
    other = vault.marks(words, "sketch", "another place")
    assert not set(other) & set(item["sketch"]), "one word has another mark at every place"


def test_orders_that_tell_no_place_but_where_it_is_are_near_each_other(here):
    spot, close, far = ({"wgs84": {"lon": 112.9380, "lat": lat}} for lat in (28.2271, 28.2279, 28.2291))
    first = taken(here, place="", location=spot, caller=CALLER)
    again, _, _ = (taken(here, place="", caller=CALLER, **more)
                   for more in ({"location": close}, {"location": far}, {}))
    assert [one["id"] for one in here.ok(CENTRE, "GET", f"{LIST}/{first}/near")["items"]] == [again]
    assert here.ok(CENTRE, "GET", f"{LIST}/{again}")["case"]["repeats"] == first


def test_a_unit_hands_an_order_on_to_nobody_and_a_third_return_is_refused(here):
    case = taken(here, caller=CALLER)
    sent_back = {"act": "return", "reason": "other", "basis": "三定方案", "text": "非本单位职责"}
    doctor = bearer("head-two", ("head", HEALTH))
    for unit, who in ((MARKET, HEAD), (HEALTH, doctor)):
        act(here, case, CENTRE, "dispatch", unit=unit)
        here.ok(who, "POST", f"{LIST}/{case}/acts", sent_back)
    act(here, case, CENTRE, "dispatch", unit=MARKET)
    third = here.call(HEAD, "POST", f"{LIST}/{case}/acts", sent_back)
    assert third.status_code == 409 and "不得再次退回" in third.json_body["detail"]
    assert here.call(HEAD, "POST", f"{LIST}/{case}/acts", {"act": "dispatch", "unit": HEALTH}).status_code == 409


def test_a_notice_that_moves_the_time_to_reply_moves_the_levels_that_begin_at_its_end(here):
    case = taken(here, caller=CALLER)
    act(here, case, CENTRE, "dispatch", unit=MARKET)
    act(here, case, REVIEWER, "sign")
    pass_days(here, "2026-03-10")
    assert level_of(here, case) == 1, "five working days from 2 March ended on the 9th"
    calendars().reference.announce(Holidays(
        number="临时通知", publisher="国务院办公厅", source="测试", known_at=here.hands.at, year=2026,
        holidays={"2026-03-09": "调休", "2026-03-10": "调休"}))
    pass_days(here, "2026-03-11", "2026-03-12")
    due = {clock["name"]: clock["due_on"] for clock in here.ok(REVIEWER, "GET", f"{LIST}/{case}")["clocks"]}
    assert (due["reply"], due["written"]) == ("2026-03-11", "2026-03-12")
    moved = next(line["moved"] for line in here.ok(CENTRE, "GET", f"{LIST}/{case}")["timeline"] if line["moved"])
    assert {one["clock"] for one in moved} == {"reply", "written"}
    assert level_of(here, case) == 1
    pass_days(here, "2026-03-13")
    assert level_of(here, case) == 2, "one working day after the end as it is now"


def level_of(web, case):
    return web.ok(CENTRE, "GET", f"{LIST}/{case}")["case"]["level"]
