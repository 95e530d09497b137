"""What other domains may ask of an order at once: what was served and by whom, what to call it."""
from typing import Any

from chalicelib.kernel.record import Hands
from chalicelib.kernel.table import Table

from .store import OrderStore
from .workflow import CENTRE, HOTLINE, STAFF


def service_of(cases: Table, order: str) -> dict[str, Any]:
    """Return whom an order served and who served: `staff` are the officials who acted. Raise Missing.

    `unit` is that which had the order last. `party` is empty where the reporter is `hidden`. Who called and is not
    registered cannot sign in: not `reachable`.
    """
    store = OrderStore(cases)
    case = store.get(order)
    staff = {event.by.person for event in store.timeline(order) if event.by.role in (CENTRE, *STAFF)}
    return {"person": case.person, "party": case.party, "area": case.area, "unit": case.unit, "item": case.item,
            "number": case.number, "title": case.title, "staff": sorted(staff), "hidden": case.hidden,
            "reachable": bool(case.person) and not case.called}


def about(cases: Table, order: str, state: str) -> dict[str, str]:
    """Return what a message that it came into `state` may say, and whose it is. Raise Missing."""
    case = OrderStore(cases).get(order)
    return {"number": case.number, "title": case.title, "person": case.person, "state": HOTLINE.words[state]}


def hands_of(cases: Table, order: str, number: int) -> Hands:
    """Return who had an order when its event `number` came, and who acted on it. Raise Missing."""
    return OrderStore(cases).hands(order, number)
