"""One lapse on its tables (moto): what it costs, and what it does when somebody else acts at the same moment."""
from collections import Counter

import pytest

from bench.load import load, many, received
from chalicelib.domains.applications.models import Plain
from chalicelib.domains.hotline.models import AtDesk
from chalicelib.kernel import table
from chalicelib.kernel.cases import shard_of
from tests.support.town import CLERK, HOTLINE, ITEM, MONDAY, Hands, actor, applications, hotline, key, publish_basics


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


def test_a_lapse_is_one_read_and_one_transaction(bureau, case, monkeypatch):
    bureau.lapse(case)                     # reads what a process remembers: the calendar, the limits
    step = next(many(bureau, received(bureau, MONDAY, ITEM), [2]))
    load(bureau, [step])
    calls = before_the_write(monkeypatch, lambda: None)
    assert bureau.lapse(step.case.id) == 1
    assert Counter(calls) == {"get_item": 1, "transact_write_items": 1}


def test_a_copy_that_was_beaten_by_another_counts_nothing_and_does_nothing_more(bureau, case, monkeypatch):
    beaten = []
    before_the_write(monkeypatch, lambda: beaten.append(bureau.lapse(case)))
    assert bureau.lapse(case) == 0 and beaten == [1]
    assert acts(bureau, case) == ["register", "deem"]


def test_a_lapse_beaten_by_a_person_reads_again_and_still_does_what_is_due(bureau, case, monkeypatch):
    before_the_write(monkeypatch, lambda: bureau.perform(case, Plain(act="claim"), CLERK, key()))
    assert bureau.lapse(case) == 1
    assert acts(bureau, case) == ["register", "claim", "deem"]
    assert bureau.store.get(case).version == 3


def test_a_lapse_run_again_or_late_does_nothing(bureau, case):
    assert bureau.lapse(case) == 1
    assert bureau.lapse(case) == 0
    assert acts(bureau, case) == ["register", "deem"]


def test_a_case_waits_in_the_lane_of_the_clock_that_wakes_it(bureau, case):
    state = bureau.store.part(case, "STATE")
    assert state["due"] == f"2026-03-06#{shard_of(state['pk']):02d}", "the notice's warning, counted in days"
    orders = hotline(bureau.clock, bureau.reference)
    seat = actor("centre", HOTLINE)
    made = orders.take(AtDesk(category="help", title="燃气泄漏", content="楼道有强烈的燃气味", urgency="critical",
                              caller={"name": "李来电", "phone": "13800001234"}), seat, key()).result.case.id
    state = orders.store.part(made, "STATE")
    assert state["due"] == f"2026-03-10#m{shard_of(state['pk']):02d}"
