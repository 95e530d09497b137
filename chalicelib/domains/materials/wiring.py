"""Materials as this process runs them: their tables, and their treaties with accounts and applications."""
from collections.abc import Iterable
from functools import cache

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.applications.rights import all_papers_of, erased, papers_of, standing_of
from chalicelib.kernel import now, objects
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table

from .service import Materials
from .store import MaterialStore


@cache
def materials() -> Materials:
    here = settings()
    cases = Table(here.cases_table)

    def papers(application: str) -> Iterable[str]:
        return papers_of(cases, application)

    return Materials(MaterialStore(cases), Reference(Table(here.reference_table)), now.now, objects.connect,
                     lambda application, who: standing_of(cases, application, who), papers, accounts().party,
                     lambda application: all_papers_of(cases, application),
                     lambda application: erased(cases, application))
