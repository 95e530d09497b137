"""Materials as this process runs them: their tables, and their treaties with accounts and whose cases have files."""
from collections.abc import Iterable
from functools import cache
from typing import Any

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.applications import rights as of_applications
from chalicelib.domains.complaints import rights as of_complaints
from chalicelib.domains.hotline import rights as of_orders
from chalicelib.kernel import now, objects
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table

from .service import Materials
from .store import MaterialStore

RIGHTS: dict[str, Any] = {"": of_applications, "ORDER": of_orders, "COMPLAINT": of_complaints}
"""By how the name of a case begins (an application is named by its id alone): the domain that keeps it."""


@cache
def materials() -> Materials:
    here = settings()
    cases = Table(here.cases_table)

    def kept_by(name: str) -> tuple[Any, str]:
        """Return the rights of the domain of a case that a material names, and its id there."""
        kind, _, case_id = name.rpartition("#")
        return RIGHTS[kind], case_id

    def standing(name: str, who: Actor) -> str:
        domain, case_id = kept_by(name)
        return str(domain.standing_of(cases, case_id, who))

    def papers(name: str) -> Iterable[str]:
        domain, case_id = kept_by(name)
        return list(domain.papers_of(cases, case_id))

    def all_papers(name: str) -> Iterable[str]:
        domain, case_id = kept_by(name)
        return list((domain.all_papers_of if domain is of_applications else domain.papers_of)(cases, case_id))

    def erased(name: str) -> bool:
        domain, case_id = kept_by(name)
        return bool(domain.erased(cases, case_id))

    def hides(name: str) -> bool:
        domain, case_id = kept_by(name)
        return domain is not of_applications and bool(domain.hides(cases, case_id))

    return Materials(MaterialStore(cases), Reference(Table(here.reference_table)), now.now, objects.connect,
                     standing, papers, accounts().party, all_papers, erased, hides)
