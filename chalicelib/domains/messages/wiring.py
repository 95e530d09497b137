"""Messages as this process runs them: their table, and their treaties with accounts and with the kinds they tell of."""
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.applications import rights as of_applications
from chalicelib.domains.hotline import rights as of_orders
from chalicelib.kernel import now
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table

from . import channels
from .models import Template
from .service import Messages

TEMPLATES = tuple(Template.model_validate(row)
                  for row in json.loads(Path(__file__).with_name("templates.json").read_text("utf-8")))
ABOUT = {"APPLICATION": of_applications.about, "ORDER": of_orders.about}
"""By kind: what a message may say of a case."""


@cache
def messages() -> Messages:
    cases = Table(settings().cases_table)

    def told(kind: str, case_id: str) -> Mapping[str, str]:
        return ABOUT[kind](cases, case_id)

    return Messages(Table(settings().inbox_table), TEMPLATES, told, accounts().address,
                    lambda: channels.connect(), now.now)
