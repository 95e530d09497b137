"""Where complaints are kept: by whoever brought them, on the desk that must move them, in the ledger of their month."""
from collections.abc import Iterator

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.cases import DESK, CaseStore, instant
from chalicelib.kernel.record import NEW
from chalicelib.kernel.table import Item, Page
from chalicelib.kernel.workflow import Step

from .guards import AT_DESK, AT_UNIT, CLOSED, desk_of
from .models import Complaint

LIMITS, CAUSES, REMEDIES = "COMPLAINT-LIMITS", "COMPLAINT-CAUSES", "COMPLAINT-REMEDIES"
"""What is published in the table `reference`: limits and numbers, why things go wrong, where else a matter belongs."""


class ComplaintStore(CaseStore[Complaint]):
    """Parts: `FORM`, `ANSWER#<event>`, `REASON#<event>`, `MEASURE#<event>`.

    Beside them `LEDGER`, in the index `desk` under sort, area and month of receipt, as long as the case is kept.
    """

    kind, model = "COMPLAINT", Complaint

    def desk(self, case: Complaint) -> str:
        return case.unit if case.state in AT_UNIT else desk_of(case.area) if case.state in AT_DESK else ""

    def closed(self, case: Complaint) -> bool:
        return case.state in CLOSED and not case.erased

    def writes(self, step: Step[Complaint]) -> tuple[Item, ...]:
        """Return the writes of an act; with the first, that by which the case stands in its ledger."""
        case, lines = step.case, tuple[Item, ...]()
        if step.event.source == NEW:
            lines = (self.table.put({"pk": self.pk(case.id), "sk": "LEDGER", "desk_at": instant(case.opened_at),
                                     "desk": f"{self.kind}#{ledger_of(case)}"}),)
        return (*super().writes(step), *lines)

    def ledger(self, area: str, month: str, sort: str, limit: int, after: Item | None) -> tuple[list[Complaint], Page]:
        """Return a page of what came in a month, the first first, as it is now."""
        listed = self.table.page(f"{self.kind}#{sort}@{area}#{month}", index=DESK, limit=limit, after=after)
        items = self.table.get_many([(item["pk"], "STATE") for item in listed.items])
        return [self.model.model_validate({**item, "id": item["pk"].partition("#")[2]}) for item in items], listed

    def said(self, case_id: str, sort: str) -> Iterator[Item]:
        """Yield the long texts of one sort (ANSWER, REASON, MEASURE), oldest first."""
        yield from self.table.every(self.pk(case_id), prefix=f"{sort}#")


def ledger_of(case: Complaint) -> str:
    return f"{case.sort}@{case.area}#{civil_day(case.opened_at):%Y-%m}"
