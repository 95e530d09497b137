"""Clocks against dates written out, and against an oracle that counts another way."""
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings

from chalicelib.kernel.calendar import DAY, Calendar, Notice, civil_day, end_of, start_of
from chalicelib.kernel.clocks import Clock, Limit, Pause
from chalicelib.kernel.problems import Refused
from tests.unit.kernel.clock_histories import compare, histories

SEED = json.loads((Path(__file__).parents[3] / "seeds" / "calendar.json").read_text(encoding="utf-8"))
CALENDAR = Calendar(Notice.model_validate(notice) for notice in SEED)
NOTICE_2027 = Notice(
    number="试2027", publisher="试", source="试", known_at=datetime(2026, 12, 20, tzinfo=UTC), year=2027,
    holidays={date(2027, 1, 1): "元旦", date(2027, 1, 4): "元旦"}, makeup_days={date(2026, 12, 26)})


def at(day, hour=10, minute=0):
    """An instant of a day of 2026, given as `03-02`, in Shanghai's time."""
    return start_of(date.fromisoformat(f"2026-{day}")) + timedelta(hours=hour, minutes=minute)


def clock(zero, limit):
    return Clock(limit=Limit.model_validate(f"{limit}@XKF42"), zero=at(zero), because="accept")


def held(one, start, end, reason="检验"):
    return one.pause(at(start), reason, CALENDAR).resume(at(end), reason)


def due_on(one, calendar=CALENDAR):
    last = one.last_day(calendar)
    assert one.due(calendar) == (end_of(last) if last else None)
    return last and last.isoformat()[5:] if last is None or last.year == 2026 else last.isoformat()


@pytest.mark.parametrize("zero, limit, due", [
    ("02-10", "5wd", "02-24"), ("02-13", "20wd", "03-19"), ("04-28", "5wd", "05-08"), ("09-18", "20wd", "10-22"),
    ("09-28", "5wd", "10-10"), ("03-02", "20wd", "03-30"), ("03-02", "45wd", "05-08"), ("09-02", "30cd", "10-08"),
    ("03-02", "5wd", "03-09"), ("03-02", "10wd", "03-16"), ("03-02", "15wd", "03-23"), ("03-02", "7wd", "03-11"),
    ("03-07", "1wd", "03-09"), ("04-27", "5cd", "05-06"), ("03-02", "90cd", "06-01"),
])
def test_days_follow_the_published_notices(zero, limit, due):
    assert due_on(clock(zero, limit)) == due


@pytest.mark.parametrize("zero, limit, due", [
    ("01-31", "1mo", "02-28"), ("03-02", "2mo", "05-06"), ("08-31", "6mo", "2027-03-01"), ("03-16", "6mo", "09-16"),
    ("02-28", "1yr", "2027-03-01"), ("11-30", "3mo", "2027-03-01"), ("01-30", "1mo", "02-28"),
    ("04-01", "1mo", "05-06"), ("12-31", "2mo", "2027-03-01"), ("10-01", "3mo", "2027-01-04"),
    ("05-31", "1mo", "06-30"), ("09-25", "1yr", "2027-09-27"), ("06-19", "2yr", "2028-06-19"),
])
def test_months_and_years_end_on_the_corresponding_day_or_the_months_last(zero, limit, due):
    assert due_on(clock(zero, limit)) == due


def test_a_leap_day_has_its_anniversary_on_the_last_of_february():
    leap = Clock(limit=Limit.model_validate("1yr@XKF42"), zero=start_of(date(2024, 2, 29)), because="accept")
    assert leap.last_day(CALENDAR) == date(2025, 2, 28)


def test_a_weekend_that_is_worked_counts_and_the_day_off_for_it_does_not():
    before_spring_festival = clock("02-12", "3wd").explain(CALENDAR, "statutory")
    assert [(line.day.day, line.why) for line in before_spring_festival.lines if line.counted] == [
        (13, "工作日"), (14, "调休上班"), (24, "工作日")]
    assert before_spring_festival.lines[1].notice == "2026" and before_spring_festival.lines[-1].notice == ""
    ordinary = Calendar([NOTICE_2027.model_copy(update={"year": 2026, "holidays": {}, "makeup_days": frozenset()})])
    assert due_on(clock("02-12", "3wd"), ordinary) == "02-17"


def test_silence_on_the_materials_is_acceptance_on_the_day_they_were_received():
    notice = clock("03-02", "5wd")
    assert notice.due(CALENDAR) == datetime(2026, 3, 9, 16, tzinfo=UTC)                # 24:00 of Monday 9 March
    lapsed = notice.lapse(CALENDAR)
    assert lapsed.lapsed == notice.due(CALENDAR)
    statutory = clock("03-02", "20wd+10/1")
    assert due_on(statutory) == "03-30" and statutory.used(CALENDAR, lapsed.lapsed - timedelta(seconds=1)) == 5


@pytest.mark.parametrize("limit, count, due", [
    ("20wd+10/1", 10, "04-14"), ("45wd+15/1", 15, "05-28"), ("20wd+20/1", 20, "04-28"),
])
def test_an_extension_is_added_once_and_within_its_cap(limit, count, due):
    limited = clock("03-02", limit)
    extended = limited.extend(at("03-20"), count, CALENDAR)
    assert due_on(extended) == due and extended.total == limited.total + count
    for wrong in (lambda: limited.extend(at("03-20"), count + 1, CALENDAR),
                  lambda: limited.extend(at("03-20"), 0, CALENDAR), lambda: extended.extend(at("03-20"), 1, CALENDAR)):
        with pytest.raises(Refused):
            wrong()


def test_a_pause_takes_the_days_after_it_began_up_to_the_day_it_ended():
    limited = clock("03-02", "20wd")
    assert due_on(held(limited, "03-05", "03-19")) == "04-14"
    assert due_on(held(limited, "03-09", "03-09")) == "03-30"
    both = limited.pause(at("03-05"), "检验", CALENDAR).pause(at("03-16"), "听证", CALENDAR)
    assert both.due(CALENDAR) is None and both.resume(at("03-19"), "检验").due(CALENDAR) is None
    assert due_on(both.resume(at("03-19"), "检验").resume(at("03-24"), "听证")) == "04-17"


@pytest.mark.parametrize("limit, due", [("3wd", "03-09"), ("3cd", "03-09"), ("30h", "03-05")])
def test_of_a_pause_that_began_before_day_zero_only_the_rest_is_taken(limit, due):
    early = Pause(reason="检验", start=at("02-26"), end=at("03-04"))
    running = clock("03-02", limit).model_copy(update={"pauses": (early,)})
    assert running.last_day(CALENDAR) == date.fromisoformat(f"2026-{due}")
    assert running.used(CALENDAR, at("03-04")) == 0


def test_calendar_days_and_months_move_on_by_the_calendar_days_paused():
    assert due_on(clock("03-02", "10cd")) == "03-12"
    assert due_on(held(clock("03-02", "10cd"), "03-05", "03-12")) == "03-19"
    assert due_on(held(clock("03-02", "1mo"), "03-05", "03-12")) == "04-09"


def test_a_pause_over_the_last_midnight_ends_in_time_on_the_day_of_resuming():
    last_day = clock("03-02", "3wd").pause(at("03-05"), "检验", CALENDAR)
    assert last_day.due(CALENDAR) is None
    assert due_on(last_day.resume(at("03-10"), "检验")) == "03-10"
    assert due_on(last_day.resume(at("03-08"), "检验")) == "03-09"
    assert due_on(last_day.resume(at("03-05", 16), "检验")) == "03-05"
    weekend = clock("03-05", "2cd").pause(at("03-08"), "检验", CALENDAR).resume(at("03-11"), "检验")
    assert [line.why for line in weekend.explain(CALENDAR, "notice").lines] == [
        "工作日", "周末", "周末，顺延", "暂停：检验，顺延", "暂停：检验，顺延", "暂停：检验，顺延至此"]


def test_a_clock_that_has_run_out_or_stopped_is_neither_paused_nor_extended():
    late = clock("03-02", "3wd+2/1")
    over = late.due(CALENDAR)
    for wrong in (lambda: late.pause(over, "检验", CALENDAR), lambda: late.extend(over, 1, CALENDAR),
                  lambda: late.stop(at("03-03")).pause(at("03-04"), "检验", CALENDAR)):
        with pytest.raises(Refused, match="届满|停止"):
            wrong()
    assert late.pause(over - timedelta(seconds=1), "检验", CALENDAR).paused


def test_resuming_ends_only_the_pauses_of_its_reason():
    paused = clock("03-02", "20wd").pause(at("03-05"), "检验", CALENDAR)
    for reason, when in (("听证", at("03-06")), ("检验", at("03-04"))):
        with pytest.raises(Refused):
            paused.resume(when, reason)
    with pytest.raises(Refused):
        paused.resume(at("03-06"), "检验").resume(at("03-07"), "检验")


def test_a_paused_clock_does_not_lapse():
    with pytest.raises(Refused):
        clock("03-02", "3wd").pause(at("03-04"), "检验", CALENDAR).lapse(CALENDAR)


def test_a_clock_is_paused_at_most_thirty_two_times():
    paused = clock("03-02", "20wd")
    for _ in range(32):
        paused = held(paused, "03-05", "03-05")
    with pytest.raises(Refused, match="32"):
        paused.pause(at("03-06"), "检验", CALENDAR)


def test_stopping_ends_the_pauses_and_holds_the_first_stop():
    stopped = clock("03-02", "20wd").pause(at("03-05"), "检验", CALENDAR).stop(at("03-10"))
    assert stopped.pauses[0].end == stopped.stopped == at("03-10") and not stopped.paused
    assert stopped.stop(at("03-12")) == stopped and stopped.next_warning(CALENDAR) is None
    assert stopped.used(CALENDAR, at("03-30")) == 3


def test_used_and_left_count_today():
    running = clock("03-02", "5wd")
    used = {day: running.used(CALENDAR, at(day)) for day in ("03-01", "03-02", "03-03", "03-08", "03-09", "03-30")}
    assert [*used.values()] == [0, 0, 1, 4, 5, 5]
    assert running.left(CALENDAR, at("03-06")) == 1
    assert running.pause(at("03-06"), "检验", CALENDAR).left(CALENDAR, at("03-06")) is None


def test_a_reminder_comes_when_one_day_is_left_or_four_fifths_are_used_then_every_working_day():
    running, warnings = clock("03-02", "20wd!1,80"), []
    for _ in range(7):
        warnings.append(running.next_warning(CALENDAR))
        running = running.warn(warnings[-1])
    assert [warning for warning in warnings if warning != start_of(civil_day(warning))] == []
    assert [civil_day(warning).isoformat()[5:] for warning in warnings] == [
        "03-24", "03-25", "03-26", "03-27", "03-30", "03-31", "04-01"]
    assert clock("03-02", "2wd!1,80").next_warning(CALENDAR) == start_of(date(2026, 3, 3))
    assert clock("03-02", "20wd").next_warning(CALENDAR) is None


def test_no_reminder_falls_into_a_pause():
    warned = clock("03-02", "5wd!1,0").warn(start_of(date(2026, 3, 6)))
    paused = warned.pause(at("03-06"), "检验", CALENDAR)
    assert paused.next_warning(CALENDAR) is None
    assert paused.resume(at("03-17"), "检验").next_warning(CALENDAR) == start_of(date(2026, 3, 18))
    unseen = held(clock("03-02", "5wd!1,0"), "03-06", "03-10")
    assert unseen.next_warning(CALENDAR) == start_of(date(2026, 3, 6))


def test_minutes_run_through_the_night_and_are_reminded_of_once():
    urgent = clock("02-16", "30min!0,80")
    assert urgent.due(CALENDAR) == at("02-16", 10, 30) and urgent.last_day(CALENDAR) == date(2026, 2, 16)
    assert urgent.next_warning(CALENDAR) == at("02-16", 10, 24)
    assert urgent.warn(at("02-16", 10, 24)).next_warning(CALENDAR) is None
    paused = urgent.pause(at("02-16", 10, 10), "待核", CALENDAR).pause(at("02-16", 10, 15), "断电", CALENDAR)
    resumed = paused.resume(at("02-16", 10, 30), "待核").resume(at("02-16", 10, 50), "断电")
    assert paused.due(CALENDAR) is None and resumed.due(CALENDAR) == at("02-16", 11, 10)
    assert resumed.used(CALENDAR, at("02-16", 10, 55)) == 15
    assert [(line.used, line.why) for line in resumed.explain(CALENDAR, "sign").lines] == [
        (10, "暂停：待核（10:10起，至02-16 10:30）"), (10, "暂停：断电（10:15起，至02-16 10:50）"),
        (30, "11:10满30分钟")]
    assert clock("02-16", "24h").due(CALENDAR) == at("02-17")


def test_a_year_that_nobody_has_announced_is_counted_provisionally():
    ledger = clock("12-10", "20wd").explain(CALENDAR, "statutory")
    assert ledger.due_on == date(2027, 1, 8) and ledger.provisional
    assert [line.why for line in ledger.lines if line.day == date(2027, 1, 1)] == ["节假日·元旦（暂定）"]
    assert not clock("12-01", "20wd").explain(CALENDAR, "statutory").provisional


@pytest.mark.parametrize("unit", ["wd", "cd", "mo", "yr", "h", "min"])
def test_no_limit_begun_on_10_december_2026_is_an_error(unit):
    running = clock("12-10", f"90{unit}+9/1!1,80").extend(at("12-10"), 9, CALENDAR)
    assert running.explain(CALENDAR, "statutory").due_at == running.due(CALENDAR)
    assert running.next_warning(CALENDAR) < running.due(CALENDAR)


def test_a_notice_that_arrives_later_moves_the_date():
    later = Calendar([*CALENDAR.notices, NOTICE_2027])
    running = clock("12-24", "2wd")
    assert (due_on(running, later.known_at(at("12-01"))), due_on(running, later)) == ("12-28", "12-26")
    ledger = clock("12-10", "20wd").explain(later, "statutory")
    assert (ledger.due_on, ledger.provisional, ledger.calendar) == (date(2027, 1, 8), False, "试2027")
    opened = Clock(limit=Limit.model_validate("5wd@XKF42"), zero=start_of(date(2020, 1, 28)), because="accept")
    assert opened.last_day(CALENDAR.known_at(start_of(date(2020, 1, 26)))) == date(2020, 2, 5)
    assert opened.last_day(CALENDAR) == date(2020, 2, 7)


def test_a_ledger_of_more_than_two_thousand_days_says_what_it_leaves_out():
    ledger = clock("03-02", "10yr").explain(CALENDAR, "retention")
    assert len(ledger.lines) == 2_000 and ledger.lines[-1].day == ledger.due_on == date(2036, 3, 3)
    last_kept, left_out, last = ledger.lines[-3:]
    assert left_out.day == last.day - DAY and left_out.used == last.used == 10
    assert left_out.why == f"自{last_kept.day + DAY}起至此共1655日从略，其间计入5年"


@settings(max_examples=2_000, derandomize=True, deadline=None)
@given(histories())
def test_the_clock_agrees_with_the_oracle_over_random_histories(history):
    compare(history)
