"""Messages as this process runs them: their table, and their treaties with accounts and with each kind."""
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.applications import rights as of_applications
from chalicelib.domains.complaints import rights as of_complaints
from chalicelib.domains.disclosure import rights as of_documents
from chalicelib.domains.hotline import rights as of_orders
from chalicelib.domains.privacy import rights as of_requests
from chalicelib.domains.ratings import rights as of_ratings
from chalicelib.domains.supervision import rights as of_cards
from chalicelib.domains.threads import rights as of_threads
from chalicelib.kernel import now
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table

from . import channels
from .models import Template
from .service import Messages

TEMPLATES = tuple(Template.model_validate(row)
                  for row in json.loads(Path(__file__).with_name("templates.json").read_text("utf-8")))
ABOUT: dict[str, Callable[[Table, str, str], Mapping[str, str]]] = {
    "APPLICATION": of_applications.about, "COMPLAINT": of_complaints.about,
    "ORDER": of_orders.about, "RATING": of_ratings.about_rating,
    "CORRECTION": of_ratings.about_correction, "SIGNAL": of_ratings.about_signal,
    "DOCUMENT": of_documents.about, "CARD": of_cards.about,
    "DISPATCH": of_cards.about_dispatch, "SUPERVISE": of_cards.about_order, "SUBJECT": of_requests.about,
    "THREAD": of_threads.about}
"""By kind of case: what its domain lets a message say of it."""


@cache
def messages() -> Messages:
    cases = Table(settings().cases_table)
    return Messages(Table(settings().inbox_table), TEMPLATES,
                    lambda kind, case_id, state: ABOUT[kind](cases, case_id, state), accounts().address,
                    lambda: channels.connect(), now.now, link, withheld)


def withheld(person: str, area: str, at: datetime) -> bool:
    """Say whether staff changed a person's number so lately that it may not be theirs. Raise Missing."""
    days = of_ratings.number_days(Reference(Table(settings().reference_table)), area, at)
    return accounts().store.renumbered(person, at - timedelta(days=days))


def link(token: str) -> str:
    """Return the client's page for whoever is not signed in; the token goes behind `#`, which no server is sent."""
    page = settings().rating_url
    return f" {page}#{token}" if page else ""
