"""What bounds an order: the published rows that hold for it, and which of their limits for an act. Pure."""
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.kernel.clocks import Limit

from .models import Order, Terms


def classified(case: Order, details: Mapping[str, Any]) -> Order:
    """Return the order as `classify` makes it."""
    return case.model_copy(update={name: details[name] for name in ("category", "urgency", "intricate")
                                   if name in details})


def terms_for(rows: Iterable[Mapping[str, Any]], category: str, urgency: str, intricate: bool = False) -> Terms:
    """Return the terms of an order. Of the published rows those apply that name its category and urgency or none, and
    say whether it is intricate as it is, or nothing; the later goes before the earlier, one about urgency before any
    that is not: whatever an area says of all or of a category, the hours of what is urgent stay as they are.

    Raise ValidationError where they leave something open.
    """
    merged, limits = dict[str, Any](), dict[str, Any]()
    for row in sorted(rows, key=lambda row: "urgency" in row):
        told = row.get("category", category), row.get("urgency", urgency), row.get("intricate", intricate)
        if told == (category, urgency, intricate):
            merged |= row
            limits |= row.get("limits", {})
    return Terms.model_validate(merged | {"limits": limits})


def helped(limits: Mapping[str, Limit], act: str, details: Mapping[str, Any]) -> Mapping[str, Limit]:
    """Return the limits of an act: without that of the helpers' reports, where a dispatch names nobody who is to help,
    or with a report others still are to.
    """
    reports = details.get("helpers", {})
    if act not in ("dispatch", "designate", "report") or (all(reports.values()) if act == "report" else reports):
        return limits
    return {name: limit for name, limit in limits.items() if name != "report"}
