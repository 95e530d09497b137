"""Messages as this process runs them: their table, and their treaties with accounts and with each kind."""
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.applications.rights import about
from chalicelib.domains.disclosure.rights import about as of_document
from chalicelib.kernel import now
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table

from . import channels
from .models import Template
from .service import Messages

TEMPLATES = tuple(Template.model_validate(row)
                  for row in json.loads(Path(__file__).with_name("templates.json").read_text("utf-8")))


@cache
def messages() -> Messages:
    cases = Table(settings().cases_table)

    treaties: Mapping[str, Callable[[str], Mapping[str, str]]] = {
        "APPLICATION": lambda case_id: about(cases, case_id),
        "DOCUMENT": lambda case_id: of_document(cases, case_id)}

    def told(kind: str, case_id: str) -> Mapping[str, str]:
        return treaties[kind](case_id)

    return Messages(Table(settings().inbox_table), TEMPLATES, told, accounts().address,
                    lambda: channels.connect(), now.now)
