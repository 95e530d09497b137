"""Where ratings and corrections are kept: a rating by its rater, a correction on the desk that must move it."""
from chalicelib.kernel.cases import CaseStore

from .correction_models import Correction
from .correction_workflow import AT_UNIT, CLOSED, WATCHED
from .models import Rating
from .nodes import FIRST_VISIT

LIMITS, TAGS, NODES, CHANNELS = "RATING-LIMITS", "RATING-TAGS", "RATING-NODES", "RATING-CHANNELS"
"""What is published in the table `reference`."""


class RatingStore(CaseStore[Rating]):
    """Parts: `WORDS#<event>`, what the rater wrote. No desk: nobody works on a rating.

    Beside them: pk `VISITS#<KIND>#<id>`, sk the rating of a visit in that case.
    """

    kind, model = "RATING", Rating

    def next_visit(self, source: str, rating: str) -> int:
        """Take the number of a case's next visit among its services, and enter its rating; a gap does no harm."""
        self.table.save(self.table.put({"pk": f"VISITS#{source}", "sk": rating}))
        return FIRST_VISIT + self.table.count_up(f"NUMBER#VISIT#{source}", "COUNTER")

    def visits(self, source: str) -> list[str]:
        """Return the ids of the ratings of a case's visits; of some nothing may have come."""
        return [item["sk"] for item in self.table.every(f"VISITS#{source}")]


class CorrectionStore(CaseStore[Correction]):
    """Parts: `REPLY#<event>`, what the unit answered."""

    kind, model = "CORRECTION", Correction

    def desk(self, case: Correction) -> str:
        return case.unit if case.state in AT_UNIT else f"{case.area}.supervision" if case.state in WATCHED else ""

    def closed(self, case: Correction) -> bool:
        return case.state in CLOSED and not case.erased
