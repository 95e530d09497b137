"""The loop of a bad rating: every step has its clock, every lapse is told, every way leads to an end. Pure."""
import json
from dataclasses import replace

import pytest

from chalicelib.domains.messages.wiring import TEMPLATES
from chalicelib.domains.ratings.correction_models import Correction
from chalicelib.domains.ratings.correction_workflow import CLOSED, CORRECTIONS, OPEN
from chalicelib.domains.ratings.reactions import GIVEN, REACTIONS
from chalicelib.domains.ratings.workflow import RATINGS
from chalicelib.domains.supervision.rules import LAPSES, OF_WATCH
from chalicelib.kernel.problems import Refused
from tests.support.town import AREA, HALL, HEAD, MARKET, SEEDS, SUPERVISOR, actor
from tests.unit.ratings.test_workflow import CALENDAR, OPENED, RECTIFIER, SYSTEM, do, occasion

CARDS = json.loads((SEEDS / "supervision-rules.json").read_text("utf-8"))
OTHER = actor("supervisor", f"{AREA}.supervision", "supervisor-two")
DETAILS = {"dispute": [{"judgement": one, "reason": "申诉复核"} for one in ("mistaken", "not_ours")],
           "call_back": [{"satisfied": True}, {"satisfied": False}], "correct": [{"result": "corrected"}],
           "redirect": [{"unit": MARKET}], "assign": [{"handler": "rectifier-two"}],
           "hand_over": [{"handler": RECTIFIER.person}], "publish": [{"text": "已公开"}],
           "ask_extension": [{"asked_days": 10}], "approve_extension": [{"extend_by": 10}]}


@pytest.fixture
def waiting():
    blank = Correction(id="b" * 26, area=AREA, unit=MARKET, rating="a" * 26, level=2, rated=("reviewer-one",),
                       opened_at=OPENED)
    return do(CORRECTIONS, blank, SYSTEM, "open", "2026-03-02")


def walked(case):
    """All cases that persons can make of one on its first day, by what tells them apart for the rules."""
    seen, todo = {}, [case]
    while todo:
        case = todo.pop()
        marks = (case.state, case.handler, case.judgement, case.reworked, case.satisfied, bool(case.asked_days),
                 case.at_once, frozenset(case.clocks), case.unit)
        if marks in seen:
            continue
        seen[marks] = case
        for who in (RECTIFIER, HEAD, SUPERVISOR):
            now = occasion(who, "2026-03-02")
            for act in CORRECTIONS.acts(case, now):
                todo += [CORRECTIONS.advance(case, act, now, details).case for details in DETAILS.get(act, [{}])]
    return list(seen.values())


def test_every_open_correction_has_a_clock_on_whose_end_the_system_acts(waiting):
    cases = walked(waiting)
    assert {case.state for case in cases} == {*OPEN, *CLOSED}
    for case in cases:
        duties = {name for verb, name in CORRECTIONS.duties.get(case.state, ()) if verb == "lapse"}
        running = {name for name in duties & set(case.clocks) if not case.clocks[name].paused}
        assert bool(running) == (case.state in OPEN), (case.state, set(case.clocks))
        assert case.state in OPEN or not case.clocks


def test_from_every_correction_there_is_a_way_to_an_end(waiting):
    cases = walked(waiting)
    ended = {case.state for case in cases if case.state in CLOSED}
    assert ended == set(CLOSED)
    reach = {state: {rule.target for (_, source), rule in CORRECTIONS.rules.items() if source == state}
             for state in OPEN}
    for state in OPEN:
        found, todo = set(), [state]
        while todo:
            new = reach.get(todo.pop(), set()) - found
            found |= new
            todo += new
        assert {"closed", "annulled"} <= found, state


def test_every_lapse_is_told_and_brings_a_card_to_whose_it_is():
    lapses = {act for act in CORRECTIONS.names if act.startswith("overdue_")}
    told = {act for template in TEMPLATES if template.kind == "CORRECTION" for act in template.acts}
    carded = {act for kind, act in LAPSES if kind == "CORRECTION"}
    assert lapses <= told and carded == lapses
    assert {act for kind, act in OF_WATCH if kind == "CORRECTION"} == {"overdue_review", "overdue_callback"}
    assert carded <= {row["act"] for row in CARDS if row["kind"] == "CORRECTION"}


def test_everything_that_a_rating_says_is_looked_at_for_a_correction():
    saying = {act for (act, _), rule in RATINGS.rules.items()
              if rule.target == "rated" and set(rule.offices) - {"system", "supervisor"}} | {"inspect"}
    assert saying == GIVEN == next(one.acts for one in REACTIONS if one.name == "ratings.correct")


@pytest.mark.parametrize("day, heard", [("2026-03-02", True), ("2026-03-05", True), ("2026-03-06", False)])
def test_a_unit_appeals_within_three_working_days_of_receipt(waiting, day, heard):
    contacted = do(CORRECTIONS, waiting, RECTIFIER, "contact", "2026-03-02")
    if heard:
        appealed = do(CORRECTIONS, contacted, RECTIFIER, "dispute", day, judgement="malicious", reason="申诉复核")
        assert set(appealed.clocks) == {"correct", "review"}
    else:
        with pytest.raises(Refused, match="届满"):
            do(CORRECTIONS, contacted, RECTIFIER, "dispute", day, judgement="malicious", reason="申诉复核")


def test_the_unit_to_which_it_is_redirected_has_its_own_time_to_appeal(waiting):
    late = do(CORRECTIONS, waiting, SUPERVISOR, "redirect", "2026-03-09", unit=HALL)
    there = actor("rectifier", HALL, "rectifier-hall")
    contacted = do(CORRECTIONS, late, there, "contact", "2026-03-10")
    assert do(CORRECTIONS, contacted, there, "dispute", "2026-03-12", judgement="mistaken", reason="申诉复核")


@pytest.mark.parametrize("act, day, clock, last", [
    (None, "2026-03-02", "contact", "2026-03-03"), (None, "2026-03-02", "correct", "2026-03-09"),
    ("admit_at_once", "2026-03-03", "at_once", "2026-03-04"), ("dispute", "2026-03-03", "review", "2026-03-10"),
    ("correct", "2026-03-04", "review", "2026-03-11"), ("pass", "2026-03-05", "callback", "2026-03-10"),
    ("call_back", "2026-03-06", "review", "2026-03-13")])
def test_each_step_has_its_time(waiting, act, day, clock, last):
    course = {"admit_at_once": ["contact"], "dispute": ["contact"], "correct": ["contact", "admit"],
              "pass": ["contact", "admit", "correct"], "call_back": ["contact", "admit", "correct", "pass"], None: []}
    case = waiting
    for one in course[act]:
        case = do(CORRECTIONS, case, SUPERVISOR if one == "pass" else RECTIFIER, one, "2026-03-02")
    if act:
        who = SUPERVISOR if act in ("pass", "call_back") else RECTIFIER
        case = do(CORRECTIONS, case, who, act, day, **DETAILS.get(act, [{}])[0])
    assert str(case.clocks[clock].last_day(CALENDAR)) == last


@pytest.mark.parametrize("day, in_time", [("2026-03-09", True), ("2026-03-10", False)])
def test_whether_it_was_put_right_in_time_is_written_down_when_it_is(waiting, day, in_time):
    case = waiting
    for act in ("contact", "admit"):
        case = do(CORRECTIONS, case, RECTIFIER, act, "2026-03-04")
    assert case.contacted_in_time is False, "one working day from the second"
    assert do(CORRECTIONS, case, RECTIFIER, "correct", day, result="corrected").corrected_in_time is in_time


def test_what_is_public_was_closed_and_is_taken_back_by_the_supervisor(waiting):
    closed = waiting.model_copy(update={"state": "closed", "clocks": {}, "satisfied": True})
    shown = do(CORRECTIONS, closed, SUPERVISOR, "publish", "2026-03-20", text="已公开")
    assert shown.published and shown.text == "已公开"
    assert "publish" not in CORRECTIONS.acts(shown, occasion(SUPERVISOR, "2026-03-21"))
    gone = do(CORRECTIONS, shown, OTHER, "unpublish", "2026-03-21")
    assert (gone.published, gone.text) == (None, "")
    over = replace(occasion(SYSTEM, "2029-03-21"), facts={"over": True})
    erased = CORRECTIONS.advance(gone, "anonymise", over).case
    assert CORRECTIONS.acts(erased, occasion(SUPERVISOR, "2029-03-22")) == []
