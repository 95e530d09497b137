"""What the hotline does after the events of its own orders."""
from chalicelib.kernel.relay import Notice, Reaction

from .merging import LEAVES, SHELVES, TELLS
from .wiring import following


def tell(notice: Notice) -> None:
    """Give the reply of a main order to those merged into it, tell them that it was shelved, or release them."""
    following().tell(notice)


def count_listed(notice: Notice) -> None:
    """Count an order that was put on the list for its unit."""
    following().count_listed(notice)


REACTIONS = [Reaction("hotline.tell", "ORDER", TELLS | SHELVES | LEAVES, tell),
             Reaction("hotline.listed", "ORDER", frozenset({"supervise_listed", "rework", "close", "overdue_promise"}),
                      count_listed)]
