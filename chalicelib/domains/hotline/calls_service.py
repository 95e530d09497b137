"""What is done with the statistics of the centre's telephones, one method per use."""
from dataclasses import dataclass

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.cases import COUNTY
from chalicelib.kernel.casework import Casework
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.problems import Conflict, Invalid, Refused, fault
from chalicelib.kernel.record import Key, Summary
from chalicelib.kernel.vault import digest
from chalicelib.kernel.views import Answer, File, shown

from .calls import CALLS, Calls, CallsShown, Day, shown_to
from .guards import CENTRE, HEAD, centre_of
from .store import CallsStore


@dataclass
class Telephones(Casework[Calls, CallsShown]):
    """The telephones of every area's centre."""

    store: CallsStore

    workflow = CALLS

    def view(self, case: Summary, who: Actor) -> CallsShown | None:
        return shown(CallsShown, case) if shown_to(case, who) else None

    def desk_of(self, who: Actor) -> str:
        here = centre_of(who.area)
        watches = who.role in ("supervisor", "auditor")
        return here if who.area and (watches or who.role in (CENTRE, HEAD) and who.unit == here) else ""

    def record(self, body: Day, who: Actor, key: Key) -> Answer[File[CallsShown]]:
        """Enter a day of the centre, once. Raise Forbidden, Invalid, Refused where it was entered already."""
        case_id, today = digest("id", "CALLS", who.area, body.day.isoformat()), civil_day(self.clock())
        number = f"{who.area[:COUNTY]}JT{body.day:%Y%m%d}"
        fields = {"area": who.area, "unit": who.unit, "title": f"{body.day}接听统计", "number": number,
                  "opened_at": self.clock(), "day": body.day.isoformat(), "entered": body.entered,
                  "answered": body.answered, "within": body.within}
        blank = Calls(id=case_id, **fields)
        self.workflow.rule(blank, "record", self.occasion(blank, who))     # refuse before anything is looked up
        try:
            if there := self.earlier(case_id, key, who):
                if self.store.event(case_id, 1).key != key.value:
                    raise entered(body.day.isoformat())
                return there
        except Conflict:
            raise entered(body.day.isoformat()) from None
        if body.day > today:
            raise Invalid("日期有误", errors=[fault("/day", "future", "只能登记今日及以前")])
        return self.opened(blank, "record", who, key, fields)


def entered(day: str) -> Refused:
    return Refused(f"{day}的接听统计已登记，请更正", code="entered",
                   errors=[fault("/day", "entered", "该日已登记，请更正")])
