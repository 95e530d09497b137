"""The rule table and what is registered once for it: they name the same events, acts and clocks."""
import json
from datetime import UTC, datetime
from pathlib import Path

from chalicelib.domains.applications.workflow import APPLICATIONS
from chalicelib.domains.complaints.workflow import COMPLAINTS
from chalicelib.domains.disclosure.workflow import DOCUMENTS
from chalicelib.domains.hotline.workflow import HOTLINE
from chalicelib.domains.privacy.workflow import REQUESTS
from chalicelib.domains.ratings.correction_workflow import CORRECTIONS
from chalicelib.domains.ratings.signal_workflow import SIGNALS
from chalicelib.domains.supervision.models import Row
from chalicelib.domains.supervision.periods import month_of, span_of
from chalicelib.domains.supervision.rules import LAPSES, MISSED, OF_CARDS, WARNINGS
from chalicelib.domains.supervision.workflow import CARDS
from chalicelib.kernel.reference import most_specific
from tests.unit.test_workflows import running

WORKFLOWS = {"APPLICATION": APPLICATIONS, "CORRECTION": CORRECTIONS, "ORDER": HOTLINE, "DOCUMENT": DOCUMENTS,
             "CARD": CARDS, "SUBJECT": REQUESTS, "COMPLAINT": COMPLAINTS, "SIGNAL": SIGNALS}
SEEDS = Path(__file__).parents[3] / "seeds"
ROWS = [Row.model_validate(row) for row in json.loads((SEEDS / "supervision-rules.json").read_text("utf-8"))]


def test_the_table_names_only_events_that_may_fire_and_every_one_of_them():
    named = {(row.kind, row.act): row.clock for row in ROWS if row.by == "system"}
    assert named == WARNINGS | LAPSES | OF_CARDS


def test_every_code_of_the_rule_table_has_its_row_and_its_level():
    levels = {row.code: row.level for row in ROWS}
    assert levels == {"W1": "warning", "W2": "warning", **dict.fromkeys(("Y1", "Y2", "Y3", "Y4", "Y5", "Y6"), "yellow"),
                      **dict.fromkeys(("R1", "R2", "R3", "R4"), "red")}


def test_what_fires_turns_the_clock_that_the_table_names():
    for (kind, act), clock in (WARNINGS | LAPSES).items():
        verb = "warn" if (kind, act) in WARNINGS else "lapse"
        turns = {(turn.verb, turn.name) for (one, _), rule in WORKFLOWS[kind].rules.items() if one == act
                 for turn in rule.clocks}
        assert (verb, clock) in turns, (kind, act)


def test_wherever_such_a_clock_may_run_and_a_person_may_stop_it_the_system_acts_on_its_lapse_first():
    silent = set()
    for kind, clock in MISSED:
        workflow = WORKFLOWS[kind]
        for (act, source), rule in workflow.rules.items():
            if any(turn.verb == "stop" and turn.name == clock for turn in rule.clocks) and rule.offices != ("system",):
                running_there = clock in running(workflow.rules).get(source, ())
                if running_there and ("lapse", clock) not in workflow.duties[source]:
                    silent.add((kind, clock, act, source))
    assert silent == set()


def test_every_basis_of_the_table_is_listed_in_the_sources():
    listed = (SEEDS.parent / "docs/sources.md").read_text("utf-8")
    assert [row.basis for row in ROWS if f"| {row.basis} |" not in listed] == []


def test_the_row_that_names_unit_and_item_goes_before_that_of_the_item_and_that_before_the_unit_s():
    rows = [{"n": 1, "unit": "", "item": ""}, {"n": 2, "unit": "u", "item": ""}, {"n": 3, "unit": "", "item": "i"},
            {"n": 4, "unit": "u", "item": "i"}]
    found = [most_specific(rows, unit, item)["n"] for unit, item in (("x", "x"), ("u", "x"), ("x", "i"), ("u", "i"))]
    assert found == [1, 2, 3, 4] and most_specific(rows[1:2], "x", "x") is None


def at(text):
    return datetime.fromisoformat(text).astimezone(UTC)


def test_a_month_is_that_of_the_civil_day():
    assert month_of(at("2026-03-31T23:59:59+08:00")) == "2026-03" != month_of(at("2026-04-01T00:00:00+08:00"))
    assert span_of("2026-03") == ("2026-02-28T16:00:00Z", "2026-03-31T15:59:59Z")
    assert span_of("2026-12")[1] == "2026-12-31T15:59:59Z" and span_of(None) == ("", "")
