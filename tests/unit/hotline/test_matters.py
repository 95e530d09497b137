"""Where an order comes from, what its words call for, which orders are near it, whose duty it is. Pure."""
import json
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import get_args
from zlib import crc32

import pytest

from chalicelib.domains.hotline import near
from chalicelib.domains.hotline.duties import suggested
from chalicelib.domains.hotline.intake import called_for, numbered
from chalicelib.domains.hotline.models import Channel, Urgency
from chalicelib.domains.hotline.near import cell, normalised, number, overlap, pairs, score, where
from chalicelib.domains.hotline.spots import before
from chalicelib.domains.hotline.workflow import HOTLINE
from chalicelib.domains.knowledge.workflow import KNOWLEDGE
from chalicelib.domains.supervision.opening import REACHED
from chalicelib.domains.supervision.rules import LAPSES
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.problems import Invalid
from tests.support.orders import SEAT, TO_MARKET, dispatched, do, due, duties, occasion, order
from tests.support.town import AREA, HEALTH, REVIEWER, SEEDS, actor

CHANNELS, WORDS, DUTIES = (json.loads((SEEDS / f"hotline-{name}.json").read_text("utf-8"))
                           for name in ("channels", "words", "duties"))
MONTH = timedelta(days=30)


def test_every_channel_is_published_and_another_system_s_demand_a_number():
    assert {row["code"] for row in CHANNELS} == set(get_args(Channel))
    demanding = {row["code"] for row in CHANNELS if row["source_number"]}
    assert demanding == {"07", "08", "09", "10", "11", "12", "13"}
    for code in get_args(Channel):
        numbered(CHANNELS, code, "X1")
        if code in demanding:
            with pytest.raises(Invalid):
                numbered(CHANNELS, code, "")
    with pytest.raises(Invalid):
        numbered(CHANNELS[:2], "15", "")


@pytest.mark.parametrize("text, given, expected", [
    ("小区停水两天", "ordinary", ("urgent", "")), ("小区停水两天", "critical", ("critical", "")),
    ("楼道着火，有人昏迷", "ordinary", ("critical", "119")), ("追尾事故", "urgent", ("critical", "122")),
    ("路灯不亮", "ordinary", ("ordinary", ""))])
def test_words_raise_the_urgency_and_never_lower_it(text, given, expected):
    assert called_for(WORDS, text, "help", given) == expected


@pytest.mark.parametrize("category, text, expected", [
    ("report", "无证作坊", ("urgent", "")), ("report", "拖欠工资", ("critical", "110")),
    ("help", "拖欠工资", ("ordinary", ""))])
def test_a_category_may_call_for_an_urgency_alone_or_with_a_word(category, text, expected):
    rows = [{"category": "report", "urgency": "urgent"},
            {"category": "report", "words": ["拖欠工资"], "urgency": "critical", "transfer": "110"}]
    assert called_for(rows, text, category, "ordinary") == expected


def test_the_published_words_name_urgencies_and_lines_that_there_are():
    assert {row["urgency"] for row in WORDS} <= set(get_args(Urgency))
    assert {row.get("transfer", "110") for row in WORDS} == {"110", "119", "120", "122"}


@pytest.mark.parametrize("one, other", [
    ("示范路 12 号", "示范路１２号"), ("示范路十二号", "示范路12号"), ("阳光小区三栋二〇三室", "阳光小区3栋203室"),
    ("阳光小区，3栋", "阳光小区3栋"), ("一百零五号", "105号"), ("Ａ座", "a座")])
def test_alike_places_are_one(one, other):
    assert normalised(one) == normalised(other)


def test_a_street_s_name_is_no_number():
    assert normalised("五一路") == "五一路" != normalised("51路")
    assert [number(one) for one in ("十", "二十", "三十六", "一百二十三", "一〇八")] == [10, 20, 36, 123, 108]


@pytest.mark.parametrize("place", ["示范路十十号", "百百室", "五十十栋", "十百号", "一百五号", "一百零零五号", "百号",
                                   "零十百零室"])
def test_a_numeral_that_cannot_be_read_stays_as_it_is(place):
    assert normalised(place) == place


def test_whatever_is_written_before_a_number_s_word_is_a_place():
    for letters in product("零一两五十百", repeat=4):
        assert normalised("".join(letters) + "号")
    assert [number(one) for one in ("两百", "三百一十", "一百零五", "一百一十二", "一百十二", "五百零")] == [
        200, 310, 105, 112, 112, None]


def hashed(words, key="k"):
    return [crc32((key + word).encode()) for word in words]


def test_where_no_place_is_told_its_thousandth_of_a_degree_is_the_place():
    def gps(lon, lat, system="wgs84"):
        return {system: {"lon": lon, "lat": lat}}
    assert cell(gps("112.938999", "28.227800")) == cell(gps("112.938000", "28.227001")) != cell(
        gps("112.938999", "28.226999"))
    assert cell(gps("112.938000", "28.227800", "gcj02")) != cell(gps("112.938000", "28.227800")) and cell({}) == ""
    assert where("示范路1号", gps("112.938", "28.2278")) == "示范路1号" and where("", {}) == ""
    assert where("。", gps("112.938", "28.2278")) == cell(gps("112.938", "28.2278"))
    assert normalised(cell(gps("112.938", "28.2278"))) != cell(gps("112.938", "28.2278")), "nobody can write that"


def test_the_sketch_tells_how_much_two_texts_share_and_no_text():
    def sketch(text):
        return near.sketch(text, hashed)
    noise, again = "小区夜间施工噪音扰民，连续三晚施工到凌晨", "夜间施工噪音，小区连续三晚施工"
    assert overlap(sketch(noise), sketch(noise)) == 1 and overlap(sketch(noise), sketch("路灯坏了")) == 0
    assert overlap(sketch(noise), sketch(again)) > 0.4 and overlap([], []) == 0
    assert pairs("停水，停水") == {"停水", "水停"} and all(isinstance(one, int) for one in sketch(noise))
    long = "".join(chr(0x4e00 + n * 7) for n in range(400))
    assert abs(overlap(sketch(long), sketch(long[:200])) - 0.5) < 0.2, "estimated from the smallest hashes"


def test_nearness_counts_words_category_and_time():
    assert score(1, True, timedelta(), MONTH) == 100 and score(0, False, MONTH, MONTH) == 0
    assert score(1, True, timedelta(days=15), MONTH) == 90 == score(1, True, timedelta(days=-15), MONTH)


def test_the_same_person_repeats_and_others_make_a_crowd():
    def item(order, who, category="help"):
        return {"order": order, "who": who, "category": category}
    around = [item("c", "p2"), item("b", "p1"), item("a", "p1"), item("d", ""), item("e", "p3", "praise")]
    assert before(around, "p1", "help") == {"repeats": "b", "crowd": 2}, "the latest of one's own; p2 and somebody"
    assert before(around, "", "help") == {"repeats": "", "crowd": 2} and before([], "p1", "help")["crowd"] == 0
    nobody = [item(order, "") for order in "abc"]
    assert before(nobody, "p1", "help")["crowd"] == 1, "who does not say who they are may be one and the same"
    assert before(nobody, "", "help")["crowd"] == 0


def of(text, street="", category="help", rows=DUTIES, known=lambda unit: True):
    return [one.unit.partition(".")[2] for one in suggested(rows, AREA, category, street, text, known)]


def test_duties_go_by_words_the_city_first_and_those_of_last_resort_at_the_end():
    assert of("小区门口井盖缺失") == ["urban", "construction", "bureau"], "the city's department leads (WF24)"
    assert of("说不清楚") == ["bureau"]
    assert of("小区门口井盖缺失", known=lambda unit: not unit.endswith("urban")) == ["construction", "bureau"]
    street = f"{AREA[:6]}001000"
    rows = [*DUTIES, {"fallback": True, "street": street, "unit": "street-one"}]
    found = suggested(rows, AREA, "help", street, "说不清楚", lambda unit: True)
    assert [one.unit for one in found] == [f"{AREA}.street-one", f"{AREA}.bureau"] and "属地兜底" in found[0].why
    assert of("说不清楚", rows=rows) == ["bureau"], "another place has another fallback"
    closer = [*DUTIES, {"duty": "餐饮投诉", "words": ["餐饮"], "category": "complaint", "unit": "health"}]
    assert of("餐饮", category="complaint", rows=closer)[0] == "health" and of("餐饮", rows=closer)[0] == "market"


def test_helpers_come_with_the_duty():
    first, *_ = suggested(DUTIES, AREA, "help", "", "工地夜间施工", lambda unit: True)
    assert first.co_units == [f"{AREA}.urban"]


UNCARDED = {("ORDER", "overdue_dispatch"): "the centre's own: its desk is told",
            ("ORDER", "overdue_report"): "a card goes to the unit that has the order, and that has missed nothing: the "
                                         "order is urged, the units that owe a report are told",
            ("ARTICLE", "lapse_review"): "nobody waits for it: what is due is not served as valid, and counts in the "
                                         "rate of what was reviewed in time"}


def test_every_lapse_of_an_order_or_article_is_a_card_or_a_level_of_supervision_or_has_a_reason_why_not():
    lapses = {(kind, act) for kind, workflow in (("ORDER", HOTLINE), ("ARTICLE", KNOWLEDGE))
              for (act, _), rule in workflow.rules.items() for turn in rule.clocks if turn.verb == "lapse"}
    assert lapses - set(LAPSES) - {("ORDER", act) for act in REACHED} == set(UNCARDED)


def test_units_that_are_to_help_report_within_three_working_days_of_the_last_that_was_asked():
    alone = dispatched()
    assert "report" not in alone.clocks, "nobody helps"
    case = do(order(), SEAT, "dispatch", "2026-03-02", **TO_MARKET, helpers={"health": 0})
    assert due(case)["report"] == "2026-03-05" and duties(case, "2026-03-05", 23, 59) == ["overdue_sign"]
    late = do(case, SYSTEM, "overdue_report", "2026-03-06", 0)
    assert late.level == 1 and "overdue_report" not in duties(late, "2026-03-06", 1), "urged once"
    more = do(late, SEAT, "invite", "2026-03-06", helpers={"health": 0, "urban": 0})
    assert due(more)["report"] == "2026-03-11"
    doctor, urban = actor("reviewer", HEALTH), actor("reviewer", f"{AREA}.urban")
    one = do(more, doctor, "report", "2026-03-09", helpers={"health": 5, "urban": 0})
    assert "report" in one.clocks and "report" not in do(
        one, urban, "report", "2026-03-09", helpers={"health": 5, "urban": 6}).clocks, "with the last it ends"
    signed = do(case, REVIEWER, "sign", "2026-03-02", 11)
    for act, details in (("reply", {"result": "solved"}), ("return", {})):
        assert "report" not in do(signed, REVIEWER, act, "2026-03-02", 12, **details).clocks


def test_terms_of_before_there_was_such_a_limit_give_none():
    now = occasion(order(), SEAT, "2026-03-02")
    old = replace(now, limits={name: limit for name, limit in now.limits.items() if name != "report"})
    case = HOTLINE.advance(order(), "dispatch", old, {**TO_MARKET, "helpers": {"health": 0}}).case
    assert "report" not in case.clocks
