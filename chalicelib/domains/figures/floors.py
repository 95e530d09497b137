"""The monthly floor: where an area's past month is below what it should not fall below, its centre is told, once.

A run reads each area's sums of one month. The lease's note is the month that is done; the message's own key says that a
centre was told, so that a run that died says nothing twice.
"""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.kernel.calendar import DAY, civil_day, start_of
from chalicelib.kernel.lease import Leases
from chalicelib.kernel.observe import failure

from .models import Figure
from .service import FiguresDesk

JOB, SPAN = "FIGURES-FLOORS", timedelta(seconds=75)
CODE, TITLE = "figures-below", "月度指标低于底线"


@dataclass(frozen=True, slots=True)
class Floors:
    """Treaties: `areas()` of accounts, every area that has a unit; `announce(unit, at, code, about, title, text)` of
    messages, once for what it is about.
    """

    desk: FiguresDesk
    areas: Callable[[], list[str]]
    announce: Callable[[str, datetime, str, tuple[str, str], str, str], None]
    clock: Callable[[], datetime]

    def run(self) -> int:
        """Tell the centres of the past month; return how many floors were found broken. After that, and beside another
        copy, it does nothing. One area that fails holds up no other, and leaves the month to the next run.
        """
        now, leases = self.clock(), Leases(self.desk.tally.table)
        first, seen = civil_day(now).replace(day=1), leases.seen(JOB)
        month, broken, failed = f"{first - DAY:%Y-%m}", 0, False
        if seen.note == month or (lease := leases.take(seen, now, SPAN)) is None:
            return 0
        for area in self.areas():
            try:
                broken += self._area(area, month, first)
            except Exception as error:     # it is tried again with the next run
                failed = True
                failure("floors", error, area=area)
        leases.give_back(lease, self.clock(), seen.note if failed else month)
        return broken

    def _area(self, area: str, month: str, first: date) -> int:
        below = self.desk.below(area, month)
        for one in below:
            self.announce(f"{area}.hotline", start_of(first), CODE, ("FIGURES", f"{month}~{one.code}"), TITLE,
                          said(one, month))
        return len(below)


def said(figure: Figure, month: str) -> str:
    """Return what the centre is told: the month, the value, the floor."""
    year, number = month.split("-")
    return (f"{year}年{int(number)}月热线{figure.title}为{figure.value}%，低于{figure.floor}%的月度底线，"
            "请查看统计指标，分析原因并改进。")
