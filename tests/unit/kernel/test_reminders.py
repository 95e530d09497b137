"""Reminders before any warning: at 5, 1 and 0 working days left, each once, and none on a day that has a warning."""
from datetime import UTC, datetime

import pytest

from chalicelib.kernel.calendar import Calendar
from chalicelib.kernel.clocks import Clock, Limit
from tests.support.town import NOTICES

CALENDAR = Calendar(NOTICES)


def at(day, hour=0):
    return datetime.fromisoformat(f"{day}T{hour:02d}:00:00+08:00").astimezone(UTC)


def clock(limit):
    """Day zero is Monday, 2 March 2026."""
    return Clock(limit=limit, zero=at("2026-03-02", 10), because="accept", counted="2026")


def all_reminders(made):
    """The reminders of a clock, each given at nine on its day."""
    found = []
    while due := made.next_reminder(CALENDAR):
        found.append(due)
        made = made.warn(due.replace(hour=(due.hour + 9) % 24) if due.hour < 15 else due)
    return found


def test_ten_working_days_are_reminded_of_when_five_one_and_none_are_left():
    # they end on Monday, 16 March: five left on the 9th, one on Friday the 13th, none on the 16th
    assert all_reminders(clock("10wd?5,1,0@XKF42")) == [at("2026-03-09"), at("2026-03-13"), at("2026-03-16")]


def test_a_day_with_a_warning_has_no_reminder():
    assert all_reminders(clock("10wd!1,80?5,1,0@XKF42")) == [at("2026-03-09")], "from the 12th on each day is warned"


def test_a_limit_shorter_than_the_reminder_is_reminded_of_only_by_what_fits_it():
    assert all_reminders(clock("3wd?5,1,0@XKF42")) == [at("2026-03-04"), at("2026-03-05")]


def test_a_reminder_missed_is_given_once_and_not_for_each_day_passed():
    late = clock("10wd?5,1,0@XKF42").warn(at("2026-03-14", 9))
    assert late.next_reminder(CALENDAR) == at("2026-03-16")


def test_a_pause_holds_the_reminders_and_moves_them():
    held = clock("10wd?5@XKF42").pause(at("2026-03-04", 9), "检验", CALENDAR)
    assert held.next_reminder(CALENDAR) is None
    assert held.resume(at("2026-03-06", 9), "检验").next_reminder(CALENDAR) == at("2026-03-11"), "two days later"


@pytest.mark.parametrize("limit", ["2h?1@GZ4", "30min?5@GZ4", "10wd@XKF42"])
def test_hours_and_what_asks_for_none_are_not_reminded_of(limit):
    assert clock(limit).next_reminder(CALENDAR) is None
    assert clock("10wd?5@XKF42").stop(at("2026-03-03")).next_reminder(CALENDAR) is None


def test_the_short_form_keeps_the_reminders():
    limit = Limit.model_validate("20wd+10/1!1,80?5,1,0@XKF42")
    assert limit.remind == (5, 1, 0) and limit.model_dump() == "20wd+10/1!1,80?5,1,0@XKF42"
    assert limit.halved().model_dump() == "10wd!1,80?5,1,0@XKF42"
    assert Limit.model_validate("20wd@XKF42").warning(1, 80, (5,)).model_dump() == "20wd!1,80?5@XKF42"
