"""The calendar as this process knows it: what is published, what is on its way there; its treaty with supervision."""
from functools import cache

from chalicelib.domains.supervision.rules import MISSED
from chalicelib.kernel import now
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table

from .proposals import Proposals
from .service import Calendars
from .store import ProposalStore


@cache
def calendars() -> Calendars:
    return Calendars(Reference(Table(settings().reference_table)))


@cache
def proposals() -> Proposals:
    return Proposals(ProposalStore(Table(settings().cases_table)), calendars().reference, now.now,
                     lambda kind, clock: (kind, clock) in MISSED)
