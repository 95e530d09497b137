"""Maintenance as this process knows it."""
from functools import cache

from chalicelib.kernel import now
from chalicelib.kernel.maintenance import Maintenance
from chalicelib.kernel.marks import Marks
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table

from .service import Announcing


@cache
def maintenance() -> Maintenance:
    return Maintenance(Table(settings().reference_table), lambda: now.now())


def announcing() -> Announcing:
    return Announcing(maintenance(), Marks(Table(settings().figures_table)), now.now)
