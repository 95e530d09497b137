"""Threads as this process runs them."""
from functools import cache

from chalicelib.kernel import now
from chalicelib.kernel.casework import KINDS
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table

from .following import Following
from .service import Threads
from .store import ThreadStore


@cache
def threads() -> Threads:
    here = settings()
    return Threads(ThreadStore(Table(here.cases_table)), Reference(Table(here.reference_table)), now.now, KINDS)


def following() -> Following:
    return Following(threads())
