"""The sweep on its tables (moto): who is acted on, who is tried again, who is put aside, which days are closed."""
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.kernel.cases import due_shard, instant
from chalicelib.kernel.problems import Busy, Stale
from chalicelib.kernel.sweep import TRIES, Sweep, aside_sk
from chalicelib.kernel.table import Table

NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)


@pytest.fixture
def cases(tables):
    return Table("yiciban-test-cases")


def wait(cases, name, at):
    entry = {"pk": f"X#{name}", "sk": "STATE", "due": due_shard(at, 3), "due_at": instant(at)}
    cases.save(cases.put(entry))
    return entry


def swept(cases, lapse):
    return Sweep(cases, Table("yiciban-test-figures"), {"X": lapse})


def test_what_has_come_is_acted_on_and_what_has_not_is_left(cases):
    seen = []
    wait(cases, "late", NOW - timedelta(days=1))
    wait(cases, "now", NOW)
    wait(cases, "later", NOW + timedelta(seconds=1))
    assert swept(cases, lambda case: seen.append(case) or 1).run(NOW) == 2 and seen == ["late", "now"]


@pytest.mark.parametrize("failure", [Stale(), Busy("忙"), ValueError("x")])
def test_a_day_with_something_unsettled_stays_open_for_the_next_run(cases, failure):
    wait(cases, "old", NOW - timedelta(days=5))
    answers = [failure, 1]

    def lapse(case):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer
    sweep = swept(cases, lapse)
    assert sweep.run(NOW) == 0 and sweep.run(NOW) == 1 and answers == []


def test_a_crowded_store_is_not_the_cases_fault_but_three_failures_of_its_own_put_it_aside(cases):
    entry, calls = wait(cases, "bad", NOW), []

    def lapse(case):
        calls.append(case)
        raise Busy("忙") if len(calls) <= 5 else ValueError("x")
    sweep = swept(cases, lapse)
    for _ in range(5 + TRIES + 2):
        assert sweep.run(NOW) == 0
    assert len(calls) == 5 + TRIES and sweep.figures.get("ASIDE", aside_sk(entry))["n"] == TRIES
    again = swept(cases, lambda case: 2)
    assert again.retry(aside_sk(entry)) == 2 and sweep.figures.get("ASIDE", aside_sk(entry)) is None
