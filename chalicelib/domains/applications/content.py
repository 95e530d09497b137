"""What an event of an application gives a written notice to say, read from the record."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.calendar import Calendar, civil_day
from chalicelib.kernel.record import Event
from chalicelib.kernel.table import Table

from .models import Application
from .store import ApplicationStore

IN_TIME = "在规定时间内提出，有效期届满前未作决定的，视为准予延续"
TOO_LATE = "未在规定时间内提出，有效期届满前未作决定的，不视为准予延续"
PROVISIONAL = "（暂定，以次年节假日安排公布后为准）"


@dataclass(frozen=True, slots=True)
class Content:
    """`lines` are the list of what is lacking, or the reasons; `facts` are named values, for a person to read.

    `taken` is the number that the act took for its notice.
    """

    number: str
    title: str
    person: str
    party: str
    area: str
    unit: str
    basis: str
    lines: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    taken: str = ""


def content_of(cases: Table, application: str, number: int, calendar: Calendar,
               names: Callable[[str, str, int], Mapping[str, str]]) -> Content:
    """Return what the event `number` of the application gives a notice to say. Raise Missing.

    `names` gives the names of the materials on the checklist of a version of an item (area, code, version).
    """
    store = ApplicationStore(cases)
    case, event = store.get(application), store.event(application, number)
    lines = _lines(store, event, names(case.area, case.item, case.item_version))
    return Content(case.number, case.title, case.person, case.party, case.area, event.unit, event.basis, lines,
                   tuple(_facts(case, event, calendar)), _taken(event))


def _taken(event: Event) -> str:
    return event.clocks["statutory"].pauses[-1].notice if event.act == "suspend" else ""


def _lines(store: ApplicationStore, event: Event, names: Mapping[str, str]) -> tuple[str, ...]:
    if event.act in ("return", "ask_correction", "ask_owed"):
        lacks = store.part(event.case_id, event.changes["lacks"])["lacks"]
        return tuple(f"{names.get(one.get('material', ''), '申请表')}：{one['reason']}" for one in lacks)
    if event.act in ("decline", "refuse"):
        reason = store.part(event.case_id, f"REASON#{event.number:06d}")
        return (reason["reason"], f"依据：{reason['basis']}")
    if event.act == "approve_extension":
        asked = next(one for one in reversed(list(store.timeline(event.case_id)))
                     if one.act == "ask_extension" and one.number < event.number)
        return (f"延长理由：{asked.note}",)
    return ()


def _facts(case: Application, event: Event, calendar: Calendar) -> list[tuple[str, str]]:
    told = event.changes.get("received_at")
    received = datetime.fromisoformat(told) if told else case.received_at
    facts = [("收件日期", str(civil_day(received)))] if received else []
    names = {"statutory": "法定办结日期", "promised": "承诺办结日期", "correction": "补正截止日期",
             "hearing_request": "申请听证的截止日期"}
    for name, word in names.items():
        clock = event.clocks.get(name)
        if clock and not clock.stopped and (last := clock.last_day(calendar)):
            facts.append((word, f"{last}{PROVISIONAL if calendar.is_provisional(last) else ''}"))
    if event.changes.get("counted_from"):
        facts.append(("计算期限的收件日期", str(civil_day(datetime.fromisoformat(event.changes["counted_from"])))))
    if event.changes.get("renewal_in_time") is not None:
        facts.append(("延续申请", TOO_LATE if event.changes["renewal_in_time"] is False else IN_TIME))
    if event.act == "tell_hearing":
        facts.append(("拟决定的事项", event.note))
    if event.act == "announce_hearing":
        facts += [("举行听证的日期", str(event.changes["hearing_on"])), ("地点", event.changes["hearing_place"])]
    if event.act == "suspend":
        pause = event.clocks["statutory"].pauses[-1]
        facts += [("程序", pause.reason), ("所需时间", f"{pause.planned}个工作日"), ("说明", event.note)]
    return facts
