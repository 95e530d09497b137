"""Cards in the harnesses."""
from chalicelib.domains.supervision import jobs as supervision_jobs
from chalicelib.domains.supervision.dispatch_models import DispatchShown
from chalicelib.domains.supervision.models import Shown
from tests.support.joining import HALL_DESK, WATCH, Joined, Right, noted, plain
from tests.support.scenes.applications import HANDLERS
from tests.support.web import SUPERVISOR

LIST = "/supervision/cards"
SLOTS = "/supervision/dispatches?day=2026-03-10"
UNCLAIMED, OF_UNIT = f"{LIST}?unclaimed=true", f"{LIST}?month=2026-03"


def start(here):
    """A reminder and a yellow card, on an application that lay too long, one of which the unit is not told yet, and a
    red one found by hand; it is 10 March then.
    """
    for day in ("2026-03-06", "2026-03-10"):
        here.web.hands.to(day, 1)
        here.web.module.SWEEP.run(here.web.hands.at)
        fresh = [card for card in here.rows("CARD") if here.web.module.KINDS["CARD"]().store.get(card).state == "fired"]
        here.web.react()
    proposed = found(here, "R3")
    return [*fresh, *here.rows("CARD"), found(here, "Y4"), proposed]


def found(here, rule, event=1):
    """A card found by hand."""
    body = {"rule": rule, "kind": "APPLICATION", "case_id": here.draft, "event": event, "note": "投诉核实"}
    return here.web.ok(SUPERVISOR, "POST", LIST, body)["case"]["id"]


def rights(here):
    cards = [here.web.module.KINDS["CARD"]().store.get(card) for card in start(here)]
    card = next(card for card in cards if card.rule == "Y3" and card.person.endswith(".hall"))
    proposed = next(card for card in cards if card.rule == "R3")
    return {"card": (card.id, Right({Shown: HALL_DESK | WATCH}, clock="correct", listed={
                LIST: {"head hall"} | WATCH, UNCLAIMED: HALL_DESK, OF_UNIT: {"head hall"}})),
            "proposed red card": (proposed.id, Right({Shown: WATCH}, listed={LIST: WATCH}))}


BODIES = {**dict.fromkeys(("explain", "correct", "send_back", "verify", "annul", "confirm", "dismiss", "uphold",
                           "reject"), noted), "claim": plain,
          **dict.fromkeys(("assign", "hand_over"), lambda here, case: {"handler": HANDLERS[case.person]}),
          "appeal": lambda here, case: {"text": "系统停电，有供电通知为证"}}


def slot(here):
    """The slot of eleven o'clock on 10 March, with what is overdue then."""
    here.web.hands.to("2026-03-10", 11)
    supervision_jobs.dispatch()
    return here.rows("DISPATCH")


def rights_of_slots(here):
    case = next(one for one in slot(here)
                if here.web.module.KINDS["DISPATCH"]().store.get(one).area == here.item["area"])
    return {"slot": (case, Right({DispatchShown: WATCH}, "/list", frozenset(WATCH), "sign", {SLOTS: WATCH}))}


JOINED = [Joined("CARD", LIST, start, BODIES, rights, {"act": "annul", "note": "有误"}, ("/appeal",),
                 (LIST, UNCLAIMED, OF_UNIT)),
          Joined("DISPATCH", "/supervision/dispatches", slot, dict.fromkeys(("sign", "annul"), noted), rights_of_slots,
                 {"act": "annul", "note": "有误"}, ("/list",), (SLOTS,),
                 in_area=lambda town: supervision_jobs.dispatch())]
