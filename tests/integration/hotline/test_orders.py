"""Hotline orders on their tables (moto): desks, sizes, the terms they keep, what other domains are told."""
from datetime import date, timedelta

import boto3
import pytest
from pydantic import TypeAdapter

from chalicelib.domains.hotline.bodies import Act, Ask, AtDesk, Classify
from chalicelib.domains.hotline.models import Order
from chalicelib.domains.hotline.rights import about, service_of
from chalicelib.domains.hotline.store import LIMITS
from chalicelib.kernel.problems import Invalid, Missing, Stale
from chalicelib.kernel.record import replay
from chalicelib.kernel.reference import NATION
from chalicelib.kernel.table import Table, from_wire, size
from tests.support.town import (
    AREA,
    CITIZEN,
    HEAD,
    HEALTH,
    HOTLINE,
    MARKET,
    ORDER_ROWS,
    REVIEWER,
    Hands,
    actor,
    hotline,
    key,
    publish_basics,
)

SEAT, DOCTOR = actor("centre", HOTLINE), actor("reviewer", HEALTH)
WORDS = {"title": "小区夜间施工噪音", "content": "连续三晚施工到凌晨两点" * 50, "place": "示范路1号"}


@pytest.fixture
def hands():
    return Hands()


@pytest.fixture
def desk(tables, hands):
    return hotline(hands, publish_basics(hands))


@pytest.fixture
def do(desk):
    def do(case, who, act, **fields):
        desk.perform(case, TypeAdapter(Act).validate_python({"act": act, **fields}), who, key())
        return desk.store.get(case)
    return do


def taken(desk, **fields):
    caller = {"name": "李来电", "phone": "13800001234"}
    return desk.take(AtDesk(**{"category": "help", "caller": caller, **WORDS, **fields}), SEAT, key()).result.case.id


def states():
    """The STATE items as they are stored."""
    items = map(from_wire, boto3.client("dynamodb").scan(TableName="yiciban-test-cases")["Items"])
    return [item for item in items if item["sk"] == "STATE"]


def full_life(desk, do, hands):
    """An order that met everything: returned, extended, overdue, done again, closed."""
    case = taken(desk)
    do(case, SEAT, "dispatch", unit=MARKET)
    do(case, REVIEWER, "return", reason="not_ours", basis="三定方案第五条", text="职责不符", suggested=HEALTH)
    do(case, SEAT, "dispatch", unit=HEALTH)
    do(case, DOCTOR, "claim")
    do(case, DOCTOR, "sign")
    do(case, DOCTOR, "ask_extension", asked_days=5, note="需现场核查")
    do(case, actor("head", HEALTH), "approve_extension")
    hands.to("2026-03-20")
    desk.lapse(case)
    yield case
    do(case, DOCTOR, "reply", told="电话", result="explained", text="解释" * 1000)
    do(case, SEAT, "pass")
    do(case, SEAT, "call_back", satisfaction=1, solved=False, note="不认可")
    do(case, SEAT, "rework", text="请再核查")
    do(case, DOCTOR, "reply", told="电话", result="solved", text="已整改")
    do(case, SEAT, "pass")
    do(case, SEAT, "call_back", satisfaction=4, solved=True)
    do(case, SEAT, "close")
    yield case


def test_the_centre_s_desk_lies_in_shards_the_first_due_first_and_a_unit_s_does_not(desk, do, hands):
    made = [taken(desk, urgency="critical" if n % 5 == 0 else "ordinary") for n in range(30)]
    assert len({item["desk"] for item in states()}) > 8, "many partitions"
    rows, cursor = [], None
    while True:
        page = desk.desk(SEAT, 7, cursor)
        rows += page.items
        if (cursor := page.cursor) is None:
            break
    assert {row.id for row in rows} == set(made) and len(rows) == 30
    assert {row.id for row in rows[:6]} == set(made[::5]), "five minutes come before two hours"
    for case in made[:3]:
        do(case, SEAT, "dispatch", unit=MARKET)
    assert {item["desk"] for item in states() if item["unit"] == MARKET} == {f"ORDER#{MARKET}"}
    assert [row.id for row in desk.desk(REVIEWER, 10, None).items][:1] == made[:1]
    assert len(desk.desk(SEAT, 100, None).items) == 27


def test_the_record_tells_the_state_and_stays_small(desk, do, hands):
    life = full_life(desk, do, hands)
    case = next(life)
    state, = states()
    assert size(state) < 1024, "at its fullest, with the long words elsewhere"
    next(life)
    closed, = states()
    assert size(closed) < 1024 and {"desk", "due"}.isdisjoint(closed)
    assert closed["closed"] == f"ORDER#{HEALTH}#2026-03"
    assert replay(Order, desk.store.timeline(case)) == desk.store.get(case)
    assert max(size(event.model_dump(mode="json", exclude_defaults=True))
               for event in desk.store.timeline(case)) < 1024


def test_what_other_domains_are_told_of_an_order(desk, do, hands):
    *_, case = full_life(desk, do, hands)
    cases = Table("yiciban-test-cases")
    assert service_of(cases, case) == {
        "person": "c-13800001234", "party": "李*", "area": AREA, "unit": HEALTH, "item": "", "title": WORDS["title"],
        "number": "4301991234520260302A0001", "hidden": False, "called": True,
        "staff": sorted({SEAT.person, REVIEWER.person, DOCTOR.person, f"head-{HEALTH[-6:]}"})}
    assert about(cases, case, "closed") == {
        "number": "4301991234520260302A0001", "title": WORDS["title"], "state": "已办结", "person": "c-13800001234",
        "units": ""}
    hidden = desk.ask(Ask(area=AREA, category="report", **WORDS), CITIZEN, key()).result.case.id
    told = service_of(cases, hidden)
    assert (told["party"], told["person"], told["hidden"]) == ("", CITIZEN.person, True)
    with pytest.raises(Missing):
        service_of(cases, "a" * 26)


def test_an_order_keeps_the_terms_of_its_receipt(desk, do, hands):
    old = taken(desk)
    shorter = [*ORDER_ROWS, {"category": "help", "limits": {"reply": "3wd@GZ4"}, "returns": 0}]
    desk.reference.publish(LIMITS, NATION, "2", shorter, date(2026, 3, 1))
    new = taken(desk)
    last = {case: str(do(case, SEAT, "dispatch", unit=MARKET).clocks["reply"].last_day(desk.reference.calendar()))
            for case in (old, new)}
    assert last == {old: "2026-03-09", new: "2026-03-05"}
    assert "return" in {one.act for one in desk.read(old, REVIEWER).acts}
    assert "return" not in {one.act for one in desk.read(new, REVIEWER).acts}


def test_every_clock_acts_once_however_often_the_system_looks(desk, do, hands):
    case = taken(desk, urgency="urgent")
    hands.move(minutes=30)
    assert [desk.lapse(case), desk.lapse(case)] == [1, 0]
    do(case, SEAT, "dispatch", unit=MARKET)
    hands.move(hours=24)
    assert [desk.lapse(case), desk.lapse(case)] == [2, 0]
    acts = [event.act for event in desk.store.timeline(case)]
    assert acts == ["register", "overdue_dispatch", "dispatch", "overdue_sign", "overdue_reply"]


def test_two_seats_that_dispatch_at_once_send_it_to_one_unit(desk, do, monkeypatch):
    case = taken(desk)
    before = desk.store.get(case)
    do(case, SEAT, "dispatch", unit=MARKET)
    monkeypatch.setattr(desk.store, "get", lambda case_id: before)
    with pytest.raises(Stale):
        do(case, actor("centre", HOTLINE, "centre-two"), "dispatch", unit=HEALTH)
    monkeypatch.undo()
    assert desk.store.get(case).unit == MARKET


def test_what_is_said_twice_is_kept_once_each(desk, do):
    case = taken(desk)
    do(case, SEAT, "designate", unit=MARKET)
    do(case, HEAD, "sign")
    shelved = {"result": "shelved", "measures": "更换管网", "promised_on": "2026-06-30"}
    do(case, HEAD, "reply", told="电话", text="暂无法解决，六月底前完成管网改造", **shelved)
    do(case, SEAT, "send_back", text="请写明措施")
    do(case, HEAD, "reply", told="电话", text="措施与时限如下", **shelved)
    said = desk.words(case, SEAT)
    assert [(one.number, one.text[:4]) for one in said.replies] == [(4, "暂无法解"), (6, "措施与时")]
    assert {(one.act, one.code) for one in said.replies} == {("reply", "shelved")}
    assert [(one.number, one.act) for one in said.reasons] == [(5, "send_back")]


def test_what_is_classified_as_critical_has_the_time_of_the_critical_from_its_registration(desk, hands):
    case = desk.ask(Ask(area=AREA, category="help", **WORDS), CITIZEN, key()).result.case.id
    registered = hands.at
    hands.move(minutes=4)
    seen = desk.perform(case, Classify(act="classify", category="help", urgency="critical"), SEAT, key()).result
    due = next(clock.due_at for clock in seen.clocks if clock.name == "dispatch")
    assert due == registered + timedelta(minutes=5), "five minutes from the registration, one is left"


def test_the_citizen_reads_which_law_holds_for_how_long_and_why(desk, do, hands):
    mine = desk.ask(Ask(area=AREA, category="complaint", **WORDS), CITIZEN, key()).result.case.id
    do(mine, SEAT, "dispatch", unit=MARKET)
    do(mine, REVIEWER, "sign")
    with pytest.raises(Invalid) as problem:
        do(mine, HEAD, "apply_law", law="《信访工作条例》第三十四条", length=5, reason="属于信访事项")
    assert [error["pointer"] for error in problem.value.facts["errors"]] == ["/length"]
    case = do(mine, HEAD, "apply_law", law="《信访工作条例》第三十四条", length=60, length_unit="cd",
              reason="属于信访事项")
    assert case.unit == MARKET and case.clocks["reply"].total == 60
    line = desk.read(mine, CITIZEN, None).timeline[0]
    assert (line.act, line.note) == ("apply_law", "依据《信访工作条例》第三十四条，自派单起60日：属于信访事项")
    assert replay(Order, desk.store.timeline(mine)) == case


def test_the_centre_says_that_an_order_is_intricate_and_what_it_does_not_say_stays(desk, do):
    case = taken(desk, intricate=True)
    assert do(case, SEAT, "classify", category="help", urgency="ordinary").intricate
    assert do(case, SEAT, "dispatch", unit=MARKET).clocks["reply"].limit.times == 2
    plain = taken(desk)
    assert do(plain, SEAT, "classify", category="report", urgency="ordinary", intricate=True).intricate
    assert not do(plain, SEAT, "classify", category="report", urgency="ordinary", intricate=False).intricate
