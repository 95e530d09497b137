"""What cases add is counted once, however often, late or in whatever order it is told (moto)."""
import random

import pytest

from chalicelib.domains.figures import tally as tallies
from chalicelib.domains.figures.tally import Tally
from chalicelib.kernel import table
from chalicelib.kernel.problems import Busy
from chalicelib.kernel.shares import Counted
from chalicelib.kernel.table import Table
from tests.support.tables import stored
from tests.support.town import AREA, HEALTH, MARKET

MONTH = "2026-03"
SENT = {(MARKET, MONTH, "sent"): 1}
MOVED = {(HEALTH, MONTH, "sent"): 1, (MARKET, MONTH, "sent"): 1, (MARKET, MONTH, "returned"): 1}


@pytest.fixture
def tally(tables):
    return Tally(Table("yiciban-test-figures"))


def told(tally, version, marks, what="ORDER#a"):
    tally.enter(1, what, lambda: Counted(AREA, version, marks))


def traced(tally, whose, measure):
    return [(item["sk"], item["n"]) for item in tally.traced(AREA, whose, MONTH, measure, 10, None).items]


def test_a_case_counts_with_what_it_adds_now_and_every_sum_names_its_cases(tally):
    told(tally, 1, SENT)
    told(tally, 2, MOVED)
    told(tally, 1, SENT, "ORDER#b")
    assert tally.cells(AREA, MONTH) == {MARKET: {"sent": 2, "returned": 1}, HEALTH: {"sent": 1}}
    assert traced(tally, MARKET, "sent") == [("ORDER#a", 1), ("ORDER#b", 1)]
    told(tally, 3, {})
    assert traced(tally, MARKET, "sent") == [("ORDER#b", 1)] and traced(tally, MARKET, "returned") == []
    assert tally.cells(AREA, MONTH)[MARKET] == {"sent": 1, "returned": 0}


def test_neither_a_repeat_nor_an_older_version_counts(tally):
    told(tally, 2, MOVED)
    before = sorted((pk, sk) for pk, sk, _ in stored("figures"))
    told(tally, 2, MOVED)
    told(tally, 1, SENT)
    assert tally.cells(AREA, MONTH)[MARKET] == {"sent": 1, "returned": 1}
    assert sorted((pk, sk) for pk, sk, _ in stored("figures")) == before


def test_more_marks_than_a_transaction_takes_are_counted_in_several(tally, monkeypatch):
    monkeypatch.setattr(tallies, "MOST", 4)
    many = {(MARKET, MONTH, f"m{n}"): n + 1 for n in range(5)}
    told(tally, 1, many)
    assert tally.cells(AREA, MONTH)[MARKET] == {f"m{n}": n + 1 for n in range(5)}
    told(tally, 2, {})
    assert set(tally.cells(AREA, MONTH)[MARKET].values()) == {0}


def test_a_case_that_counts_in_many_months_is_counted(tally):
    """A transaction takes a hundred writes: the ledger, the traces, and a sum of each month."""
    many = {(MARKET, f"{2020 + month // 12}-{month % 12 + 1:02d}", name): 1
            for month in range(36) for name in ("reviews_due", "reviewed_in_time")}
    told(tally, 1, many)
    assert [tally.cells(AREA, f"{year}-12")[MARKET] for year in (2020, 2022)] == [
        {"reviews_due": 1, "reviewed_in_time": 1}] * 2
    told(tally, 2, {})
    assert set(tally.cells(AREA, "2021-06")[MARKET].values()) == {0}


@pytest.mark.parametrize("fails_at", [0, 1, 2])
def test_a_crash_between_the_writes_of_several_transactions_is_made_good_by_the_retry(tally, monkeypatch, fails_at):
    monkeypatch.setattr(tallies, "MOST", 4)
    many, real, sent = {(MARKET, MONTH, f"m{n}"): 1 for n in range(5)}, tallies.transact, []

    def dies(*writes):
        sent.append(writes)
        if len(sent) == fails_at + 1:
            raise ConnectionError
        real(*writes)
    monkeypatch.setattr(tallies, "transact", dies)
    with pytest.raises(ConnectionError):
        told(tally, 1, many)
    told(tally, 1, many)
    assert tally.cells(AREA, MONTH)[MARKET] == {f"m{n}": 1 for n in range(5)}
    assert all(traced(tally, MARKET, f"m{n}") == [("ORDER#a", 1)] for n in range(5))


def test_an_answer_that_was_lost_counts_once(tally, monkeypatch):
    real = tallies.transact

    def done_but_unheard(*writes):
        real(*writes)
        raise Busy("x", retry_after=1)
    with monkeypatch.context() as patched, pytest.raises(Busy):
        patched.setattr(tallies, "transact", done_but_unheard)
        told(tally, 1, SENT)
    told(tally, 1, SENT)
    assert tally.cells(AREA, MONTH) == {MARKET: {"sent": 1}}


def test_two_relays_that_count_the_same_case_at_once_count_it_once(tally, monkeypatch):
    """Another relay counts a later version between what this one has read and its write."""
    real, done = tallies.transact, []

    def late(*writes):
        if not done:
            done.append(True)
            told(tally, 2, MOVED)
        real(*writes)
    monkeypatch.setattr(tallies, "transact", late)
    told(tally, 1, SENT)
    assert tally.cells(AREA, MONTH)[MARKET] == {"sent": 1, "returned": 1}


def test_a_race_that_is_lost_again_and_again_ends_busy_for_the_retry_queue(tally, monkeypatch):
    real = table.transact

    def contested(*writes):
        raise table.Stale()
    with monkeypatch.context() as patched, pytest.raises(Busy):
        patched.setattr(tallies, "transact", contested)
        told(tally, 1, SENT)
    assert tally.cells(AREA, MONTH) == {} and tallies.transact is real


@pytest.mark.parametrize("seed", range(3))
def test_whatever_order_and_number_the_events_come_in_the_last_version_counts(tally, seed):
    rolled = random.Random(seed)
    histories = {f"ORDER#{case}": [
        {(rolled.choice((MARKET, HEALTH)), rolled.choice((MONTH, "2026-04")), measure): rolled.randrange(1, 3)
         for measure in rolled.sample(("sent", "due", "closed", "called"), 2)} for _ in range(4)] for case in "abcd"}
    events = [(what, version) for what in histories for version in range(1, 5)] * 2
    rolled.shuffle(events)

    for what, version in events:           # each is told twice, and late ones read an older case
        told(tally, version, histories[what][version - 1], what)
    expected = {}
    for versions in histories.values():
        for (whose, month, measure), n in versions[3].items():
            cell = expected.setdefault((whose, month), {})
            cell[measure] = cell.get(measure, 0) + n
    found = {(whose, month): {name: n for name, n in sums.items() if n} for month in (MONTH, "2026-04")
             for whose, sums in tally.cells(AREA, month).items()}
    assert {cell: sums for cell, sums in found.items() if sums} == expected
