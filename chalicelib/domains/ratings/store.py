"""Where ratings and corrections are kept: a rating by its rater, a correction on the desk that must move it."""
from chalicelib.kernel.cases import CaseStore

from .correction_models import Correction
from .correction_workflow import AT_UNIT, CLOSED, WATCHED
from .models import Rating

LIMITS, TAGS = "RATING-LIMITS", "RATING-TAGS"          # pk in the table `reference`


class RatingStore(CaseStore[Rating]):
    """Parts: `WORDS#<event>`, what the rater wrote. No desk: nobody works on a rating."""

    kind, model = "RATING", Rating


class CorrectionStore(CaseStore[Correction]):
    """Parts: `REPLY#<event>`, what the unit answered."""

    kind, model = "CORRECTION", Correction

    def desk(self, case: Correction) -> str:
        return case.unit if case.state in AT_UNIT else f"{case.area}.supervision" if case.state in WATCHED else ""

    def closed(self, case: Correction) -> bool:
        return case.state in CLOSED and not case.erased
