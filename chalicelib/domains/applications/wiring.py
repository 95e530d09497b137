"""Applications as this process runs them: their tables, and their treaties with their neighbours."""
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.catalogue.wiring import catalogue
from chalicelib.domains.materials.wiring import materials
from chalicelib.domains.notices.store import PaperStore
from chalicelib.kernel import now
from chalicelib.kernel.pace import Pace
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table

from .offers import Offer
from .service import Applications
from .store import ApplicationStore

PER_ADDRESS, PER_NUMBER, WINDOW = 60, 20, 600      # tries to follow a case, in so many seconds


@cache
def applications() -> Applications:
    here, serves = settings(), accounts().store.serves

    def unstored(person: str, given: Mapping[str, str]) -> Iterable[str]:
        return materials().unstored(person, given)

    def numbered(unit: str, act: str, day: date) -> str:
        return PaperStore(Table(here.cases_table)).take(unit, accounts().office(unit), act, day)

    return Applications(ApplicationStore(Table(here.cases_table)), Reference(Table(here.reference_table)), now.now,
                        offer, unstored, accounts().party, serves, numbered, LETTERS[:here.number_shards])


def offer(area: str, code: str, version: int) -> Offer:
    """Return what the catalogue says of an item: a version of it, or (0) the one in force. Raise Missing or Refused."""
    item = catalogue().item(area, code, version or None)
    line = catalogue().line(area, code)
    why_not = line.why_not if line else "该事项已停止办理"
    return Offer(area=item.area, code=item.code, version=item.version, name=item.name, department=item.department,
                 hall=item.hall or item.department, statutory=item.statutory, promised=item.promised,
                 joint=item.joint, first_review=item.first_review, inspection=item.inspection,
                 renewal=item.renewal, lead=item.lead, level=item.required_level,
                 published=not why_not, why_not=why_not,
                 checklist={one.id: one.necessity == "1" and not one.shared for one in item.materials},
                 names={one.id: one.name for one in item.materials})


def guard_tracking(source: str, number: str) -> None:
    """Raise TooMany where an address, or everybody together, tries a number too often."""
    pace = Pace(Table(settings().figures_table), now.now)
    pace.allow("track-address", source, PER_ADDRESS, WINDOW)
    pace.allow("track-number", number, PER_NUMBER, WINDOW)


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
