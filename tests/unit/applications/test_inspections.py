"""The inspection on site, one sentence per test. Pure: an item that asks for one, accepted on Monday, 2 March 2026."""
from datetime import UTC, date, datetime

import pytest

from chalicelib.domains.applications.models import Application
from chalicelib.domains.applications.workflow import APPLICATIONS
from chalicelib.kernel.calendar import Calendar
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.problems import Forbidden, Refused
from chalicelib.kernel.turns import Occasion
from tests.support.town import AREA, CITIZEN, CLERK, HALL, MARKET, NOTICES, REVIEWER, ROWS, actor

CALENDAR = Calendar(NOTICES)
LIMITS = {row["name"]: Limit.model_validate(row["limit"]) for row in ROWS} | {
    "procedure": Limit.model_validate("5wd@XKF45")}
WENT = {"inspectors": ("a", "b"), "inspected_on": date(2026, 3, 6)}


def occasion(who, day, hour=10, limits=LIMITS):
    return Occasion(who, datetime.fromisoformat(f"{day}T{hour:02d}:00:00+08:00").astimezone(UTC), CALENDAR, limits)


def do(case, who, act, day, hour=10, **details):
    return APPLICATIONS.advance(case, act, occasion(who, day, hour), details).case


def duties(case, day, hour=10):
    return {act for act in APPLICATIONS.acts(case, occasion(SYSTEM, day, hour)) if "inspection" in act}


@pytest.fixture
def received():
    case = Application(id="a" * 26, area=AREA, unit=HALL, hall=HALL, department=MARKET, person=CITIZEN.person,
                       number="N1", opened_at=occasion(CLERK, "2026-03-02").at, inspection=True)
    return do(case, CLERK, "register", "2026-03-02")


@pytest.fixture
def accepted(received):
    return do(received, CLERK, "accept", "2026-03-02")


def test_officials_are_sent_within_five_working_days_of_acceptance(accepted):
    assert str(accepted.clocks["inspection"].last_day(CALENDAR)) == "2026-03-09"
    seen = do(accepted, REVIEWER, "inspect", "2026-03-09", 23, **WENT)
    assert (seen.inspectors, seen.inspected_on, "inspection" in seen.clocks) == (("a", "b"), date(2026, 3, 6), False)
    assert duties(seen, "2026-03-20") == set()


@pytest.mark.parametrize("state", ["accepted", "reviewing", "suspended"])
def test_an_inspection_not_begun_in_time_is_noted_once_whatever_else_holds_the_application(accepted, state):
    case = accepted
    if state != "accepted":
        case = do(case, REVIEWER, "review", "2026-03-03")
    if state == "suspended":
        case = do(case, REVIEWER, "suspend", "2026-03-04", reason="招标", planned=20, suspended_for="招标")
    assert case.state == state and duties(case, "2026-03-09", 23) == set()
    assert duties(case, "2026-03-10", 0) == {"overdue_inspection"}
    late = do(case, SYSTEM, "overdue_inspection", "2026-03-10", 0)
    assert duties(late, "2026-03-11") == set()
    assert "inspection" not in do(late, REVIEWER, "inspect", "2026-03-11", **WENT).clocks


def test_acceptance_by_silence_dates_the_five_days_back_too(received):
    deemed = do(received, SYSTEM, "deem", "2026-03-10", 0)
    assert str(deemed.clocks["inspection"].last_day(CALENDAR)) == "2026-03-09"
    assert duties(deemed, "2026-03-10", 0) == {"overdue_inspection"}


def test_what_has_to_be_inspected_is_not_granted_unseen_but_may_be_refused(accepted):
    case = do(accepted, REVIEWER, "review", "2026-03-03")
    with pytest.raises(Refused, match="应当先指派两名以上工作人员现场检验"):
        do(case, REVIEWER, "grant", "2026-03-06")
    assert do(case, REVIEWER, "refuse", "2026-03-06").clocks.keys() == {"deliver"}
    assert do(do(case, REVIEWER, "inspect", "2026-03-06", **WENT), REVIEWER, "grant", "2026-03-06").granted


def test_an_item_that_asks_for_none_has_no_such_clock_and_may_be_inspected_all_the_same(received):
    case = received.model_copy(update={"inspection": False})
    few = {name: limit for name, limit in LIMITS.items() if name != "inspection"}
    case = APPLICATIONS.advance(case, "accept", occasion(CLERK, "2026-03-02", limits=few)).case
    assert set(case.clocks) == {"statutory", "promised"}
    assert do(case, REVIEWER, "inspect", "2026-03-06", **WENT).inspected_on == date(2026, 3, 6)


def test_only_the_unit_that_decides_sends_officials(accepted):
    with pytest.raises(Refused, match="由其他单位承办"):
        do(accepted, actor("reviewer", HALL), "inspect", "2026-03-06", **WENT)
    with pytest.raises(Forbidden):
        do(accepted, CITIZEN, "inspect", "2026-03-06", **WENT)
