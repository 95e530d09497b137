"""The sweep on its tables (moto): who is acted on and in which order, who is put aside, leases, bounds, closed days."""
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.kernel import sweep as room
from chalicelib.kernel import table
from chalicelib.kernel.cases import SHARDS, due_shard, instant
from chalicelib.kernel.lease import Leases
from chalicelib.kernel.problems import Busy, Stale
from chalicelib.kernel.sweep import RUNS, SPAN, TRIES, Sweep, aside_sk, message
from chalicelib.kernel.table import Table
from tests.support.town import Hands

NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)
SHARD = 3


@pytest.fixture
def cases(tables):
    return Table("yiciban-test-cases")


def wait(cases, name, at, by_day=True, shard=SHARD):
    entry = {"pk": f"X#{name}", "sk": "STATE", "due": due_shard(at, shard, by_day), "due_at": instant(at)}
    cases.save(cases.put(entry))
    return entry


def swept(cases, lapse, hands=None):
    """A sweep whose messages and pauses are kept in lists."""
    sent, slept = [], []
    made = Sweep(cases, Table("yiciban-test-figures"), {"X": lapse},
                 lambda: type("Queue", (), {"send": staticmethod(sent.append)}), hands or Hands(NOW), slept.append)
    return made, sent, slept


def taken(leases, job, now):
    return leases.take(leases.seen(job), now, SPAN)


def acting(cases, seen, before=lambda case: None):
    """A `lapse` that takes the case out of the index."""
    def lapse(case):
        before(case)
        seen.append(case)
        cases.save(cases.delete(f"X#{case}", "STATE"))
        return 1
    return lapse


def test_what_has_come_is_acted_on_and_what_has_not_is_left(cases):
    seen = []
    wait(cases, "late", NOW - timedelta(days=1))
    wait(cases, "now", NOW)
    wait(cases, "later", NOW + timedelta(seconds=1))
    assert swept(cases, acting(cases, seen))[0].run(NOW) == 2 and seen == ["late", "now"]


def test_each_minute_every_shard_gets_one_message_and_no_work_is_done(cases):
    sweep, sent, _ = swept(cases, lambda case: 1 / 0)
    wait(cases, "due", NOW)
    sweep.call()
    assert [json.loads(body) for body in sent] == [{"shard": shard} for shard in range(SHARDS)]


def test_a_message_has_its_own_shard_swept_and_no_other(cases):
    seen = []
    wait(cases, "mine", NOW)
    wait(cases, "other", NOW, shard=4)
    sweep, sent, _ = swept(cases, acting(cases, seen))
    sweep.answer(message(SHARD))
    assert (seen, sent) == (["mine"], [])


def test_clocks_of_minutes_come_before_those_of_days_and_each_lane_is_served_in_due_order(cases):
    seen = []
    for name, hours, by_day in (("d2", 2, True), ("m1", 1, False), ("d3", 30, True), ("m2", 40, False)):
        wait(cases, name, NOW - timedelta(hours=hours), by_day)
    swept(cases, acting(cases, seen))[0].run(NOW)
    assert seen == ["m2", "m1", "d3", "d2"]


def test_a_clock_of_minutes_that_comes_amid_a_backlog_of_days_waits_for_one_helping(cases, monkeypatch):
    monkeypatch.setattr(room, "HELPING", 3)
    seen = []
    for n in range(9):
        wait(cases, f"day-{n}", NOW - timedelta(minutes=60 - n))
    swept(cases, acting(cases, seen, lambda case: case == "day-1" and wait(cases, "hurried", NOW, False)))[0].run(NOW)
    assert seen == ["day-0", "day-1", "day-2", "hurried", *(f"day-{n}" for n in range(3, 9))]


@pytest.mark.parametrize("bound", ["cases", "time"])
def test_a_bounded_run_hands_the_rest_on_in_order_by_a_message_like_its_own(cases, monkeypatch, bound):
    hands, seen = Hands(NOW), []
    if bound == "cases":
        monkeypatch.setattr(room, "MOST", 2)
    for n in range(5):
        wait(cases, f"{n}", NOW - timedelta(minutes=60 - n))
    slow = {"cases": lambda case: None, "time": lambda case: hands.move(seconds=20)}[bound]
    sweep, sent, _ = swept(cases, acting(cases, seen, slow), hands)
    sweep.answer(message(SHARD))
    assert (seen, sent) == (["0", "1"], [message(SHARD)])
    while sent:
        sweep.answer(sent.pop())
    assert seen == ["0", "1", "2", "3", "4"]


def test_a_copy_without_the_lease_ends_at_once_and_a_dead_copys_lease_runs_out(cases):
    hands, seen = Hands(NOW), []
    wait(cases, "due", NOW)
    sweep, sent, _ = swept(cases, acting(cases, seen), hands)
    assert taken(Leases(sweep.figures), f"SWEEP#{SHARD:02d}", NOW), "another copy has begun, and dies"
    for _ in range(2):
        sweep.answer(message(SHARD))
        assert (seen, sent) == ([], [])
        hands.at = NOW + SPAN - timedelta(seconds=1)
    hands.at = NOW + SPAN
    sweep.answer(message(SHARD))
    assert seen == ["due"]


def test_of_two_who_take_a_lease_at_once_one_has_it_and_the_late_one_cannot_give_it_back(cases, monkeypatch):
    leases, real = Leases(Table("yiciban-test-figures")), table.send
    won = []

    def between(operation, **request):
        if operation == "put_item" and not won:
            won.append(None)
            won[0] = taken(leases, "JOB", NOW)
        return real(operation, **request)
    monkeypatch.setattr(table, "send", between)
    assert taken(leases, "JOB", NOW) is None and won[0].turn == 1
    taken_over = taken(leases, "JOB", NOW + SPAN)
    with pytest.raises(Stale):
        leases.give_back(won[0], NOW + SPAN, "")
    leases.give_back(taken_over, NOW + SPAN, "left")
    assert taken(leases, "JOB", NOW + SPAN).note == "left"


def test_two_copies_of_every_message_and_a_late_one_act_once(cases):
    seen = []
    wait(cases, "due", NOW)
    inner, _, _ = swept(cases, acting(cases, seen))
    outer, sent, _ = swept(cases, acting(cases, seen, lambda case: inner.answer(message(SHARD))))
    for _ in range(3):
        outer.answer(message(SHARD))
    assert (seen, sent) == (["due"], [])


@pytest.mark.parametrize("crowd", [Stale(), Busy("忙")])
def test_a_crowded_store_ends_the_run_after_two_pauses_and_nobody_is_passed_by(cases, crowd):
    seen, answers = [], [crowd, crowd, crowd]

    def before(case):
        if case == "first" and answers:
            raise answers.pop()
    wait(cases, "first", NOW - timedelta(days=5))
    wait(cases, "second", NOW)
    sweep, sent, slept = swept(cases, acting(cases, seen, before))
    sweep.answer(message(SHARD))
    assert (seen, sent, slept) == ([], [], [0.2, 0.8])
    sweep.answer(message(SHARD))
    assert seen == ["first", "second"], "the next minute goes on, however old the day"


@pytest.mark.parametrize("crowd", [Stale(), Busy("忙")])
def test_a_case_that_ends_run_after_run_is_put_aside_with_an_alarm_and_its_shard_goes_on(cases, monkeypatch, crowd):
    seen, counted = [], []
    monkeypatch.setattr(room, "count", lambda name, *_, **facts: counted.append(name))

    def before(case):
        if case == "contested":
            raise crowd
    entry = wait(cases, "contested", NOW - timedelta(days=1))
    wait(cases, "behind", NOW)
    sweep, _, slept = swept(cases, acting(cases, seen, before))
    runs = RUNS[type(crowd)]
    for _ in range(runs - 1):
        sweep.answer(message(SHARD))
        assert seen == [] and "CasesPutAside" not in counted
    sweep.answer(message(SHARD))
    assert seen == ["behind"] and counted.count("CasesPutAside") == 1
    assert sweep.figures.get("ASIDE", aside_sk(entry))["n"] == TRIES and len(slept) == 2 * runs
    sweep.answer(message(SHARD))
    assert len(slept) == 2 * runs, "it is not looked at again"
    again = replace(sweep, lapse={"X": lambda case: 1})
    again.answer(json.dumps({"retry": aside_sk(entry)}))
    assert sweep.figures.get("ASIDE", aside_sk(entry)) is sweep.figures.get("HELD-UP", aside_sk(entry)) is None


def test_a_short_crowd_is_waited_out(cases):
    seen, answers = [], [Busy("忙")]

    def before(case):
        if answers:
            raise answers.pop()
    wait(cases, "due", NOW)
    sweep, _, slept = swept(cases, acting(cases, seen, before))
    assert sweep.run(NOW) == 1 and slept == [0.2]


def test_where_there_is_nothing_to_do_nothing_is_written(cases, monkeypatch):
    sweep, _, _ = swept(cases, lambda case: 1)
    sweep.run(NOW)
    real, written = table.send, []

    def watched(operation, **request):
        written.extend([operation] if operation not in ("query", "get_item") else [])
        return real(operation, **request)
    monkeypatch.setattr(table, "send", watched)
    assert sweep.run(NOW + timedelta(hours=1)) == 0 and written == []
    assert sweep.run(NOW + timedelta(days=1)) == 0 and len(written) == 2 * SHARDS, "a day is closed, once"


def test_a_store_out_of_reach_before_the_lease_leaves_the_shard_to_the_next_minute(cases, monkeypatch):
    sweep, sent, _ = swept(cases, lambda case: 1)

    def crowded(operation, **request):
        raise Busy("忙")
    monkeypatch.setattr(table, "send", crowded)
    sweep.answer(message(SHARD))
    assert sent == []


def test_a_case_that_fails_three_times_by_its_own_fault_is_put_aside_and_holds_nobody_up(cases):
    seen = []

    def before(case):
        if case == "bad":
            seen.append("bad")
            raise ValueError("x")
    entry = wait(cases, "bad", NOW - timedelta(days=5))
    wait(cases, "good", NOW)
    sweep, _, _ = swept(cases, acting(cases, seen, before))
    assert sweep.run(NOW) == 1 and seen == ["bad", "good"]
    for _ in range(TRIES + 2):
        assert sweep.run(NOW) == 0
    assert seen.count("bad") == TRIES and sweep.figures.get("ASIDE", aside_sk(entry))["n"] == TRIES
    again = replace(sweep, lapse={"X": lambda case: 2})
    assert again.retry(aside_sk(entry)) == 2 and sweep.figures.get("ASIDE", aside_sk(entry)) is None


def test_any_number_of_cases_put_aside_hold_up_nobody_behind_them(cases, monkeypatch):
    monkeypatch.setattr("chalicelib.kernel.sweep.MOST", 2)
    seen = []

    def before(case):
        if case.startswith("bad"):
            raise ValueError("x")
    for number in range(5):
        wait(cases, f"bad{number}", NOW - timedelta(days=1, minutes=number))
    wait(cases, "good", NOW)
    sweep, _, _ = swept(cases, acting(cases, seen, before))
    for _ in range(TRIES):
        sweep.run(NOW)
    assert seen.count("good") == 1
    assert sweep.run(NOW) == 0, "and it comes to an end"


def test_a_day_is_closed_two_days_late_unless_something_in_it_is_unsettled(cases):
    def note():
        return sweep.figures.get(f"SWEEP#{SHARD:02d}", "LEASE")["note"]
    failing = [True]

    def before(case):
        if failing[0]:
            raise ValueError("x")
    sweep, _, _ = swept(cases, acting(cases, [], before))
    wait(cases, "old", NOW - timedelta(days=5))
    sweep.run(NOW)
    assert note() == "2026-03-04", "the 5th stays open"
    failing[0] = False
    sweep.run(NOW)
    assert note() == "2026-03-08"
    wait(cases, "closed", NOW - timedelta(days=3))
    assert sweep.run(NOW) == 0, "nobody wakes in a closed day: an act never asks to be woken in the past"
