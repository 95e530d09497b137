"""Where orders are kept: on the desk of the unit or of the centre, and by the citizen whose they are."""
from collections.abc import Iterator

from chalicelib.kernel.cases import SHARDS, CaseStore
from chalicelib.kernel.table import Item

from .models import Order
from .workflow import ENDED, centre_of

LIMITS = "HOTLINE-LIMITS"                  # pk in the table `reference`


class OrderStore(CaseStore[Order]):
    """Parts: `FORM` (content and place), `REPLY#<event>` (to the citizen), `REASON#<event>` (inside)."""

    kind, model = "ORDER", Order

    def desk(self, case: Order) -> str:
        return "" if case.state in ENDED else case.unit

    def shards(self, desk: str) -> int:
        """The centre's desk takes every call of the area; a unit's does not."""
        return SHARDS if desk == centre_of(desk.partition(".")[0]) else 1

    def closed(self, case: Order) -> bool:
        return case.state in ENDED and not case.erased

    def said(self, case_id: str, sort: str) -> Iterator[Item]:
        """Yield the long texts of one sort (REPLY, REASON), oldest first."""
        yield from self.table.every(self.pk(case_id), prefix=f"{sort}#")
