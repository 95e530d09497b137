"""How many are on one matter: what a main order takes over from one merged into it, and gives up with one taken out.
Pure.
"""
from collections.abc import Mapping, Sequence
from typing import Any

from .models import Order, Terms


def taking(child: Order, persons: int, terms: Terms) -> dict[str, Any]:
    """Return what a main order needs to know to take in `child`, by which so many `persons` are on the matter."""
    crowd = max(child.crowd, persons - 1)
    return {"gathering": True, "children": terms.children, "crowd": crowd,
            "collective": child.collective or crowd + 1 >= terms.crowd}


def leaving(registered: Mapping[str, Any], others: Sequence[Order], persons: int, terms: Terms) -> dict[str, Any]:
    """Return the same of a main order with which only `others` stay: counted from what it was when it was `registered`,
    as if these alone had ever been merged into it.
    """
    crowd = max(registered.get("crowd", 0), persons - 1, *(one.crowd for one in others))
    return {"scattering": True, "left": len(others), "crowd": crowd,
            "collective": bool(registered.get("collective")) or any(one.collective for one in others)
            or crowd + 1 >= terms.crowd}
