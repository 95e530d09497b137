"""What supervision does after an event of another domain."""
from chalicelib.kernel.relay import Notice, Reaction

from .wiring import supervision
from .workflow import FIRINGS


def fire(notice: Notice) -> None:
    """Raise the warning or card that the event stands for."""
    supervision().fire(notice)


REACTIONS = [Reaction("supervision.fire", "APPLICATION", frozenset(FIRINGS), fire)]
