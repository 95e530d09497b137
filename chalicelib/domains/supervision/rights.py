"""What other domains may ask of a card, an order or a dispatching slot at once: its name, and whom it concerns."""
from chalicelib.kernel.table import Table

from .dispatch_workflow import DISPATCHES
from .order_workflow import ORDERS
from .store import CardStore, DispatchStore, OrderStore
from .workflow import CARDS


def about(cases: Table, card: str, state: str) -> dict[str, str]:
    """Return what a message that it came into `state` may say; `person` is the unit carded. Raise Missing."""
    case = CardStore(cases).get(card)
    return {"number": case.number, "title": case.title, "person": case.person, "state": CARDS.words[state]}


def about_dispatch(cases: Table, dispatch: str, state: str) -> dict[str, str]:
    """Return what a message of a slot may say; `units`: those on its list, parted by blanks. Raise Missing."""
    store = DispatchStore(cases)
    case, units = store.get(dispatch), sorted(store.part(dispatch, "LIST")["counts"])
    return {"number": case.number, "title": case.title, "person": "", "units": " ".join(units),
            "state": DISPATCHES.words[state]}


def about_order(cases: Table, order: str, state: str) -> dict[str, str]:
    """Return what a message of a supervision order may say; `person` is the unit ordered. Raise Missing."""
    case = OrderStore(cases).get(order)
    return {"number": case.number, "title": case.title, "person": case.person, "state": ORDERS.words[state]}
