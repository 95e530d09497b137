"""What follows from a request that was granted."""
from chalicelib.kernel.relay import Notice, Reaction

from .wiring import requests


def carry_out(notice: Notice) -> None:
    """Correct what is to be right, or let go what no law keeps."""
    requests().carry_out(notice.case_id)


def answered(notice: Notice) -> None:
    """Let what was asked for be asked for anew."""
    requests().answered(notice.case_id)


REACTIONS = [Reaction("privacy.carry-out", "SUBJECT", frozenset({"grant"}), carry_out),
             Reaction("privacy.answered", "SUBJECT", frozenset({"withdraw", "refuse", "grant", "annul"}), answered)]
