"""What notices that really came did to deadlines that were running, and what a corrected notice does."""
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.kernel.calendar import Calendar, Notice, civil_day, start_of
from chalicelib.kernel.clocks import Clock, Limit
from chalicelib.kernel.moving import moves, named
from chalicelib.kernel.record import Case
from tests.unit.kernel.test_calendar import CALENDAR, NOTICES

SECOND = timedelta(seconds=1)


def case(limit, zero, calendar, **more):
    """A case with one clock, begun on the day `zero` under a calendar."""
    clock = Clock(limit=Limit.model_validate(limit), zero=start_of(date.fromisoformat(zero)) + timedelta(hours=10),
                  because="accept", counted=calendar.version, **more)
    return Case(id="x", opened_at=clock.zero, clocks={"statutory": clock})


def moved(one, before, after, at):
    """(last day before, last day after) of each clock that moves."""
    return [tuple(civil_day(due - SECOND).isoformat() for due in (move.before, move.after))
            for move in moves(one, lambda version: before, after, at)]


def test_the_spring_festival_of_2020_was_lengthened_while_deadlines_ran():
    at = start_of(date(2020, 1, 28))
    before, after = CALENDAR.known_at(start_of(date(2020, 1, 26))), CALENDAR.known_at(at)
    one = case("5wd@XKF32", "2020-01-22", before)          # Wednesday 22 January; the holiday began on the 24th
    # counted 23, 31 January, 1 February (a make-up Saturday), 3, 4 February; then 23 January and 3 to 6 February
    assert moved(one, before, after, at) == [("2020-02-04", "2020-02-06")]
    assert named(one, after) == "国办发明电〔2020〕1号"
    move, = moves(one, after.as_of, after, at)
    assert move.after == start_of(date(2020, 2, 7)), "the version that a clock names is found"


def test_a_make_up_day_late_in_december_brings_a_deadline_forward():
    at = start_of(date(2018, 12, 10))
    without = Calendar([notice for notice in NOTICES if notice.year <= 2018])
    with_it = Calendar([notice for notice in NOTICES if notice.year <= 2019])
    # without the notice: 25, 26, 27, 28 and Monday 31 December; by it Saturday 29 is worked, and the 31st is off
    assert moved(case("5wd@XKF32", "2018-12-24", without), without, with_it, at) == [("2018-12-31", "2018-12-29")]
    assert moved(case("6wd@XKF32", "2018-12-24", without), without, with_it, at) == [], "2 January"


def test_a_notice_that_a_second_one_corrects_moves_a_deadline_there_and_back():
    at = datetime(2026, 11, 20, tzinfo=UTC)
    wrong = Notice(number="试一", publisher="试", source="试", known_at=at, year=2027,
                   holidays={date(2027, 1, 1): "元旦", date(2027, 1, 5): "元旦"})
    right = Notice(number="试二", publisher="试", source="试", known_at=at + timedelta(days=3), year=2027,
                   holidays={date(2027, 1, 4): "元旦"}, makeup_days={date(2027, 1, 5)})
    first, second = Calendar([*NOTICES, wrong]), Calendar([*NOTICES, wrong, right])
    one = case("5wd@XKF32", "2026-12-28", CALENDAR)        # 29, 30, 31 December, 4 and 5 January 2027, provisional
    assert moved(one, CALENDAR, first, at) == [("2027-01-05", "2027-01-06")]
    again = case("5wd@XKF32", "2026-12-28", first)
    assert moved(again, first, second, at) == [], "29, 30, 31 December, 5 and 6 January instead of 4 and 6"
    assert again.clocks["statutory"].last_day(second) == date(2027, 1, 6)
    assert named(one, second) == "试一、试二" and named(again, second) == "试二"
    assert second.notice_for(date(2027, 1, 5)) == "试二" and second.is_working(date(2027, 1, 5))


@pytest.mark.parametrize("limit, day", [("30min@AY50", "2020-01-22"), ("24h@GZ4", "2020-01-22"),
                                        ("5wd@XKF32", "2020-02-10")])
def test_minutes_and_deadlines_beside_the_holiday_do_not_move(limit, day):
    before, after = (CALENDAR.known_at(start_of(date(2020, 1, n))) for n in (26, 28))
    assert moved(case(limit, day, before), before, after, start_of(date(2020, 2, 11))) == []


def test_a_month_that_ends_on_a_day_that_became_a_holiday_ends_after_it():
    before, after = (CALENDAR.known_at(start_of(date(2020, 1, n))) for n in (26, 28))
    one = case("1mo@MBCJ17", "2019-12-31", before)         # 31 January 2020, a Friday worked before, off after
    assert moved(one, before, after, start_of(date(2020, 1, 28))) == [("2020-01-31", "2020-02-03")]


def test_every_version_is_found_by_its_name_and_none_by_another():
    assert CALENDAR.as_of(CALENDAR.version) is CALENDAR
    assert [CALENDAR.as_of(notice.number).version for notice in CALENDAR.notices] == [
        notice.number for notice in CALENDAR.notices]
    assert CALENDAR.as_of("").notices == () and CALENDAR.as_of("无此号") is None
