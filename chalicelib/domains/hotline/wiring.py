"""The hotline as this process runs it: its tables, and its treaties with its neighbours."""
from functools import cache

from chalicelib.domains.accounts.models import Reveal
from chalicelib.domains.accounts.wiring import accounts, callers, readings
from chalicelib.domains.knowledge import rights as of_articles
from chalicelib.domains.materials.wiring import materials
from chalicelib.domains.threads import rights as of_threads
from chalicelib.kernel import now
from chalicelib.kernel.casework import KINDS
from chalicelib.kernel.identity import Actor, area_of
from chalicelib.kernel.record import Key
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table
from chalicelib.kernel.views import Answer

from .calls_service import Telephones
from .merging import Following
from .service import Hotline
from .spots import Spots
from .store import CallsStore, OrderStore

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@cache
def hotline() -> Hotline:
    here, known = settings(), accounts().store
    cases = Table(here.cases_table)

    def there(kind: str, case_id: str, area: str) -> bool:
        case = KINDS[kind]().store.find(case_id)
        return case is not None and case.area == area

    return Hotline(OrderStore(cases), Reference(Table(here.reference_table)), now.now,
                   accounts().party, callers().caller, callers().known_as, known.serves,
                   lambda unit: bool(known.unit_name(area_of(unit), unit)), phone, materials().unreadable,
                   lambda article, area: of_articles.edition_of(cases, article, area), there,
                   lambda member, who: of_threads.answered_by_another(cases, member, who),
                   Spots(Table(here.figures_table)), LETTERS[:here.number_shards])


@cache
def telephones() -> Telephones:
    return Telephones(CallsStore(Table(settings().cases_table)), hotline().reference, now.now)


def following() -> Following:
    return Following(hotline(), Table(settings().figures_table))


def phone(person: str, reason: str, case: str, who: Actor, key: Key) -> Answer[str]:
    """Return a person's telephone number in clear, on record for the auditor. That `who` may read it for the order is
    for the hotline to say, which shows a unit the number and not the account.
    """
    answer = readings().clear(person, Reveal(reason=reason, fields=["phone"], case=case), who, key)
    return Answer(answer.result.phone, replayed=answer.replayed)
