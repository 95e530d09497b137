"""Notices as this process runs them: their tables, and their treaties with applications, accounts and catalogue."""
from functools import cache

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.applications.content import content_of
from chalicelib.domains.applications.rights import acts_of, standing_of
from chalicelib.domains.catalogue.wiring import catalogue
from chalicelib.kernel import now
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table

from .service import Content, Notices
from .store import PaperStore


@cache
def notices() -> Notices:
    cases, reference = Table(settings().cases_table), Reference(Table(settings().reference_table))

    def content(application: str, number: int) -> Content:
        return content_of(cases, application, number, reference.calendar(), names)

    def names(area: str, code: str, version: int) -> dict[str, str]:
        return {one.id: one.name for one in catalogue().item(area, code, version).materials}

    return Notices(PaperStore(cases), reference, now.now, content,
                   lambda application, who: standing_of(cases, application, who),
                   lambda application: acts_of(cases, application), accounts().office)
