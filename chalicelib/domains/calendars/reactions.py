"""What follows from a notice's approval."""
from chalicelib.kernel.relay import Notice, Reaction

from .wiring import proposals


def announce(notice: Notice) -> None:
    """Put the notice in force; the recount then carries it to every case that waits."""
    proposals().announce(notice.case_id)


REACTIONS = [Reaction("calendars.announce", "CALENDAR", frozenset({"approve"}), announce)]
