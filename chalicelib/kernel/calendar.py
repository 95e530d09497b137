"""Civil time: the local day of an instant, and the working days that published notices make. Pure.

A year is kept as the sorted list of its working days (as ordinals), made when it is first asked for; counting and
adding working days are bisections in these lists, never walks.
"""
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BaseModel, PlainSerializer, StringConstraints, model_validator

from .lunar import FESTIVALS

CIVIL = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


def whole(instant: datetime) -> datetime:
    """Return the aware `instant` in UTC, its fraction of a second cut off. Raise ValueError if UTC has none such."""
    try:
        return instant.astimezone(UTC).replace(microsecond=0)
    except OverflowError as error:
        raise ValueError("时间超出可以表示的范围") from error


def rfc3339(instant: datetime) -> str:
    """Write a UTC instant of whole seconds as `2026-03-02T02:00:00Z`."""
    return instant.isoformat()[:19] + "Z"


Instant = Annotated[AwareDatetime, AfterValidator(whole), PlainSerializer(rfc3339, return_type=str, when_used="json")]
"""A field that holds an instant: aware, UTC, whole seconds; RFC 3339 with Z in JSON."""


def civil_day(instant: datetime) -> date:
    """Return the calendar day on which `instant` falls where the citizen lives."""
    return instant.astimezone(CIVIL).date()


def start_of(day: date) -> datetime:
    """Return the instant, in UTC, at which the civil `day` begins (its 00:00)."""
    return datetime.combine(day, time(), CIVIL).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Return the instant, in UTC, at which the civil `day` is over (its 24:00)."""
    return start_of(day + DAY)


FIXED = {(1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节", (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节"}
"""The days off that are the same in every year, by month and day."""


def statutory_days(year: int) -> dict[date, str]:
    """Return the 13 days off of `year` by 全国年节及纪念日放假办法 (as of 2025), with their names.

    After the lunar table's end only the FIXED ones are known.
    """
    days = dict[date, str]()
    if lunar := FESTIVALS.get(year):
        days |= {lunar.spring + n * DAY: "春节" for n in range(-1, 3)}
        days |= {lunar.qingming: "清明节", lunar.dragon_boat: "端午节", lunar.mid_autumn: "中秋节"}
    return days | {date(year, *day): festival for day, festival in FIXED.items()}


class Notice(BaseModel, frozen=True):
    """A State Council notice (节假日安排的通知): the days off of `year`, and the weekend days worked for them.

    Either may lie in the December before. `known_at` is the instant since which it could be known here.
    """

    number: str                            # its number, or what it is called where the number was not recorded
    publisher: str
    source: str                            # where its days were taken from, and what is not known of it
    known_at: Instant
    year: int
    holidays: dict[date, Annotated[str, StringConstraints(min_length=1)]]          # day -> festival (春节)
    makeup_days: frozenset[date] = frozenset()

    @model_validator(mode="after")
    def _one_word_a_day(self) -> Self:
        if both := self.makeup_days & self.holidays.keys():
            raise ValueError(f"同一通知中既放假又上班：{'、'.join(map(str, sorted(both)))}")
        return self


class Calendar:
    """The working days of every year, as a list of notices declares them. A value: a new notice, a new Calendar.

    Where two notices name the same day, the later known one holds (of one instant, the higher number). A year with no
    notice is provisional: weekends and the statutory days are off, and nobody knows yet which weekends will be worked.
    No day of any year is an error; a count that would leave the year 9999 ends on its last day.
    """

    def __init__(self, notices: Iterable[Notice] = ()):
        self.notices = tuple(sorted(notices, key=lambda notice: (notice.known_at, notice.number)))
        self._declared: dict[date, tuple[str, Notice]] = {}        # day -> (festival or "" if worked, notice)
        for notice in self.notices:
            self._declared |= {day: (festival, notice) for day, festival in notice.holidays.items()}
            self._declared |= dict.fromkeys(notice.makeup_days, ("", notice))
        self._noticed_years = frozenset(notice.year for notice in self.notices)
        self._workdays: dict[int, list[int]] = {}
        self._earlier: dict[str, Calendar] = {}

    @property
    def version(self) -> str:
        """The number of the latest notice; "" when there is none."""
        return self.notices[-1].number if self.notices else ""

    def known_at(self, instant: datetime) -> "Calendar":
        """Return the calendar as it stood at `instant`: what an officer could know then."""
        known = bisect_right(self.notices, instant, key=lambda notice: notice.known_at)
        return self if known == len(self.notices) else Calendar(self.notices[:known])

    def as_of(self, version: str) -> "Calendar | None":
        """Return the calendar whose latest notice has that number; None if there is no such notice."""
        if version == self.version:
            return self
        if version not in self._earlier:
            place = next((n for n, notice in enumerate(self.notices, 1) if notice.number == version), 0)
            if version and not place:
                return None
            self._earlier[version] = Calendar(self.notices[:place])
        return self._earlier[version]

    def is_working(self, day: date) -> bool:
        workdays, ordinal = self._of(day.year), day.toordinal()
        place = bisect_left(workdays, ordinal)
        return place < len(workdays) and workdays[place] == ordinal

    def is_provisional(self, day: date) -> bool:
        """Whether no notice has yet spoken of this day's year, nor of the day itself."""
        return day.year not in self._noticed_years and day not in self._declared

    def notice_for(self, day: date) -> str:
        """Return the number of the notice that made `day` what it is; "" if it is an ordinary day."""
        return self._declared[day][1].number if day in self._declared else ""

    def describe(self, day: date) -> str:
        """Return what kind of day this is: 工作日, 调休上班, 周末 or 节假日·春节; with （暂定） if provisional."""
        if self.is_working(day):
            kind = "调休上班" if day.weekday() > 4 else "工作日"
        else:
            festival = self._festival(day)
            kind = f"节假日·{festival}" if festival else "周末"
        return f"{kind}（暂定）" if self.is_provisional(day) else kind

    def working_days(self, after: date, until: date) -> int:
        """Return how many working days lie in (after, until]; 0 if that is empty."""
        if until <= after:
            return 0
        if after.year == until.year:
            workdays = self._workdays.get(after.year) or self._of(after.year)
            return bisect_right(workdays, until.toordinal()) - bisect_right(workdays, after.toordinal())
        first = self._of(after.year)
        return (len(first) - bisect_right(first, after.toordinal())
                + sum(len(self._of(year)) for year in range(after.year + 1, until.year))
                + bisect_right(self._of(until.year), until.toordinal()))

    def add_working_days(self, day: date, count: int) -> date:
        """Return the `count`-th working day after `day`; `day` itself for 0. Raise ValueError for a count below 0."""
        if count < 0:
            raise ValueError("working days are only counted forward")
        if count == 0:
            return day
        workdays = self._workdays.get(day.year) or self._of(day.year)
        place = bisect_right(workdays, day.toordinal()) + count - 1
        return date.fromordinal(workdays[place]) if place < len(workdays) else self._pick(day.year, place)

    def next_working(self, day: date) -> date:
        """Return `day` if it is a working day, otherwise the first one after it."""
        return self._pick(day.year, bisect_left(self._of(day.year), day.toordinal()))

    def _pick(self, year: int, place: int) -> date:
        """Return the working day at `place` (from 0) in the list of `year`, going on into the years after it."""
        while place >= len(workdays := self._of(year)):
            if year == date.max.year:
                return date.max
            place -= len(workdays)
            year += 1
        return date.fromordinal(workdays[place])

    def _of(self, year: int) -> list[int]:
        if year not in self._workdays:
            first, statutory = date(year, 1, 1).toordinal(), self._statutory(year)
            days = (date.fromordinal(first + n) for n in range((date(year, 12, 31).toordinal() - first) + 1))
            self._workdays[year] = [day.toordinal() for day in days if self._works(day, statutory)]
        return self._workdays[year]

    def _works(self, day: date, statutory: dict[date, str]) -> bool:
        if day in self._declared:
            return not self._declared[day][0]
        return day.weekday() < 5 and day not in statutory

    def _festival(self, day: date) -> str:
        return self._declared[day][0] if day in self._declared else self._statutory(day.year).get(day, "")

    def _statutory(self, year: int) -> dict[date, str]:
        return {} if year in self._noticed_years else statutory_days(year)
