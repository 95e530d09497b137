"""The knowledge base as this process runs it."""
from functools import cache

from chalicelib.kernel import now
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table

from .service import Knowledge
from .store import ArticleStore


@cache
def knowledge() -> Knowledge:
    here = settings()
    return Knowledge(ArticleStore(Table(here.cases_table)), Reference(Table(here.reference_table)), now.now)
