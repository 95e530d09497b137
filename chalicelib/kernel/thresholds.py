"""When a deadline is reminded of: thresholds that an area publishes per unit and item, laid over the limits."""
from collections.abc import Mapping
from datetime import date

from .limits import Limit
from .problems import Missing
from .reference import Reference, most_specific

THRESHOLDS = "THRESHOLDS"                  # pk in the table `reference`


def overlaid(limits: Mapping[str, Limit], reference: Reference, kind: str, area: str, on: date,
             units: Mapping[str, str], item: str) -> dict[str, Limit]:
    """Return the limits of a case of `kind` with the thresholds in force on a day in place of their own.

    `units`: by clock, the unit bound by it; "" for all others. A clock without a row keeps what its limit says.
    """
    try:
        rows = reference.rows(THRESHOLDS, reference.in_force(THRESHOLDS, area, on))
    except Missing:
        return dict(limits)
    found = {name: most_specific((row for row in rows if (row["kind"], row["clock"]) == (kind, name)),
                                 units.get(name, units[""]), item) for name in limits}
    return {name: limit.warning(row["warn_left"], row["warn_used"], row.get("remind", ()))
            if (row := found[name]) else limit for name, limit in limits.items()}
