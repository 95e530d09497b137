"""The hotline as this process runs it: its tables, and its treaties with accounts."""
from functools import cache

from chalicelib.domains.accounts.wiring import accounts, callers
from chalicelib.kernel import now
from chalicelib.kernel.identity import area_of
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table

from .service import Hotline
from .store import OrderStore

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@cache
def hotline() -> Hotline:
    here, there = settings(), accounts()
    return Hotline(OrderStore(Table(here.cases_table)), Reference(Table(here.reference_table)), now.now,
                   there.party, callers().caller, there.store.serves,
                   lambda unit: bool(there.store.unit_name(area_of(unit), unit)), LETTERS[:here.number_shards])
