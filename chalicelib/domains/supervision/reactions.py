"""What supervision does after an event of another domain."""
from chalicelib.kernel.relay import Notice, Reaction

from .wiring import supervision
from .workflow import FIRINGS


def fire(notice: Notice) -> None:
    """Raise the warning or card that the event stands for."""
    supervision().fire(notice)


REACTIONS = [Reaction("supervision.fire" if kind == "APPLICATION" else f"supervision.{kind.lower()}", kind,
                      frozenset(act for one, act in FIRINGS if one == kind), fire)
             for kind in sorted({kind for kind, _ in FIRINGS})]
