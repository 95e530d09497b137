"""What threads do after the events of their members, and of their own."""
from chalicelib.kernel.relay import Notice, Reaction

from .models import LINKABLE
from .wiring import threads


def follow(notice: Notice) -> None:
    """Make the thread of an order that was linked with another case."""
    threads().follow(notice)


def answered(notice: Notice) -> None:
    """Have the thread answered whose lead was."""
    threads().answered(notice)


def settle(notice: Notice) -> None:
    """Have a thread answered whose lead had been answered before."""
    threads().settle(notice.case_id)


def forget(notice: Notice) -> None:
    """Let a thread name nobody once no member of it does."""
    threads().forget(f"{notice.kind}#{notice.case_id}")


REACTIONS = [Reaction("threads.follow", "ORDER", frozenset({"link"}), follow),
             Reaction("threads.settle", "THREAD", frozenset({"open", "lead"}), settle),
             *(Reaction(f"threads.answered-{kind.lower()}", kind, row.answers, answered)
               for kind, row in LINKABLE.items() if row.answers),
             *(Reaction(f"threads.forget-{kind.lower()}", kind, frozenset({"anonymise"}), forget)
               for kind in LINKABLE)]
