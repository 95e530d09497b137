"""What ratings do after events: ask at nodes, open the correction of a bad rating, carry a judgement."""
from chalicelib.kernel.relay import Notice, Reaction

from .nodes import EVENTS
from .wiring import corrections, exchange, ratings, signals


def invite(notice: Notice) -> None:
    """Offer the rating of a service that has come to a node."""
    ratings().invite(notice.kind, notice.case_id, notice.act, notice.area)


def correct(notice: Notice) -> None:
    """Open the correction of a rating that is bad, or let it follow a change."""
    corrections().follow(notice.case_id)


def exclude(notice: Notice) -> None:
    """Keep a rating out of the scores that was found mistaken or malicious."""
    corrections().judged(notice.case_id, notice.number)


def publish(notice: Notice) -> None:
    """Let the public read a representative bad rating, or no longer."""
    corrections().show(notice.case_id)


def look(notice: Notice) -> None:
    """Raise the signs of gaming that a rating shows."""
    signals().look(notice.case_id)


def gamed(notice: Notice) -> None:
    """Keep a rating out of the scores of which a sign of gaming was upheld."""
    signals().judged(notice.case_id, notice.number)


def push(notice: Notice) -> None:
    """Push a rating to the province as it is now."""
    exchange().push(notice.case_id)


def push_corrected(notice: Notice) -> None:
    """Push a rating again after what was done about it."""
    exchange().push(corrections().store.get(notice.case_id).rating)


def forget(notice: Notice) -> None:
    """Let the rating name nobody whose service names nobody any more."""
    ratings().forget(notice.kind, notice.case_id)


GIVEN = frozenset({"rate", "change", "rate_at_window", "inspect"})
"""The acts by which a rating says something."""
PUT_RIGHT = frozenset({"open", "dispute", "overrule", "correct", "pass", "call_back", "rework", "close", "uphold",
                       "annul"})
"""The acts after which the province hears more of a bad rating."""
REACTIONS = [Reaction("ratings.invite", "APPLICATION", EVENTS["APPLICATION"], invite),
             Reaction("ratings.invite.order", "ORDER", EVENTS["ORDER"], invite),
             Reaction("ratings.correct", "RATING", GIVEN, correct),
             Reaction("ratings.exclude", "CORRECTION", frozenset({"uphold"}), exclude),
             Reaction("ratings.signals", "RATING", GIVEN, look),
             Reaction("ratings.gamed", "SIGNAL", frozenset({"uphold"}), gamed),
             Reaction("ratings.exchange", "RATING", GIVEN | {"exclude"}, push),
             Reaction("ratings.exchange.correction", "CORRECTION", PUT_RIGHT, push_corrected),
             Reaction("ratings.publish", "CORRECTION", frozenset({"publish", "unpublish"}), publish),
             Reaction("ratings.forget", "APPLICATION", frozenset({"anonymise"}), forget),
             Reaction("ratings.forget.order", "ORDER", frozenset({"anonymise"}), forget)]
