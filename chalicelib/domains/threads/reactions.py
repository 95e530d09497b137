"""What threads do after the events of their members, and of their own."""
from chalicelib.kernel.relay import Notice, Reaction

from .models import LINKABLE
from .wiring import following


def follow(notice: Notice) -> None:
    """Make the thread of a case that names another: an order that was linked, a complaint about a matter."""
    following().follow(notice)


def answered(notice: Notice) -> None:
    """Have the thread answered whose lead was."""
    following().answered(notice)


def settle(notice: Notice) -> None:
    """Have a thread answered whose lead had been answered before."""
    following().settle(notice.case_id)


def left(notice: Notice) -> None:
    """Let a case that ended without an answer leave its thread."""
    following().left(f"{notice.kind}#{notice.case_id}")


def forget(notice: Notice) -> None:
    """Let no thread name a case that names nobody any more."""
    following().forget(f"{notice.kind}#{notice.case_id}")


REACTIONS = [Reaction("threads.follow", "ORDER", frozenset({"link"}), follow),
             Reaction("threads.follow-matter", "COMPLAINT", frozenset({"register"}), follow),
             Reaction("threads.settle", "THREAD", frozenset({"open", "lead", "leave"}), settle),
             *(Reaction(f"threads.left-{kind.lower()}", kind, row.ends, left) for kind, row in LINKABLE.items()),
             *(Reaction(f"threads.answered-{kind.lower()}", kind, row.answers, answered)
               for kind, row in LINKABLE.items() if row.answers),
             *(Reaction(f"threads.forget-{kind.lower()}", kind, frozenset({"anonymise"}), forget)
               for kind in LINKABLE)]
