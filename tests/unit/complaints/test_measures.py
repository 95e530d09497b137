"""What one complaint adds to the figures, one story per test. Pure."""
import pytest

from chalicelib.domains.complaints.guards import desk_of
from chalicelib.domains.complaints.measures import OF_COMPLAINT, of_complaint
from chalicelib.domains.complaints.models import Complaint
from chalicelib.domains.complaints.workflow import COMPLAINTS
from chalicelib.kernel.identity import SYSTEM
from tests.support.orders import CALENDAR
from tests.support.town import AREA, CITIZEN, HEALTH, MARKET, REVIEWER, SUPERVISOR, actor
from tests.unit.complaints.test_workflow import OPENED, occasion

SENT = ("classify", SUPERVISOR, "2026-03-02", {"course": "complaint", "unit": MARKET})
SIGNED = ("sign", REVIEWER, "2026-03-03", {})
ANSWERED = ("answer", REVIEWER, "2026-03-04", {"result": "solved"})
DECLINED = ("decline", SUPERVISOR, "2026-03-03", {"remedy": "reconsideration"})


def call(satisfied, day="2026-03-05"):
    return "call_back", SUPERVISOR, day, {"satisfied": satisfied}


def marks(*acts, sort="stuck"):
    """What a complaint adds, by unit, after acts; those that are said to change nothing change nothing."""
    given = {"area": AREA, "unit": desk_of(AREA), "opened_at": OPENED, "sort": sort, "person": CITIZEN.person}
    case, timeline, counted = Complaint(id="c" * 26, **given), [], {}
    for act, who, day, details in (("register", CITIZEN, "2026-03-02", given), *acts):
        step = COMPLAINTS.advance(case, act, occasion(who, day, details.get("course") or case.course), details)
        case, before = step.case, counted
        timeline.append(step.event)
        counted = of_complaint(case, timeline, lambda version: CALENDAR)
        assert act in OF_COMPLAINT or counted == before, act
    assert {month for _, month, _ in counted} <= {"2026-03"}
    found = {}
    for (unit, _, name), n in counted.items():
        found.setdefault(unit.rpartition(".")[2], set()).add(name if n == 1 else (name, n))
    return found


def test_what_lies_at_the_desk_is_the_desk_s_and_what_a_unit_has_is_the_unit_s():
    assert marks() == {"supervision": {"received", "stuck_received"}}
    assert marks(SENT) == {"market": {"received", "stuck_received"}}
    assert marks(DECLINED) == {"supervision": {"received", "stuck_received", "ended", "stuck_ended", "declined"}}


def test_one_that_was_put_right_counts_in_every_share():
    cause, closed = ("attribute", SUPERVISOR, "2026-03-06", {"cause": "none"}), ("close", SUPERVISOR, "2026-03-06", {})
    assert marks(SENT, SIGNED, ANSWERED, call(True), cause, closed) == {"market": {
        "received", "stuck_received", "ended", "stuck_ended", "due", "answered_in_time", "called", "content",
        "attributed", "cause_none"}}


def test_a_late_answer_is_due_and_not_in_time():
    late = ("overdue_answer", SYSTEM, "2026-03-17", {})
    assert marks(SENT, SIGNED, late, ("answer", REVIEWER, "2026-03-18", {"result": "solved"}))["market"] >= {"due"}
    assert "answered_in_time" not in marks(SENT, SIGNED, late)["market"]


def test_a_unit_that_gets_it_late_has_all_of_the_time_and_answers_for_its_own_alone():
    late = ("overdue_answer", SYSTEM, "2026-03-17", {})
    moved = ("redirect", SUPERVISOR, "2026-03-17", {"course": "complaint", "unit": HEALTH})
    doctor = actor("reviewer", HEALTH, "doctor-one")
    found = marks(SENT, late, moved, ("sign", doctor, "2026-03-18", {}), ("answer", doctor, "2026-03-19", {
        "result": "solved"}))
    assert found["market"] == {"due"} and found["health"] >= {"due", "answered_in_time"}


def test_who_was_not_content_counts_until_they_say_otherwise():
    again = ("rework", SUPERVISOR, "2026-03-05", {}), ("answer", REVIEWER, "2026-03-06", {"result": "solved"})
    left = marks(SENT, SIGNED, ANSWERED, call(False), *again)["market"]
    assert "called" in left and "content" not in left and {("due", 2), ("answered_in_time", 2)} <= left
    assert "content" in marks(SENT, SIGNED, ANSWERED, call(False), *again, call(True, "2026-03-09"))["market"]


@pytest.mark.parametrize("cause, name", [("materials", "cause_materials"), ("另一原因", "cause_other")])
def test_a_cause_that_an_area_added_is_counted_as_another(cause, name):
    assert name in marks(SENT, SIGNED, ANSWERED, call(True), ("attribute", SUPERVISOR, "2026-03-06", {"cause": cause}))[
        "market"]


def test_what_was_annulled_adds_nothing_and_what_went_to_another_unit_is_that_one_s():
    assert marks(("annul", SUPERVISOR, "2026-03-03", {"note": "登记错误"})) == {}
    moved = ("redirect", SUPERVISOR, "2026-03-03", {"course": "complaint", "unit": HEALTH})
    assert marks(SENT, moved) == {"health": {"received", "stuck_received"}}
