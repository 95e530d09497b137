"""What materials do after an event of another domain."""
from chalicelib.kernel.relay import Notice, Reaction

from .wiring import materials


def bind(notice: Notice) -> None:
    """Bind the files of an application that was just handed in."""
    materials().bind(notice.case_id)


def let_go(notice: Notice) -> None:
    """Let go the files of an application that names nobody any more."""
    materials().destroy_of(notice.case_id)


def destroy(notice: Notice) -> None:
    """Destroy the file of a material that was let go."""
    materials().destroy(notice.case_id)


def bind_other(notice: Notice) -> None:
    """Bind the files that came with an order or a complaint, or with a reply, also one to the order it was merged into.
    """
    materials().bind(f"{notice.kind}#{notice.case_id}")


def let_go_of_other(notice: Notice) -> None:
    """Let go the files of an order or a complaint that names nobody any more."""
    materials().destroy_of(f"{notice.kind}#{notice.case_id}")


REACTIONS = [Reaction("materials.bind", "APPLICATION", frozenset({"submit", "register", "resubmit", "supply"}), bind),
             Reaction("materials.destroy", "APPLICATION", frozenset({"anonymise"}), let_go),
             Reaction("materials.destroy-file", "MATERIAL", frozenset({"anonymise"}), destroy),
             Reaction("materials.bind-order", "ORDER", frozenset({"register", "reply", "inherit", "inform"}),
                      bind_other),
             Reaction("materials.destroy-order", "ORDER", frozenset({"anonymise"}), let_go_of_other),
             Reaction("materials.bind-complaint", "COMPLAINT", frozenset({"register", "answer"}), bind_other),
             Reaction("materials.destroy-complaint", "COMPLAINT", frozenset({"anonymise"}), let_go_of_other)]
