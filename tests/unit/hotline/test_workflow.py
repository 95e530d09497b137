"""The rules of a hotline order, one sentence per test. Pure: cases and occasions are made by hand."""
import json
from datetime import UTC, datetime

import pytest

from chalicelib.domains.hotline.models import Order
from chalicelib.domains.hotline.workflow import HOTLINE, note_is_for, standing, terms_for
from chalicelib.kernel.calendar import Calendar
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.problems import Forbidden, Refused
from chalicelib.kernel.turns import Occasion
from tests.support.town import (
    AREA,
    CITIZEN,
    CLERK,
    HEAD,
    HEALTH,
    MARKET,
    NOTICES,
    OTHER_AREA,
    REVIEWER,
    REVIEWER2,
    SEEDS,
    STRANGER,
    SUPERVISOR,
    actor,
)

CALENDAR = Calendar(NOTICES)
ROWS = json.loads((SEEDS / "hotline-limits.json").read_text("utf-8"))
HOTLINE_UNIT = f"{AREA}.hotline"
SEAT, SEAT2 = actor("centre", HOTLINE_UNIT), actor("centre", HOTLINE_UNIT, "centre-two")
CHIEF = actor("head", HOTLINE_UNIT)
TO_MARKET = {"unit": MARKET, "units": ("market",)}


def shanghai(day, hour=10, minute=0):
    """A time of a day (`2026-03-10`) in Shanghai."""
    return datetime.fromisoformat(f"{day}T{hour:02d}:{minute:02d}:00+08:00").astimezone(UTC)


def occasion(case, who, day, *at):
    terms = terms_for(ROWS, case.category, case.urgency)
    return Occasion(who, shanghai(day, *at), CALENDAR, terms.limits, terms.model_dump())


def do(case, who, act, day, *at, **details):
    """The case after an act on a day."""
    return HOTLINE.advance(case, act, occasion(case, who, day, *at), details).case


def order(day="2026-03-02", *at, who=SEAT, **fields):
    """An order as registered."""
    fields = {"area": AREA, "unit": HOTLINE_UNIT, "person": "p-zhang", "number": "N1", "opened_at": shanghai(day, *at),
              "category": "help", **fields}
    return do(Order(id="a" * 26, **fields), who, "register", day, *at, **fields)


def dispatched(day="2026-03-02", *at, **fields):
    return do(order(day, *at, **fields), SEAT, "dispatch", day, *at, **TO_MARKET)


def replied(day="2026-03-03", **fields):
    signed = do(dispatched(**fields), REVIEWER, "sign", "2026-03-02", 11)
    return do(signed, REVIEWER, "reply", day, result="solved")


def called(satisfaction, **fields):
    checked = do(replied(**fields), SEAT, "pass", "2026-03-03", 11)
    return do(checked, SEAT, "call_back", "2026-03-03", 12, satisfaction=satisfaction, solved=satisfaction > 2)


def due(case):
    return {name: str(clock.last_day(CALENDAR)) for name, clock in case.clocks.items()}


def instants(case):
    return {name: clock.due(CALENDAR).isoformat() for name, clock in case.clocks.items()}


def duties(case, day, *at):
    """What the system has to do at a time of a day."""
    return [act for act in HOTLINE.acts(case, occasion(case, SYSTEM, day, *at)) if act != "recount"]


def offered(case, who, day="2026-03-03", *at):
    return set(HOTLINE.acts(case, occasion(case, who, day, *at)))


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
    with pytest.raises(Forbidden, match="登记由热线中心、申请人办理"):
        order(who=CLERK)


def test_what_can_be_answered_at_once_is_closed_and_what_belongs_elsewhere_declined():
    assert do(order(), SEAT, "answer", "2026-03-02").state == "closed"
    declined = do(order(), SEAT, "decline", "2026-03-02")
    assert (declined.state, declined.clocks, offered(declined, SEAT)) == ("declined", {}, set())


def test_a_dispatched_order_is_to_be_signed_in_one_working_day_and_replied_to_in_five():
    case = dispatched()
    assert (case.state, case.unit) == ("dispatched", MARKET)
    assert due(case) == {"sign": "2026-03-03", "return": "2026-03-03", "reply": "2026-03-09"}
    assert due(do(case, REVIEWER, "sign", "2026-03-03")) == {"return": "2026-03-03", "reply": "2026-03-09"}


def test_a_critical_order_is_counted_in_minutes_at_night_and_on_a_holiday():
    case = dispatched("2026-02-17", 23, 50, urgency="critical")       # the first day of the Spring Festival
    assert instants(case) == {"sign": "2026-02-17T16:05:00+00:00", "reply": "2026-02-17T17:50:00+00:00",
                              "return": "2026-02-18T15:50:00+00:00"}
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
    assert due(again) == {"sign": "2026-03-05", "return": "2026-03-05", "reply": "2026-03-11"}


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
    assert case.designated and set(case.clocks) == {"sign", "reply"}
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


def test_the_reply_goes_to_the_centre_which_has_three_working_days_to_check_and_call():
    case = replied()
    assert (case.state, case.unit, case.result, due(case)) == ("replied", HOTLINE_UNIT, "solved",
                                                               {"callback": "2026-03-06"})
    assert duties(case, "2026-03-07", 0) == ["overdue_callback"]
    assert "reply" not in offered(case, REVIEWER) and offered(case, REVIEWER) == set()


def test_a_reply_sent_back_is_done_again_in_half_the_time_and_not_returned():
    case = do(replied(), SEAT, "send_back", "2026-03-04")
    assert (case.state, case.unit, due(case)) == ("handling", MARKET, {"reply": "2026-03-09"}), "three days of five"
    with pytest.raises(Refused, match="未在计算"):
        do(case, REVIEWER, "return", "2026-03-04")
    with pytest.raises(Refused, match="不得再延长"):
        do(case, REVIEWER, "ask_extension", "2026-03-04", asked_days=1)


def test_half_of_two_hours_is_one():
    signed = do(dispatched(urgency="critical"), REVIEWER, "sign", "2026-03-02", 10, 5)
    back = do(do(signed, REVIEWER, "reply", "2026-03-02", 11), SEAT, "send_back", "2026-03-02", 12)
    assert instants(back) == {"reply": "2026-03-02T05:00:00+00:00"}


@pytest.mark.parametrize("satisfaction", [5, 4, 3])
def test_a_content_citizen_s_order_is_closed_in_the_name_of_the_unit(satisfaction):
    case = called(satisfaction)
    assert offered(case, SEAT) == {"claim", "close"}
    closed = do(case, SEAT, "close", "2026-03-04")
    assert (closed.state, closed.unit, closed.clocks) == ("closed", MARKET, {})


@pytest.mark.parametrize("satisfaction", [2, 1])
def test_a_dissatisfied_citizen_s_order_is_done_again(satisfaction):
    case = called(satisfaction)
    assert offered(case, SEAT) == {"claim", "rework"}
    with pytest.raises(Refused, match="应当退回重办"):
        do(case, SEAT, "close", "2026-03-04")
    again = do(case, SEAT, "rework", "2026-03-04")
    assert (again.state, again.unit, again.reworks, again.satisfaction, again.solved) == (
        "handling", MARKET, 1, None, None)
    assert due(again) == {"reply": "2026-03-09"}


def test_after_two_reworks_the_order_is_closed_as_it_is():
    case = called(1)
    for day in ("2026-03-04", "2026-03-05"):
        case = do(do(case, SEAT, "rework", day), REVIEWER, "reply", day, 11, result="explained")
        case = do(do(case, SEAT, "pass", day, 12), SEAT, "call_back", day, 13, satisfaction=1, solved=False)
    assert case.reworks == 2 and "rework" not in offered(case, SEAT, "2026-03-06")
    with pytest.raises(Refused, match="已重办2次"):
        do(case, SEAT, "rework", "2026-03-06")
    assert do(case, SEAT, "close", "2026-03-06").state == "closed"


def test_three_calls_in_vain_on_two_days_are_enough():
    case = do(replied(), SEAT, "pass", "2026-03-03", 11)
    for hour in (12, 13, 14, 15):
        with pytest.raises(Refused, match="应当先回访"):
            do(case, SEAT, "close", "2026-03-03", hour)
        case = do(case, SEAT, "miss", "2026-03-03", hour)
    case = do(case, SEAT, "miss", "2026-03-04", 9)
    with pytest.raises(Refused, match="已多次未接通"):
        do(case, SEAT, "miss", "2026-03-04", 10)
    assert offered(case, SEAT, "2026-03-04") >= {"call_back", "close"}, "who answers after all is heard"
    closed = do(case, SEAT, "close", "2026-03-04")
    assert (closed.state, closed.satisfaction) == ("closed", None), "nobody was asked, nothing is counted"


def test_an_anonymous_order_is_closed_without_a_call():
    case = do(replied(person="", anonymous=True), SEAT, "pass", "2026-03-03")
    assert offered(case, SEAT) == {"claim", "close"}
    with pytest.raises(Refused, match="匿名诉求无法回访"):
        do(case, SEAT, "call_back", "2026-03-03", satisfaction=5, solved=True)


def test_who_took_an_order_up_handles_it_or_the_head_does():
    mine = do(dispatched(), REVIEWER2, "claim", "2026-03-02")
    with pytest.raises(Refused, match="由其他人员承办"):
        do(mine, REVIEWER, "sign", "2026-03-02")
    assert do(mine, HEAD, "sign", "2026-03-02").handler == REVIEWER2.person
    assert do(do(mine, REVIEWER2, "sign", "2026-03-02"), REVIEWER2, "reply", "2026-03-03").handler == ""
    seated = do(order(), SEAT, "claim", "2026-03-02")
    with pytest.raises(Refused, match="由其他人员承办"):
        do(seated, SEAT2, "answer", "2026-03-02")
    assert do(seated, CHIEF, "assign", "2026-03-02", handler=SEAT2.person).handler == SEAT2.person


def test_the_supervisor_annuls_an_open_order_and_every_clock_stops():
    for case in (order(), dispatched(), replied(), called(1)):
        annulled = do(case, SUPERVISOR, "annul", "2026-03-04", note="测试工单")
        assert (annulled.state, annulled.clocks) == ("annulled", {})
        assert HOTLINE.wake(annulled, occasion(annulled, SYSTEM, "2026-03-04")) is None


def test_every_open_state_lies_on_a_desk_and_has_somebody_to_move_it():
    waiting = [order(), do(dispatched(), REVIEWER, "return", "2026-03-02", 12), dispatched(),
               do(dispatched(), REVIEWER, "sign", "2026-03-02"), replied(),
               do(replied(), SEAT, "pass", "2026-03-03"), called(5), called(1)]
    assert {case.state for case in waiting} == {"registered", "returned", "dispatched", "handling", "replied",
                                                "checked", "called"}
    for case in waiting:
        who = SEAT if case.unit == HOTLINE_UNIT else HEAD
        assert offered(case, who, "2026-03-03") - {"claim"}, case.state
        assert HOTLINE.wake(case, occasion(case, SYSTEM, "2026-03-03")), case.state


def test_who_may_know_of_an_order():
    moved = do(dispatched(), REVIEWER, "return", "2026-03-02", 12)
    case = do(moved, SEAT, "dispatch", "2026-03-02", 13, unit=HEALTH, units=("market", "health"))
    far = actor("centre", f"{OTHER_AREA}.hotline", area=OTHER_AREA)
    expected = {CITIZEN: "holder", STRANGER: "", SEAT: "centre", CHIEF: "centre", REVIEWER: "unit", HEAD: "unit",
                actor("clerk", HEALTH): "unit", CLERK: "", SUPERVISOR: "watch", actor("auditor", f"{AREA}.bureau"):
                "watch", far: "", actor("supervisor", f"{OTHER_AREA}.bureau", area=OTHER_AREA): "",
                actor("clerk", HOTLINE_UNIT): "", actor("centre", MARKET): "", actor("rectifier", MARKET): ""}
    assert {who: standing(case, who) for who in expected} == expected
    assert offered(case, REVIEWER, "2026-03-02", 14) == set(), "the unit that had it sees it and does not act"


def test_an_anonymous_order_is_nobody_s():
    case = order(person="", anonymous=True)
    assert standing(case, actor("citizen", person="")) == standing(case, STRANGER) == ""


def test_notes_are_for_those_for_whom_they_were_written():
    assert [note_is_for("ask_extension", who) for who in (CITIZEN, REVIEWER, SEAT)] == [True] * 3
    assert [note_is_for("return", who) for who in (CITIZEN, REVIEWER, SEAT)] == [False, True, True]
    assert [note_is_for("miss", who) for who in (CITIZEN, REVIEWER, SUPERVISOR, SEAT, CHIEF)] == [
        False, False, False, True, True]
