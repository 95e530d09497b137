"""What other domains may ask of a complaint at once: what to call it, who had it, whose files it has."""
from collections.abc import Iterable

from chalicelib.kernel.identity import Actor
from chalicelib.kernel.record import Hands
from chalicelib.kernel.runs import Calendars
from chalicelib.kernel.shares import Counted
from chalicelib.kernel.table import Table

from .measures import OF_COMPLAINT, of_complaint
from .store import LIMITS, ComplaintStore
from .workflow import COMPLAINTS, standing

COUNTED, NUMBERS = OF_COMPLAINT, LIMITS
"""The acts that may change what a complaint adds to the figures; the table of the numbers that bound them."""


def about(cases: Table, complaint: str, state: str) -> dict[str, str]:
    """Return what a message that it came into `state` may say, whose it is, and who is kept `apart` from it. Raise
    Missing.
    """
    case = ComplaintStore(cases).get(complaint)
    return {"number": case.number, "title": case.title, "person": case.person, "state": COMPLAINTS.words[state],
            "apart": "\n".join(case.involved)}


def hands_of(cases: Table, complaint: str, number: int) -> Hands:
    """Return who had a complaint when its event `number` came, and who acted on it. Raise Missing."""
    return ComplaintStore(cases).hands(complaint, number)


def standing_of(cases: Table, complaint: str, who: Actor) -> str:
    """Return in what quality `who` reads the words of a complaint, and so its files; "" for who does not."""
    case = ComplaintStore(cases).find(complaint)
    quality = standing(case, who) if case else ""
    return "" if quality == "watch" else quality


def hides(cases: Table, complaint: str) -> bool:
    """Say whether the units are not shown whose a complaint is. Raise Missing."""
    return ComplaintStore(cases).get(complaint).hidden


def papers_of(cases: Table, complaint: str) -> Iterable[str]:
    """Return the ids of all materials that came with a complaint or with the answer to it."""
    parts = [part for sort in ("FORM", "ANSWER#") for part in cases.every(ComplaintStore(cases).pk(complaint),
                                                                          prefix=sort)]
    return list(dict.fromkeys(material for part in parts for material in part.get("materials", ())))


def marks_of(cases: Table, complaint: str, calendars: Calendars) -> Counted:
    """Return what a complaint adds to the figures. Raise Missing."""
    case, timeline = ComplaintStore(cases).whole(complaint)
    return Counted(case.area, case.version, of_complaint(case, timeline, calendars))


def erased(cases: Table, complaint: str) -> bool:
    """Say whether the complaint names nobody any more. Raise Missing."""
    return ComplaintStore(cases).get(complaint).erased
