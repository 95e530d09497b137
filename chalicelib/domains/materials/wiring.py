"""Materials as this process runs them: their tables, and their treaties with accounts, applications, the hotline."""
from collections.abc import Iterable
from functools import cache

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.applications import rights as of_applications
from chalicelib.domains.hotline import rights as of_orders
from chalicelib.kernel import now, objects
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table

from .service import OF_ORDERS, Materials
from .store import MaterialStore


@cache
def materials() -> Materials:
    here = settings()
    cases = Table(here.cases_table)

    def order(name: str) -> str:
        """Return the id of the order that a material names; "" for an application."""
        return name.removeprefix(OF_ORDERS) if name.startswith(OF_ORDERS) else ""

    def standing(name: str, who: Actor) -> str:
        return of_orders.standing_of(cases, order(name), who) if order(name) else \
            of_applications.standing_of(cases, name, who)

    def papers(name: str) -> Iterable[str]:
        return of_orders.papers_of(cases, order(name)) if order(name) else of_applications.papers_of(cases, name)

    def all_papers(name: str) -> Iterable[str]:
        return of_orders.papers_of(cases, order(name)) if order(name) else of_applications.all_papers_of(cases, name)

    def erased(name: str) -> bool:
        return of_orders.erased(cases, order(name)) if order(name) else of_applications.erased(cases, name)

    return Materials(MaterialStore(cases), Reference(Table(here.reference_table)), now.now, objects.connect,
                     standing, papers, accounts().party, all_papers, erased)
