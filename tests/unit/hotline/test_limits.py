"""Limits of an order beside the ordinary ones, one sentence per test. Pure: dispatched on Monday, 2 March 2026."""
from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domains.hotline.lawful import lawful, longer
from chalicelib.domains.hotline.workflow import HOTLINE
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.problems import Forbidden, Invalid, Refused
from tests.support.orders import SEAT, TO_MARKET, dispatched, do, due, duties, instants, occasion, offered
from tests.support.town import CITIZEN, HEAD, HEALTH, MARKET, REVIEWER, actor

HEAD2 = actor("head", MARKET, "head-two")
SIXTY = {"length": 60, "length_unit": "cd"}


def signed(**fields):
    return do(dispatched(**fields), REVIEWER, "sign", "2026-03-02", 11)


def apply_law(case, day, *at, who=HEAD, **law):
    """The order after the unit has applied a law's limit, as the service hands it on."""
    now = occasion(case, who, day, *at)
    return HOTLINE.advance(case, "apply_law", replace(now, limits={**now.limits, "reply": lawful(law)}), law).case


def test_a_consultation_is_signed_within_four_hours_and_another_within_a_working_day():
    case = dispatched(category="consultation")
    assert instants(case)["sign"] == "2026-03-02T06:00:00+00:00"
    assert duties(case, "2026-03-02", 13, 59) == [] and duties(case, "2026-03-02", 14) == ["overdue_sign"]
    assert due(dispatched(category="suggestion"))["sign"] == "2026-03-03"


def test_a_law_s_longer_limit_is_counted_from_the_dispatch_and_takes_the_place_of_the_other():
    case = apply_law(signed(), "2026-03-04", **SIXTY)
    assert (due(case)["reply"], case.clocks["reply"].limit.basis, "law" in case.clocks) == ("2026-05-06", "JN24", False)
    assert duties(case, "2026-05-06", 23, 59) == [] and duties(case, "2026-05-07", 0) == ["overdue_reply"]
    assert due(apply_law(signed(), "2026-03-04", length=15))["reply"] == "2026-03-23"
    assert due(apply_law(signed(), "2026-03-04", length=2, length_unit="mo"))["reply"] == "2026-05-06"


def test_it_is_applied_within_five_working_days_of_the_dispatch_once_and_before_the_limit_has_passed():
    case = signed(category="report")
    assert due(apply_law(case, "2026-03-09", 23, **SIXTY))["reply"] == "2026-05-06"
    with pytest.raises(Refused, match="期限已于2026-03-09届满（《济南市12345市民服务热线条例》第二十四条）"):
        apply_law(case, "2026-03-10", 0, **SIXTY)
    with pytest.raises(Refused, match="未在计算"):
        apply_law(apply_law(case, "2026-03-04", **SIXTY), "2026-03-05", **SIXTY)


@pytest.mark.parametrize("urgency", ["urgent", "critical"])
def test_what_is_urgent_does_not_wait_whatever_a_law_allows(urgency):
    case = signed(urgency=urgency)
    assert "apply_law" not in offered(case, HEAD, "2026-03-02", 11)
    with pytest.raises(Refused, match="特急、紧急工单按规定时限办理"):
        apply_law(case, "2026-03-02", 11, **SIXTY)


def test_only_the_head_of_the_unit_applies_it_and_not_beside_an_extension_asked_for():
    with pytest.raises(Forbidden, match="由单位负责人办理"):
        apply_law(signed(), "2026-03-03", who=REVIEWER, **SIXTY)
    with pytest.raises(Refused, match="其他单位"):
        apply_law(signed(), "2026-03-03", who=actor("head", HEALTH), **SIXTY)
    asked = do(signed(), REVIEWER, "ask_extension", "2026-03-03", asked_days=5)
    with pytest.raises(Refused, match="待批准的延期"):
        apply_law(asked, "2026-03-03", **SIXTY)
    assert "apply_law" not in offered(signed(), CITIZEN)


def test_a_law_s_limit_is_not_extended_and_goes_with_a_return():
    case = apply_law(signed(), "2026-03-02", 12, **SIXTY)
    with pytest.raises(Refused, match="不得再延长"):
        do(case, REVIEWER, "ask_extension", "2026-03-04", asked_days=1)
    back = do(case, REVIEWER, "return", "2026-03-02", 13)
    assert set(back.clocks) == {"dispatch"}
    assert due(do(back, SEAT, "dispatch", "2026-03-04", **TO_MARKET))["reply"] == "2026-03-11"


@pytest.mark.parametrize("law", [{"length": 5}, {"length": 3}, {"length": 7, "length_unit": "cd"}])
def test_a_limit_that_is_not_longer_is_none_of_these(law):
    case = signed()
    with pytest.raises(Invalid) as problem:
        longer(case, law, occasion(case, REVIEWER, "2026-03-03"))
    assert problem.value.facts["errors"][0]["pointer"] == "/length"


def test_an_intricate_order_is_extended_twice_and_by_no_more_than_its_first_time():
    case = signed(intricate=True)
    for days, last in ((3, "2026-03-12"), (2, "2026-03-16")):
        asked = do(case, REVIEWER, "ask_extension", "2026-03-03", asked_days=days)
        case = do(asked, HEAD, "approve_extension", "2026-03-04", extend_by=days)
        assert due(case)["reply"] == last
    with pytest.raises(Refused, match="不得再延长"):
        do(case, REVIEWER, "ask_extension", "2026-03-05", asked_days=1)


def test_another_order_is_extended_once():
    asked = do(signed(), REVIEWER, "ask_extension", "2026-03-03", asked_days=3)
    case = do(asked, HEAD2, "approve_extension", "2026-03-04", extend_by=3)
    with pytest.raises(Refused, match="不得再延长"):
        do(case, REVIEWER, "ask_extension", "2026-03-05", asked_days=1)
    assert duties(case, "2026-03-13", 0) == ["overdue_reply"]
    assert do(case, SYSTEM, "overdue_reply", "2026-03-13", 0).clocks["reply"].last_day(
        occasion(case, SYSTEM, "2026-03-13").calendar) == date(2026, 3, 12)


def test_no_law_s_limit_is_longer_than_a_year():
    case = signed()
    for law in ({"length": 13, "length_unit": "mo"}, {"length": 251}, {"length": 366, "length_unit": "cd"}):
        with pytest.raises(Invalid) as refused:
            longer(case, law, occasion(case, REVIEWER, "2026-03-04"))
        assert [(one["pointer"], one["code"]) for one in refused.value.facts["errors"]] == [("/length", "too-long")]
    assert longer(case, {"length": 12, "length_unit": "mo"}, occasion(case, REVIEWER, "2026-03-04")).count == 12
