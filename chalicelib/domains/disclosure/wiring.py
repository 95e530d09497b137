"""Disclosure as this process runs it: its tables and site, its treaties with accounts, applications and catalogue."""
from functools import cache
from secrets import token_hex

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.applications.rights import granted
from chalicelib.domains.catalogue.wiring import catalogue
from chalicelib.kernel import now, objects
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table

from .models import Licence
from .publishing import Publishing
from .service import Disclosure
from .store import DocumentStore, Turns


@cache
def disclosure() -> Disclosure:
    here = settings()
    cases = Table(here.cases_table)

    def licence(application: str, number: int) -> Licence:
        told = granted(cases, application, number)
        kind = catalogue().item(told["area"], told["item"], told["item_version"]).kind
        return Licence.model_validate(told | {"kind": kind, "office": accounts().office(told["unit"])})

    return Disclosure(DocumentStore(cases), Reference(Table(here.reference_table)), now.now,
                      Turns(Table(here.figures_table)), accounts().office, accounts().store.serves, licence)


@cache
def publishing() -> Publishing:
    return Publishing(disclosure(), objects.connect_site(), settings().site_url, now.now, lambda: token_hex(8))
