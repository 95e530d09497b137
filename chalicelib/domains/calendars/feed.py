"""The working calendar for calendar programs: iCalendar (RFC 5545), a day-long event for every day set. Pure."""
from collections.abc import Iterator
from datetime import date

from chalicelib.kernel.calendar import DAY, Calendar, Notice

WIDTH = 75                                 # octets of a line, its end not counted (RFC 5545 3.1)
HEAD = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Yiciban//Working calendar//ZH", "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH")


def icalendar(calendar: Calendar) -> str:
    """Return a version of the calendar as text/calendar.

    The UID of an event is its day's and stays from version to version; SEQUENCE says how often the day was set anew.
    """
    name = f"工作日历（{calendar.version}）"
    lines = [*HEAD, f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}", *_events(calendar), "END:VCALENDAR"]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _events(calendar: Calendar) -> Iterator[str]:
    set_by = dict[date, list[Notice]]()
    for notice in calendar.notices:
        for day in (*notice.holidays, *notice.makeup_days):
            set_by.setdefault(day, []).append(notice)
    for day, notices in sorted(set_by.items()):
        festival, last = notices[-1].holidays.get(day, ""), notices[-1]
        yield from (
            "BEGIN:VEVENT", f"UID:{day}@calendar.yiciban", f"DTSTAMP:{last.known_at:%Y%m%dT%H%M%SZ}",
            f"SEQUENCE:{len(notices) - 1}", f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{day + DAY:%Y%m%d}",
            f"SUMMARY:{_text(f'放假·{festival}' if festival else '调休上班')}",
            f"DESCRIPTION:{_text(f'{last.publisher} {last.number}')}",
            f"CATEGORIES:{'HOLIDAY' if festival else 'WORKDAY'}", "TRANSP:TRANSPARENT", "END:VEVENT")


def _text(value: str) -> str:
    """Return a value of type TEXT: what has a meaning in the format is escaped (RFC 5545 3.3.11)."""
    for sign in ("\\", ";", ","):
        value = value.replace(sign, f"\\{sign}")
    return "\\n".join(value.splitlines())


def _folded(line: str) -> Iterator[str]:
    """Yield a line in parts of at most WIDTH octets, those after the first behind a space; no character is cut."""
    part = ""
    for sign in line:
        if len((part + sign).encode()) > WIDTH:
            yield part
            part = " "
        part += sign
    yield part
