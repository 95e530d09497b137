"""The rules of an order from the reply on, who works on it and who may know of it, one sentence per test. Pure."""
from dataclasses import replace

import pytest

from chalicelib.domains.hotline.workflow import HOTLINE, note_is_for, standing
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.problems import Refused
from tests.support.orders import (
    CHIEF,
    HOTLINE_UNIT,
    SEAT,
    SEAT2,
    called,
    dispatched,
    do,
    due,
    duties,
    instants,
    occasion,
    offered,
    order,
    replied,
)
from tests.support.town import (
    AREA,
    CITIZEN,
    CLERK,
    HEAD,
    HEALTH,
    MARKET,
    OTHER_AREA,
    REVIEWER,
    REVIEWER2,
    STRANGER,
    SUPERVISOR,
    actor,
)


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
    assert case.level == 3, "listed for supervision (挂牌督办) at the second dissatisfaction"
    assert case.reworks == 2 and "rework" not in offered(case, SEAT, "2026-03-06")
    with pytest.raises(Refused, match="已重办2次"):
        do(case, SEAT, "rework", "2026-03-06")
    assert do(case, SEAT, "close", "2026-03-06").state == "closed"


def test_three_calls_in_vain_on_two_days_are_enough():
    case = do(replied(), SEAT, "pass", "2026-03-03", 11)
    for hour in (12, 13, 14):
        with pytest.raises(Refused, match="应当先回访"):
            do(case, SEAT, "close", "2026-03-03", hour)
        case = do(case, SEAT, "miss", "2026-03-03", hour)
    with pytest.raises(Refused, match="今日已拨打3次未接通"):
        do(case, SEAT, "miss", "2026-03-03", 15)
    case = do(case, SEAT, "miss", "2026-03-04", 9)
    with pytest.raises(Refused, match="已多次未接通"):
        do(case, SEAT, "miss", "2026-03-04", 10)
    assert offered(case, SEAT, "2026-03-04") >= {"call_back", "close"}, "who answers after all is heard"
    closed = do(case, SEAT, "close", "2026-03-04")
    assert (closed.state, closed.satisfaction) == ("closed", None), "nobody was asked, nothing is counted"


def test_however_often_a_seat_calls_the_order_keeps_few_of_the_days():
    case = do(replied(), SEAT, "pass", "2026-03-03", 11)
    for day in range(3, 31):
        for _ in range(9):
            if "miss" in offered(case, SEAT, f"2026-03-{day:02d}"):
                case = do(case, SEAT, "miss", f"2026-03-{day:02d}")
    assert [f"{day:%d}" for day in case.misses] == ["03", "03", "03", "04"]


def test_an_order_is_shelved_twice_and_then_has_to_be_answered_otherwise():
    case = do(dispatched(), REVIEWER, "sign", "2026-03-02", 11)
    for times in (0, 1, 2):
        case = do(case, REVIEWER, "reply", "2026-03-03", result="shelved", promised="2026-06-30")
        now = occasion(case, SEAT, "2026-03-03")
        now = replace(now, limits={**now.limits, "promise": Limit.model_validate("30cd@JN24")})
        assert case.shelvings == times
        if times < 2:
            case = do(HOTLINE.advance(case, "shelve", now).case, REVIEWER, "take_up", "2026-03-03")
    with pytest.raises(Refused, match="已挂账2次"):
        HOTLINE.advance(case, "shelve", now)
    assert "send_back" in offered(case, SEAT) and "pass" not in offered(case, SEAT), "the unit answers otherwise"


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
