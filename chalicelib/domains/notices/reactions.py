"""What notices do after an event of another domain."""
from chalicelib.kernel.relay import Notice, Reaction

from .wiring import notices
from .workflow import BY_ACT


def issue(notice: Notice) -> None:
    """Make the written notice that the event calls for."""
    notices().issue(notice)


def destroy(notice: Notice) -> None:
    """Destroy the pages of an application that names nobody any more."""
    notices().destroy_of(notice.case_id)


REACTIONS = [Reaction("notices.issue", "APPLICATION", frozenset(BY_ACT), issue),
             Reaction("notices.destroy", "APPLICATION", frozenset({"anonymise"}), destroy)]
