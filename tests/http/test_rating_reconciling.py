"""The daily reconciliation with the province: what has no receipt is pushed again, what stays open is told."""
import json

import pytest

from chalicelib.domains.ratings import jobs, reconciling, upstream
from chalicelib.domains.ratings.exchange_service import OPEN
from chalicelib.domains.ratings.wiring import exchange
from chalicelib.domains.ratings.wiring import reconciling as job
from chalicelib.kernel import table as kernel_table
from chalicelib.kernel.problems import Busy
from tests.http.test_rating_exchange import Province, listed
from tests.support.kinds import scene
from tests.support.scenes.ratings import at_window
from tests.support.web import CLERK


@pytest.fixture
def here(web):
    return scene(web).submitted()


@pytest.fixture
def province(here, monkeypatch):
    """The province, out of reach; whatever waited on the retry queue is given up."""
    made = Province()
    made.down = True
    monkeypatch.setattr(upstream, "connect", lambda: made)
    monkeypatch.setattr(here.web.module.RELAY, "queue", lambda: type("Queue", (), {"send": lambda self, text: None})())
    return made


@pytest.fixture
def told(monkeypatch):
    """The metric, run by run."""
    found = []
    monkeypatch.setattr(reconciling, "count", lambda name, value: found.append((name, value)))
    return found


def rated_at_windows(here, n):
    for window in range(1, n + 1):
        code = here.web.ok(CLERK, "GET", f"/ratings/window-code?window={window}")
        here.web.ok(None, "POST", "/ratings/window", {**code, "level": 5})
    here.web.react()


def still_open():
    return [item["sk"] for item in exchange().table.every(OPEN)]


def test_what_the_queue_gave_up_is_pushed_again_and_is_then_open_no_more(here, province, told):
    at_window(here)
    assert listed(here)[0]["state"] == "failed" and len(still_open()) == 1
    here.web.hands.move(minutes=50)
    assert jobs.reconcile() == 0 and listed(here)[0]["attempts"] == 2, "what is young is the retry queue's"
    here.web.hands.move(minutes=1440)
    assert jobs.reconcile() == 0 and told[-1] == ("PushesOpen", 1)
    assert (listed(here)[0]["state"], listed(here)[0]["attempts"]) == ("failed", 3)
    province.down = False
    assert jobs.reconcile() == 0, "the day's round is done"
    here.web.hands.move(minutes=1440)
    assert jobs.reconcile() == 1 and told[-1] == ("PushesOpen", 0)
    assert listed(here)[0]["state"] == "received" and still_open() == [] and len(province.came) == 1


def test_a_round_goes_on_where_the_last_run_stopped_and_gives_up_a_province_that_is_deaf(here, province, told):
    rated_at_windows(here, 6)
    here.web.hands.move(minutes=120)
    assert job().run() == 0 and told == [("PushesOpen", 6)]
    assert sorted(one["attempts"] for one in listed(here)) == [1, 1, 1, 2, 2, 2], "three in a row were not answered"
    province.down = False
    assert [job().run(most=2), job().run(most=2), job().run(most=2)] == [2, 1, 0]
    assert told[1:] == [("PushesOpen", 4), ("PushesOpen", 3)], "after the round there is nothing to say"
    here.web.hands.move(minutes=1440)
    assert job().run() == 3 and still_open() == [] and len({key for key, _ in province.came}) == 6


def test_what_was_received_costs_nothing_more(here, province, monkeypatch):
    province.down = False
    rated_at_windows(here, 3)
    here.web.hands.move(minutes=1440)
    calls, real = [], kernel_table.send
    monkeypatch.setattr(kernel_table, "send", lambda operation, **more: (
        calls.append(operation), real(operation, **more))[1])
    assert jobs.reconcile() == 0 and calls == ["get_item", "put_item", "query", "query", "put_item"]


def test_a_push_that_died_after_its_receipt_is_settled_and_sent_no_more(here, province, monkeypatch):
    province.down = False
    with monkeypatch.context() as patch:
        patch.setattr(type(exchange()), "settle", lambda *given: 1 / 0)
        at_window(here)
    sent = len(province.came)
    assert len(still_open()) == 1
    here.web.hands.move(minutes=120)
    assert jobs.reconcile() == 1 and still_open() == [] and len(province.came) == sent


def test_one_that_fails_by_its_own_fault_holds_up_no_other(here, province, told, monkeypatch):
    rated_at_windows(here, 2)
    here.web.hands.move(minutes=120)
    province.down = False
    first, real = still_open()[0], province.push

    def broken(key, fields, mark):
        if key.startswith(first):
            raise ValueError("the province's answer cannot be read")
        return real(key, fields, mark)
    monkeypatch.setattr(province, "push", broken)
    assert jobs.reconcile() == 1 and still_open() == [first] and told == [("PushesOpen", 1)]


def test_a_newer_push_that_failed_stays_open_when_an_older_one_is_settled(here, province):
    at_window(here)
    item, = exchange().table.every(OPEN)
    with pytest.raises(Busy):
        exchange().push(item["sk"])
    exchange().settle(item["sk"], item["turn"])
    assert still_open() == [item["sk"]]
    assert not any(word in json.dumps(item) for word in (here.citizen.person, "level"))


def test_without_a_province_nothing_is_read(here, monkeypatch):
    monkeypatch.setattr(kernel_table, "send", lambda operation, **more: pytest.fail(operation))
    assert jobs.reconcile() == 0
