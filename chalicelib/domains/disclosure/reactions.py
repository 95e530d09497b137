"""What disclosure does after an event of another domain."""
from chalicelib.kernel.relay import Notice, Reaction

from .wiring import disclosure


def enter(notice: Notice) -> None:
    """Put a granted licence on its way to the site (行政许可法 40)."""
    disclosure().enter(notice)


REACTIONS = [Reaction("disclosure.licences", "APPLICATION", frozenset({"grant", "deem_renewal"}), enter)]
