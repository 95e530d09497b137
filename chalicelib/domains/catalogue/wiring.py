"""The catalogue as this process runs it."""
from functools import cache

from chalicelib.kernel import now
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table

from .service import Catalogue
from .store import CatalogueStore


@cache
def catalogue() -> Catalogue:
    return Catalogue(CatalogueStore(Table(settings().reference_table), now.now), now.now)
