"""The doors to the working calendar: public, every version of it."""
from chalicelib.kernel.http import Api, Call, Text

from .models import CalendarFile, Versions
from .wiring import calendars

api = Api(__name__, "日历")


class ICalendar(Text):
    """A calendar for calendar programs (RFC 5545)."""

    media = "text/calendar"


@api.get("/versions", public=True)
def versions(call: Call) -> Versions:
    """List the versions of the working calendar, the oldest first; each is named by its last notice."""
    return calendars().versions()


@api.get("/versions/{number}", public=True)
def version(call: Call, number: str) -> CalendarFile:
    """Read one version: every notice up to it with its days, and what is assumed of years without one."""
    return calendars().file(number)


@api.get("/versions/{number}/icalendar", public=True)
def icalendar(call: Call, number: str) -> ICalendar:
    """Read one version as iCalendar (RFC 5545), for calendar programs."""
    return ICalendar(calendars().feed(number))
