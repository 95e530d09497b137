"""Cards in the harnesses."""
from chalicelib.domains.supervision.models import Shown
from tests.support.joining import HALL_DESK, WATCH, Joined, Right, noted, plain
from tests.support.scenes.applications import HANDLERS

LIST = "/supervision/cards"


def start(here):
    """A reminder and a yellow card, on an application that lay too long; it is 10 March then."""
    for day in ("2026-03-06", "2026-03-10"):
        here.web.hands.to(day, 1)
        here.web.module.SWEEP.run(here.web.hands.at)
        here.web.react()
    return here.rows("CARD")


def rights(here):
    cards = [here.web.module.KINDS["CARD"]().store.get(card) for card in start(here)]
    card = next(card for card in cards if card.state == "fired" and card.person.endswith(".hall"))
    return {"card": (card.id, Right({Shown: HALL_DESK | WATCH}, listed={LIST: HALL_DESK | WATCH}))}


BODIES = {**dict.fromkeys(("explain", "correct", "send_back", "verify", "annul"), noted), "claim": plain,
          **dict.fromkeys(("assign", "hand_over"), lambda here, case: {"handler": HANDLERS[case.person]})}
JOINED = [Joined("CARD", "/supervision/cards", start, BODIES, rights, {"act": "annul", "note": "有误"}, lists=(LIST,))]
