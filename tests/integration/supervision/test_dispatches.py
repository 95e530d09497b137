"""The day's dispatching slots (moto): opened once, with what is overdue; signed, or missed when the next one opens."""
from datetime import date

import pytest

from chalicelib.domains.supervision import dispatch_service
from chalicelib.domains.supervision.dispatch_models import DispatchAct
from chalicelib.domains.supervision.dispatch_service import Dispatches
from chalicelib.domains.supervision.store import DispatchStore
from chalicelib.kernel.problems import Forbidden, Missing
from tests.support.cards import SUPERVISOR, Desk, at, finding, notice
from tests.support.town import AREA, HALL, HEAD, MARKET, OTHER_AREA, actor, key

ELSEWHERE = actor("supervisor", f"{OTHER_AREA}.supervision", area=OTHER_AREA)


@pytest.fixture
def desk(tables):
    return Desk()


@pytest.fixture
def slots(desk):
    store = desk.cards.store
    return Dispatches(DispatchStore(store.table), desk.cards.reference, desk.time, store)


def run(slots, day, hour):
    slots.clock.at = at(day, hour)
    return slots.run()


def log(slots, day="2026-03-10", who=SUPERVISOR):
    return [(row.number, row.state) for row in slots.on(who, date.fromisoformat(day), 20, None).items]


def test_each_slot_of_a_working_day_opens_once_in_each_area_from_its_hour_on(slots):
    opened = [run(slots, "2026-03-10", hour) for hour in (8, 9, 9, 10, 11, 14, 15, 17, 23)]
    assert opened == [0, 2, 0, 0, 2, 0, 2, 2, 0]
    assert [number for number, _ in log(slots)] == [f"DD-430199-20260310-{hour}00" for hour in ("17", "15", "11", "09")]
    assert [number[:9] for number, _ in log(slots, who=ELSEWHERE)] == ["DD-430198"] * 4


def test_nothing_opens_on_a_day_off_and_a_make_up_day_is_worked(slots):
    assert run(slots, "2026-03-07", 10) == 0, "a Saturday"
    assert run(slots, "2026-02-28", 10) == 2, "a Saturday worked for the Spring Festival"


def test_a_slot_whose_successor_has_come_is_not_opened_late(slots):
    assert run(slots, "2026-03-10", 16) == 2
    assert [number[-4:] for number, _ in log(slots)] == ["1500"]


def test_a_slot_holds_what_is_overdue_by_due_order_and_how_many_by_unit(desk, slots):
    desk.told(notice(), notice(unit=HALL, case_id="b" * 26))
    desk.time.at = at("2026-03-10", 10)
    desk.cards.find(finding("R3"), SUPERVISOR, key())
    run(slots, "2026-03-10", 11)
    case = slots.on(SUPERVISOR, at("2026-03-10", 11).date(), 20, None).items[0].id
    found = slots.overdue(case, SUPERVISOR)
    assert found.counts == {MARKET: 1, HALL: 1} and [one.unit for one in found.items]
    assert [one.due_at for one in found.items] == sorted(one.due_at for one in found.items)
    desk.told(notice(case_id="c" * 26))
    assert slots.overdue(case, SUPERVISOR) == found, "as it stood then"
    for who in (HEAD, ELSEWHERE):
        with pytest.raises(Missing):
            slots.overdue(case, who)


def test_the_list_of_a_slot_is_bounded_and_says_that_there_is_more(desk, slots, monkeypatch):
    monkeypatch.setattr(dispatch_service, "MOST", 4)
    monkeypatch.setattr(dispatch_service, "HELPING", 2)
    for name in "bcdefg":
        desk.told(notice(case_id=name * 26))
    run(slots, "2026-03-10", 11)
    case = slots.on(SUPERVISOR, at("2026-03-10", 11).date(), 20, None).items[0].id
    shown = slots.read(case, SUPERVISOR).case
    assert (shown.total, shown.more, len(slots.overdue(case, SUPERVISOR).items)) == (4, True, 4)


def test_a_slot_is_signed_with_what_was_done_or_missed_when_the_next_opens(slots):
    for hour in (9, 11, 15, 17):
        run(slots, "2026-03-10", hour)
    cases = [row.id for row in slots.on(SUPERVISOR, at("2026-03-10", 11).date(), 20, None).items]
    sign = DispatchAct(act="sign", note="已向两家单位催办")
    for who in (HEAD, ELSEWHERE):
        with pytest.raises((Missing, Forbidden)):
            slots.perform(cases[0], sign, who, key())
    slots.perform(cases[0], sign, SUPERVISOR, key())
    assert [slots.lapse(case) for case in cases] == [0, 1, 1, 1], "that of 15:00 ran out at 17:00"
    assert [state for _, state in log(slots)] == ["signed", "missed", "missed", "missed"]
    assert slots.store.woken(cases[1])[1] is None


def test_the_last_slot_of_a_friday_waits_for_the_next_working_day(slots):
    run(slots, "2026-03-13", 17)
    case = slots.on(SUPERVISOR, at("2026-03-13", 17).date(), 20, None).items[0].id
    assert slots.store.woken(case)[1] == at("2026-03-16", 9)


def test_one_area_that_fails_does_not_hold_up_the_other(slots, monkeypatch):
    real = slots._list
    monkeypatch.setattr(slots, "_list", lambda area: 1 / 0 if area == AREA else real(area))
    assert run(slots, "2026-03-10", 9) == 1
    monkeypatch.undo()
    assert run(slots, "2026-03-10", 10) == 1
