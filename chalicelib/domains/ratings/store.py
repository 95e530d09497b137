"""Where ratings and corrections are kept: a rating by its rater, a correction on the desk that must move it."""
from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.cases import CaseStore, instant
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.record import Key
from chalicelib.kernel.table import Item, Page, Table
from chalicelib.kernel.vault import digest

from .correction_models import Correction
from .correction_workflow import AT_UNIT, CLOSED, WATCHED
from .models import Rating
from .nodes import FIRST_VISIT
from .signal_models import Signal
from .signal_workflow import ENDED, HEARD

LIMITS, TAGS, NODES, CHANNELS = "RATING-LIMITS", "RATING-TAGS", "RATING-NODES", "RATING-CHANNELS"
SIGNS = "RATING-SIGNALS"
"""What is published in the table `reference`."""


class RatingStore(CaseStore[Rating]):
    """Parts: `WORDS#<event>`, what the rater wrote. No desk: nobody works on a rating.

    Beside them: pk `VISITS#<KIND>#<id>`, sk the rating of a visit in that case.
    """

    kind, model = "RATING", Rating

    def closed(self, case: Rating) -> bool:
        """One of no case has a time of keeping of its own; any other goes with the case that was rated."""
        return case.state == "rated" and not case.source and not case.erased

    def next_visit(self, source: str, rating: str) -> int:
        """Take the number of a case's next visit among its services, and enter its rating; a gap does no harm."""
        self.table.save(self.table.put({"pk": f"VISITS#{source}", "sk": rating}))
        return FIRST_VISIT + self.table.count_up(f"NUMBER#VISIT#{source}", "COUNTER")

    def drop_visit(self, source: str, rating: str) -> None:
        """Let nothing lead from a case to the rating of a visit in it. Twice changes nothing."""
        self.table.save(self.table.delete(f"VISITS#{source}", rating))

    def visits(self, source: str) -> list[str]:
        """Return the ids of the ratings of a case's visits; of some nothing may have come."""
        return [item["sk"] for item in self.table.every(f"VISITS#{source}")]


class CorrectionStore(CaseStore[Correction]):
    """Parts: `REPLY#<event>`, what the unit answered."""

    kind, model = "CORRECTION", Correction

    def keys_of(self, rating: str) -> list[Key]:
        """Return the keys of the corrections that a rating may have: of what was said, and of what it was changed to.
        """
        return [Key(digest("correct", rating, which, length=10), "RATING") for which in ("said", "changed")]

    def ids_of(self, rating: str) -> list[str]:
        return [self.id_for(SYSTEM.person, key) for key in self.keys_of(rating)]

    def desk(self, case: Correction) -> str:
        return case.unit if case.state in AT_UNIT else f"{case.area}.supervision" if case.state in WATCHED else ""

    def closed(self, case: Correction) -> bool:
        return case.state in CLOSED and not case.erased


class SignalStore(CaseStore[Signal]):
    """On the desk of the unit while it may object, then of who judges."""

    kind, model = "SIGNAL", Signal

    def desk(self, case: Signal) -> str:
        return case.unit if case.state == "raised" else f"{case.area}.supervision" if case.state in HEARD else ""

    def closed(self, case: Signal) -> bool:
        return case.state in ENDED


class PublishedStore:
    """Representative bad ratings as the public reads them. Table `reference`: pk `RATING-PUBLISHED#<area>`, sk
    `<instant of the rating>~<correction>`."""

    def __init__(self, table: Table):
        self.table = table

    def put(self, case: Correction, office: str) -> None:
        """Let an entry be as the case says: there, or not."""
        pk, sk = f"RATING-PUBLISHED#{case.area}", f"{instant(case.opened_at)}~{case.id}"
        if case.published is None:
            self.table.save(self.table.delete(pk, sk))
            return
        self.table.save(self.table.put({
            "pk": pk, "sk": sk, "unit": case.unit, "office": office, "month": f"{civil_day(case.opened_at):%Y-%m}",
            "level": case.level, "tags": list(case.tags), "result": case.result, "text": case.text,
            "published": instant(case.published)}))

    def page(self, area: str, limit: int, after: Item | None) -> Page:
        return self.table.page(f"RATING-PUBLISHED#{area}", limit=limit, after=after, newest_first=True)
