"""What ratings and corrections add to the sums, and what the sums mean. Pure."""
import re
from collections import Counter
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from chalicelib.domains.ratings import measures, scores
from chalicelib.domains.ratings.correction_models import Correction
from chalicelib.domains.ratings.correction_workflow import CORRECTIONS
from chalicelib.domains.ratings.models import Rating
from chalicelib.domains.ratings.scores import BY_NAME, FORMULAS, composite, csat
from chalicelib.domains.ratings.workflow import RATINGS
from chalicelib.kernel.shares import Score, rounded, share, together
from tests.support.town import AREA, HALL, MARKET
from tests.unit.ratings.test_workflow import NUMBERS, OPENED

SMALL = NUMBERS["small_cell"]
SOURCES = (Path(__file__).parents[3] / "docs" / "sources.md").read_text("utf-8")
APRIL = datetime(2026, 3, 31, 16, tzinfo=UTC)


def rating(**changes):
    return Rating(id="a" * 26, area=AREA, unit=MARKET, item="A1", opened_at=OPENED, state="rated", sort="case", level=5,
                  person="p-zhang", rated_at=OPENED).model_copy(update=changes)


def correction(**changes):
    return Correction(id="b" * 26, area=AREA, unit=MARKET, rating="a" * 26, level=2, opened_at=OPENED, state="closed",
                      result="corrected", contacted_in_time=True, corrected_in_time=True, satisfied=True
                      ).model_copy(update=changes)


def score(name, cell, digits=2):
    formula = BY_NAME[name]
    return share(cell[formula.numerator], cell[formula.denominator], 100, SMALL, digits)


def sums(*contributions):
    return together(one.sums for one in contributions)


def test_the_shares_of_the_year_that_was_published():
    """64,339 ratings, of which 64,152 good and 187 bad, all of them put right."""
    year = {"ratings": 64_339, "good": 64_152, "bad": 187, "bad_opened": 187, "bad_ended": 187}
    assert score("good_rate", year, 3) == Score("99.709", 64_152, 64_339)
    assert score("bad_rate", year, 3) == Score("0.291", 187, 64_339)
    assert score("disposal_rate", year) == Score("100.00", 187, 187)


def test_what_is_not_a_unit_s_fault_counts_for_the_unit_whose_it_is():
    bad = rating(level=2, window="3")
    asked, said = measures.of_rating(bad, correction(unit=HALL))
    assert (asked.unit, asked.window, said.unit, said.item, said.window) == (MARKET, "3", HALL, "", "")
    assert said.sums["bad"] == 1 and "bad" not in asked.sums
    for other in (None, correction(), correction(unit=HALL, state="annulled")):
        assert {one.unit for one in measures.of_rating(bad, other)} == {MARKET}


@pytest.mark.parametrize("counts, points, satisfied", [
    ((10, 0, 0, 0, 0), "10.00", "100.00"), ((0, 0, 0, 0, 10), "0.00", "20.00"), ((8, 1, 0, 1, 0), "9.00", "92.00"),
    ((2, 0, 1, 0, 0), None, None)])
def test_the_mean_of_the_weights_and_of_a_hundred_points(counts, points, satisfied):
    cell = {f"level_{level}": n for level, n in zip(measures.LEVELS, counts, strict=True)} | {"ratings": sum(counts)}
    assert composite(cell, NUMBERS, SMALL).value == points
    assert csat(cell, SMALL).value == satisfied


@pytest.mark.parametrize("n, shown", [(0, Score(None, 0, 0)), (1, Score(None, None, None)),
                                      (4, Score(None, None, None)), (5, Score("100.00", 5, 5))])
def test_a_small_cell_shows_nothing(n, shown):
    assert score("good_rate", {"good": n, "ratings": n}) == shown


@pytest.mark.parametrize("numerator, denominator, digits, text", [
    (1, 8, 2, "0.13"), (1, 3, 2, "0.33"), (2, 3, 0, "1"), (1, 2, 0, "1"), (997094, 10000, 3, "99.709")])
def test_rounding_is_half_up_from_whole_numbers(numerator, denominator, digits, text):
    assert rounded(numerator, denominator, digits) == text


def test_every_formula_names_measures_that_are_counted_and_a_source():
    known = {*measures.WHEN_ASKED, *measures.WHEN_RATED, *measures.OF_CORRECTION}
    listed = set(re.findall(r"^\| ([A-Z]+[0-9.]+) \|", SOURCES, re.MULTILINE))
    for formula in FORMULAS:
        assert {formula.numerator, formula.denominator} <= known and formula.source in listed
    assert len(BY_NAME) == len(FORMULAS) and set(scores.WEIGHTS) <= set(NUMBERS)


@pytest.mark.parametrize("changes, counts", [
    ({}, {"ratings", "good", "level_5", "answered", "could_rate", "asked", "real_name"}),
    ({"level": 2}, {"ratings", "bad", "level_2", "answered", "could_rate", "asked", "real_name"}),
    ({"level": 3, "changed": True}, {"ratings", "good", "level_3", "changed", "answered", "could_rate", "asked",
                                     "real_name"}),
    ({"state": "invited"}, {"asked"}), ({"state": "unrated", "level": 0}, {"asked", "could_rate"}),
    ({"state": "unrated", "level": 0, "is_default": True}, {"asked", "could_rate", "defaults"}),
    ({"state": "annulled"}, set()), ({"excluded": "malicious"}, {"excluded", "asked", "could_rate", "answered"}),
    ({"sort": "general", "anonymous": True}, {"ratings", "good", "level_5"}),
    ({"sort": "inspection", "anonymous": True, "level": 1}, {"inspections", "inspections_bad"})])
def test_what_a_rating_counts_for(changes, counts):
    assert sums(*measures.of_rating(rating(**changes))) == dict.fromkeys(counts, 1)


def test_what_was_asked_in_march_and_rated_in_april_counts_in_both():
    asked, rated = measures.of_rating(rating(rated_at=APRIL))
    assert (asked.month, rated.month) == ("2026-03", "2026-04")
    assert (rated.unit, rated.item, rated.area) == (MARKET, "A1", AREA)


@pytest.mark.parametrize("changes, counts, less", [
    ({}, {"bad_ended", "righted", "righted_in_time", "named_righted_and_called", "called_content"}, {"explained"}),
    ({"result": "explained", "corrected_in_time": False}, {"explained", "righted"}, {"righted_in_time"}),
    ({"state": "correcting", "satisfied": None}, {"bad_opened", "bad_upheld", "named"}, {"bad_ended", "righted"}),
    ({"state": "excluded", "judgement": "mistaken"}, {"bad_opened", "bad_ended", "mistaken"}, {"bad_upheld", "named"}),
    ({"anonymous": True, "satisfied": None}, {"righted", "bad_upheld"}, {"named", "called"}),
    ({"level": 5}, set(), {"bad_opened"}), ({"state": "annulled"}, set(), {"bad_opened"})])
def test_what_a_correction_counts_for(changes, counts, less):
    found = sums(*measures.of_correction(correction(**changes), rating(level=2)))
    assert counts <= set(found) and not less & set(found)


def test_a_correction_that_went_to_another_unit_counts_there_without_item_or_window():
    there, = measures.of_correction(correction(unit=HALL), rating(level=2, window="3"))
    assert (there.unit, there.item, there.window) == (HALL, "", "")
    assert list(measures.of_correction(correction(), rating(sort="inspection"))) == []
    gamed, = measures.of_correction(correction(), rating(level=2, excluded="gaming"))
    assert set(gamed.sums) == set(measures.OF_ONE_LEFT_OUT)


def test_in_every_state_parts_are_no_more_than_the_whole():
    states = {state for _, state in CORRECTIONS.rules} - {"new"}
    for state, level, anonymous, in_time, satisfied in product(states, (1, 5), (True, False), (True, False, None),
                                                               (True, None)):
        case = correction(state=state, level=level, anonymous=anonymous, corrected_in_time=in_time, satisfied=satisfied)
        found = Counter(sums(*measures.of_correction(case, rating())))
        assert all(found[one.numerator] <= found[one.denominator] for one in FORMULAS if one.numerator in
                   measures.OF_CORRECTION), (state, found)
    for state, sort, default, excluded in product({state for _, state in RATINGS.rules} - {"new"},
                                                  ("case", "visit", "general", "inspection"), (True, False),
                                                  ("", "mistaken")):
        found = Counter(sums(*measures.of_rating(rating(state=state, sort=sort, is_default=default,
                                                         excluded=excluded))))
        assert found["good"] + found["bad"] == found["ratings"] and found["answered"] <= found["could_rate"]
