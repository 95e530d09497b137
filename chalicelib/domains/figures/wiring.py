"""Figures as this process runs them: their table, and the treaties by which they learn what cases add."""
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.complaints import measures as complaints
from chalicelib.domains.complaints import rights as of_complaints
from chalicelib.domains.hotline import rights as of_orders
from chalicelib.domains.knowledge import rights as of_articles
from chalicelib.domains.ratings import rights as of_ratings
from chalicelib.domains.ratings import scores
from chalicelib.kernel import now
from chalicelib.kernel.calendar import Calendar
from chalicelib.kernel.identity import area_of
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.settings import settings
from chalicelib.kernel.shares import Counted, Formula
from chalicelib.kernel.table import Table

from .floors import Floors
from .indicators import HOTLINE, Indicator, per_cent
from .rebuild import Rebuild
from .service import LIMITS, FiguresDesk, measures_of
from .tally import Tally

LEVELS = "、".join(weight.replace("weight", "level") for weight in scores.WEIGHTS)
RATINGS = (*(Indicator("ratings", formula, per_cent(formula)) for formula in scores.FORMULAS),
    Indicator("ratings", Formula("composite", "综合得分", LEVELS, "ratings", scores.COMPOSITE, "GZ3"),
              scores.composite),
    Indicator("ratings", Formula("csat", "满意度得分", LEVELS, "ratings", scores.CSAT, "GZ3"),
              lambda sums, numbers, small: scores.csat(sums, small)))
COMPLAINTS = tuple(Indicator("complaints", formula, per_cent(formula)) for formula in complaints.FORMULAS)
INDICATORS: Mapping[str, Indicator] = {one.formula.name: one for one in (*HOTLINE, *RATINGS, *COMPLAINTS)}
MEASURES = frozenset({*(name for one in INDICATORS.values() for name in measures_of(one)),
                      *(f"ratings.{name}" for name in of_ratings.MEASURES)})
ACTS: Mapping[str, frozenset[str]] = {
    "ORDER": of_orders.COUNTED, "CALLS": of_orders.CALLS_COUNTED, "ARTICLE": of_articles.COUNTED,
    "RATING": of_ratings.COUNTED, "CORRECTION": of_ratings.CORRECTIONS_COUNTED, "COMPLAINT": of_complaints.COUNTED}
"""By kind, the acts that may change what a case adds."""


@cache
def figures() -> FiguresDesk:
    cases, reference = Table(settings().cases_table), Reference(Table(settings().reference_table), now.now)

    def calendars(version: str) -> Calendar:
        return reference.calendar([version]).as_of(version) or reference.calendar()

    marks: Mapping[str, Callable[[str], Counted]] = {
        "ORDER": lambda case_id: about("hotline", of_orders.marks_of(cases, case_id, calendars)),
        "CALLS": lambda case_id: about("hotline", of_orders.marks_of_calls(cases, case_id)),
        "ARTICLE": lambda case_id: about("hotline", of_articles.marks_of(cases, case_id, calendars)),
        "RATING": lambda case_id: about("ratings", of_ratings.marks_of(cases, case_id)),
        "CORRECTION": lambda case_id: about("ratings", of_ratings.marks_of_correction(cases, case_id)),
        "COMPLAINT": lambda case_id: about("complaints", of_complaints.marks_of(cases, case_id, calendars))}
    return FiguresDesk(Tally(Table(settings().figures_table)), reference, now.now, marks, INDICATORS,
                       {"hotline": LIMITS, "ratings": of_ratings.NUMBERS, "complaints": of_complaints.NUMBERS},
                       MEASURES,
                       lambda unit: accounts().store.unit_name(area_of(unit), unit),
                       frozenset(f"hotline.{name}" for name in of_orders.APART))


def about(what: str, counted: Counted) -> Counted:
    """Return marks under names that no other domain gives: two may call different things by one word."""
    return replace(counted, marks={(whose, month, f"{what}.{name}"): n
                                   for (whose, month, name), n in counted.marks.items()})


def corrections_of(rating: str) -> list[str]:
    """Return the corrections whose marks depend on a rating."""
    return of_ratings.corrections_of(figures_cases(), rating)


def rating_of(correction: str) -> str:
    """Return the rating whose marks depend on a correction."""
    return of_ratings.rating_of(figures_cases(), correction)


def figures_cases() -> Table:
    return Table(settings().cases_table)


def floors_job() -> Floors:
    from chalicelib.domains.messages.wiring import messages  # here: whoever reads figures needs nothing of it
    return Floors(figures(), accounts().store.areas, messages().announce, now.now)


def rebuild(told: Callable[[str], object]) -> Rebuild:
    return Rebuild(figures(), figures_cases(), told)
