"""What other domains may ask of an order at once: what was served and by whom, what to call it."""
from collections.abc import Iterable
from typing import Any

from chalicelib.kernel.identity import Actor
from chalicelib.kernel.record import Hands
from chalicelib.kernel.runs import Calendars
from chalicelib.kernel.shares import Counted
from chalicelib.kernel.table import Table

from .calls import OF_CALLS, of_calls
from .guards import CENTRE, STAFF
from .measures import OF_ORDER, RELATED, of_order
from .store import CallsStore, OrderStore
from .workflow import HOTLINE, standing

COUNTED, CALLS_COUNTED = OF_ORDER, OF_CALLS
"""The acts that may change what an order, what a day of the telephones adds to the figures."""
APART = RELATED
"""The measures whose cases are not traced by single units."""


def service_of(cases: Table, order: str) -> dict[str, Any]:
    """Return whom an order served and who served: `staff` are the officials who acted. Raise Missing.

    `unit` is that which had the order last. `party` is empty where the reporter is `hidden`. Who `called` and is not
    registered cannot sign in.
    """
    store = OrderStore(cases)
    case = store.get(order)
    staff = {event.by.person for event in store.timeline(order) if event.by.role in (CENTRE, *STAFF)}
    return {"person": case.person, "party": case.party, "area": case.area, "unit": case.unit, "item": case.item,
            "number": case.number, "title": case.title, "staff": sorted(staff), "hidden": case.hidden,
            "called": case.called}


def about(cases: Table, order: str, state: str) -> dict[str, str]:
    """Return what a message that it came into `state` may say, and whose it is; `units`: those that are to help and
    have not reported. Raise Missing.
    """
    case = OrderStore(cases).get(order)
    return {"number": case.number, "title": case.title, "person": case.person, "state": HOTLINE.words[state],
            "units": " ".join(f"{case.area}.{unit}" for unit, report in case.helpers.items() if not report)}


def hands_of(cases: Table, order: str, number: int) -> Hands:
    """Return who had an order when its event `number` came, and who acted on it. Raise Missing."""
    return OrderStore(cases).hands(order, number)


def standing_of(cases: Table, order: str, who: Actor) -> str:
    """Return in what quality `who` reads the words of an order, and so its files; "" for who does not. `hidden`: a unit
    that is not shown whose it is.
    """
    case = OrderStore(cases).find(order)
    quality = standing(case, who) if case else ""
    if quality == "unit" and case and case.hidden:
        return "hidden"
    return "" if quality == "watch" else quality


def hides(cases: Table, order: str) -> bool:
    """Say whether the units are not shown whose an order is. Raise Missing."""
    return OrderStore(cases).get(order).hidden


def papers_of(cases: Table, order: str) -> Iterable[str]:
    """Return the ids of all materials that came with an order or with a reply to it."""
    parts = [part for sort in ("FORM", "REPLY#") for part in cases.every(OrderStore(cases).pk(order), prefix=sort)]
    return list(dict.fromkeys(material for part in parts for material in part.get("materials", ())))


def erased(cases: Table, order: str) -> bool:
    """Say whether the order names nobody any more. Raise Missing."""
    return OrderStore(cases).get(order).erased


def marks_of(cases: Table, order: str, calendars: Calendars) -> Counted:
    """Return what an order adds to the figures. Raise Missing."""
    case, timeline = OrderStore(cases).whole(order)
    return Counted(case.area, case.version, of_order(case, timeline, calendars))


def marks_of_calls(cases: Table, day: str) -> Counted:
    """Return what a day of the telephones adds to the figures. Raise Missing."""
    case = CallsStore(cases).get(day)
    return Counted(case.area, case.version, of_calls(case))
