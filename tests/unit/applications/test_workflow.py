"""The rules of an application, one sentence per test. Pure: cases and occasions are made by hand."""
from datetime import UTC, datetime

import pytest

from chalicelib.domains.applications.models import Application
from chalicelib.domains.applications.workflow import APPLICATIONS, standing
from chalicelib.kernel.calendar import Calendar
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.identity import SYSTEM, Level
from chalicelib.kernel.problems import Forbidden, Refused
from chalicelib.kernel.turns import Occasion
from tests.support.town import (
    AREA,
    CITIZEN,
    CLERK,
    CLERK2,
    HALL,
    HEAD,
    HEALTH,
    MARKET,
    NOTICES,
    OTHER_AREA,
    REVIEWER,
    REVIEWER2,
    ROWS,
    STRANGER,
    SUPERVISOR,
    actor,
)

CALENDAR = Calendar(NOTICES)
LIMITS = {row["name"]: Limit.model_validate(row["limit"]) for row in ROWS
          if row["name"] != "inspection"}          # of no item here: see test_inspections.py
LIMITS["promised"] = Limit.model_validate("10wd+10/1!1,80@YSHJ36")
LIMITS["procedure"] = Limit.model_validate("5wd@XKF45")
BLANK = Application(id="a" * 26, area=AREA, unit=HALL, hall=HALL, department=MARKET, person="p-zhang", number="N1",
                    opened_at=datetime(2026, 3, 2, 2, tzinfo=UTC))
FIELDS = {name: value for name, value in dict(BLANK).items() if name in BLANK.model_fields_set - {"id"}}


def shanghai(day, hour=10):
    """An hour of a day (`2026-03-10`) in Shanghai."""
    return datetime.fromisoformat(f"{day}T{hour:02d}:00:00+08:00").astimezone(UTC)


def occasion(who, day, hour=10, **facts):
    return Occasion(who, shanghai(day, hour), CALENDAR, LIMITS, facts)


def do(case, who, act, day, hour=10, **details):
    """The case after an act on a day."""
    return APPLICATIONS.advance(case, act, occasion(who, day, hour), details).case


def due(case):
    return {name: str(clock.last_day(CALENDAR)) for name, clock in case.clocks.items()}


def duties(case, day, hour=10):
    """What the system has to do on a day."""
    return [act for act in APPLICATIONS.acts(case, occasion(SYSTEM, day, hour)) if act != "recount"]


@pytest.fixture
def received():
    """Taken in at the window on Monday, 2 March 2026."""
    return do(BLANK, CLERK, "register", "2026-03-02", **FIELDS)


@pytest.fixture
def reviewing(received):
    """Accepted on 3 March: the promise ends on the 17th, the law's limit on the 31st."""
    return do(do(received, CLERK, "accept", "2026-03-03"), REVIEWER, "review", "2026-03-03")


def test_a_review_before_acceptance_is_out_of_order(received):
    with pytest.raises(Refused, match="收件的事项不能开始审查") as found:
        do(received, REVIEWER, "review", "2026-03-03")
    assert found.value.kind == "out-of-order"


def test_an_act_of_another_office_is_forbidden_and_says_whose_it_is(received):
    with pytest.raises(Forbidden, match="受理由窗口人员办理（《中华人民共和国行政许可法》第三十二条）"):
        do(received, REVIEWER, "accept", "2026-03-03")


def test_an_official_of_another_unit_is_refused(received):
    with pytest.raises(Refused, match="其他单位"):
        do(received, actor("clerk", HEALTH), "accept", "2026-03-03")


def test_a_case_that_somebody_took_up_is_theirs(received):
    taken = do(received, CLERK, "claim", "2026-03-02")
    with pytest.raises(Refused, match="其他人员"):
        do(taken, CLERK2, "accept", "2026-03-03")
    assert do(taken, CLERK, "accept", "2026-03-03").handler == "", "the department starts with a free case"


def test_the_head_decides_whoever_reviews_but_another_reviewer_does_not(reviewing):
    assert do(reviewing, HEAD, "grant", "2026-03-10").granted is True
    with pytest.raises(Refused, match="其他人员"):
        do(reviewing, REVIEWER2, "refuse", "2026-03-10")


def test_only_the_applicant_or_whoever_holds_their_mandate_withdraws(reviewing):
    with pytest.raises(Refused, match="只有申请人"):
        do(reviewing, STRANGER, "withdraw", "2026-03-10")
    after = do(reviewing, CITIZEN, "withdraw", "2026-03-10")
    assert (after.state, after.close_type, after.clocks) == ("withdrawn", 4, {})


def test_a_draft_is_handed_in_whole_by_somebody_known_well_enough_while_the_item_is_open():
    draft = do(BLANK, CITIZEN, "open", "2026-03-02", **FIELDS)
    for facts, reason in (({"lacking": ("M1", "M2")}, "M1、M2"), ({"level": Level.WINDOW}, "实名认证"),
                          ({"published": False}, "停止办理")):
        with pytest.raises(Refused, match=reason):
            APPLICATIONS.advance(draft, "submit", occasion(CITIZEN, "2026-03-03", **facts))
    assert do(draft, CITIZEN, "submit", "2026-03-03").state == "submitted"


def test_what_is_lacking_is_told_once(received):
    asked = do(received, CLERK, "ask_correction", "2026-03-03")
    assert due(asked) == {"correction": "2026-03-24"}
    again = do(asked, CITIZEN, "supply", "2026-03-05")
    with pytest.raises(Refused, match="一次性告知"):
        do(again, CLERK, "ask_correction", "2026-03-05")
    accepted = do(again, CLERK, "accept", "2026-03-06")
    assert accepted.clocks["statutory"].zero == shanghai("2026-03-05"), "counted from the receipt of the correction"


def test_a_correction_notice_after_five_working_days_comes_too_late(received):
    assert do(received, CLERK, "ask_correction", "2026-03-09", 23).state == "correcting"
    with pytest.raises(Refused, match="2026-03-09届满"):
        do(received, CLERK, "ask_correction", "2026-03-10", 0)


def test_a_correction_not_supplied_counts_as_withdrawn(received):
    asked = do(received, CLERK, "ask_correction", "2026-03-03")
    assert duties(asked, "2026-03-24", 23) == []
    after = do(asked, SYSTEM, "lapse_correction", "2026-03-25", 0)
    assert (after.state, after.close_type) == ("lapsed", 3)


def test_silence_is_acceptance_on_the_day_of_receipt(received):
    after = do(received, SYSTEM, "deem", "2026-03-10", 0)
    assert (after.accept_mode, after.accepted_at, after.unit) == ("deemed", received.received_at, MARKET)
    assert due(after) == {"statutory": "2026-03-30", "promised": "2026-03-16"}


def test_an_excluded_procedure_takes_its_days_out_of_both_limits(reviewing):
    assert due(reviewing) == {"statutory": "2026-03-31", "promised": "2026-03-17"}
    held = do(reviewing, REVIEWER, "suspend", "2026-03-10", reason="检验", planned=5, suspended_for="检验")
    assert due(held) == {"statutory": "None", "promised": "None", "procedure": "2026-03-17"}
    assert duties(held, "2026-03-17", 23) == [] and duties(held, "2026-03-18", 0) == ["overdue_procedure"]
    after = do(held, REVIEWER, "resume", "2026-03-17", reason="检验")
    assert due(after) == {"statutory": "2026-04-08", "promised": "2026-03-24"} and after.suspended_for == ""


def test_a_suspension_after_the_due_day_is_refused(reviewing):
    with pytest.raises(Refused, match="2026-03-31届满"):
        do(reviewing, REVIEWER, "suspend", "2026-04-01", reason="检验", planned=5)


def test_asking_for_an_extension_and_approving_it_are_two_persons(reviewing):
    both = actor("head", MARKET, person=REVIEWER.person)
    asked = do(reviewing, REVIEWER, "ask_extension", "2026-03-10", asked_days=10)
    with pytest.raises(Refused, match="不得自行批准"):
        do(asked, both, "approve_extension", "2026-03-10", extend_by=10)
    after = do(asked, HEAD, "approve_extension", "2026-03-10", extend_by=10)
    assert due(after) == {"statutory": "2026-04-15", "promised": "2026-03-31"}
    assert (after.asked_days, after.asked_by) == (0, "")


def test_an_extension_over_the_cap_is_not_even_offered_to_the_head(reviewing):
    asked = do(reviewing, REVIEWER, "ask_extension", "2026-03-10", asked_days=11)
    assert "approve_extension" not in APPLICATIONS.acts(asked, occasion(HEAD, "2026-03-10"))
    with pytest.raises(Refused, match="至多延长10个工作日（《中华人民共和国行政许可法》第四十二条）"):
        do(asked, HEAD, "approve_extension", "2026-03-10", extend_by=11)
    assert do(asked, HEAD, "deny_extension", "2026-03-10").asked_days == 0


def test_a_limit_is_extended_once(reviewing):
    asked = do(reviewing, REVIEWER, "ask_extension", "2026-03-10", asked_days=3)
    after = do(asked, HEAD, "approve_extension", "2026-03-10", extend_by=3)
    with pytest.raises(Refused, match="不得再延长"):
        do(after, REVIEWER, "ask_extension", "2026-03-11", asked_days=3)


def test_an_extension_after_the_due_day_is_refused(reviewing):
    asked = do(reviewing, REVIEWER, "ask_extension", "2026-03-31", 23, asked_days=3)
    with pytest.raises(Refused, match="2026-03-31届满"):
        do(asked, HEAD, "approve_extension", "2026-04-01", 0, extend_by=3)


def test_a_broken_promise_stays_broken_when_the_law_s_limit_is_extended(reviewing):
    late = do(reviewing, SYSTEM, "overdue_promised", "2026-03-18", 0)
    asked = do(late, REVIEWER, "ask_extension", "2026-03-18", asked_days=10)
    after = do(asked, HEAD, "approve_extension", "2026-03-19", extend_by=10)
    assert due(after) == {"statutory": "2026-04-15", "promised": "2026-03-17"}
    assert duties(after, "2026-03-20") == ["warn_promised"], "a reminder each working day, but no second lapse"


def test_before_the_notice_runs_out_there_is_one_reminder_a_day(received):
    assert duties(received, "2026-03-05", 23) == []
    assert duties(received, "2026-03-06", 0) == ["warn_notice"], "one working day is left"
    warned = do(received, SYSTEM, "warn_notice", "2026-03-06", 0)
    assert duties(warned, "2026-03-06", 23) == [] and duties(warned, "2026-03-09", 0) == ["warn_notice"]


def test_four_fifths_of_the_promise_bring_a_reminder_each_working_day(reviewing):
    assert duties(reviewing, "2026-03-12", 23) == []
    assert duties(reviewing, "2026-03-13", 0) == ["warn_promised"], "eight of ten days are used"
    warned = do(reviewing, SYSTEM, "warn_promised", "2026-03-13", 0)
    assert duties(warned, "2026-03-15") == [], "a Sunday"
    assert duties(warned, "2026-03-16", 0) == ["warn_promised"]


@pytest.mark.parametrize(("act", "last", "next_day"), [
    ("overdue_promised", "2026-03-17", "2026-03-18"), ("overdue_statutory", "2026-03-31", "2026-04-01")])
def test_a_limit_lapses_once_for_each_due_instant(reviewing, act, last, next_day):
    assert act not in duties(reviewing, last, 23) and act in duties(reviewing, next_day, 0)
    after = do(reviewing, SYSTEM, act, next_day, 0)
    assert act not in duties(after, next_day) and act not in duties(after, "2026-06-01")
    assert after.state == "reviewing", "being late is counted, not a state"


def test_a_pause_after_the_lapse_of_the_promise_holds_only_the_law_s_limit(reviewing):
    late = do(reviewing, SYSTEM, "overdue_promised", "2026-03-18")
    held = do(late, REVIEWER, "suspend", "2026-03-18", reason="听证", planned=5, suspended_for="听证")
    assert due(held) == {"statutory": "None", "promised": "2026-03-17", "procedure": "2026-03-25"}
    assert due(do(held, REVIEWER, "resume", "2026-03-25")) == {"statutory": "2026-04-08", "promised": "2026-03-17"}


def test_the_wake_up_is_the_first_duty_or_reminder(received):
    step = APPLICATIONS.advance(received, "accept", occasion(CLERK, "2026-03-03"))
    assert step.wake_at == shanghai("2026-03-13", 0) and step.due_at == shanghai("2026-03-18", 0)
    assert APPLICATIONS.advance(step.case, "review", occasion(REVIEWER, "2026-03-20")).wake_at == shanghai("2026-03-20")


def test_a_refusal_is_delivered_but_has_no_licence_to_issue(reviewing):
    refused = do(do(reviewing, REVIEWER, "refuse", "2026-03-10"), REVIEWER, "close", "2026-03-10")
    assert (refused.close_type, refused.unit, due(refused)) == (2, HALL, {"deliver": "2026-03-24"})
    with pytest.raises(Refused, match="未准予"):
        do(refused, CLERK, "issue", "2026-03-10")
    assert do(refused, CLERK, "deliver", "2026-03-10", delivery="邮寄").state == "delivered"


def test_who_may_know_of_a_case(reviewing):
    draft = BLANK.model_copy(update={"state": "draft"})
    auditor = actor("auditor", f"{AREA}.audit")
    elsewhere = actor("supervisor", f"{OTHER_AREA}.supervision", area=OTHER_AREA)
    readers = (CITIZEN, STRANGER, CLERK, REVIEWER, actor("reviewer", HEALTH), SUPERVISOR, auditor, elsewhere,
               actor("admin", HALL), actor("clerk", HALL, area=OTHER_AREA))
    assert [standing(reviewing, who) for who in readers] == [
        "holder", "", "desk", "desk", "", "supervisor", "supervisor", "", "", ""]
    assert {standing(draft, who) for who in readers[2:]} == {""}
