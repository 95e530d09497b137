"""Ratings and corrections as this process runs them: their tables, and their treaties."""
from functools import cache

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.applications import rights as of_applications
from chalicelib.domains.hotline import rights as of_orders
from chalicelib.kernel import now
from chalicelib.kernel.identity import area_of
from chalicelib.kernel.pace import Pace
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table

from .correction_service import Corrections
from .place_service import Places
from .service import Ratings
from .store import CorrectionStore, RatingStore

A_DAY = 86_400                             # seconds


@cache
def ratings() -> Ratings:
    cases = Table(settings().cases_table)
    served = {"APPLICATION": lambda case_id: of_applications.service_of(cases, case_id),
              "ORDER": lambda case_id: of_orders.service_of(cases, case_id)}
    return Ratings(RatingStore(cases), Reference(Table(settings().reference_table)), now.now, served, accounts().office,
                   accounts().store.serves)


@cache
def places() -> Places:
    cases = Table(settings().cases_table)
    return Places(ratings(), lambda case_id, who: of_applications.standing_of(cases, case_id, who) == "desk", known)


def known(unit: str) -> bool:
    """Say whether there is such a unit."""
    return bool(accounts().store.unit_name(area_of(unit), unit))


@cache
def corrections() -> Corrections:
    store = accounts().store
    return Corrections(CorrectionStore(Table(settings().cases_table)), ratings().reference, now.now, ratings(),
                       store.serves, known)


def guard(what: str, whom: str, area: str) -> None:
    """Raise TooMany where one address gives, or one case is asked for, more in a day than the area's limits say."""
    most = places().most(area, what)
    Pace(Table(settings().figures_table), now.now).allow(f"rating-{what}#{area}", whom, most, A_DAY)
