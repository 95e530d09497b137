"""The published calendar as this process knows it."""
from functools import cache

from chalicelib.kernel.reference import Reference
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table

from .service import Calendars


@cache
def calendars() -> Calendars:
    return Calendars(Reference(Table(settings().reference_table)))
