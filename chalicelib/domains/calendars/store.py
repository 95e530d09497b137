"""Where notices on their way into the calendar are kept, and how the cases that wait are looked through."""
from chalicelib.kernel.cases import DESK, DUE, CaseStore
from chalicelib.kernel.table import Item, Page

from .models import Proposal

PENDING = ("proposed", "approved")


class ProposalStore(CaseStore[Proposal]):
    """A notice stays on the keepers' desk, whatever becomes of it: there are a few a year."""

    kind, model = "CALENDAR", Proposal

    def desk(self, case: Proposal) -> str:
        return case.area

    def pending(self, area: str, number: str) -> bool:
        """Say whether a notice of that number was entered and is not decided on, or just approved."""
        return any(item["number"] == number and item["state"] in PENDING
                   for item in self.table.every(f"{self.kind}#{area}", index=DESK))

    def waiting(self, limit: int, after: Item | None) -> Page:
        """Return a page of the cases of all kinds that have a running clock: their STATE items."""
        page = self.table.scan(limit, after, DUE)
        return Page(self.table.get_many([(item["pk"], item["sk"]) for item in page.items]), page.last)
