"""What supervision does after events: of other kinds, which may fire a card, and of the cards themselves."""
from chalicelib.kernel.relay import Notice, Reaction

from .opening import REACHED
from .rules import KINDS, reacting
from .wiring import firing, opening

FIRED = frozenset({"fire", "find", "confirm", "renew"})
COUNTED = FIRED | {"note", "explain", "correct", "send_back", "escalate", "uphold", "withdraw", "annul"}


def fire(notice: Notice) -> None:
    """Raise the warning or card that the event stands for, or withdraw it."""
    firing().react(notice)


def notify(notice: Notice) -> None:
    """Begin the time that the unit carded has."""
    firing().notify(notice.case_id)


def count(notice: Notice) -> None:
    """Count the card in its unit's month."""
    firing().count(notice.case_id)


def supervise(notice: Notice) -> None:
    """Open a supervision order on what the hotline supervises at a level, or raise it."""
    opening().react(notice)


REACTIONS = [*(Reaction("supervision.fire" if kind == "APPLICATION" else f"supervision.{kind.lower()}", kind,
                        reacting(kind), fire) for kind in KINDS),
             Reaction("supervision.notify", "CARD", FIRED, notify),
             Reaction("supervision.count", "CARD", COUNTED, count),
             Reaction("supervision.open", "ORDER", frozenset(REACHED), supervise)]
