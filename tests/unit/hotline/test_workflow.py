"""The rules of an order until the reply, one sentence per test. Pure: cases and occasions are made by hand."""
import pytest

from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.problems import Forbidden, Refused
from tests.support.orders import HOTLINE_UNIT, SEAT, TO_MARKET, dispatched, do, due, duties, instants, offered, order
from tests.support.town import CITIZEN, CLERK, HEAD, HEALTH, MARKET, OTHER_AREA, REVIEWER, STRANGER, actor


def test_an_order_lies_on_the_centre_s_desk_for_two_hours():
    case = order()
    assert (case.state, case.unit, set(case.clocks)) == ("registered", HOTLINE_UNIT, {"dispatch"})
    assert duties(case, "2026-03-02", 11, 59) == [] and duties(case, "2026-03-02", 12) == ["overdue_dispatch"]


def test_a_citizen_registers_for_themselves_and_a_seat_for_anybody_of_its_area():
    assert order(who=CITIZEN).state == "registered"
    with pytest.raises(Refused, match="只有申请人可以办理"):
        order(who=STRANGER)
    with pytest.raises(Refused, match="由其他单位承办"):
        order(who=actor("centre", f"{OTHER_AREA}.hotline", area=OTHER_AREA))
    with pytest.raises(Forbidden, match="登记由热线中心、诉求人办理"):
        order(who=CLERK)


def test_what_can_be_answered_at_once_is_closed_and_what_belongs_elsewhere_declined():
    assert do(order(), SEAT, "answer", "2026-03-02").state == "closed"
    declined = do(order(), SEAT, "decline", "2026-03-02")
    assert (declined.state, declined.clocks, offered(declined, SEAT)) == ("declined", {}, set())


def test_a_dispatched_order_is_to_be_signed_in_one_working_day_and_replied_to_in_five():
    case = dispatched()
    assert (case.state, case.unit) == ("dispatched", MARKET)
    assert due(case) == {"sign": "2026-03-03", "return": "2026-03-03", "reply": "2026-03-09",
                         "law": "2026-03-09"}
    assert due(do(case, REVIEWER, "sign", "2026-03-03")) == {
        "return": "2026-03-03", "reply": "2026-03-09", "law": "2026-03-09"}


def test_a_critical_order_is_counted_in_minutes_at_night_and_on_a_holiday():
    case = dispatched("2026-02-17", 23, 50, urgency="critical")       # the first day of the Spring Festival
    assert instants(case) == {"sign": "2026-02-17T16:05:00+00:00", "reply": "2026-02-17T17:50:00+00:00",
                              "return": "2026-02-18T15:50:00+00:00", "law": "2026-02-28T16:00:00+00:00"}
    assert duties(case, "2026-02-18", 0, 4) == []
    assert duties(case, "2026-02-18", 0, 5) == ["overdue_sign"]
    assert duties(case, "2026-02-18", 1, 50) == ["overdue_sign", "overdue_reply"]


def test_an_ordinary_order_waits_over_the_spring_festival():
    assert due(dispatched("2026-02-13"))["reply"] == "2026-02-27", "15 to 23 February are off, the 14th is worked"


def test_on_the_lapse_the_supervision_level_is_noted_once():
    case = do(dispatched(), SYSTEM, "overdue_sign", "2026-03-04", 0)
    assert (case.level, case.state) == (1, "dispatched") and duties(case, "2026-03-05") == []
    late = do(case, REVIEWER, "sign", "2026-03-04")
    assert late.state == "handling" and duties(late, "2026-03-10", 0) == ["overdue_reply"]


def test_a_unit_returns_an_order_within_24_hours_of_the_dispatch():
    back = do(dispatched(), REVIEWER, "return", "2026-03-03", 9, 59)
    assert (back.state, back.unit, back.returns, set(back.clocks)) == ("returned", HOTLINE_UNIT, 1, {"dispatch"})
    with pytest.raises(Refused, match="期限已于2026-03-03届满"):
        do(dispatched(), REVIEWER, "return", "2026-03-03", 10)
    signed = do(dispatched(), REVIEWER, "sign", "2026-03-02", 11)
    assert do(signed, REVIEWER, "return", "2026-03-02", 12).state == "returned", "also when it was signed for"


def test_a_returned_order_is_dispatched_anew_with_fresh_clocks():
    back = do(dispatched(), REVIEWER, "return", "2026-03-02", 12)
    again = do(back, SEAT, "dispatch", "2026-03-04", unit=HEALTH, units=("market", "health"))
    assert due(again) == {"sign": "2026-03-05", "return": "2026-03-05", "reply": "2026-03-11", "law": "2026-03-11"}


def test_the_second_return_needs_the_head_and_a_third_is_refused():
    back = do(dispatched(), REVIEWER, "return", "2026-03-02", 12)
    again = do(back, SEAT, "dispatch", "2026-03-02", 13, **TO_MARKET)
    with pytest.raises(Refused, match="由单位负责人提出"):
        do(again, REVIEWER, "return", "2026-03-02", 14)
    third = do(do(again, HEAD, "return", "2026-03-02", 14), SEAT, "dispatch", "2026-03-02", 15, **TO_MARKET)
    with pytest.raises(Refused, match="已退回2次"):
        do(third, HEAD, "return", "2026-03-02", 16)
    assert "return" not in offered(third, HEAD, "2026-03-02", 16)


def test_a_designated_order_is_never_returned():
    case = do(order(), SEAT, "designate", "2026-03-02", **TO_MARKET)
    assert case.designated and set(case.clocks) == {"sign", "reply", "law"}
    with pytest.raises(Refused, match="指定的承办单位不得退回"):
        do(case, HEAD, "return", "2026-03-02")
    back = do(dispatched(), REVIEWER, "return", "2026-03-02", 12)
    assert do(back, SEAT, "designate", "2026-03-02", 13, **TO_MARKET).state == "dispatched"


def test_an_extension_is_asked_by_one_and_approved_by_another_once():
    signed = do(dispatched(), HEAD, "sign", "2026-03-02")
    asked = do(signed, HEAD, "ask_extension", "2026-03-03", asked_days=5, note="需现场核查")
    with pytest.raises(Refused, match="不得自行批准"):
        do(asked, HEAD, "approve_extension", "2026-03-04", extend_by=5)
    longer = do(asked, actor("head", MARKET, "head-two"), "approve_extension", "2026-03-04", extend_by=5)
    assert (longer.asked_days, due(longer)["reply"]) == (0, "2026-03-16")
    with pytest.raises(Refused, match="不得再延长"):
        do(longer, REVIEWER, "ask_extension", "2026-03-05", asked_days=1)
    assert do(asked, actor("head", MARKET, "head-two"), "deny_extension", "2026-03-04").asked_days == 0


def test_no_extension_after_the_limit_and_none_of_an_urgent_order():
    signed = do(dispatched(), REVIEWER, "sign", "2026-03-02")
    with pytest.raises(Refused, match="届满"):
        do(signed, REVIEWER, "ask_extension", "2026-03-10", 0, asked_days=1)
    urgent = do(dispatched(urgency="urgent"), REVIEWER, "sign", "2026-03-02")
    with pytest.raises(Refused, match="不得再延长"):
        do(urgent, REVIEWER, "ask_extension", "2026-03-02", 11, asked_days=1)
