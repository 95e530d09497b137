"""The publishing job on its tables (moto): once, in order, whole; killed anywhere, twice at once, an hour late."""
import json
from contextlib import suppress
from datetime import timedelta
from itertools import chain, count
from pathlib import Path

import pytest

from chalicelib.domains.disclosure.models import Plain, Reasoned
from chalicelib.domains.disclosure.publishing import BUDGET, MARGIN
from chalicelib.domains.disclosure.store import LEASE, TRIES
from local.doctor import documents_aside
from tests.support.press import LEADER, Crash, Interruption, Press
from tests.support.town import AREA

ROOT = Path(__file__).parents[3]


@pytest.fixture
def press(tables):
    return Press()


def serial_of(press, case):
    return press.work.store.get(case).serial


def check(press, *order):
    """All of them are out or down, with one event each of begin and publish, and the site is what it ought to be."""
    for case in set(order):
        acts = [event.act for event in press.work.store.timeline(case)]
        assert acts.count("begin") == acts.count("publish") == 1 and acts.count("withdraw") == order.count(case) - 1
    assert press.shelf.held == press.ought(*order)
    assert press.work.turns.take(AREA, "anybody", press.hands.at + LEASE).doing == ""


def test_a_document_is_not_out_before_its_hour_and_is_out_with_the_first_run_after_it(press):
    case = press.scheduled("2026-03-02T03:00")
    press.hands.move(minutes=59, seconds=59)
    assert press.publish() == 0 and press.shelf.held == {} and press.state(case) == "scheduled"
    press.hands.move(seconds=1)
    assert press.publish() == 1 and press.state(case) == "published"
    assert "办事大厅服务指南" in press.shelf.text("guides/00000001.html")
    assert press.publish() == 0
    check(press, case)


def test_the_document_page_comes_first_and_what_lists_it_after(press):
    press.scheduled()
    press.publish()
    names = [where.removeprefix(f"{AREA}/") for where in press.shelf.puts]
    assert names == [
        "guides/00000001.json", "guides/00000001.html", "elder/guides/00000001.html",
        "guides/page-0001.json", "guides/page-0001.html", "elder/guides/page-0001.html",
        "guides/index.html", "elder/guides/index.html", "index.json", "index.html", "elder/index.html", "feed.xml",
        "sitemap-guides-0001.xml", "sitemap.xml", "assets/site.css"]


def test_an_hour_late_all_go_out_by_hour_and_then_by_id(press):
    first = press.scheduled("2026-03-02T02:30")
    same = sorted(press.scheduled("2026-03-02T02:40") for _ in range(3))
    last = press.scheduled("2026-03-02T02:50")
    early = press.scheduled("2026-03-02T02:20")
    press.hands.move(hours=1, minutes=30)
    assert press.publish() == 6
    order = [early, first, *same, last]
    assert [serial_of(press, case) for case in order] == [1, 2, 3, 4, 5, 6]
    check(press, *order)


def test_a_run_that_has_no_time_left_leaves_the_rest_to_the_next(press, monkeypatch):
    cases = [press.licensed(n) for n in range(3)]
    slow = Interruption(press, monkeypatch, lambda: press.hands.move(seconds=int(BUDGET.total_seconds())))
    slow.at(12, False)
    assert press.publish() == 1 and press.publish() == 2
    assert {press.state(case) for case in cases} == {"published"}


def test_a_recalled_document_stays_in_and_an_index_that_lags_does_no_harm(press, monkeypatch):
    case = press.scheduled("2026-03-02T03:00")
    press.act(case, LEADER, Reasoned(act="recall", note="需要修改"))
    monkeypatch.setattr(type(press.work.store), "due", lambda self, area, now: iter([case]))
    press.hands.move(hours=2)
    assert press.publish() == 0 and press.shelf.held == {} and press.state(case) == "final"


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_call_it_is_gone_on_with_and_out_once(press, monkeypatch, after):
    killed, order, n = Interruption(press, monkeypatch, lambda: (_ for _ in ()).throw(Crash)), [], 0
    while True:
        order.append(press.licensed(n))
        killed.at(n, after)
        with suppress(Crash):
            press.publish()
        struck, killed.left = killed.struck, None
        left = press.state(order[-1])
        later = press.licensed(1000 + n) if n % 9 == 0 else None
        assert press.publish() == 0 or not struck or left != "publishing", "while the lease runs nobody else begins"
        press.hands.move(seconds=LEASE.total_seconds() + 1)
        press.publish()
        order += [later] if later else []
        assert {press.state(case) for case in order[-2:]} == {"published"}, n
        if not struck:
            break
        n += 1
    print(f"{n} crash points")
    assert n > 30 and sorted(serial_of(press, case) for case in order) == list(range(1, len(order) + 1))
    check(press, *sorted(order, key=lambda case: serial_of(press, case)))


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_call_of_a_withdrawal_one_tombstone_stands(press, monkeypatch, after):
    killed, order, n = Interruption(press, monkeypatch, lambda: (_ for _ in ()).throw(Crash)), [], 0
    while True:
        case = press.licensed(n)
        press.publish()
        press.withdrawn(case)
        killed.at(n, after)
        with suppress(Crash):
            press.publish()
        struck, killed.left = killed.struck, None
        press.hands.move(seconds=LEASE.total_seconds() + 1)
        press.publish()
        order += [case, case]
        assert press.state(case) == "withdrawn", n
        if not struck:
            break
        n += 3
    check(press, *order)


@pytest.mark.parametrize("late", [False, True], ids=["at once", "after the lease"])
def test_a_second_copy_at_any_call_of_the_first_leaves_the_same_site(press, monkeypatch, late):
    others = []

    def second():
        if late:
            press.hands.move(seconds=LEASE.total_seconds() + 1)
        others.append(press.publish())
    copy, order, n = Interruption(press, monkeypatch, second), [], 0
    while True:
        order += [press.licensed(2 * n), press.licensed(2 * n + 1)]
        copy.at(n, late)                   # a write on its way lands within the margin: a function lives no longer
        press.publish()
        struck, copy.left = copy.struck, None
        press.hands.move(seconds=LEASE.total_seconds() + 1)
        press.publish()
        assert {press.state(case) for case in order[-2:]} == {"published"}, n
        if not struck:
            break
        n += 5
    assert sum(others) or not late, "after the lease the second copy does its share"
    assert sorted(serial_of(press, case) for case in order) == list(range(1, len(order) + 1))
    check(press, *sorted(order, key=lambda case: serial_of(press, case)))


def test_a_copy_that_was_held_up_writes_nothing_over_newer_pages(press, monkeypatch):
    held, puts, numbers = press.licensed(1), [], count(1000)

    def overtaken():
        press.hands.move(seconds=LEASE.total_seconds() + 1)
        newer = press.licensed(next(numbers))
        press.publish()
        assert (press.state(held), press.state(newer)) == ("published", "published")
        puts.append(len(press.shelf.puts))
    copy = Interruption(press, monkeypatch, overtaken)
    for n in range(12, 32, 4):
        copy.at(n, True)
        press.publish()
        assert copy.struck and len(press.shelf.puts) == puts.pop(), n
        held = press.licensed(2 * n + 3)


def two(press):
    """A document and one that is due a minute after it."""
    case = press.scheduled(title="不可写")
    press.hands.move(minutes=1)
    return case, press.licensed(1)


def unwritable(press, monkeypatch, title):
    """Let the shelf refuse whatever holds a title."""
    put = press.shelf.put

    def strict(key, body, kind):
        if title.encode() in body:
            raise OSError
        put(key, body, kind)
    monkeypatch.setattr(press.shelf, "put", strict)


def test_a_document_that_cannot_be_written_is_tried_first_by_the_very_next_run(press, monkeypatch):
    case, later = two(press)
    with monkeypatch.context() as broken:
        unwritable(press, broken, "不可写")
        assert press.publish() == 0 and (press.state(case), press.state(later)) == ("publishing", "scheduled")
    assert press.publish() == 2
    assert press.work.turns.tries() == {}, "what went out is not remembered"
    check(press, case, later)


def aside(press, monkeypatch):
    """A document put aside after three runs, and one behind it that is out."""
    case, later = two(press)
    unwritable(press, monkeypatch, "不可写")
    assert [press.publish() for _ in range(4)] == [0, 0, 1, 0]
    assert (press.state(case), press.state(later)) == ("publishing", "published")
    assert press.work.turns.tries() == {case: TRIES}
    monkeypatch.undo()
    assert press.publish() == 0, "nobody tries it by himself"
    return case, later


def test_a_document_on_which_three_runs_failed_is_put_aside_and_comes_out_when_it_is_tried_again(press, monkeypatch):
    case, later = aside(press, monkeypatch)
    assert [(one.well, one.line) for one in documents_aside(press.work.turns.table)] == [
        (False, "1 documents put aside by the publishing job"), (False, f"  DOCUMENT#{case}")]
    press.act(case, LEADER, Plain(act="retry"))
    assert press.publish() == 1 and press.state(case) == "published"
    assert press.shelf.json("index.json")["latest"][0]["title"] == "不可写"
    check(press, later, case)


def test_a_document_on_which_three_runs_died_is_put_aside_too(press, monkeypatch):
    case, later = two(press)
    monkeypatch.setattr(press.shelf, "put", lambda *_: (_ for _ in ()).throw(Crash))
    for _ in range(3):
        with pytest.raises(Crash):
            press.publish()
        press.hands.move(seconds=LEASE.total_seconds() + 1)
    monkeypatch.undo()
    assert press.publish() == 1 and (press.state(case), press.state(later)) == ("publishing", "published")


def test_a_document_whose_record_is_broken_holds_up_nobody(press, monkeypatch):
    later = press.licensed(1)
    due = type(press.work.store).due
    monkeypatch.setattr(type(press.work.store), "due", lambda *given: chain(["gone"], due(*given)))
    assert [press.publish() for _ in range(3)] == [0, 0, 1] and press.state(later) == "published"


def test_all_areas_share_one_run_and_the_one_served_longest_ago_is_first(press, monkeypatch):
    served = []
    other = "430198000000"
    press.work.turns.enter(AREA)
    press.work.turns.enter(other)

    def slow(store, area, now):
        served.append(area)
        press.hands.move(seconds=BUDGET.total_seconds())
        return iter(["nobody"])
    monkeypatch.setattr(type(press.work.store), "due", slow)
    for _ in range(4):
        press.publish()
    assert served == [other, AREA, other, AREA]


def test_what_is_due_is_read_as_it_is_needed(press, monkeypatch):
    first = press.licensed(1)

    def due(store, area, now):
        yield first
        press.hands.move(seconds=BUDGET.total_seconds())
        yield "second"
        raise AssertionError
    monkeypatch.setattr(type(press.work.store), "due", due)
    assert press.publish() == 1


def test_the_lease_outlasts_the_function_that_holds_it():
    lives = timedelta(seconds=json.loads((ROOT / ".chalice/config.json").read_text("utf-8"))["lambda_timeout"])
    assert lives > BUDGET and lives + MARGIN < LEASE
