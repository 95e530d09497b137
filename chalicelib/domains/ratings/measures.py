"""What one rating, and one correction, adds to the sums of its unit, item and month. Pure: one row per measure.

Whoever counts takes these from the case as it is after an event, in place of what its former version gave: what is
excluded, annulled or changed then leaves the sums by itself. No measure names or tells of a person. `scores.py` says
what the sums mean.
"""
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.calendar import civil_day

from .correction_models import Correction
from .models import BAD, Rating, sort_of

LEVELS = (5, 4, 3, 2, 1)
ASKED = ("case", "visit")
"""The sorts for which somebody was asked, so that silence can be told."""
RIGHTED = ("calling", "called", "closed")
"""The states of a correction whose result was checked and passed."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a case adds, and where: `month` as 2026-03, `window` and `item` "" where there is none."""

    area: str
    unit: str
    item: str
    window: str
    month: str
    sums: Mapping[str, int]


def counted(case: Rating) -> bool:
    """Say whether a rating counts for the scores: a citizen's own word, not found wrong, never praise by default."""
    return case.state == "rated" and sort_of(case) != "inspection" and not case.excluded and not case.is_default


def _asked(case: Rating) -> bool:
    return sort_of(case) in ASKED and case.state in ("invited", "rated", "unrated")


WHEN_ASKED: Mapping[str, Callable[[Rating], bool]] = {
    "asked": _asked,
    "could_rate": lambda case: _asked(case) and case.state in ("rated", "unrated"),
    "answered": lambda case: _asked(case) and case.state == "rated" and not case.is_default,
    "defaults": lambda case: case.is_default,
}
"""Of the month in which it was asked."""
WHEN_RATED: Mapping[str, Callable[[Rating], bool]] = {
    "ratings": counted,
    **{f"level_{level}": lambda case, level=level: counted(case) and case.level == level  # type: ignore[misc]
       for level in LEVELS},
    "good": lambda case: counted(case) and case.level not in BAD,
    "bad": lambda case: counted(case) and case.level in BAD,
    "real_name": lambda case: counted(case) and not case.anonymous,
    "changed": lambda case: counted(case) and case.changed,
    "excluded": lambda case: case.state == "rated" and bool(case.excluded),
    "inspections": lambda case: case.state == "rated" and sort_of(case) == "inspection",
    "inspections_bad": lambda case: case.state == "rated" and sort_of(case) == "inspection" and case.level in BAD,
}
"""Of the month in which it was rated."""


def _bad(case: Correction) -> bool:
    return case.level in BAD and case.state != "annulled"


def _upheld(case: Correction) -> bool:
    return _bad(case) and case.state != "excluded"


def _righted(case: Correction) -> bool:
    return _upheld(case) and case.state in RIGHTED


def _named(case: Correction) -> bool:
    return _upheld(case) and not case.anonymous


OF_CORRECTION: Mapping[str, Callable[[Correction], bool]] = {
    "bad_opened": _bad,
    "bad_ended": lambda case: _bad(case) and case.state in ("closed", "excluded"),
    "bad_upheld": _upheld,
    "righted": _righted,
    "righted_in_time": lambda case: _righted(case) and case.corrected_in_time is True,
    "explained": lambda case: _righted(case) and case.result == "explained",
    "named": _named,
    "named_contacted_in_time": lambda case: _named(case) and case.contacted_in_time is True,
    "named_righted_and_called": lambda case: _named(case) and _righted(case) and case.satisfied is not None,
    "called": lambda case: _bad(case) and case.satisfied is not None,
    "called_content": lambda case: _bad(case) and case.satisfied is True,
    "mistaken": lambda case: _bad(case) and case.state == "excluded" and case.judgement == "mistaken",
    "malicious": lambda case: _bad(case) and case.state == "excluded" and case.judgement == "malicious",
}
"""Of the month in which the bad rating was received, and the unit that had it last."""
OF_ONE_LEFT_OUT = ("bad_opened", "bad_ended", "called", "called_content")
"""What a correction still counts for whose rating was found to be gamed: that it came, and has an end."""


RATING_ACTS = frozenset({
    "invite", "ask", "rate_at_window", "inspect", "rate", "change", "note_default", "exclude", "expire", "annul"})
CORRECTION_ACTS = frozenset({
    "open", "contact", "admit", "admit_at_once", "dispute", "uphold", "overrule", "redirect", "correct", "pass",
    "send_back", "call_back", "close", "rework", "refresh", "annul", "overdue_contact", "overdue_correct",
    "overdue_at_once"})
"""The acts that may change what a rating, what a correction adds."""


def of_rating(case: Rating, correction: Correction | None = None) -> Iterator[Contribution]:
    """Yield what a rating adds: to the month in which it was asked, and to that in which it was rated.

    What was said counts for the unit to which the supervisor gave its correction, not for the one that is not at fault:
    of that unit neither item nor window is known.
    """
    unit = correction.unit if correction and correction.state != "annulled" else case.unit
    for measures, at, whose in ((WHEN_ASKED, case.opened_at, case.unit),
                                (WHEN_RATED, case.rated_at or case.opened_at, unit)):
        if sums := {name: 1 for name, holds in measures.items() if holds(case)}:
            own = whose == case.unit
            yield Contribution(case.area, whose, case.item if own else "", case.window if own else "", month_of(at),
                               sums)


def of_correction(case: Correction, rating: Rating) -> Iterator[Contribution]:
    """Yield what a correction adds; of its rating only item and window, which the correction itself does not hold.

    What an inspection found is put right too, and is no citizen's bad rating.
    """
    sums = {name: 1 for name, holds in OF_CORRECTION.items()
            if holds(case) and (not rating.excluded or case.state == "excluded" or name in OF_ONE_LEFT_OUT)}
    if sums and sort_of(rating) != "inspection":
        own = rating.unit == case.unit
        yield Contribution(case.area, case.unit, rating.item if own else "", rating.window if own else "",
                           month_of(case.opened_at), sums)


def month_of(at: datetime) -> str:
    return f"{civil_day(at):%Y-%m}"
