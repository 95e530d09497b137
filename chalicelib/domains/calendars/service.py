"""What is asked of the published calendar, one method per use."""
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chalicelib.kernel.calendar import FIXED, Calendar, Notice, statutory_days
from chalicelib.kernel.lunar import FESTIVALS
from chalicelib.kernel.problems import Missing
from chalicelib.kernel.reference import Reference

from .feed import icalendar
from .models import Assumed, CalendarFile, Declared, Noticed, Versions


@dataclass
class Calendars:
    """The national calendar, for everyone: its versions, and each as a file. A version never changes or goes away."""

    reference: Reference

    def versions(self) -> Versions:
        """Return all versions, the oldest first."""
        calendar = self.reference.calendar()
        return Versions(items=[Noticed(**_face(notice)) for notice in calendar.notices], current=calendar.version)

    def version(self, number: str) -> Calendar:
        """Return the calendar whose last notice has this number. Raise Missing."""
        notices = self.reference.calendar().notices
        place = next((n for n in range(len(notices), 0, -1) if notices[n - 1].number == number), 0)
        if not place:
            raise Missing("没有这一版日历；版本以所含最后一份通知的文号为名")
        return Calendar(notices[:place])

    def file(self, number: str) -> CalendarFile:
        """Return a version as anyone can count by it. Raise Missing."""
        return published(self.version(number))

    def feed(self, number: str) -> str:
        """Return a version as iCalendar. Raise Missing."""
        return icalendar(self.version(number))


def published(calendar: Calendar) -> CalendarFile:
    """Return the file of a calendar. What is assumed is given for every year of the lunar table without a notice."""
    noticed = {notice.year for notice in calendar.notices}
    return CalendarFile(
        calendar=calendar.version,
        notices=[Declared(**_face(notice), holidays=_ordered(notice.holidays), makeup_days=sorted(notice.makeup_days))
                 for notice in calendar.notices],
        assumed=[Assumed(year=year, holidays=_ordered(statutory_days(year))) for year in FESTIVALS
                 if year not in noticed],
        assumed_yearly={f"{month:02d}-{day:02d}": festival for (month, day), festival in FIXED.items()})


def _face(notice: Notice) -> dict[str, object]:
    return {name: getattr(notice, name) for name in Noticed.model_fields}


def _ordered(holidays: Mapping[date, str]) -> dict[date, str]:
    return dict(sorted(holidays.items()))
