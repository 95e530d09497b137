"""Where applications are kept: on the desk of the unit that must move them, and by the person whose they are."""
from chalicelib.kernel.cases import CaseStore

from .models import Application
from .workflow import ENDED, government_of

LIMITS, HOURS = "APPLICATION-LIMITS", "OFFICE-HOURS"      # pk in the table `reference`
WAITING = ("draft", "returned", "correcting")
"""States in which the applicant has to move: on no official's desk."""


class ApplicationStore(CaseStore[Application]):
    """Parts: `FORM#<event>` (what was handed in), `LACKS#<event>` (what is lacking), `REASON#<event>` (a refusal's)."""

    kind, model = "APPLICATION", Application

    def desk(self, case: Application) -> str:
        if case.joint and case.asked_days:
            return government_of(case.area)        # it decides on the extension
        return "" if case.state in (*ENDED, *WAITING) else case.unit

    def closed(self, case: Application) -> bool:
        return case.state in ENDED and case.state != "discarded" and not case.erased

    def ended(self, case: Application) -> bool:
        return case.state in ENDED
