"""When an application counts as received, and what silence does (moto): hours, late lists, renewals."""
from datetime import date, datetime

import pytest
from pydantic import TypeAdapter

from chalicelib.domains.applications.models import Act, AtWindow, Draft
from chalicelib.domains.applications.receipt import Hours
from chalicelib.domains.applications.store import HOURS
from chalicelib.kernel.calendar import Calendar
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.problems import Invalid, Refused
from tests.support.town import (
    AREA,
    CITIZEN,
    CLERK,
    HEAD,
    ITEM,
    NOTICES,
    REVIEWER,
    Hands,
    applications,
    key,
    offer,
    publish_basics,
)

FILES = {"M1": "m" * 26, "M2": "m" * 26}
CALENDAR = Calendar(NOTICES)
LATER = {"open": "09:00", "close": "17:00", "later": True}


@pytest.fixture
def hands():
    return Hands()


@pytest.fixture
def reference(tables, hands):
    return publish_basics(hands)


@pytest.fixture
def desk(hands, reference):
    return applications(hands, reference)


@pytest.fixture
def renewing(hands, reference):
    return applications(hands, reference, offer=lambda area, code, version: offer(area, code, version, renewal=True))


def did(desk, case, who, act, **fields):
    desk.perform(case, TypeAdapter(Act).validate_python({"act": act, **fields}), who, key())
    return desk.store.get(case)


def submitted(desk, **more):
    draft = desk.draft(Draft(area=AREA, item=ITEM, materials=FILES, **more), CITIZEN, key()).result.case.id
    return did(desk, draft, CITIZEN, "submit")


def last_days(desk, case):
    return {name: str(clock.last_day(desk.reference.calendar())) for name, clock in sorted(case.clocks.items())}


def test_a_receipt_at_night_is_of_the_day_it_came_in_where_no_rule_says_otherwise(desk, hands, reference):
    reference.publish(HOURS, AREA, "1", [LATER | {"later": False}], date(2026, 1, 1))
    hands.to("2026-03-07", 23)                             # a Saturday
    case = submitted(desk)
    assert case.counted_from is None and str(case.clocks["notice"].zero) == "2026-03-07 15:00:00+00:00"
    assert last_days(desk, case) == {"notice": "2026-03-13", "precheck": "2026-03-09"}


def test_where_the_area_counts_it_later_day_zero_is_the_next_working_day_and_the_true_instant_stays(
        desk, hands, reference):
    reference.publish(HOURS, AREA, "1", [LATER], date(2026, 1, 1))
    hands.to("2026-03-06", 17)                             # Friday, the hour at which the office closes
    case = submitted(desk)
    assert str(case.received_at) == "2026-03-06 09:00:00+00:00"
    assert str(case.counted_from) == "2026-03-09 01:00:00+00:00"
    assert last_days(desk, case) == {"notice": "2026-03-16", "precheck": "2026-03-10"}
    hands.to("2026-03-17", 1)
    desk.lapse(case.id)
    deemed = desk.store.get(case.id)
    assert deemed.accept_mode == "deemed" and deemed.accepted_at == case.counted_from
    assert last_days(desk, deemed)["statutory"] == "2026-04-07"


def test_at_a_window_nothing_is_counted_later(desk, hands, reference):
    reference.publish(HOURS, AREA, "1", [LATER], date(2026, 1, 1))
    hands.to("2026-03-06", 17)
    taken = AtWindow(area=AREA, item=ITEM, materials=FILES, person="p" * 26)
    case = desk.store.get(desk.register(taken, CLERK, key()).result.case.id)
    assert case.counted_from is None and last_days(desk, case) == {"notice": "2026-03-13"}


def test_a_correction_supplied_within_office_hours_is_no_longer_counted_later(desk, hands, reference):
    reference.publish(HOURS, AREA, "1", [LATER], date(2026, 1, 1))
    hands.to("2026-03-06", 20)
    case = submitted(desk)
    hands.to("2026-03-10")
    did(desk, case.id, CLERK, "receive")
    did(desk, case.id, CLERK, "ask_correction", lacks=[{"material": "M2", "reason": "无法辨认"}])
    hands.to("2026-03-12")
    case = did(desk, case.id, CITIZEN, "supply", form={}, materials=FILES)
    assert case.counted_from is None and last_days(desk, case) == {"notice": "2026-03-19"}
    hands.to("2026-03-16")
    assert last_days(desk, did(desk, case.id, CLERK, "accept"))["statutory"] == "2026-04-10", "from the correction"


@pytest.mark.parametrize(("at", "counted"), [
    ("2026-03-06T08:59:59", "2026-03-06T09:00"), ("2026-03-06T09:00:00", None), ("2026-03-06T16:59:59", None),
    ("2026-03-06T17:00:00", "2026-03-09T09:00"), ("2026-03-06T23:59:59", "2026-03-09T09:00"),
    ("2026-03-07T00:00:00", "2026-03-09T09:00"), ("2026-03-09T00:00:00", "2026-03-09T09:00"),
    ("2026-02-28T10:00:00", None), ("2026-02-28T18:00:00", "2026-03-02T09:00"),       # a Saturday that is worked
    ("2026-02-14T17:00:00", "2026-02-24T09:00"), ("2026-10-08T00:00:00", "2026-10-08T09:00"),
])
def test_hours_end_on_the_second_and_days_at_midnight_of_shanghai(at, counted):
    hours = Hours.model_validate(LATER)
    found = hours.counted_from(datetime.fromisoformat(f"{at}+08:00"), CALENDAR)
    assert found == (counted and datetime.fromisoformat(f"{counted}:00+08:00"))


def test_a_late_list_changes_nothing_and_the_clerk_comes_too_late_even_before_the_sweep(desk, hands):
    case = submitted(desk)
    did(desk, case.id, CLERK, "receive")
    hands.to("2026-03-10", 0)                              # the sixth working day has begun; nobody has swept yet
    for act in ("ask_correction", "return"):
        with pytest.raises(Refused):
            did(desk, case.id, CLERK, act, lacks=[{"reason": "表格未填写完整"}])
    desk.lapse(case.id)
    deemed = desk.store.get(case.id)
    assert (deemed.state, deemed.accepted_at) == ("accepted", case.received_at)
    assert last_days(desk, deemed)["statutory"] == "2026-03-30", "vector of the field"


def test_what_is_still_owed_after_acceptance_by_silence_is_asked_for_once_and_moves_no_clock(desk, hands):
    case = submitted(desk)
    hands.to("2026-03-10", 1)
    desk.lapse(case.id)
    deemed = desk.store.get(case.id)
    asked = did(desk, case.id, REVIEWER, "ask_owed", lacks=[{"material": "M2", "reason": "缺少平面图的尺寸"}])
    assert asked.owed and asked.clocks == deemed.clocks and desk.papers(case.id, CITIZEN).lacks[0].material == "M2"
    hands.to("2026-03-12")
    supplied = did(desk, case.id, CITIZEN, "supply_owed", form={"店名": "示例"}, materials=FILES)
    assert supplied.owed is False and supplied.clocks == deemed.clocks and supplied.received_at == case.received_at
    for who, act, fields in ((REVIEWER, "ask_owed", {"lacks": [{"reason": "又缺"}]}),
                             (CITIZEN, "supply_owed", {"form": {}, "materials": FILES})):
        with pytest.raises(Refused):
            did(desk, case.id, who, act, **fields)


def test_of_an_application_that_was_accepted_in_time_nothing_is_owed(desk):
    case = submitted(desk)
    did(desk, case.id, CLERK, "receive")
    did(desk, case.id, CLERK, "accept")
    with pytest.raises(Refused, match="受理后不得再要求补充材料"):
        did(desk, case.id, REVIEWER, "ask_owed", lacks=[{"reason": "又缺"}])


def renewal(until):
    return {"renews": {"licence": "JY14301990000001", "expires_on": until}}


def test_a_renewal_lodged_in_time_is_granted_by_silence_when_the_licence_expires(renewing, hands):
    case = submitted(renewing, **renewal("2026-04-06"))    # a holiday (清明): no day moves this date
    assert case.renewal_in_time and last_days(renewing, case)["expiry"] == "2026-04-06"
    did(renewing, case.id, CLERK, "receive")
    did(renewing, case.id, CLERK, "accept")
    did(renewing, case.id, REVIEWER, "review")
    did(renewing, case.id, REVIEWER, "suspend", reason="检验", planned=40, note="送检样品")
    hands.to("2026-04-06", 23)
    assert renewing.lapse(case.id) == 0, "until 24:00 the office may decide"
    hands.to("2026-04-07", 0)
    assert renewing.lapse(case.id) == 1
    after = renewing.store.get(case.id)
    event = renewing.store.event(case.id, after.version)
    assert (after.state, after.granted, after.decision_mode, after.suspended_for) == ("granted", True, "deemed", "")
    assert (event.act, event.by, event.basis) == ("deem_renewal", SYSTEM, "XKF50")
    assert last_days(renewing, after) == {"deliver": "2026-04-21"}, "from the day after"
    assert renewing.ledger(case.id, "expiry", CITIZEN).due_on == date(2026, 4, 6)
    assert did(renewing, case.id, HEAD, "close").close_type == 1


@pytest.mark.parametrize(("until", "in_time"), [("2026-04-01", True), ("2026-03-31", False)])
def test_thirty_calendar_days_must_lie_between_the_receipt_and_the_last_day(renewing, until, in_time):
    case = submitted(renewing, **renewal(until))
    assert case.renewal_in_time is in_time and ("expiry" in case.clocks) is in_time
    assert renewing.read(case.id, CITIZEN).case.renewal_in_time is in_time


def test_silence_grants_even_what_nobody_received_and_no_refusal_comes_after_the_expiry(renewing, hands):
    case = submitted(renewing, **renewal("2026-04-10"))
    did(renewing, case.id, CLERK, "receive")
    did(renewing, case.id, CLERK, "accept")
    did(renewing, case.id, REVIEWER, "review")
    hands.to("2026-04-11", 0)
    with pytest.raises(Refused, match="准予许可的事项不能不予许可"):
        did(renewing, case.id, REVIEWER, "refuse", reason="不符合条件", basis="食品安全法第三十五条")
    assert renewing.store.get(case.id).decision_mode == "deemed"


def test_a_decision_before_the_expiry_ends_its_clock(renewing):
    case = submitted(renewing, **renewal("2026-06-30"))
    for who, act in ((CLERK, "receive"), (CLERK, "accept"), (REVIEWER, "review"), (REVIEWER, "grant")):
        case = did(renewing, case.id, who, act)
    assert "expiry" not in case.clocks and case.decision_mode == ""


def test_where_the_applicant_has_yet_to_mend_the_papers_at_the_expiry_nothing_is_granted(renewing, hands):
    case = submitted(renewing, **renewal("2026-04-01"))
    hands.to("2026-03-09")
    did(renewing, case.id, CLERK, "return", lacks=[{"reason": "表格未填写完整"}])
    hands.to("2026-04-02", 1)
    assert renewing.lapse(case.id) == 1
    after = renewing.store.get(case.id)
    assert (after.state, after.renewal_in_time, after.granted) == ("returned", False, None)
    again = did(renewing, case.id, CITIZEN, "resubmit", form={}, materials=FILES)
    assert "expiry" not in again.clocks


def test_a_renewal_names_its_licence_and_nothing_else_does(desk, renewing):
    for service, more in ((renewing, {}), (desk, renewal("2026-06-30"))):
        with pytest.raises(Invalid) as found:
            submitted(service, **more)
        assert found.value.facts["errors"][0]["pointer"] == "/renews"
