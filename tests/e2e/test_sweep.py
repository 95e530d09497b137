"""Copies of the sweep at once over a backlog on the engine: each case acted on once, in due order, minutes first."""
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from queue import Empty, SimpleQueue

import pytest
from pydantic import TypeAdapter

from bench.load import load, many, received
from chalicelib.domains.hotline.bodies import Act, AtDesk
from chalicelib.kernel import sweep as room
from chalicelib.kernel.cases import DUE, SHARDS, instant, shard_of
from chalicelib.kernel.record import replay
from chalicelib.kernel.sweep import Sweep, message
from chalicelib.kernel.table import Table
from tests.e2e.running import tables_on_engine
from tests.support.town import HOTLINE, ITEM, MARKET, Hands, actor, applications, hotline, key, publish_basics

CASES, FIGURES = "yiciban-test-cases", "yiciban-test-figures"
SEAT = actor("centre", HOTLINE)
DAYS = 12
EACH = 10                                  # cases of a day


@pytest.fixture
def engine():
    with tables_on_engine():
        yield


@pytest.fixture
def desks(engine):
    hands = Hands()
    reference = publish_basics(hands)
    return hands, applications(hands, reference), hotline(hands, reference)


def backlog(hands, bureau, centre):
    """Applications that came day by day and were left alone, the latest written first, and critical orders unsigned."""
    for n in reversed(range(DAYS)):
        step = received(bureau, hands.at + timedelta(days=n), ITEM)
        load(bureau, many(bureau, step, range(n * EACH, n * EACH + EACH)))
    hands.to("2026-03-25")
    caller = {"name": "李来电", "phone": "13800001234"}
    for n in range(8):
        words = {"title": "燃气泄漏", "content": "楼道有强烈的燃气味", "place": f"示范路{n}号"}
        made = centre.take(AtDesk(category="help", urgency="critical", caller=caller, **words), SEAT, key()
                           ).result.case.id
        centre.perform(made, TypeAdapter(Act).validate_python({"act": "dispatch", "unit": MARKET}), SEAT, key())
    hands.move(minutes=15)


def waiting(hands):
    """What the index says has come: (minutes first, due) by partition key."""
    found, after = {}, None
    while True:
        page = Table(CASES).scan(1_000, after, DUE)
        found |= {item["pk"]: ("#m" not in item["due"], item["due_at"]) for item in page.items
                  if item["due_at"] <= instant(hands.at)}
        if (after := page.last) is None:
            return found


def copies(sweep, sent, threads):
    """Have every message that was sent, and is sent meanwhile, answered by several at once."""
    def answering(_):
        while True:
            try:
                sweep.answer(sent.get(timeout=1))
            except Empty:
                return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(answering, range(threads)))


class Sent(SimpleQueue):
    send = SimpleQueue.put


@pytest.mark.parametrize("alone", [True, False])
def test_two_copies_at_once_act_once_on_each_case_and_in_due_order_where_the_lease_holds(desks, monkeypatch, alone):
    hands, bureau, centre = desks
    hands.to("2026-03-02")
    if not alone:                          # even if a lease were worth nothing
        monkeypatch.setattr(room, "SPAN", timedelta(seconds=-1))
    monkeypatch.setattr(room, "HELPING", 3)
    monkeypatch.setattr(room, "MOST", 7)
    backlog(hands, bureau, centre)
    due, acted, sent = waiting(hands), [], Sent()
    assert len(due) == DAYS * EACH + 8 and sum(not by_day for by_day, _ in due.values()) == 8

    def logged(kind, work):
        def lapse(case):
            done = work.lapse(case)
            acted.extend([f"{kind}#{case}"] if done else [])
            return done
        return lapse
    sweep = Sweep(Table(CASES), Table(FIGURES), {"APPLICATION": logged("APPLICATION", bureau),
                                                 "ORDER": logged("ORDER", centre)}, lambda: sent, hands)
    messages = [message(shard) for shard in range(SHARDS)] * 2
    random.Random(4).shuffle(messages)
    for body in messages:
        sent.send(body)
    copies(sweep, sent, threads=4)
    assert waiting(hands) == {} and set(acted) == due.keys()
    if alone:
        assert len(acted) == len(due)
        for shard in range(SHARDS):
            order = [due[pk] for pk in acted if shard_of(pk) == shard]
            assert order == sorted(order), f"shard {shard}"
    for pk in due:
        kind, _, case = pk.partition("#")
        store = bureau.store if kind == "APPLICATION" else centre.store
        events = list(store.timeline(case))
        assert [event.number for event in events] == list(range(1, len(events) + 1))
        acts = [event.act for event in events]
        assert acts.count("deem") + acts.count("overdue_sign") == 1 == max(acts.count(act) for act in acts), acts
        assert replay(store.model, events) == store.get(case)
