"""When schedules fire, and the clock they follow."""
from datetime import UTC, datetime, timedelta

import pytest

from local import clock
from local.schedule import latest

MONDAY = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("expression, after, until, fired", [
    ("rate(1 minute)", MONDAY, MONDAY + timedelta(seconds=59), None),
    ("rate(1 minute)", MONDAY, MONDAY + timedelta(days=400, seconds=30), MONDAY + timedelta(days=400)),
    ("rate(5 minutes)", MONDAY, MONDAY + timedelta(minutes=14), MONDAY + timedelta(minutes=10)),
    ("cron(0 1 * * ? *)", MONDAY, MONDAY + timedelta(hours=23), None),
    ("cron(0 1 * * ? *)", MONDAY, MONDAY + timedelta(days=2), MONDAY + timedelta(days=1, hours=23, minutes=30)),
    ("cron(0 1 ? * 2 *)", MONDAY, MONDAY + timedelta(days=9), datetime(2026, 3, 9, 1, tzinfo=UTC)),    # 2 is Monday
    ("cron(0 1 ? * MON-FRI *)", MONDAY, datetime(2026, 3, 8, 2, tzinfo=UTC), datetime(2026, 3, 6, 1, tzinfo=UTC)),
    ("cron(0/5 * * * ? *)", MONDAY, MONDAY + timedelta(days=3650), MONDAY + timedelta(days=3650)),
    ("cron(0 0 29 2 ? *)", MONDAY, datetime(2028, 12, 1, tzinfo=UTC), datetime(2028, 2, 29, tzinfo=UTC)),
    ("cron(0 0 1 1 ? 2030)", MONDAY, datetime(2026, 12, 1, tzinfo=UTC), None),
])
def test_a_schedule_fires_for_the_last_instant_missed(expression, after, until, fired):
    assert latest(expression)(after, until) == fired


@pytest.mark.parametrize("expression", ["", "rate(1 week)", "at(2026-03-02T00:00:00)", "cron(0 1 * *)"])
def test_what_is_no_schedule_is_refused(expression):
    with pytest.raises(ValueError):
        latest(expression)


def test_the_clock_only_moves_forward(tmp_path, monkeypatch):
    monkeypatch.setenv("LOCAL_DATA", str(tmp_path))
    monkeypatch.setattr(clock, "real", lambda: MONDAY)
    assert (clock.now(), clock.offset()) == (MONDAY, timedelta())
    assert clock.move(timedelta(days=2)) == clock.now() == MONDAY + timedelta(days=2)
    to = datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert clock.move(to=to) == clock.now() == to
    for back in (to - timedelta(seconds=1), MONDAY):
        with pytest.raises(ValueError):
            clock.move(to=back)
    assert clock.now() == to
