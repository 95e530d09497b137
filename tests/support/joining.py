"""How a kind of case joins the harnesses: one Joined in tests/support/scenes/, listed in tests/support/kinds.py."""
from collections.abc import Callable
from dataclasses import dataclass, field

OWN = {"holder", "agent"}
HALL_DESK = {"clerk hall", "reviewer hall", "head hall", "clerk-one"}
MARKET_DESK = {"clerk market", "reviewer market", "head market", "reviewer-one", "head-one"}
HEALTH_DESK = {"clerk health", "reviewer health", "head health"}
CENTRES = {"centre here", "centre-one", "head hotline"}
DESKS = HALL_DESK | MARKET_DESK
WATCH = {"supervisor here", "auditor here"}
"""Groups of the readers of kinds.py, by name."""


@dataclass(frozen=True)
class Right:
    """Of one case: who gets it and as which view; who reads its papers; which clock all of them may read."""

    views: dict                            # model -> readers
    papers: str = ""                       # path below the case
    papers_for: frozenset = frozenset()
    clock: str = ""
    listed: dict = field(default_factory=dict)     # path of a list -> readers in whose list it is


@dataclass(frozen=True)
class Joined:
    """One kind. `start` makes cases from which a walk reaches all states; `rights` names cases and who sees them.

    `bodies`: by act, a function of (scene, case) that gives a valid body. `probe`: some act of a person, sent with a
    version that no case has. `in_area`: makes a case for a Town of test_areas, where none comes by itself. `below` and
    `lists`: what else can be read of a case and of the kind; `lists` may name {area} and {application}. `national`:
    such cases belong to no town.
    """

    kind: str
    path: str
    start: Callable
    bodies: dict
    rights: Callable                       # scene -> {name: (id, Right)}
    probe: dict
    below: tuple = ()
    lists: tuple = ()
    in_area: Callable = staticmethod(lambda town: None)
    national: bool = False


def noted(here, case):
    return {"note": "情况属实"}


def plain(here, case):
    return {}
