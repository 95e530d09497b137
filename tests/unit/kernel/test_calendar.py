"""The working calendar against the published days of 2004–2026, and what it says of years nobody has announced."""
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from chalicelib.kernel.calendar import DAY, Calendar, Instant, Notice, civil_day, end_of, start_of, statutory_days
from chalicelib.kernel.lunar import FESTIVALS

SEED = json.loads((Path(__file__).parents[3] / "seeds" / "calendar.json").read_text(encoding="utf-8"))
NOTICES = [Notice.model_validate(notice) for notice in SEED]
CALENDAR = Calendar(NOTICES)
ALL_DAYS = [date(2004, 1, 1) + n * DAY for n in range((date(2026, 12, 31) - date(2004, 1, 1)).days + 1)]
NEW_YEAR_2027 = Notice(
    number="试2027", publisher="试", source="试", known_at=datetime(2026, 12, 20, tzinfo=UTC), year=2027,
    holidays={date(2027, 1, 1): "元旦", date(2027, 1, 4): "元旦"}, makeup_days={date(2026, 12, 26)})


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-10:00"])
def test_an_instant_that_utc_does_not_have_is_invalid(written):
    with pytest.raises(ValidationError, match="超出"):
        TypeAdapter(Instant).validate_python(written)


def test_every_day_of_2004_to_2026_is_worked_or_off_as_the_package_says():
    assert [day for day in ALL_DAYS if CALENDAR.is_working(day) != chinese_calendar.is_workday(day)] == []
    assert not any(map(CALENDAR.is_provisional, ALL_DAYS))


def test_the_days_that_a_notice_names_are_those_of_the_package_and_no_others():
    named = {day for notice in NOTICES for day in (*notice.holidays, *notice.makeup_days)}
    assert named == chinese_calendar.holidays.keys() | chinese_calendar.workdays.keys()


def test_every_notice_could_be_known_before_the_first_day_it_names():
    assert all(civil_day(notice.known_at) <= min(notice.holidays) for notice in NOTICES)
    assert all(civil_day(notice.known_at) <= min(notice.makeup_days, default=date.max) for notice in NOTICES)


def test_the_new_year_of_2019_moved_the_last_days_of_2018():
    assert CALENDAR.describe(date(2018, 12, 29)) == "调休上班"
    assert CALENDAR.describe(date(2018, 12, 31)) == "节假日·元旦"
    assert CALENDAR.notice_for(date(2018, 12, 31)) == "2019"


@pytest.mark.parametrize("day, words", [
    ("2026-02-13", "工作日"), ("2026-02-14", "调休上班"), ("2026-02-17", "节假日·春节"), ("2026-03-07", "周末"),
    ("2026-10-10", "调休上班"), ("2027-01-04", "工作日（暂定）"), ("2027-01-01", "节假日·元旦（暂定）"),
    ("2027-01-02", "周末（暂定）"), ("2027-02-05", "节假日·春节（暂定）"), ("2027-02-08", "节假日·春节（暂定）"),
    ("2027-02-09", "工作日（暂定）"), ("2041-02-01", "工作日（暂定）"),
])
def test_a_day_is_described_in_words(day, words):
    assert CALENDAR.describe(date.fromisoformat(day)) == words


def test_the_spring_festival_of_2020_was_prolonged_by_a_later_notice():
    saturday, friday = date(2020, 2, 1), date(2020, 1, 31)
    before = CALENDAR.known_at(start_of(date(2020, 1, 27)) - timedelta(seconds=1))
    assert before.is_working(saturday) and before.is_working(friday)
    after = CALENDAR.known_at(start_of(date(2020, 1, 27)))
    assert not after.is_working(saturday) and not after.is_working(friday)
    assert (before.version, after.version) == ("国办发明电〔2019〕16号", "国办发明电〔2020〕1号")
    assert (before.notice_for(saturday), after.notice_for(saturday)) == (before.version, after.version)
    assert after.notice_for(date(2020, 2, 3)) == ""


def test_the_order_in_which_notices_are_handed_in_does_not_matter():
    assert Calendar(reversed(NOTICES)).notices == CALENDAR.notices
    same_hour = NEW_YEAR_2027.model_copy(update={"number": "试2027-更正", "holidays": {date(2026, 12, 26): "元旦"}})
    for pair in ((NEW_YEAR_2027, same_hour), (same_hour, NEW_YEAR_2027)):
        assert Calendar(pair).version == "试2027-更正"
    assert CALENDAR.known_at(datetime(2099, 1, 1, tzinfo=UTC)) is CALENDAR


def test_a_notice_ends_the_provision_and_may_reach_back_into_december():
    later = Calendar([NEW_YEAR_2027, *NOTICES])
    assert later.version == "试2027" and not later.is_provisional(date(2027, 6, 1))
    assert later.is_working(date(2026, 12, 26)) and not CALENDAR.is_working(date(2026, 12, 26))
    assert not later.is_working(date(2027, 1, 4))
    assert later.working_days(date(2026, 12, 25), date(2027, 1, 5)) == 6
    assert Calendar([NEW_YEAR_2027]).is_provisional(date(2026, 12, 27))
    assert not Calendar([NEW_YEAR_2027]).is_provisional(date(2026, 12, 26))


def test_a_year_without_a_notice_has_thirteen_statutory_days_while_the_lunar_table_lasts():
    assert {len(statutory_days(year)) for year in range(2025, 2041)} == {12, 13}
    assert [year for year in range(2025, 2041) if len(statutory_days(year)) == 12] == [2028, 2031, 2039]
    assert len(statutory_days(2041)) == 6
    assert [str(day) for day, name in statutory_days(2027).items() if name == "春节"] == [
        "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08"]


def test_the_lunar_table_lies_within_the_holidays_that_were_announced():
    names = {"spring": "Spring Festival", "qingming": "Tomb-sweeping Day", "dragon_boat": "Dragon Boat Festival",
             "mid_autumn": "Mid-autumn Festival"}
    for year in range(2008, 2027):
        for field, day in FESTIVALS[year]._asdict().items():
            named = chinese_calendar.holidays.get(day)
            unnamed = named is None and day.weekday() > 4                      # 2012: the package leaves out a Saturday
            shared = named == "National Day" and field == "mid_autumn"
            assert named == names[field] or shared or unnamed, (day, field)
    assert all(FESTIVALS[year].spring in chinese_calendar.holidays for year in range(2004, 2027))
    assert sorted(FESTIVALS) == list(range(2004, 2041))


def test_a_notice_cannot_name_a_day_twice_or_a_festival_without_a_name():
    for holidays in ({"2027-01-02": "元旦"}, {"2027-01-01": ""}):
        with pytest.raises(ValidationError):
            Notice(number="试", publisher="试", source="试", known_at="2026-11-01T00:00:00Z", year=2027,
                   holidays=holidays, makeup_days={"2027-01-02"})


def test_a_notice_survives_being_written_and_read():
    assert [Notice.model_validate(notice.model_dump(mode="json")) for notice in NOTICES] == NOTICES


def test_the_civil_day_is_that_of_shanghai():
    assert civil_day(datetime(2026, 3, 1, 16, tzinfo=UTC)) == date(2026, 3, 2)
    assert (start_of(date(2026, 3, 2)), end_of(date(2026, 3, 2))) == (
        datetime(2026, 3, 1, 16, tzinfo=UTC), datetime(2026, 3, 2, 16, tzinfo=UTC))


@pytest.mark.parametrize("day", [date.min, date(1949, 10, 1), date(2027, 1, 1), date(2041, 1, 1), date.max])
def test_no_day_is_an_error(day):
    assert CALENDAR.describe(day).endswith("（暂定）") and CALENDAR.is_provisional(day)
    assert CALENDAR.next_working(day) >= day and CALENDAR.add_working_days(day, 0) == day
    assert CALENDAR.add_working_days(day, 300) >= day and CALENDAR.working_days(day, day) == 0


def test_working_days_are_only_counted_forward():
    assert CALENDAR.working_days(date(2026, 3, 9), date(2026, 3, 2)) == 0
    with pytest.raises(ValueError):
        CALENDAR.add_working_days(date(2026, 3, 2), -1)


@given(st.dates(date(2003, 1, 1), date(2045, 1, 1)), st.integers(0, 900))
def test_counting_and_adding_agree_with_looking_at_every_day(day, span):
    worked = [day + n * DAY for n in range(1, span + 1) if CALENDAR.is_working(day + n * DAY)]
    assert CALENDAR.working_days(day, day + span * DAY) == len(worked)
    assert all(CALENDAR.add_working_days(day, n) == one for n, one in enumerate(worked, 1))
    assert CALENDAR.next_working(day + DAY) == CALENDAR.add_working_days(day, 1)
