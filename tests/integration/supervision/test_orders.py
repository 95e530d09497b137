"""The life of a supervision order on its tables (moto): to whose desk it comes, and how it rises by itself."""
import pytest
from pydantic import TypeAdapter

from chalicelib.domains.supervision.models import Which
from chalicelib.domains.supervision.order_models import Issue, OrderAct
from chalicelib.domains.supervision.order_service import Orders
from chalicelib.domains.supervision.store import LIMITS, OrderStore
from chalicelib.kernel.calendar import Notice
from chalicelib.kernel.identity import NATION
from chalicelib.kernel.problems import Conflict, Invalid, Missing, Refused, Stale
from chalicelib.kernel.record import replay
from tests.support.cards import CASE, SUPERVISOR, Desk, at, clock, finding, notice
from tests.support.town import (
    AREA,
    CLERK,
    HALL,
    HEAD,
    HEALTH,
    MARKET,
    OTHER_AREA,
    REVIEWER,
    REVIEWER2,
    actor,
    key,
)

ELSEWHERE = actor("supervisor", f"{OTHER_AREA}.supervision", area=OTHER_AREA)
RECTIFIER = actor("rectifier", MARKET)


@pytest.fixture
def desk(tables):
    return Desk()


@pytest.fixture
def orders(desk):
    cards = desk.cards
    return Orders(OrderStore(cards.store.table), cards.reference, desk.time, cards.store, cards.serves,
                  lambda unit: unit in (MARKET, HALL), cards.hands | {
                      "DOCUMENT": lambda case_id, number: desk._hands(case_id, 99)})


def body(**more):
    return Issue.model_validate({"unit": MARKET, "kind": "APPLICATION", "case_id": CASE, "level": 1,
                                 "text": "请尽快办理"} | more)


def issued(orders, day="2026-03-10", **more):
    orders.clock.at = at(day, 10)
    return orders.issue(body(**more), SUPERVISOR, key()).result.case.id


def refused(orders, **more):
    """The pointers and codes with which an order is refused."""
    with pytest.raises(Invalid) as invalid:
        issued(orders, **more)
    return [(one["pointer"], one["code"]) for one in invalid.value.facts["errors"]]


def do(orders, who, case, act, **fields):
    made = TypeAdapter(OrderAct).validate_python({"act": act, **fields})
    return orders.perform(case, made, who, key()).result


def sweep(orders, case, day, hour=1):
    orders.clock.at = at(day, hour)
    return orders.lapse(case)


def acts(orders, case):
    return [event.act for event in orders.store.timeline(case)]


def listed(orders, who, **which):
    return [row.id for row in orders.listed_for(who, Which(**which), 20, None).items]


def test_an_order_lies_with_the_unit_until_it_is_answered_and_then_with_the_supervision(orders):
    case = issued(orders)
    assert (listed(orders, HEAD), listed(orders, SUPERVISOR)) == ([case], [])
    assert listed(orders, REVIEWER, unclaimed=True) == [case] and listed(orders, CLERK, unclaimed=True) == []
    do(orders, REVIEWER, case, "sign")
    assert (listed(orders, REVIEWER), listed(orders, REVIEWER2, unclaimed=True)) == ([case], [])
    do(orders, REVIEWER, case, "answer", text="已补办")
    assert (listed(orders, HEAD), listed(orders, SUPERVISOR)) == ([], [case])
    do(orders, SUPERVISOR, case, "send_back", note="未附凭证")
    assert (listed(orders, HEAD), listed(orders, SUPERVISOR)) == ([case], [])
    do(orders, REVIEWER, case, "answer", text="已补办并附凭证")
    assert orders.answer(case, SUPERVISOR).text == "已补办并附凭证" and orders.text(case, REVIEWER).text == "请尽快办理"
    assert do(orders, SUPERVISOR, case, "accept").case.state == "closed"
    assert listed(orders, SUPERVISOR, month="2026-03") == [case] and listed(orders, SUPERVISOR) == []
    assert listed(orders, HEAD, month="2026-03") == listed(orders, SUPERVISOR, unit=MARKET) == [case]
    assert listed(orders, HEAD, month="2026-04") == listed(orders, ELSEWHERE, month="2026-03") == []
    there = orders.store.get(case)
    assert replay(type(there), orders.store.timeline(case)) == there
    assert orders.store.woken(case)[1] is None


def test_an_order_rises_once_a_deadline_and_by_itself_at_most_to_the_third_level(orders):
    case = issued(orders)
    assert orders.store.woken(case)[1] == at("2026-03-12"), "one working day after Tuesday, 10 March 2026"
    assert [sweep(orders, case, "2026-03-11", 23), sweep(orders, case, "2026-03-12")] == [0, 2]
    assert sweep(orders, case, "2026-03-12", 2) == 0, "once for this deadline"
    assert (orders.store.get(case).level, orders.store.woken(case)[1]) == (2, at("2026-03-18"))
    assert sweep(orders, case, "2026-03-18") == 1 and sweep(orders, case, "2026-03-18", 2) == 0
    assert (orders.store.get(case).level, orders.store.woken(case)[1]) == (3, at("2026-03-26"))
    assert sweep(orders, case, "2026-03-26") == 1 and sweep(orders, case, "2026-05-11") == 0
    there = orders.store.get(case)
    assert (there.level, there.title, orders.store.woken(case)[1]) == (3, "督办（挂牌督办）", None)
    assert acts(orders, case) == ["issue", "overdue_sign", "escalate", "escalate", "overdue_answer"]
    assert do(orders, SUPERVISOR, case, "raise_level", level=4, note="约谈负责人").case.title == "督办（约谈）"
    assert sweep(orders, case, "2026-05-19") == 1 and acts(orders, case)[-1] == "overdue_answer"


def test_an_outage_of_the_sweep_raises_an_order_by_one_level_only(orders):
    case = issued(orders)
    assert sweep(orders, case, "2026-04-20") == 2
    assert (orders.store.get(case).level, orders.store.woken(case)[1]) == (2, at("2026-04-24"))


def test_how_far_an_order_rises_and_how_long_a_level_has_is_published_data(orders):
    rows = [{**row, "number": 1} if row["name"] == "duban_raised_to" else {**row, "limit": "2wd@GZ2"}
            if row["name"] == "duban1" else row for row in orders.reference.rows(LIMITS, f"{NATION}/1")]
    orders.reference.publish(LIMITS, AREA, "2", rows, at("2026-03-01", 1).date())
    case = issued(orders)
    assert sweep(orders, case, "2026-03-13") == 2
    assert acts(orders, case) == ["issue", "overdue_sign", "overdue_answer"] and orders.store.get(case).level == 1


def test_a_new_notice_on_holidays_moves_the_time_to_answer(orders):
    case = issued(orders, level=2)
    orders.reference.announce(Notice(
        number="临时通知", publisher="国务院办公厅", source="测试", known_at=at("2026-03-10", 11), year=2026,
        holidays={"2026-03-12": "调休"}))
    orders.clock.at = at("2026-03-10", 12)
    assert orders.recount(case) == 1 and acts(orders, case)[-1] == "recount"
    assert next(one.due_at for one in orders.read(case, HEAD).clocks if one.name == "answer") == at("2026-03-17")


@pytest.mark.parametrize("more, pointer", [
    ({"unit": HEALTH}, "/unit"), ({"unit": f"{OTHER_AREA}.market"}, "/unit"), ({"kind": "DOCUMENT"}, "/case_id"),
    ({"card": "c" * 26}, "/card")])
def test_unit_case_and_card_must_be_there(orders, more, pointer):
    with pytest.raises(Invalid) as invalid:
        issued(orders, **more)
    assert [one["pointer"] for one in invalid.value.facts["errors"]] == [pointer]


def test_a_supervisor_of_another_area_finds_neither_unit_nor_case(orders):
    with pytest.raises(Invalid) as invalid:
        orders.issue(body(), ELSEWHERE, key())
    assert [one["pointer"] for one in invalid.value.facts["errors"]] == ["/unit", "/case_id"]


def test_the_card_named_is_one_on_that_case_and_counts_already(desk, orders):
    desk.told(notice())
    desk.time.at = at("2026-03-10", 10)
    card = desk.one().id
    assert orders.store.get(issued(orders, card=card)).card == card
    with pytest.raises(Invalid):
        issued(orders, card=card, case_id="b" * 26)
    red = desk.cards.find(finding("R3"), SUPERVISOR, key()).result.case.id
    with pytest.raises(Invalid):
        issued(orders, card=red)


def test_a_request_sent_twice_issues_one_order_and_another_under_its_key_is_a_conflict(orders):
    once = key()
    first = orders.issue(body(), SUPERVISOR, once)
    again = orders.issue(body(), SUPERVISOR, once)
    assert (again.replayed, again.result.case.id) == (True, first.result.case.id)
    with pytest.raises(Conflict):
        orders.issue(body(level=2), SUPERVISOR, type(once)(once.value, "other"))


def test_a_level_that_is_not_higher_is_told_where_it_lies(orders):
    case = issued(orders, level=3)
    with pytest.raises(Invalid) as invalid:
        do(orders, SUPERVISOR, case, "raise_level", level=3, note="仍未办结")
    assert invalid.value.facts["errors"][0]["pointer"] == "/level" and acts(orders, case) == ["issue"]


def test_who_hands_an_order_over_keeps_seeing_it_and_the_other_finds_it(orders):
    case = issued(orders)
    do(orders, REVIEWER, case, "claim")
    with pytest.raises(Invalid):
        do(orders, REVIEWER, case, "hand_over", handler="nobody-here")
    do(orders, REVIEWER, case, "hand_over", handler="reviewer-two")
    assert orders.read(case, REVIEWER).case.handler == "reviewer-two"
    assert (listed(orders, REVIEWER), listed(orders, REVIEWER2)) == ([], [case])


def test_an_order_about_a_bad_rating_is_found_by_rectifiers_and_the_head_alone(orders):
    case = issued(orders, kind="CORRECTION")
    assert listed(orders, RECTIFIER, unclaimed=True) == listed(orders, HEAD) == [case]
    assert listed(orders, REVIEWER, unclaimed=True) == []
    for who in (REVIEWER, CLERK, ELSEWHERE):
        with pytest.raises(Missing):
            orders.read(case, who)


def test_a_unit_lists_its_own_and_no_other_s(orders):
    for who, unit in ((HEAD, HALL), (SUPERVISOR, f"{OTHER_AREA}.market")):
        with pytest.raises(Invalid) as invalid:
            listed(orders, who, unit=unit)
        assert invalid.value.facts["errors"][0]["pointer"] == "/unit"


def test_a_list_names_the_unit_ordered_beside_the_supervising_one(orders):
    issued(orders)
    row, = orders.listed_for(HEAD, Which(), 20, None).items
    assert (row.unit, row.about_unit) == (f"{AREA}.supervision", MARKET)


def test_no_order_is_issued_on_a_case_that_has_ended(orders, desk):
    desk.over.add(CASE)
    assert refused(orders) == [("/case_id", "ended")]


def test_an_order_goes_to_the_unit_that_has_the_case_or_had_it_when_the_card_named_was_fired(orders, desk):
    assert refused(orders, unit=HALL) == [("/unit", "not-theirs")]
    desk.told(notice(unit=HALL))
    card = desk.one().id
    assert orders.store.get(issued(orders, unit=HALL, card=card)).person == HALL
    assert refused(orders, unit=HALL, card=card, case_id="b" * 26) == [("/card", "unknown")]


@pytest.mark.parametrize("ends", ["annul", "accept"])
def test_a_case_has_one_open_order_and_another_when_that_has_ended(orders, ends):
    case = issued(orders)
    with pytest.raises(Refused, match="该事项已有督办在办") as again:
        issued(orders, level=3)
    assert orders.store.get(case).number in again.value.detail
    assert again.value.facts["errors"][0]["pointer"] == "/case_id"
    assert issued(orders, case_id="b" * 26), "on another case"
    if ends == "accept":
        do(orders, REVIEWER, case, "sign")
        do(orders, REVIEWER, case, "answer", text="已补办")
        do(orders, SUPERVISOR, case, "accept")
    else:
        do(orders, SUPERVISOR, case, "annul", note="有误")
    assert issued(orders) != case


def test_of_two_orders_issued_on_a_case_at_the_same_moment_one_is_there(orders, monkeypatch):
    monkeypatch.setattr(OrderStore, "open_on", lambda *_: None)
    first = issued(orders)
    with pytest.raises(Stale):
        issued(orders)
    assert listed(orders, HEAD) == [first]


def test_a_draft_is_its_author_s_alone_and_no_order_is_issued_on_it(orders, desk):
    desk.ended["draft"] = clock(limit="90cd@GZ1.3")
    with pytest.raises(Invalid) as invalid:
        issued(orders)
    assert [one["pointer"] for one in invalid.value.facts["errors"]] == ["/case_id"]
    desk.ended["notice"] = clock()
    assert issued(orders)
