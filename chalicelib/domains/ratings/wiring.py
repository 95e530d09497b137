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
from .service import Ratings
from .store import CorrectionStore, RatingStore

A_DAY = 86_400                             # seconds


@cache
def ratings() -> Ratings:
    cases = Table(settings().cases_table)
    served = {"APPLICATION": lambda case_id: of_applications.service_of(cases, case_id),
              "ORDER": lambda case_id: of_orders.service_of(cases, case_id)}
    return Ratings(RatingStore(cases), Reference(Table(settings().reference_table)), now.now, served, accounts().office)


@cache
def corrections() -> Corrections:
    store = accounts().store
    return Corrections(CorrectionStore(Table(settings().cases_table)), ratings().reference, now.now, ratings(),
                       store.serves, lambda unit: bool(store.unit_name(area_of(unit), unit)))


def guard_window(source: str, area: str) -> None:
    """Raise TooMany where one address rates at windows of an area too often."""
    most = ratings().most_per_address(area)
    Pace(Table(settings().figures_table), now.now).allow(f"rate-window#{area}", source, most, A_DAY)
