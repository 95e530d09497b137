"""The doors to the working calendar: public, every version of it; for its keepers, the notices that make them."""
from chalicelib.kernel.http import Api, Call, Text
from chalicelib.kernel.views import Answer, File, Found, Row

from .models import Act, CalendarFile, Effect, Propose, Shown, Versions
from .wiring import calendars, proposals

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


@api.post("/notices", body=Propose, status=201)
def propose(call: Call, body: Propose) -> Answer[File[Shown]]:
    """Enter a notice on holidays, for another keeper to approve."""
    return proposals().propose(body, call.who, call.key)


@api.get("/notices", paged=True)
def desk(call: Call) -> Found[Row]:
    """List the notices that were entered, whatever became of them."""
    return proposals().desk(call.who, call.limit, call.cursor)


@api.get("/notices/{case_id}", paged=True)
def read(call: Call, case_id: str) -> File[Shown]:
    """Read a notice with its timeline and the acts open to me."""
    return proposals().read(case_id, call.who, call.cursor)


@api.get("/notices/{case_id}/effect", paged=True)
def effect(call: Call, case_id: str) -> Effect:
    """Read which waiting cases the notice would move, page by page of the cases; nothing is changed."""
    return proposals().effect(case_id, call.who, call.limit, call.cursor)


@api.post("/notices/{case_id}/acts", body=Act)
def perform(call: Call, case_id: str, body: Act) -> Answer[File[Shown]]:
    """Do one act on a notice: approve, reject or withdraw it."""
    return proposals().perform(case_id, body, call.who, call.key, call.if_match)
