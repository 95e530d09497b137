"""What other domains may ask of ratings at once: what a message may say of one, and whose it is."""
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.record import Hands
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.shares import OF_ITEM, Counted, Marks
from chalicelib.kernel.table import Table
from chalicelib.kernel.vault import digest

from .correction_models import Correction
from .correction_workflow import CORRECTIONS
from .measures import (
    CORRECTION_ACTS,
    OF_CORRECTION,
    RATING_ACTS,
    WHEN_ASKED,
    WHEN_RATED,
    Contribution,
    of_correction,
    of_rating,
)
from .models import BAD, Rating
from .signal_workflow import SIGNALS
from .store import LIMITS, CorrectionStore, RatingStore, SignalStore
from .workflow import RATINGS

COUNTED, CORRECTIONS_COUNTED, NUMBERS = RATING_ACTS, CORRECTION_ACTS, LIMITS
"""For the figures: the acts that may change what is counted, where the numbers of law are published."""
MEASURES = frozenset({*WHEN_ASKED, *WHEN_RATED, *OF_CORRECTION})
"""All that is counted of ratings and corrections."""

CALLED = {"APPLICATION": "办件", "ORDER": "诉求"}
"""By kind, what a case that is rated is called to its citizen."""


def about_rating(cases: Table, rating: str, state: str) -> dict[str, str]:
    """Return what a message to the rater may say; `person` is "" where none is to be sent. Raise Missing.

    `token` is what opens just this rating, for whoever the message reaches; `word`: what the case is called.
    """
    case = RatingStore(cases).get(rating)
    return {"number": case.number, "title": case.title, "person": _told(case), "state": RATINGS.words[state],
            "token": token_of(rating), "word": CALLED.get(case.source.partition("#")[0], "")}


def _told(case: Rating) -> str:
    """Return to whom messages of a rating go: to nobody where no name was given, nor to who cannot sign in: the number
    that a caller told proves nothing, and no link goes to it."""
    return "" if case.called else case.person


def number_days(reference: Reference, area: str, at: datetime) -> int:
    """Return for how many days no link is sent to a number that staff changed."""
    rows = reference.completed(LIMITS, reference.in_force(LIMITS, area, civil_day(at)))
    return next(int(row["number"]) for row in rows if row["name"] == "number_days")


def token_of(rating: str) -> str:
    """Return what a link to one rating says: its id, and ten characters that nobody else can make."""
    return rating + digest("rating link", rating, length=10)


def about_correction(cases: Table, correction: str, state: str) -> dict[str, str]:
    """Return what a message may say of a correction; `person` is the rater, "" if none is to be sent. `apart`: the
    rated, who read none of its messages. Raise Missing.
    """
    case = CorrectionStore(cases).get(correction)
    return {"number": case.number, "title": case.title, "person": _told(RatingStore(cases).get(case.rating)),
            "state": CORRECTIONS.words[state], "apart": "\n".join(case.rated)}


def about_signal(cases: Table, signal: str, state: str) -> dict[str, str]:
    """Return what a message may say of a sign of gaming: to the unit and the supervision. Raise Missing."""
    case = SignalStore(cases).get(signal)
    return {"number": case.number, "title": case.title, "person": "", "state": SIGNALS.words[state]}


def hands_of(cases: Table, correction: str, number: int) -> Hands:
    """Return who had a correction when its event `number` came, and who acted on it. Raise Missing."""
    return CorrectionStore(cases).hands(correction, number)


def hands_of_signal(cases: Table, signal: str, number: int) -> Hands:
    """Return the same of a sign of gaming. Raise Missing."""
    return SignalStore(cases).hands(signal, number)


def marks_of(cases: Table, rating: str) -> Counted:
    """Return what a rating adds to the figures. One that is or was bad depends on its correction too, whose version
    counts with its own. Raise Missing.
    """
    case = RatingStore(cases).get(rating)
    found = _corrections(cases, rating) if case.level in BAD or case.changed else []
    version = case.version + sum(one.version for one in found)
    return Counted(case.area, version, _marks(of_rating(case, found[-1] if found else None)))


def marks_of_correction(cases: Table, correction: str) -> Counted:
    """Return what a correction adds to the figures; it depends on its rating too, whose version counts with its own.

    Raise Missing.
    """
    case = CorrectionStore(cases).get(correction)
    rating = RatingStore(cases).get(case.rating)
    return Counted(case.area, case.version + rating.version, _marks(of_correction(case, rating)))


def corrections_of(cases: Table, rating: str) -> list[str]:
    """Return the ids of the corrections that were opened for a rating."""
    return [case.id for case in _corrections(cases, rating)]


def rating_of(cases: Table, correction: str) -> str:
    """Return the id of the rating of a correction. Raise Missing."""
    return CorrectionStore(cases).get(correction).rating


def _corrections(cases: Table, rating: str) -> list[Correction]:
    """Return the corrections of a rating, the later of two last."""
    store = CorrectionStore(cases)
    return [case for case in map(store.find, store.ids_of(rating)) if case]


def _marks(contributions: Iterable[Contribution]) -> Marks:
    """Return each contribution as marks of its unit, and of its item where it has one."""
    marks = Counter[tuple[str, str, str]]()
    for one in contributions:
        for whose in (one.unit, *([f"{OF_ITEM}{one.item}"] if one.item else [])):
            marks.update({(whose, one.month, name): n for name, n in one.sums.items()})
    return marks


def rated_in(cases: Table, rating: str) -> dict[str, Any]:
    """Return area and person of a rating, and the officials rated in it (`staff`). Raise Missing."""
    case = RatingStore(cases).get(rating)
    return {"area": case.area, "person": case.person, "staff": case.rated}
