"""When an application counts as received, and whether a renewal was lodged early enough. Pure."""
from datetime import date, datetime, time, timedelta

from pydantic import BaseModel

from chalicelib.kernel.calendar import CIVIL, DAY, Calendar, civil_day, start_of
from chalicelib.kernel.clocks import Limit, Unit
from chalicelib.kernel.counting import reach


class Hours(BaseModel, frozen=True):
    """An area's rule on receipts outside office hours: `later` only where it says that they count from the next.

    Otherwise a receipt is of the day on which it came in; that day is not counted anyway.
    """

    open: time
    close: time
    later: bool = False

    def counted_from(self, at: datetime, calendar: Calendar) -> datetime | None:
        """Return when the office next opens, for a receipt that counts from then; None for one that counts at once.

        What comes in before the hour of a working day counts from that hour, so its day zero is the same day.
        """
        day, hour = civil_day(at), at.astimezone(CIVIL).time()
        if not self.later or calendar.is_working(day) and self.open <= hour < self.close:
            return None
        after_hours = calendar.is_working(day) and hour >= self.close
        opens = calendar.next_working(day + DAY if after_hours else day)
        return start_of(opens) + timedelta(hours=self.open.hour, minutes=self.open.minute)


def early_enough(lead: Limit, received: date, expires_on: date, calendar: Calendar) -> bool:
    """Say whether between the day of receipt and the licence's last day there lies as much as the law asks for."""
    there = reach(lead.unit, received, [], calendar, lead.count)
    return there is not None and there <= expires_on


def until_expiry(received: date, expires_on: date, basis: str) -> Limit:
    """Return what is left of a licence from 00:00 of the day of receipt to 24:00 of its last day.

    In minutes, because that day is a date: no holiday and no pause moves it.
    """
    return Limit(count=((expires_on - received).days + 1) * 24 * 60, unit=Unit.MINUTES, basis=basis)
