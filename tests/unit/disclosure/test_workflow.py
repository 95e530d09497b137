"""The rules of publishing a document, each as a sentence."""
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domains.disclosure.models import Document
from chalicelib.domains.disclosure.workflow import DOCUMENTS, QUEUED, STAFF, standing
from chalicelib.kernel.calendar import Calendar, start_of
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.problems import Forbidden, Refused
from chalicelib.kernel.turns import Occasion
from tests.support.town import AREA, HALL, MARKET, MONDAY, NOTICES, OTHER_AREA, actor

OPENNESS = f"{AREA}.openness"
CLERK, HEAD = actor("clerk", MARKET, "author"), actor("head", MARKET, "head")
PUBLISHER, LEADER = actor("publisher", OPENNESS, "publisher"), actor("leader", OPENNESS, "leader")
LIMITS = {"review": Limit.model_validate("3wd@GZ5.5"), "publish": Limit.model_validate("20wd!3,80@XXGK26")}
CALENDAR = Calendar(NOTICES)


def when(who, at=MONDAY, **facts):
    return Occasion(who, at, CALENDAR, LIMITS, facts)


def drafted(**fields):
    blank = Document(id="d" * 26, area=AREA, unit=MARKET, person=MARKET, opened_at=MONDAY)
    told = {"area": AREA, "unit": MARKET, "person": MARKET, "formed_on": MONDAY.date(), "text": "TEXT#000001",
            "opened_at": MONDAY, **fields}
    return DOCUMENTS.advance(blank, "open", when(CLERK), told).case


def do(case, *acts, at=MONDAY):
    for who, act, *told in acts:
        case = DOCUMENTS.advance(case, act, when(who, at, in_turn=who is SYSTEM), *told).case
    return case


REVIEWED = ((CLERK, "submit"), (HEAD, "approve"), (PUBLISHER, "approve"))


def scheduled(hour=MONDAY):
    return do(drafted(), *REVIEWED, (LEADER, "schedule", {"hour": hour}))


def test_three_reviews_lead_to_the_queue_each_with_a_limit_of_its_own():
    case = do(drafted(), (CLERK, "submit"))
    assert (case.state, case.unit, case.clocks["review"].due(CALENDAR)) == (
        "first", MARKET, start_of(date(2026, 3, 6)))
    case = do(case, (HEAD, "approve"), at=MONDAY + timedelta(days=2))
    assert (case.state, case.unit, str(case.clocks["review"].last_day(CALENDAR))) == ("second", OPENNESS, "2026-03-09")
    case = do(case, (PUBLISHER, "approve"), (LEADER, "schedule", {"hour": MONDAY + timedelta(days=5)}))
    assert case.state == "scheduled" and "review" not in case.clocks
    assert case.reviewers == ("head", "publisher", "leader")


@pytest.mark.parametrize("earlier, who, act", [
    ((), actor("head", MARKET, "author"), "approve"),
    ((HEAD, "approve"), actor("publisher", OPENNESS, "author"), "approve"),
    ((HEAD, "approve"), actor("publisher", OPENNESS, "head"), "approve"),
    ((HEAD, "approve"), actor("publisher", OPENNESS, "head"), "send_back")])
def test_nobody_reviews_what_they_wrote_and_nobody_reviews_twice(earlier, who, act):
    case = do(drafted(), (CLERK, "submit"), *([earlier] if earlier else []))
    with pytest.raises(Refused, match="起草人|三人"):
        DOCUMENTS.advance(case, act, when(who))


def test_the_leader_is_the_third_person():
    case = do(drafted(), *REVIEWED)
    for person in ("author", "head", "publisher"):
        with pytest.raises(Refused):
            DOCUMENTS.advance(case, "schedule", when(actor("leader", OPENNESS, person)))


def test_whoever_wrote_at_it_later_is_an_author_too():
    case = do(drafted(), (actor("clerk", MARKET, "second"), "revise"), (actor("reviewer", MARKET, "third"), "submit"))
    assert case.authors == ("author", "second", "third")


@pytest.mark.parametrize("before, who", [(1, HEAD), (2, PUBLISHER), (3, LEADER)])
def test_what_is_sent_back_is_a_draft_of_its_unit_again_and_starts_from_the_first_review(before, who):
    case = do(drafted(), *REVIEWED[:before], (who, "send_back", {"note": "请补充依据"}))
    assert (case.state, case.unit, case.reviewers, case.handler) == ("draft", MARKET, (), "")
    assert "review" not in case.clocks and "publish" in case.clocks


def test_only_the_unit_s_head_the_publisher_and_the_leader_review_in_this_order():
    case = do(drafted(), (CLERK, "submit"))
    for who in (CLERK, PUBLISHER, LEADER):
        with pytest.raises(Forbidden):
            DOCUMENTS.advance(case, "approve", when(who))
    with pytest.raises(Refused, match="其他单位"):
        DOCUMENTS.advance(case, "approve", when(actor("head", HALL)))


def test_a_scheduled_document_is_recalled_before_its_hour_and_not_after():
    hour = MONDAY + timedelta(hours=2)
    for who in (PUBLISHER, LEADER):
        case = do(scheduled(hour), (who, "recall"), at=hour - timedelta(seconds=1))
        assert (case.state, case.reviewers, case.hour) == ("final", ("head", "publisher"), None)
        with pytest.raises(Refused, match="不能收回"):
            DOCUMENTS.advance(scheduled(hour), "recall", when(who, hour))


def test_only_the_job_begins_and_publishes_the_sweep_never_does():
    case = scheduled()
    assert not {"begin", "publish", "withdraw"} & set(DOCUMENTS.acts(case, when(SYSTEM)))
    case = do(case, (SYSTEM, "begin", {"serial": 7}))
    assert (case.state, case.serial, case.published_at) == ("publishing", 7, MONDAY)
    for who in (CLERK, actor("supervisor", AREA)):
        assert DOCUMENTS.acts(case, when(who)) == [], "from here nobody stops it"
    for who in (PUBLISHER, LEADER):
        assert DOCUMENTS.acts(case, when(who)) == ["retry"], "but have it tried again"
    case = do(case, (SYSTEM, "publish"))
    assert case.state == "published" and case.clocks == {}


def test_withdrawal_is_asked_by_one_and_approved_by_another():
    case = do(scheduled(), (SYSTEM, "begin", {"serial": 1}), (SYSTEM, "publish"), (PUBLISHER, "ask_withdrawal"))
    with pytest.raises(Refused, match="自行批准"):
        DOCUMENTS.advance(case, "approve_withdrawal", when(actor("leader", OPENNESS, "publisher")))
    assert do(case, (LEADER, "deny_withdrawal")).state == "published"
    later = MONDAY + timedelta(days=1)
    case = do(case, (LEADER, "approve_withdrawal"), at=later)
    assert (case.state, case.hour, case.asked_by) == ("withdrawing", later, "")
    assert do(case, (SYSTEM, "withdraw")).state == "withdrawn"


def test_twenty_working_days_run_from_the_day_the_document_was_formed():
    case = drafted(formed_on=date(2026, 2, 12))     # the Spring Festival and two make-up days lie between
    clock = case.clocks["publish"]
    assert str(clock.last_day(CALENDAR)) == "2026-03-18"
    assert clock.next_warning(CALENDAR) == start_of(date(2026, 3, 12)), "80 % used: before three are left"


def test_a_review_that_lapses_and_the_law_s_limit_are_the_system_s_to_see():
    case = do(drafted(), (CLERK, "submit"))
    assert DOCUMENTS.acts(case, when(SYSTEM, datetime(2026, 3, 5, 15, 59, 59, tzinfo=UTC))) == ["recount"]
    late = when(SYSTEM, datetime(2026, 3, 5, 16, tzinfo=UTC))
    assert "overdue_review" in DOCUMENTS.acts(case, late)
    case = DOCUMENTS.advance(case, "overdue_review", late).case
    assert "overdue_review" not in DOCUMENTS.acts(case, late), "once"
    assert "overdue_publish" in DOCUMENTS.acts(scheduled(), when(SYSTEM, datetime(2026, 4, 1, tzinfo=UTC)))


def test_who_may_know_of_a_document():
    case = do(drafted(), (CLERK, "submit"), (HEAD, "approve"))
    for role in STAFF:
        assert standing(case, actor(role, MARKET)) and not standing(case, actor(role, f"{OTHER_AREA}.market",
                                                                                area=OTHER_AREA))
    for role in ("publisher", "leader", "supervisor", "auditor"):
        assert standing(case, actor(role, OPENNESS)) == "openness"
    for role in ("clerk", "reviewer", "head"):
        assert not standing(case, actor(role, HALL))
    for role in ("citizen", "keeper", "admin", "registrar", "centre"):
        assert not standing(case, actor(role, "" if role == "citizen" else OPENNESS))


def test_the_queue_is_where_nobody_s_desk_is():
    assert QUEUED == ("scheduled", "publishing", "withdrawing")
    offered = {state: {act for (act, source) in DOCUMENTS.rules if source == state} for state in QUEUED}
    assert "claim" not in offered["scheduled"] and offered["publishing"] == {"publish", "retry", "recount"}
    assert offered["withdrawing"] == {"withdraw", "retry"}
