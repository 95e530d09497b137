"""What other domains may ask of a card at once: what to call it, and which unit it is on."""
from chalicelib.kernel.table import Table

from .store import CardStore
from .workflow import CARDS


def about(cases: Table, card: str, state: str) -> dict[str, str]:
    """Return what a message that it came into `state` may say; `person` is the unit carded. Raise Missing."""
    case = CardStore(cases).get(card)
    return {"number": case.number, "title": case.title, "person": case.person, "state": CARDS.words[state]}
