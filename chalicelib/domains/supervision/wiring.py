"""Supervision as this process runs it: its tables, and its treaty with accounts."""
from functools import cache

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.kernel import now
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table

from .service import Supervision
from .store import CardStore


@cache
def supervision() -> Supervision:
    return Supervision(CardStore(Table(settings().cases_table)), Reference(Table(settings().reference_table)), now.now,
                       accounts().store.serves)
