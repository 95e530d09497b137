"""The rules of a complaint, one sentence per test. Pure."""
import json
from datetime import UTC, date, datetime

import pytest

from chalicelib.domains.complaints.guards import desk_of
from chalicelib.domains.complaints.models import Complaint
from chalicelib.domains.complaints.workflow import COMPLAINTS, note_is_for, standing
from chalicelib.kernel.calendar import Calendar
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.identity import SYSTEM, Mandate
from chalicelib.kernel.problems import Forbidden, Refused
from chalicelib.kernel.record import Summary
from chalicelib.kernel.turns import Occasion
from tests.support.town import (
    AREA,
    CITIZEN,
    CLERK,
    HALL,
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
ROWS = json.loads((SEEDS / "complaint-limits.json").read_text("utf-8"))
FACTS = {row["name"]: row["number"] for row in ROWS if "number" in row}
OPENED = datetime(2026, 3, 2, 2, tzinfo=UTC)
AUDITOR = actor("auditor", f"{AREA}.bureau")
DOCTOR = actor("reviewer", HEALTH, "doctor-one")


def limits(course):
    found = {row["name"]: Limit.model_validate(row["limit"]) for row in ROWS
             if "limit" in row and row.get("course", course) == course}
    return found | {"improve": Limit.model_validate("30cd@GZ6")}


def occasion(who, day, course="complaint"):
    at = datetime.fromisoformat(f"{day}T10:00:00+08:00").astimezone(UTC)
    return Occasion(who, at, CALENDAR, limits(course), FACTS)


def act(case, act, who, day, **details):
    course = details.get("course") or case.course
    return COMPLAINTS.advance(case, act, occasion(who, day, course), details).case


def registered(who=CITIZEN, **fields):
    given = {"area": AREA, "unit": desk_of(AREA), "opened_at": OPENED, "sort": "complaint", "person": CITIZEN.person,
             **fields}
    return act(Complaint(id="c" * 26, **given), "register", who, "2026-03-02", **given)


def signed(course="complaint", **fields):
    case = act(registered(**fields), "classify", SUPERVISOR, "2026-03-02", course=course, unit=MARKET)
    return act(case, "sign", REVIEWER, "2026-03-03")


def answered(**fields):
    return act(signed(**fields), "answer", REVIEWER, "2026-03-04", result="solved")


def called(satisfied, **fields):
    return act(answered(**fields), "call_back", SUPERVISOR, "2026-03-05", satisfied=satisfied)


def due(case, name):
    return case.clocks[name].last_day(CALENDAR)


def refused(case, name, who, day="2026-03-06", **details):
    with pytest.raises((Refused, Forbidden)) as problem:
        act(case, name, who, day, **details)
    return problem.value.detail


@pytest.mark.parametrize(("course", "day"), [
    ("consultation", date(2026, 3, 3)), ("coordination", date(2026, 3, 5)), ("complaint", date(2026, 3, 16))])
def test_the_time_to_answer_follows_the_course_and_is_counted_from_the_classification(course, day):
    assert due(signed(course), "answer") == day


def test_it_is_classified_and_signed_for_within_a_working_day_each():
    case = registered()
    assert due(case, "classify") == date(2026, 3, 3)
    case = act(case, "classify", SUPERVISOR, "2026-03-03", course="coordination", unit=MARKET)
    assert due(case, "sign") == date(2026, 3, 4) and "classify" not in case.clocks


def test_a_lapse_is_noted_once_by_the_system():
    late = act(signed(), "overdue_answer", SYSTEM, "2026-03-17")
    assert late.clocks["answer"].lapsed and late.state == "coordinating"
    with pytest.raises(Refused):
        act(late, "overdue_answer", SYSTEM, "2026-03-18")


def test_the_head_or_the_supervisor_lengthens_the_time_once_and_never_who_asked():
    case = act(signed("coordination"), "ask_extension", REVIEWER, "2026-03-04", asked_days=3)
    with pytest.raises((Refused, Forbidden)):
        act(case, "approve_extension", REVIEWER, "2026-03-04", extend_by=3)
    longer = act(case, "approve_extension", HEAD, "2026-03-04", extend_by=3)
    assert due(longer, "answer") == date(2026, 3, 10)
    assert "不得再延长" in refused(longer, "ask_extension", REVIEWER, "2026-03-05", asked_days=1)


def test_who_is_complained_of_or_had_a_hand_in_it_handles_nothing_of_it():
    case = act(registered(), "classify", SUPERVISOR, "2026-03-02", course="complaint", unit=MARKET,
               involved=(REVIEWER.person, HEAD.person))
    assert "回避" in refused(case, "sign", REVIEWER) and "回避" in refused(case, "assign", HEAD, handler="x")
    case = act(case, "sign", REVIEWER2, "2026-03-03")
    assert "回避" in refused(case, "answer", REVIEWER)


def test_a_supervisor_who_is_complained_of_does_not_classify():
    assert "回避" in refused(registered(involved=(SUPERVISOR.person,)), "decline", SUPERVISOR)


def test_who_answered_does_not_judge_the_answer():
    both = actor("supervisor", f"{AREA}.supervision", REVIEWER.person)
    assert "不得审核" in refused(answered(), "call_back", both, satisfied=True)


def test_it_is_given_up_after_three_calls_on_two_days_not_before():
    case = answered()
    for _ in range(3):
        case = act(case, "miss_call", SUPERVISOR, "2026-03-05")
    assert "应当先回访" in refused(case, "attribute", SUPERVISOR, cause="none")
    case = act(case, "miss_call", SUPERVISOR, "2026-03-06")
    assert act(case, "attribute", SUPERVISOR, "2026-03-06", cause="none").state == "attributed"


def test_an_anonymous_suggestion_is_attributed_without_a_call():
    case = answered(sort="suggestion", anonymous=True)
    assert "匿名" in refused(case, "call_back", SUPERVISOR, satisfied=True)
    assert act(case, "attribute", SUPERVISOR, "2026-03-05", cause="rules").state == "attributed"


def test_who_is_not_content_has_it_done_again_once_in_half_the_time():
    case = called(False)
    assert "应当重办" in refused(case, "attribute", SUPERVISOR, cause="none")
    again = act(case, "rework", SUPERVISOR, "2026-03-05")
    assert due(again, "answer") == date(2026, 3, 12) and again.satisfied is None
    twice = act(act(again, "answer", REVIEWER, "2026-03-06", result="solved"), "call_back", SUPERVISOR, "2026-03-09",
                satisfied=False)
    assert "已重办过一次" in refused(twice, "rework", SUPERVISOR, "2026-03-09")
    assert act(twice, "attribute", SUPERVISOR, "2026-03-09", cause="persons").state == "attributed"


def test_what_the_desk_explained_itself_goes_to_a_unit_where_that_did_not_content():
    case = act(registered(), "explain", SUPERVISOR, "2026-03-02")
    assert (case.course, case.result, case.answerer) == ("consultation", "explained", "")
    assert "未经单位办理" in refused(case, "send_back", SUPERVISOR)
    case = act(case, "call_back", SUPERVISOR, "2026-03-03", satisfied=False)
    assert "应当重办" in refused(case, "attribute", SUPERVISOR, "2026-03-03")
    case = act(case, "classify", SUPERVISOR, "2026-03-03", course="complaint", unit=MARKET)
    assert (case.state, case.unit, case.reworked, case.satisfied, case.explained) == (
        "classified", MARKET, True, None, False)
    case = act(act(case, "sign", REVIEWER, "2026-03-04"), "answer", REVIEWER, "2026-03-05", result="solved")
    case = act(case, "call_back", SUPERVISOR, "2026-03-06", satisfied=False)
    assert act(case, "attribute", SUPERVISOR, "2026-03-06", cause="rules").state == "attributed", "once"


def test_who_only_improves_learns_neither_whose_it_was_nor_what_was_said():
    case = act(act(registered(), "explain", SUPERVISOR, "2026-03-02"), "call_back", SUPERVISOR, "2026-03-03",
               satisfied=True)
    case = act(act(case, "attribute", SUPERVISOR, "2026-03-03", cause="rules"), "plan", SUPERVISOR, "2026-03-03",
               unit=HEALTH, measure_by="2026-04-05")
    assert standing(case, DOCTOR) == "watch"
    moved = act(signed(), "redirect", SUPERVISOR, "2026-03-03", course="complaint", unit=HEALTH)
    assert (standing(moved, DOCTOR), standing(moved, REVIEWER)) == ("unit", "")


def test_nobody_complained_of_annuls_and_nobody_is_sent_round_without_end():
    against = signed().model_copy(update={"involved": (SUPERVISOR.person,)})
    assert "回避" in refused(against, "annul", SUPERVISOR, "2026-03-03")
    case = act(registered(), "classify", SUPERVISOR, "2026-03-02", course="complaint", unit=MARKET)
    back = act(case, "return", REVIEWER, "2026-03-03")
    other = act(back, "classify", SUPERVISOR, "2026-03-03", course="complaint", unit=HEALTH)
    twice = act(other, "return", DOCTOR, "2026-03-03")
    again = act(twice, "classify", SUPERVISOR, "2026-03-03", course="complaint", unit=MARKET)
    assert "已退回2次" in refused(again, "return", REVIEWER, "2026-03-04"), "once by each of two that it is not"
    redirected = act(again, "redirect", SUPERVISOR, "2026-03-05", course="complaint", unit=HEALTH)
    assert due(redirected, "answer") == due(again, "answer"), "whoever it goes to has what is left of the time"


def test_what_has_a_cause_is_closed_only_after_something_has_changed():
    case = act(called(True), "attribute", SUPERVISOR, "2026-03-06", cause="materials")
    assert "改进" in refused(case, "close", SUPERVISOR)
    case = act(case, "plan", SUPERVISOR, "2026-03-06", unit=HEALTH, measure_by="2026-04-05")
    assert (case.state, case.unit, case.answerer) == ("improving", HEALTH, MARKET)
    assert due(case, "improve") == date(2026, 4, 7), "the fifth is a day off, and so is the sixth"
    case = act(case, "improve", DOCTOR, "2026-03-20")
    assert act(case, "close", SUPERVISOR, "2026-03-23").state == "closed"


def test_what_has_no_cause_is_closed_and_nothing_is_planned():
    case = act(called(True), "attribute", SUPERVISOR, "2026-03-06", cause="none")
    assert "没有需要改进" in refused(case, "plan", SUPERVISOR)
    assert not act(case, "close", SUPERVISOR, "2026-03-06").clocks


def test_what_is_declined_is_at_an_end_and_so_is_what_its_holder_withdraws():
    declined = act(registered(), "decline", SUPERVISOR, "2026-03-02", remedy="reconsideration")
    assert (declined.state, declined.clocks) == ("declined", {})
    assert act(signed(), "withdraw", CITIZEN, "2026-03-04").state == "withdrawn"
    with pytest.raises((Refused, Forbidden)):
        act(signed(), "withdraw", STRANGER, "2026-03-04")


def test_each_reader_has_the_quality_that_is_theirs():
    case = signed(involved=("reviewer-two",), window=HALL)
    agent = CITIZEN.model_copy(update={"person": "p-agent", "mandate": Mandate(id="m", principal=CITIZEN.person)})
    expected = {CITIZEN: "holder", agent: "holder", STRANGER: "", SUPERVISOR: "desk", AUDITOR: "watch",
                REVIEWER: "unit", HEAD: "unit", REVIEWER2: "watch", CLERK: "watch", DOCTOR: "",
                actor("supervisor", f"{OTHER_AREA}.supervision", area=OTHER_AREA): "",
                actor("publisher", MARKET): ""}
    for who, quality in expected.items():
        assert standing(case, who) == quality, who
    row = Summary.model_validate(case.model_dump(include=set(Summary.model_fields)))
    assert standing(row, REVIEWER) == "unit" and standing(row, DOCTOR) == ""
    hidden = case.model_copy(update={"hidden": True})
    assert standing(hidden, REVIEWER) == "hidden" and standing(hidden, SUPERVISOR) == "desk"


def test_a_unit_that_only_improves_and_one_that_sent_it_back_learn_nothing_of_who_brought_it():
    case = act(act(called(True), "attribute", SUPERVISOR, "2026-03-06", cause="rules"), "plan", SUPERVISOR,
               "2026-03-06", unit=HEALTH, measure_by="2026-04-05")
    assert standing(case, DOCTOR) == "watch" and standing(case, REVIEWER) == "unit"
    case = act(registered(), "classify", SUPERVISOR, "2026-03-02", course="complaint", unit=MARKET)
    back = act(case, "return", REVIEWER, "2026-03-03")
    assert (back.unit, standing(back, REVIEWER)) == (desk_of(AREA), "watch")
    assert due(back, "classify") == date(2026, 3, 4)


def test_notes_are_read_by_those_for_whom_they_were_written():
    assert note_is_for("close", "holder") and not note_is_for("sign", "holder")
    assert note_is_for("sign", "unit") and not note_is_for("call_back", "unit")
    assert note_is_for("call_back", "desk") and not note_is_for("annul", "watch")
