"""At which nodes of a case its rating is asked for (一事一评). Pure.

Which of them are asked is published data (RATING-NODES); what may be a node is registered here once, because reactions
are static. The last node keeps the key it had when it was the only one.
"""
from collections.abc import Iterable, Mapping
from typing import Any

EVENTS = {"APPLICATION": frozenset({"submit", "accept", "deem", "close", "decline"}),
          "ORDER": frozenset({"close", "answer"})}
"""By kind, the acts that a node may consist of."""
FIRST_VISIT = 10
"""Services of a case up to this number are its nodes; its visits are counted after it."""


def node_of(rows: Iterable[Mapping[str, Any]], kind: str, act: str) -> Mapping[str, Any] | None:
    """Return the node that an act is, where an area asks for it; None where it does not."""
    return next((row for row in rows if row["kind"] == kind and act in row["acts"] and row["asked"]), None)
