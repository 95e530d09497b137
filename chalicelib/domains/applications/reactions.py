"""What applications do after an event of their own."""
from chalicelib.kernel.relay import Notice, Reaction

from .wiring import applications


def remember_number(notice: Notice) -> None:
    """Make the case findable by the number it has just been given."""
    applications().remember_number(notice.case_id)


REACTIONS = [Reaction("applications.number", "APPLICATION", frozenset({"submit", "register"}), remember_number)]
