"""Complaints as this process runs them: their tables, and their treaties with their neighbours."""
from functools import cache

from chalicelib.domains.accounts.wiring import accounts, callers
from chalicelib.domains.applications import rights as of_applications
from chalicelib.domains.hotline import rights as of_orders
from chalicelib.domains.materials.wiring import materials
from chalicelib.domains.ratings import rights as of_ratings
from chalicelib.domains.threads import rights as of_threads
from chalicelib.kernel import now
from chalicelib.kernel.identity import area_of
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table

from .service import Complaints
from .store import ComplaintStore


@cache
def complaints() -> Complaints:
    cases, known = Table(settings().cases_table), accounts().store
    matters = {"APPLICATION": lambda case_id: of_applications.service_of(cases, case_id),
               "ORDER": lambda case_id: of_orders.service_of(cases, case_id),
               "RATING": lambda case_id: of_ratings.rated_in(cases, case_id)}
    return Complaints(ComplaintStore(cases), Reference(Table(settings().reference_table)), now.now,
                      accounts().party, callers().caller, known.serves,
                      lambda unit: bool(known.unit_name(area_of(unit), unit)), known.offices,
                      materials().unreadable, matters, lambda member, who: (
                          of_threads.answered_by_another(cases, member, who)))
