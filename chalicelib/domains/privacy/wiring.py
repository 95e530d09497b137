"""Privacy as this process runs it: its tables, every kind of case, its treaties with its neighbours."""
from collections.abc import Mapping
from functools import cache

from chalicelib.domains.accounts.numbers import masked_name, masked_number
from chalicelib.domains.accounts.wiring import accounts, forgetting, readings
from chalicelib.domains.materials.wiring import materials
from chalicelib.domains.messages.wiring import messages
from chalicelib.kernel import now
from chalicelib.kernel.casework import KINDS
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table

from .holds import Holds
from .models import DataClass
from .own import Own
from .retention import Retention
from .service import Requests
from .store import Keeping, RequestStore


@cache
def requests() -> Requests:
    here = settings()

    def unstored(person: str, given: Mapping[str, str]) -> list[str]:
        return materials().unstored(person, given)

    return Requests(RequestStore(Table(here.cases_table)), Reference(Table(here.reference_table)), now.now,
                    accounts().party, lambda area: any(True for _ in accounts().store.units(area)),
                    accounts().store.serves, forgetting().correct,
                    lambda name, phone: (masked_name(name) if name else "", masked_number(phone) if phone else ""),
                    readings().noted, unstored, own().in_hand, own().remove)


def own() -> Own:
    return Own(KINDS, lambda person: accounts().me(person).model_dump(), forgetting().restrict, forget,
               keeping().later, classes, lambda request: requests().store.unsaid(request), now.now)


def keeping() -> Keeping:
    return Keeping(Table(settings().figures_table), Table(settings().cases_table))


def holds() -> Holds:
    return Holds(keeping(), KINDS, now.now)


def retention() -> Retention:
    return Retention(keeping(), KINDS, own(), requests().reference.calendar, classes,
                     units, accounts().store.read_days, accounts().store.drop_reads, now.now)


def classes(area: str) -> list[DataClass]:
    """Return the classes of data in force in an area."""
    return requests().classes(area).items


def units() -> list[str]:
    """Return every unit of the deployment."""
    store = accounts().store
    return [item["sk"] for area in store.areas() for item in store.units(area)]


def forget(person: str) -> bool:
    """Delete a person's account and then the messages to them. False if an office or a mandate holds the account."""
    gone = forgetting().forget(person)
    if gone:
        messages().forget(person)
    return gone
