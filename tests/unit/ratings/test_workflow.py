"""The rules of a rating and of putting a bad one right, one sentence per test. Pure."""
import json
from datetime import UTC, date, datetime

import pytest

from chalicelib.domains.ratings.correction_models import Correction
from chalicelib.domains.ratings.correction_workflow import CORRECTIONS
from chalicelib.domains.ratings.correction_workflow import standing as standing_of_correction
from chalicelib.domains.ratings.models import Marks, Rating
from chalicelib.domains.ratings.service import limits_of, numbers_of
from chalicelib.domains.ratings.workflow import RATINGS, standing
from chalicelib.kernel.calendar import Calendar
from chalicelib.kernel.identity import NOBODY, SYSTEM, Mandate
from chalicelib.kernel.problems import Forbidden, Refused
from chalicelib.kernel.turns import Occasion
from tests.support.town import (
    AREA,
    CITIZEN,
    HALL,
    HEAD,
    MARKET,
    NOTICES,
    OTHER_AREA,
    SEEDS,
    STRANGER,
    SUPERVISOR,
    actor,
)

CALENDAR = Calendar(NOTICES)
ROWS = json.loads((SEEDS / "rating-limits.json").read_text("utf-8"))
LIMITS, NUMBERS = limits_of(ROWS), numbers_of(ROWS)
OPENED = datetime(2026, 3, 2, 2, tzinfo=UTC)
RECTIFIER, OTHER = actor("rectifier", MARKET), actor("rectifier", MARKET, "rectifier-two")
RATED = actor("rectifier", MARKET, "reviewer-one")


def occasion(who, day, **facts):
    at = datetime.fromisoformat(f"{day}T10:00:00+08:00").astimezone(UTC)
    return Occasion(who, at, CALENDAR, LIMITS, NUMBERS | facts)


def do(rules, case, who, act, day, **details):
    return rules.advance(case, act, occasion(who, day), details).case


@pytest.fixture
def invited():
    blank = Rating(id="a" * 26, area=AREA, unit=MARKET, person="p-zhang", opened_at=OPENED)
    return do(RATINGS, blank, SYSTEM, "invite", "2026-03-02")


@pytest.fixture
def waiting():
    blank = Correction(id="b" * 26, area=AREA, unit=MARKET, rating="a" * 26, level=2, rated=("reviewer-one",),
                       opened_at=OPENED)
    return do(CORRECTIONS, blank, SYSTEM, "open", "2026-03-02")


def corrected(case, day="2026-03-03", **changes):
    """The correction where it waits to be called back."""
    for who, act in ((RECTIFIER, "contact"), (RECTIFIER, "admit"), (RECTIFIER, "correct"), (SUPERVISOR, "pass")):
        case = do(CORRECTIONS, case, who, act, day)
    return case.model_copy(update=changes)


def test_a_rating_can_be_given_for_thirty_days_after_the_end(invited):
    assert str(invited.clocks["window"].last_day(CALENDAR)) == "2026-04-01"
    assert do(RATINGS, invited, CITIZEN, "rate", "2026-04-01", level=5).state == "rated"
    with pytest.raises(Refused, match="届满"):
        do(RATINGS, invited, CITIZEN, "rate", "2026-04-02", level=5)


def test_who_says_nothing_has_not_rated(invited):
    assert RATINGS.acts(invited, occasion(SYSTEM, "2026-04-01")) == ["recount"]
    silent = do(RATINGS, invited, SYSTEM, "expire", "2026-04-02")
    assert (silent.state, silent.level) == ("unrated", 0)


def test_a_rating_is_changed_once(invited):
    once = do(RATINGS, do(RATINGS, invited, CITIZEN, "rate", "2026-03-03", level=2), CITIZEN, "change", "2026-03-04",
              level=4)
    assert (once.level, once.changed) == (4, True)
    with pytest.raises(Refused, match="一次"):
        do(RATINGS, once, CITIZEN, "change", "2026-03-05", level=5)


def test_what_was_rated_has_no_clock_and_can_be_changed_as_long_as_it_could_be_given(invited):
    rated = do(RATINGS, invited, CITIZEN, "rate", "2026-03-03", level=2)
    assert not rated.clocks
    assert do(RATINGS, rated, CITIZEN, "change", "2026-04-01", level=4).level == 4
    with pytest.raises(Refused, match="届满"):
        do(RATINGS, rated, CITIZEN, "change", "2026-04-02", level=4)


def test_only_the_applicant_or_their_agent_rates(invited):
    agent = actor("citizen", person="p-agent", mandate=Mandate(id="m", principal="p-zhang"))
    assert do(RATINGS, invited, agent, "rate", "2026-03-03", level=5).state == "rated"
    with pytest.raises(Refused, match="申请人"):
        do(RATINGS, invited, STRANGER, "rate", "2026-03-03", level=5)
    for who in (HEAD, SUPERVISOR, RECTIFIER, NOBODY):
        with pytest.raises(Forbidden):
            do(RATINGS, invited, who, "rate", "2026-03-03", level=5)


def test_a_rating_is_kept_out_of_the_scores_only_by_a_judgement(invited):
    rated = do(RATINGS, invited, CITIZEN, "rate", "2026-03-03", level=1)
    assert "exclude" not in RATINGS.acts(rated, occasion(SYSTEM, "2026-03-04"))
    assert "exclude" in RATINGS.acts(rated, occasion(SYSTEM, "2026-03-04", judged=True))


def test_what_was_said_is_never_annulled(invited):
    assert do(RATINGS, invited, SUPERVISOR, "annul", "2026-03-03", note="有误").state == "annulled"
    rated = do(RATINGS, invited, CITIZEN, "rate", "2026-03-03", level=1)
    with pytest.raises(Refused, match="已评价的事项不能撤销登记"):
        do(RATINGS, rated, SUPERVISOR, "annul", "2026-03-03", note="有误")


def test_no_office_of_a_unit_sees_a_rating(invited):
    assert [standing(invited, who) for who in (CITIZEN, STRANGER, SUPERVISOR)] == ["rater", "", "supervisor"]
    for role in ("clerk", "reviewer", "head", "rectifier", "auditor", "keeper"):
        assert standing(invited, actor(role, MARKET)) == ""
    assert standing(invited, actor("supervisor", f"{OTHER_AREA}.supervision", area=OTHER_AREA)) == ""
    anonymous = invited.model_copy(update={"person": ""})
    assert standing(anonymous, actor("citizen", person="")) == "", "a window's is nobody's"


def test_contact_takes_one_working_day_and_the_correction_five(waiting):
    due = {name: str(clock.last_day(CALENDAR)) for name, clock in waiting.clocks.items()}
    assert due == {"contact": "2026-03-03", "appeal": "2026-03-05", "correct": "2026-03-09"}
    assert CORRECTIONS.acts(waiting, occasion(SYSTEM, "2026-03-04")) == ["recount", "overdue_contact"]


def test_who_was_rated_touches_nothing_of_the_correction(waiting):
    for act in ("claim", "contact"):
        with pytest.raises(Refused, match="未参与原事项办理"):
            do(CORRECTIONS, waiting, RATED, act, "2026-03-03")
    asked = do(CORRECTIONS, waiting, RECTIFIER, "contact", "2026-03-03")
    asked = do(CORRECTIONS, asked, RECTIFIER, "admit", "2026-03-03")
    asked = do(CORRECTIONS, asked, RECTIFIER, "ask_extension", "2026-03-04", asked_days=5)
    head = actor("head", MARKET, "reviewer-one")
    for act in ("assign", "approve_extension", "deny_extension"):
        with pytest.raises(Refused, match="未参与原事项办理"):
            do(CORRECTIONS, asked, head, act, "2026-03-04", extend_by=5)
    supervisor = CORRECTIONS.acts(asked, occasion(SUPERVISOR, "2026-03-04"))
    assert {"assign", "approve_extension", "redirect"} <= set(supervisor), "somebody can always go on"
    calling = corrected(waiting)
    with pytest.raises(Refused, match="不得审核、回访"):
        do(CORRECTIONS, calling, actor("supervisor", f"{AREA}.supervision", "reviewer-one"), "call_back", "2026-03-03")


def test_who_corrected_does_not_call_back(waiting):
    calling = corrected(waiting)
    same = actor("supervisor", f"{AREA}.supervision", RECTIFIER.person)
    with pytest.raises(Refused, match="不得审核、回访"):
        do(CORRECTIONS, calling, same, "call_back", "2026-03-04")
    assert str(calling.clocks["callback"].last_day(CALENDAR)) == "2026-03-06"


@pytest.mark.parametrize("state", ["waiting", "checking"])
def test_neither_who_was_rated_nor_who_corrected_annuls(waiting, state):
    case = waiting.model_copy(update={"state": state, "corrected_by": "rectifier-one"})
    for person in ("reviewer-one", "rectifier-one"):
        with pytest.raises(Refused, match="撤销"):
            do(CORRECTIONS, case, actor("supervisor", SUPERVISOR.unit, person), "annul", "2026-03-03", note="有误")
    assert do(CORRECTIONS, case, SUPERVISOR, "annul", "2026-03-03", note="有误").state == "annulled"


def test_a_colleague_leaves_a_correction_alone_that_was_taken_up(waiting):
    contacted = do(CORRECTIONS, waiting, RECTIFIER, "contact", "2026-03-03")
    with pytest.raises(Refused, match="其他人员"):
        do(CORRECTIONS, contacted, OTHER, "admit", "2026-03-03")


def test_a_correction_is_lengthened_once_by_two_persons_to_fifteen_days(waiting):
    case = do(CORRECTIONS, waiting, RECTIFIER, "contact", "2026-03-03")
    case = do(CORRECTIONS, case, RECTIFIER, "admit", "2026-03-03")
    case = do(CORRECTIONS, case, RECTIFIER, "ask_extension", "2026-03-04", asked_days=10)
    with pytest.raises(Refused, match="不得自行批准"):
        do(CORRECTIONS, case, actor("head", MARKET, RECTIFIER.person), "approve_extension", "2026-03-04", extend_by=10)
    longer = do(CORRECTIONS, case, HEAD, "approve_extension", "2026-03-04", extend_by=10)
    assert str(longer.clocks["correct"].last_day(CALENDAR)) == "2026-03-23", "fifteen working days from 2 March"
    with pytest.raises(Refused):
        do(CORRECTIONS, longer, RECTIFIER, "ask_extension", "2026-03-05", asked_days=1)


def test_it_is_sent_back_twice_and_never_beyond_fifteen_working_days_in_all(waiting):
    case = waiting
    for who, act in ((RECTIFIER, "contact"), (RECTIFIER, "admit"), (RECTIFIER, "correct")):
        case = do(CORRECTIONS, case, who, act, "2026-03-04")
    assert case.spent == 2
    for day in ("2026-03-05", "2026-03-06"):
        case = do(CORRECTIONS, case, SUPERVISOR, "send_back", day)
        assert "ask_extension" not in CORRECTIONS.acts(case, occasion(RECTIFIER, day))
        case = do(CORRECTIONS, case, RECTIFIER, "correct", day)
    with pytest.raises(Refused, match="退回2次"):
        do(CORRECTIONS, case, SUPERVISOR, "send_back", "2026-03-09")
    long = case.model_copy(update={"sent_back": 0, "spent": 13})
    with pytest.raises(Refused, match="15个工作日"):
        do(CORRECTIONS, long, SUPERVISOR, "send_back", "2026-03-09")
    called = do(CORRECTIONS, do(CORRECTIONS, long, SUPERVISOR, "pass", "2026-03-09"), SUPERVISOR, "call_back",
                "2026-03-09", satisfied=False)
    acts = CORRECTIONS.acts(called, occasion(SUPERVISOR, "2026-03-09"))
    assert "close" in acts and "rework" not in acts, "there is always an end"


def test_a_dispute_holds_the_clock_until_it_is_decided(waiting):
    contacted = do(CORRECTIONS, waiting, RECTIFIER, "contact", "2026-03-03")
    disputed = do(CORRECTIONS, contacted, RECTIFIER, "dispute", "2026-03-03", judgement="not_ours", reason="申诉复核")
    assert disputed.clocks["correct"].due(CALENDAR) is None
    assert str(disputed.clocks["review"].last_day(CALENDAR)) == "2026-03-10", "the supervisor has five working days"
    with pytest.raises(Refused, match="转交责任单位"):
        do(CORRECTIONS, disputed, SUPERVISOR, "uphold", "2026-03-05")
    overruled = do(CORRECTIONS, disputed, SUPERVISOR, "overrule", "2026-03-05")
    assert str(overruled.clocks["correct"].last_day(CALENDAR)) == "2026-03-11", "two days later than the 9th"
    elsewhere = do(CORRECTIONS, disputed, SUPERVISOR, "redirect", "2026-03-05", unit=HALL)
    assert (elsewhere.unit, elsewhere.handler, elsewhere.state) == (HALL, "", "waiting")
    assert str(elsewhere.clocks["contact"].last_day(CALENDAR)) == "2026-03-06"


def test_without_a_call_back_only_who_cannot_be_reached_is_let_go(waiting):
    one, two = date(2026, 3, 3), date(2026, 3, 4)
    for changes, closes in (({}, False), ({"missed": (one, two)}, False), ({"missed": (one, one, one)}, False),
                            ({"missed": (one, one, two)}, True), ({"anonymous": True}, True)):
        acts = CORRECTIONS.acts(corrected(waiting, **changes), occasion(SUPERVISOR, "2026-03-04"))
        assert ("close" in acts) == closes, changes
        assert ("call_back" in acts) == ("anonymous" not in changes)


def test_what_is_done_again_is_called_back_anew(waiting):
    one, two = date(2026, 3, 3), date(2026, 3, 4)
    calling = corrected(waiting, missed=(one, one, two))
    called = do(CORRECTIONS, calling, SUPERVISOR, "call_back", "2026-03-04", satisfied=False)
    again = do(CORRECTIONS, called, SUPERVISOR, "rework", "2026-03-04")
    for who, act in ((RECTIFIER, "correct"), (SUPERVISOR, "pass")):
        again = do(CORRECTIONS, again, who, act, "2026-03-05")
    with pytest.raises(Refused, match="须回访"):
        do(CORRECTIONS, again, SUPERVISOR, "close", "2026-03-05")


def test_nobody_rates_their_own_work_as_an_agent(invited):
    own = invited.model_copy(update={"rated": ("reviewer-one",)})
    agent = actor("citizen", person="reviewer-one", mandate=Mandate(id="m", principal="p-zhang"))
    with pytest.raises(Refused, match="不得代为评价"):
        do(RATINGS, own, agent, "rate", "2026-03-03", level=5)


def test_what_waits_for_the_supervisor_has_a_clock(waiting):
    checking = corrected(waiting)
    assert set(checking.clocks) == {"callback"} and "overdue_callback" in CORRECTIONS.acts(
        checking, occasion(SYSTEM, "2026-03-09"))
    case = waiting
    for who, act in ((RECTIFIER, "contact"), (RECTIFIER, "admit"), (RECTIFIER, "correct")):
        case = do(CORRECTIONS, case, who, act, "2026-03-03")
    assert set(case.clocks) == {"review"}
    assert "overdue_review" in CORRECTIONS.acts(case, occasion(SYSTEM, "2026-03-11"))


def test_the_offices_of_the_unit_and_the_area_see_a_correction(waiting):
    seen = {who.role: standing_of_correction(waiting, who) for who in (
        RECTIFIER, HEAD, SUPERVISOR, actor("auditor", f"{AREA}.bureau"), actor("clerk", MARKET), CITIZEN)}
    assert seen == {"rectifier": "unit", "head": "unit", "supervisor": "supervisor", "auditor": "supervisor",
                    "clerk": "", "citizen": ""}


@pytest.mark.parametrize("marks", [{"level": 2, "tags": (501,)}, {"level": 2, "tags": (201, 201)}, {"level": 0},
                                   {"level": 3, "words": "长" * 201}])
def test_marks_that_do_not_fit_are_refused(marks):
    with pytest.raises(ValueError):
        Marks(**marks)
