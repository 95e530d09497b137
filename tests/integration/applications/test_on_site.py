"""Who goes to inspect, when a hearing is announced, and limits that older terms lack (moto)."""
from datetime import date

import pytest
from pydantic import TypeAdapter

from chalicelib.domains.applications.models import Act, Application, AtWindow
from chalicelib.domains.applications.store import LIMITS
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.problems import Invalid, Refused
from chalicelib.kernel.record import replay
from chalicelib.kernel.reference import NATION, Reference
from chalicelib.kernel.table import Table
from tests.support.town import (
    AREA,
    CITIZEN,
    CLERK,
    ITEM,
    NOTICES,
    REVIEWER,
    ROWS,
    Hands,
    applications,
    key,
    offer,
    publish_basics,
)

TAKEN_IN = AtWindow(area=AREA, item=ITEM, materials={"M1": "m" * 26, "M2": "m" * 26}, person="p" * 26)
LATER = ("hearing_request", "hearing", "hearing_notice", "inspection")
"""Limits that the tables published before them do not have."""


@pytest.fixture
def hands():
    return Hands()


def inspecting(hands, reference):
    return applications(hands, reference, offer=lambda area, code, version: offer(
        area, code, version, inspection=True))


@pytest.fixture
def desk(tables, hands):
    return inspecting(hands, publish_basics(hands))


def do(desk, case, who, act, **fields):
    desk.perform(case, TypeAdapter(Act).validate_python({"act": act, **fields}), who, key())
    return desk.store.get(case)


def reviewed(desk):
    """Taken in, accepted and under review on Monday, 2 March 2026."""
    case = desk.register(TAKEN_IN, CLERK, key()).result.case.id
    do(desk, case, CLERK, "accept")
    do(desk, case, REVIEWER, "review")
    return case


def pointers(problem):
    return {error["pointer"]: error["detail"] for error in problem.value.facts["errors"]}


def test_two_officials_of_the_unit_are_named_with_the_day_on_which_they_went(desk, hands):
    case = reviewed(desk)
    hands.to("2026-03-05")
    after = do(desk, case, REVIEWER, "inspect", inspectors=["reviewer-a", "head-b"], inspected_on="2026-03-04",
               note="现场与申请材料一致")
    assert (after.inspected_on, after.inspectors) == (date(2026, 3, 4), ("reviewer-a", "head-b"))
    assert replay(Application, desk.store.timeline(case)) == after
    assert desk.file(after, REVIEWER).case.inspectors == ("reviewer-a", "head-b")
    holder = desk.file(after, CITIZEN.model_copy(update={"person": "p" * 26})).case
    assert holder.inspected_on == date(2026, 3, 4) and not hasattr(holder, "inspectors")


@pytest.mark.parametrize("inspectors, pointer", [
    (["reviewer-a", "reviewer-a"], "/inspectors/1"), (["reviewer-a", "x-far"], "/inspectors/1")])
def test_the_same_official_twice_and_one_of_another_unit_are_pointed_at(desk, inspectors, pointer):
    case = reviewed(desk)
    with pytest.raises(Invalid) as problem:
        do(desk, case, REVIEWER, "inspect", inspectors=inspectors, inspected_on="2026-03-02", note="现场检验")
    assert set(pointers(problem)) == {pointer}


@pytest.mark.parametrize("day", ["2026-03-01", "2026-03-03"])
def test_nobody_went_before_the_acceptance_or_will_have_gone_tomorrow(desk, day):
    case = reviewed(desk)
    with pytest.raises(Invalid) as problem:
        do(desk, case, REVIEWER, "inspect", inspectors=["reviewer-a", "head-b"], inspected_on=day, note="现场检验")
    assert set(pointers(problem)) == {"/inspected_on"}


def test_a_hearing_is_announced_seven_working_days_before_its_day(desk, hands):
    case = reviewed(desk)
    do(desk, case, REVIEWER, "tell_hearing", note="拟不予许可")
    do(desk, case, REVIEWER, "enter_hearing", note="相邻权利人书面申请")
    hands.to("2026-03-09")
    with pytest.raises(Invalid) as problem:
        do(desk, case, REVIEWER, "announce_hearing", hearing_on="2026-03-17", hearing_place="三楼听证室")
    told = "应当于举行听证的7个工作日前通知（《中华人民共和国行政许可法》第四十八条）"
    assert pointers(problem) == {"/hearing_on": told}
    after = do(desk, case, REVIEWER, "announce_hearing", hearing_on="2026-03-18", hearing_place="三楼听证室")
    assert (after.hearing_on, after.hearing_place) == (date(2026, 3, 18), "三楼听证室")


def old(hands, *places):
    """The reference of an installation whose tables, at `places`, were published before the LATER limits."""
    reference = Reference(Table("yiciban-test-reference"), hands)
    for notice in NOTICES[-3:]:
        reference.announce(notice)
    for place in places:
        reference.publish(LIMITS, place, "old", [row for row in ROWS if row["name"] not in LATER], date(2004, 1, 1))
    return reference


def test_a_limit_that_the_area_s_older_table_lacks_is_the_nation_s(tables, hands):
    reference = old(hands, AREA)
    reference.publish(LIMITS, NATION, "1", ROWS, date(2004, 1, 1))
    desk = inspecting(hands, reference)
    case = reviewed(desk)
    assert desk.store.get(case).terms == f"{AREA}/old" and "inspection" in desk.store.get(case).clocks
    assert do(desk, case, REVIEWER, "tell_hearing", note="拟不予许可").clocks["hearing_request"].limit.basis == "XKF47"


def test_a_limit_that_came_after_the_receipt_is_of_the_nation_s_table_now_in_force(tables, hands):
    reference = old(hands, NATION)
    desk = inspecting(hands, reference)
    case = reviewed(desk)
    with pytest.raises(Refused, match="尚未公布本事项的期限（hearing_request）") as problem:
        do(desk, case, REVIEWER, "tell_hearing", note="拟不予许可")
    assert problem.value.kind == "limit-not-published"
    reference.publish(LIMITS, NATION, "2", [{**row, "limit": "9wd@XKF42"} if row["name"] == "statutory" else row
                                            for row in ROWS], date(2026, 3, 2))
    told = do(desk, case, REVIEWER, "tell_hearing", note="拟不予许可")
    assert told.clocks["hearing_request"].total == 5
    assert desk.limits(told)["deliver"].count == 10 and told.terms == f"{NATION}/old", "what it says itself holds"


def test_the_system_notes_an_inspection_that_nobody_began(desk, hands):
    case = reviewed(desk)
    hands.to("2026-03-10", 0)
    desk.lapse(case)
    assert "overdue_inspection" in [event.act for event in desk.store.timeline(case) if event.by == SYSTEM]
