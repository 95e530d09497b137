"""What the indicators come to: the figures of published years, half up, nothing of nothing. Pure."""
import re
from pathlib import Path

import pytest

from chalicelib.domains.figures.indicators import HOTLINE
from chalicelib.domains.figures.wiring import INDICATORS
from chalicelib.domains.hotline.calls import Calls, of_calls
from chalicelib.kernel.shares import Score
from tests.support.town import MONDAY

ROOT = Path(__file__).parents[3]
WEIGHTS = {"weight_response": 10, "weight_solved": 45, "weight_content": 45}
BY_CODE = {one.formula.name: one for one in HOTLINE}


def value(code, small=0, numbers=WEIGHTS, **sums):
    return BY_CODE[code].count(sums, numbers, small)


def test_the_shares_of_the_year_that_was_published():
    """62,395 orders closed, 58,739 called back, 764 of those dissatisfied."""
    assert value("callback_rate", called=58_739, closed=62_395) == Score("94.14", 58_739, 62_395)
    assert value("satisfaction", called=58_739, dissatisfied=764) == Score("98.70", 57_975, 58_739)
    assert value("handled_rate", handled=4_928, received=4_928).value == "100.00"


@pytest.mark.parametrize("numerator, denominator, shown", [
    (0, 0, None), (0, 7, "0.00"), (1, 3, "33.33"), (2, 3, "66.67"), (1, 800, "0.13"), (7, 7, "100.00")])
def test_a_share_is_rounded_half_up_and_none_of_nothing(numerator, denominator, shown):
    assert value("signed_in_time_rate", signed_in_time=numerator, sent=denominator).value == shown


def test_the_score_weighs_three_shares_exactly():
    sums = {"contacted": 2, "sampled": 3, "solved": 1, "judged": 3, "content": 3, "called": 3}
    assert value("hotline_score", **sums).value == "66.67", "(10·2/3 + 45·1/3 + 45)"
    assert value("hotline_score", **sums | {"judged": 0}).value is None
    assert value("hotline_score", numbers=dict.fromkeys(WEIGHTS, 0) | {"weight_content": 100}, **sums).value == "100.00"


def test_every_indicator_has_a_source_and_a_code_of_its_own():
    listed = set(re.findall(r"^\| ([A-Z]+[0-9.]+) \|", (ROOT / "docs/sources.md").read_text("utf-8"), re.MULTILINE))
    assert {one.formula.source for one in INDICATORS.values()} <= listed
    assert len(BY_CODE) == len(HOTLINE) and not set(BY_CODE) & {
        code for code, one in INDICATORS.items() if one.about == "ratings"}


def test_the_document_names_every_indicator_as_the_code_does():
    text = (ROOT / "docs/figures.md").read_text("utf-8")
    rows = [f"| `{one.formula.name}` | {one.formula.title} | {one.formula.numerator} | {one.formula.denominator} "
            f"| {one.formula.definition} | {one.formula.source} |" for one in INDICATORS.values()]
    table = [line for line in text.splitlines() if line.startswith("| `")]
    assert table == rows, "\n".join(rows)


def test_a_day_without_calls_adds_nothing():
    assert of_calls(Calls(id="c" * 26, day="2026-03-01", opened_at=MONDAY)) == {}
