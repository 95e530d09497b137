"""Where cards are kept: on the desk of the area's supervision, and by the unit carded."""
from chalicelib.kernel.cases import CaseStore

from .models import Card
from .workflow import OPEN


class CardStore(CaseStore[Card]):
    """A card lies on the supervisor's desk until it is closed; the unit finds its own under `person`."""

    kind, model = "CARD", Card

    def desk(self, case: Card) -> str:
        return case.unit if case.state in OPEN else ""

    def closed(self, case: Card) -> bool:
        return case.state in ("noted", "closed", "annulled")
