"""Who was rated and watches over the area as well has no hand in what is said of them, nor learns who said it. Pure."""
from dataclasses import replace

import pytest

from chalicelib.domains.ratings.correction_models import Correction
from chalicelib.domains.ratings.correction_workflow import CORRECTIONS
from chalicelib.domains.ratings.models import Rating
from chalicelib.domains.ratings.signal_models import Signal
from chalicelib.domains.ratings.signal_workflow import SIGNALS
from chalicelib.domains.ratings.workflow import RATINGS, standing
from chalicelib.kernel.problems import Refused
from tests.support.town import AREA, HALL, HEAD, MARKET, SUPERVISOR, actor
from tests.unit.ratings.test_workflow import OPENED, RECTIFIER, SYSTEM, do, occasion

SAME = actor("supervisor", f"{AREA}.supervision", "reviewer-one")
WHERE = {"area": AREA, "unit": MARKET, "opened_at": OPENED}


@pytest.fixture
def unrated():
    blank = Rating(id="a" * 26, person="p-zhang", rated=("reviewer-one",), **WHERE)
    return do(RATINGS, blank, SYSTEM, "invite", "2026-03-02").model_copy(update={"state": "unrated"})


@pytest.fixture
def raised():
    blank = Signal(id="c" * 26, rule="staff", rating="a" * 26, rated=("reviewer-one",), **WHERE)
    return do(SIGNALS, blank, SYSTEM, "raise", "2026-03-02")


def disputed(**more):
    blank = Correction(id="b" * 26, rating="a" * 26, level=2, **more, **WHERE)
    case = do(CORRECTIONS, do(CORRECTIONS, blank, SYSTEM, "open", "2026-03-02"), RECTIFIER, "contact", "2026-03-02")
    return do(CORRECTIONS, case, RECTIFIER, "dispute", "2026-03-02", judgement="mistaken", reason="申诉复核")


def test_a_supervisor_who_was_rated_does_not_see_the_rating(unrated):
    assert [standing(unrated, who) for who in (SUPERVISOR, SAME)] == ["supervisor", ""]


def test_a_supervisor_who_was_rated_acts_on_no_rating_of_their_work(unrated):
    invited = unrated.model_copy(update={"state": "invited"})
    for case, act in ((unrated, "note_default"), (invited, "annul")):
        with pytest.raises(Refused, match="参与该事项办理"):
            do(RATINGS, case, SAME, act, "2026-03-03", note="有误")
        assert do(RATINGS, case, SUPERVISOR, act, "2026-03-03", note="有误")


@pytest.mark.parametrize("act", ["uphold", "dismiss"])
def test_who_was_rated_or_serves_in_the_unit_judges_no_sign_about_it(raised, act):
    heard = raised.model_copy(update={"state": "objected"})
    with pytest.raises(Refused, match="回避"):
        do(SIGNALS, heard, SAME, act, "2026-03-03", note="属实")
    with pytest.raises(Refused, match="回避"):
        SIGNALS.advance(heard, act, replace(occasion(SUPERVISOR, "2026-03-03"), facts={"of_unit": True}))
    assert do(SIGNALS, heard, SUPERVISOR, act, "2026-03-03", note="属实")


@pytest.mark.parametrize("act", ["claim", "contact", "assign", "redirect", "annul"])
def test_who_may_have_been_at_the_window_rated_has_no_hand_in_it(act):
    """A rating by a code that hangs out names nobody."""
    blank = Correction(id="b" * 26, rating="a" * 26, level=1, anonymous=True, **WHERE)
    waiting = do(CORRECTIONS, blank, SYSTEM, "open", "2026-03-02")
    who = {"claim": RECTIFIER, "contact": RECTIFIER, "assign": HEAD}.get(act, SUPERVISOR)
    details = {"unit": HALL, "handler": "rectifier-two", "note": "有误"}
    with pytest.raises(Refused, match="未参与原事项办理|参与原事项办理的人员不得"):
        CORRECTIONS.advance(waiting, act, occasion(who, "2026-03-02", at_window=True), details)
    assert CORRECTIONS.advance(waiting, act, occasion(who, "2026-03-02"), details)


def test_who_inspected_does_not_decide_the_appeal_against_the_inspection():
    case = disputed(inspected_by="supervisor-two")
    same = actor("supervisor", f"{AREA}.supervision", "supervisor-two")
    for act in ("uphold", "overrule"):
        with pytest.raises(Refused, match="查评人员"):
            do(CORRECTIONS, case, same, act, "2026-03-03", note="有误")
        assert do(CORRECTIONS, case, SUPERVISOR, act, "2026-03-03", note="有误")
