"""One lapse on its tables (moto): what it costs, and what it does when somebody else acts at the same moment."""
from collections import Counter

import pytest

from bench.load import load, many, received
from chalicelib.domains.applications.models import Plain
from chalicelib.domains.hotline.bodies import AtDesk
from chalicelib.kernel import table
from chalicelib.kernel.cases import shard_of
from chalicelib.kernel.problems import Refused
from chalicelib.kernel.record import Key
from tests.support.town import (
    CLERK,
    HOTLINE,
    ITEM,
    MONDAY,
    REVIEWER,
    Hands,
    actor,
    applications,
    hotline,
    key,
    publish_basics,
)


@pytest.fixture
def bureau(tables):
    hands = Hands()
    return applications(hands, publish_basics(hands))


@pytest.fixture
def case(bureau):
    """An application of Monday, 2 March, on whose notice nobody acted by the 10th."""
    step = next(many(bureau, received(bureau, MONDAY, ITEM), [1]))
    load(bureau, [step])
    bureau.clock.to("2026-03-10")
    return step.case.id


def before_the_write(monkeypatch, deed):
    """Do a deed once, just before the next transaction is sent; return the calls to the store."""
    real, calls, done = table.send, [], []

    def send(operation, **request):
        if operation == "transact_write_items" and not done:
            done.append(True)
            deed()
        calls.append(operation)
        return real(operation, **request)
    monkeypatch.setattr(table, "send", send)
    return calls


def acts(bureau, case):
    return [event.act for event in bureau.store.timeline(case)]


def test_a_lapse_is_one_read_and_a_transaction_for_each_act(bureau, case, monkeypatch):
    bureau.lapse(case)                     # reads what a process remembers: the calendar, the limits
    step = next(many(bureau, received(bureau, MONDAY, ITEM), [2]))
    load(bureau, [step])
    calls = before_the_write(monkeypatch, lambda: None)
    assert bureau.lapse(step.case.id) == 2, "accepted by silence, and reminded"
    assert Counter(calls) == {"get_item": 1, "transact_write_items": 2}


def test_a_copy_that_was_beaten_by_another_counts_nothing_and_does_nothing_more(bureau, case, monkeypatch):
    beaten = []
    before_the_write(monkeypatch, lambda: beaten.append(bureau.lapse(case)))
    assert bureau.lapse(case) == 0 and beaten == [2]
    assert acts(bureau, case) == ["register", "deem", "remind_promised"]


def test_a_lapse_beaten_by_a_person_reads_again_and_still_does_what_is_due(bureau, case, monkeypatch):
    def claim():
        there = bureau.store.get(case)
        step = bureau.workflow.advance(there, "claim", bureau.occasion(there, CLERK), {}, Key("k" * 32))
        bureau.store.save(step, Key("k" * 32))
    before_the_write(monkeypatch, claim)
    assert bureau.lapse(case) == 2
    assert acts(bureau, case) == ["register", "claim", "deem", "remind_promised"]


def test_an_act_of_a_person_comes_after_what_the_system_had_to_do(bureau, case):
    with pytest.raises(Refused, match="受理的事项不能受理"):
        bureau.perform(case, Plain(act="accept"), CLERK, key())
    assert acts(bureau, case) == ["register", "deem"], "the five days were over: silence has accepted it"


def test_what_is_decided_late_was_overdue_first_though_no_sweep_had_come(bureau, case):
    bureau.lapse(case)
    bureau.perform(case, Plain(act="review"), REVIEWER, key())
    bureau.clock.to("2026-04-01")          # twenty working days from 2 March ended with the 30th
    bureau.perform(case, Plain(act="grant"), REVIEWER, key(), if_match=bureau.store.get(case).version)
    assert [act for act in acts(bureau, case) if act.startswith(("overdue", "grant"))] == [
        "overdue_promised", "overdue_statutory", "grant"]


def test_a_lapse_run_again_or_late_does_nothing(bureau, case):
    assert bureau.lapse(case) == 2
    assert bureau.lapse(case) == 0
    assert acts(bureau, case) == ["register", "deem", "remind_promised"]


def test_a_case_waits_in_the_lane_of_the_clock_that_wakes_it(bureau, case):
    state = bureau.store.part(case, "STATE")
    assert state["due"] == f"2026-03-06#{shard_of(state['pk']):02d}", "the notice's warning, counted in days"
    orders = hotline(bureau.clock, bureau.reference)
    seat = actor("centre", HOTLINE)
    made = orders.take(AtDesk(category="help", title="燃气泄漏", content="楼道有强烈的燃气味", urgency="critical",
                              caller={"name": "李来电", "phone": "13800001234"}), seat, key()).result.case.id
    state = orders.store.part(made, "STATE")
    assert state["due"] == f"2026-03-10#m{shard_of(state['pk']):02d}"
