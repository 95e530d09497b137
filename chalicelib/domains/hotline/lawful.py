"""The longer limit of a law that holds for an order (济南 24): what the unit names, checked against what ran. Pure."""
from collections.abc import Mapping
from typing import Any

from chalicelib.kernel.clocks import Limit, Unit
from chalicelib.kernel.problems import Invalid, fault
from chalicelib.kernel.turns import Occasion

from .models import Order

LONGEST = {Unit.WORKING_DAYS: 250, Unit.CALENDAR_DAYS: 365, Unit.MONTHS: 12}
"""A year: what is longer is no matter for the hotline."""


def lawful(details: Mapping[str, Any]) -> Limit:
    """Return the limit that the law gives, not to be extended: what could be added stands in that law."""
    return Limit(count=details["length"], unit=Unit(details.get("length_unit", Unit.WORKING_DAYS)), basis="JN24")


def longer(case: Order, details: Mapping[str, Any], now: Occasion) -> Limit:
    """Return the limit of the law. Raise Invalid unless it ends later than the one that ran."""
    limit, ran = lawful(details), case.clocks["reply"]
    if limit.count > LONGEST[limit.unit]:
        raise Invalid("法定期限有误", errors=[fault("/length", "too-long", "法定期限最长为一年")])
    before, after = ran.due(now.calendar), ran.model_copy(update={"limit": limit, "extensions": ()}).due(now.calendar)
    if before and after and after <= before:
        raise Invalid("法定期限有误", errors=[fault("/length", "not-longer", "应当长于本工单现行的办理期限")])
    return limit
