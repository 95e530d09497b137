"""Supervision as this process runs it: its tables, and its treaties."""
from collections.abc import Mapping
from functools import cache

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.applications import rights as of_applications
from chalicelib.domains.complaints import rights as of_complaints
from chalicelib.domains.disclosure import rights as of_documents
from chalicelib.domains.disclosure.checks import findings
from chalicelib.domains.hotline import rights as of_orders
from chalicelib.domains.materials.wiring import materials
from chalicelib.domains.privacy import rights as of_requests
from chalicelib.domains.ratings import rights as of_corrections
from chalicelib.kernel import now
from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.identity import area_of
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table

from .bulletin_service import Bulletins
from .dispatch_service import Dispatches
from .firing import Firing
from .opening import Opening
from .order_service import Orders
from .service import HandsOf, Supervision
from .store import CardStore, DispatchStore, OrderStore
from .tally import Tally

NUMBERS = ("resident-id", "bank-card")     # of persons: what an appeal does not tell


@cache
def supervision() -> Supervision:
    cases = Table(settings().cases_table)
    hands: Mapping[str, HandsOf] = {
        "APPLICATION": lambda case_id, number: of_applications.hands_of(cases, case_id, number),
        "ORDER": lambda case_id, number: of_orders.hands_of(cases, case_id, number),
        "CORRECTION": lambda case_id, number: of_corrections.hands_of(cases, case_id, number),
        "SIGNAL": lambda case_id, number: of_corrections.hands_of_signal(cases, case_id, number),
        "COMPLAINT": lambda case_id, number: of_complaints.hands_of(cases, case_id, number),
        "DOCUMENT": lambda case_id, number: of_documents.hands_of(cases, case_id, number),
        "SUBJECT": lambda case_id, number: of_requests.hands_of(cases, case_id, number)}

    def personal(text: str) -> list[str]:
        return [one.words for one in findings("/text", text, civil_day(now.now()))
                if one.kind in NUMBERS and one.level == "block"]

    return Supervision(CardStore(cases), Reference(Table(settings().reference_table)), now.now,
                       accounts().store.serves, hands, materials().unreadable, personal)


@cache
def firing() -> Firing:
    return Firing(supervision(), Tally(Table(settings().figures_table)))


@cache
def dispatches() -> Dispatches:
    here = supervision()
    return Dispatches(DispatchStore(here.store.table), here.reference, here.clock, here.store)


@cache
def orders() -> Orders:
    here, store = supervision(), accounts().store
    return Orders(OrderStore(here.store.table), here.reference, here.clock, here.store, store.serves,
                  lambda unit: bool(store.unit_name(area_of(unit), unit)), here.hands)


def opening() -> Opening:
    return Opening(orders())


@cache
def bulletins() -> Bulletins:
    return Bulletins(firing().tally, now.now)
