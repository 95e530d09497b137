"""Cards, dispatching slots and supervision orders in the harnesses."""
from chalicelib.domains.supervision.dispatch_models import DispatchShown
from chalicelib.domains.supervision.models import Shown
from chalicelib.domains.supervision.order_models import OrderShown
from tests.support.joining import HALL_DESK, MARKET_DESK, WATCH, Joined, Right, noted, plain
from tests.support.scenes.applications import HANDLERS
from tests.support.scenes.ratings import MARKET_FEEDBACK, corrected
from tests.support.town import HALL, MARKET
from tests.support.web import RECTIFIER, REVIEWER, SUPERVISOR

LIST = "/supervision/cards"
SLOTS = "/supervision/dispatches?day=2026-03-10"
UNCLAIMED, OF_UNIT = f"{LIST}?unclaimed=true", f"{LIST}?month=2026-03"
ORDERS = "/supervision/orders"
FREE, ISSUED, OF_MARKET = f"{ORDERS}?unclaimed=true", f"{ORDERS}?month=2026-03", f"{ORDERS}?unit={MARKET}"


def start(here):
    """A reminder and a yellow card, on an application that lay too long, one of which the unit is not told yet, and a
    red one found by hand; it is 10 March then.
    """
    for day in ("2026-03-06", "2026-03-10"):
        here.web.hands.to(day, 1)
        here.web.module.SWEEP.run(here.web.hands.at)
        fresh = [card for card in here.rows("CARD") if here.web.module.supervision().store.get(card).state == "fired"]
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
    here.web.module.supervision_jobs.dispatch()
    return here.rows("DISPATCH")


def rights_of_slots(here):
    case = next(one for one in slot(here)
                if here.web.module.dispatches().store.get(one).area == here.item["area"])
    return {"slot": (case, Right({DispatchShown: WATCH}, "/list", frozenset(WATCH), "sign", {SLOTS: WATCH}))}


def issued(here, level=1, kind="APPLICATION", case="", unit=MARKET, **more):
    """An order to a unit on a case, the scene's application unless another is named."""
    body = {"unit": unit, "kind": kind, "case_id": case or here.draft, "level": level, "text": "请核实并尽快办理"} | more
    return here.web.ok(SUPERVISOR, "POST", ORDERS, body)["case"]["id"]


def do(here, who, order, act, **fields):
    return here.web.ok(who, "POST", f"{ORDERS}/{order}/acts", {"act": act, **fields})


def start_orders(here):
    """One that rises by itself, one that does not any more, and one about a bad rating."""
    return [issued(here), issued(here, 3, unit=HALL), issued(here, 2, "CORRECTION", corrected(here)[1])]


def rights_of_orders(here):
    free, answered, about_rating = issued(here), issued(here, 2), issued(here, 3, "CORRECTION", corrected(here)[1])
    do(here, REVIEWER, answered, "sign")
    do(here, REVIEWER, answered, "answer", text="已办结")
    heads, closed = {"head market", "head-one"}, issued(here)
    rectifiers = MARKET_FEEDBACK - heads
    do(here, RECTIFIER, about_rating, "claim")
    do(here, SUPERVISOR, closed, "annul", note="重复签发")
    to_rate = issued(here, 3, "CORRECTION", corrected(here)[1])
    return {
        "order": (free, Right({OrderShown: MARKET_DESK | WATCH}, "/text", frozenset(MARKET_DESK | WATCH), "answer", {
            ORDERS: heads, FREE: MARKET_DESK, ISSUED: heads, OF_MARKET: heads | WATCH})),
        "answered order": (answered, Right({OrderShown: heads | {"reviewer-one"} | WATCH}, "/answer", frozenset(
            heads | {"reviewer-one"} | WATCH), "sign", {
                ORDERS: {"reviewer-one"} | WATCH, FREE: set(), ISSUED: heads | {"reviewer-one"},
                OF_MARKET: heads | {"reviewer-one"} | WATCH})),
        "order about a rating": (about_rating, Right({OrderShown: heads | {"rectifier-one"} | WATCH}, listed={
            ORDERS: heads | {"rectifier-one"}, FREE: set(), ISSUED: heads | {"rectifier-one"},
            OF_MARKET: heads | {"rectifier-one"} | WATCH})),
        "unclaimed order about a rating": (to_rate, Right({OrderShown: heads | rectifiers | WATCH}, "/text", frozenset(
            heads | rectifiers | WATCH), listed={ORDERS: heads, FREE: rectifiers, ISSUED: heads,
                                                 OF_MARKET: heads | WATCH})),
        "annulled order": (closed, Right({OrderShown: MARKET_DESK | WATCH}, listed={
            FREE: MARKET_DESK, ISSUED: heads | WATCH, OF_MARKET: heads | WATCH}))}


def order_in_area(town):
    """The supervisor of the town has its window answer for an application."""
    case = town.web.ok(town.citizen, "GET", "/applications")["items"][0]["id"]
    town.web.ok(town.staff["supervisor"], "POST", ORDERS, {
        "unit": f"{town.area}.hall", "kind": "APPLICATION", "case_id": case, "level": 1, "text": "请尽快办理"})


OF_ORDERS = {
    **dict.fromkeys(("send_back", "annul"), noted), **dict.fromkeys(("sign", "accept", "claim"), plain),
    **dict.fromkeys(("assign", "hand_over"), lambda here, case: {
        "handler": (RECTIFIER.person if case.source.startswith("CORRECTION#") else HANDLERS[case.person])}),
    "answer": lambda here, case: {"text": "已补办并致歉"},
    "raise_level": lambda here, case: {"level": min(case.level + 1, 5), "note": "仍未办结"}}

JOINED = [Joined("CARD", LIST, start, BODIES, rights, {"act": "annul", "note": "有误"}, ("/appeal",),
                 (LIST, UNCLAIMED, OF_UNIT)),
          Joined("DISPATCH", "/supervision/dispatches", slot, dict.fromkeys(("sign", "annul"), noted), rights_of_slots,
                 {"act": "annul", "note": "有误"}, ("/list",), (SLOTS,),
                 in_area=lambda town: town.web.module.supervision_jobs.dispatch()),
          Joined("SUPERVISE", ORDERS, start_orders, OF_ORDERS, rights_of_orders, {"act": "annul", "note": "有误"},
                 ("/text", "/answer"), (ORDERS, FREE, ISSUED), order_in_area)]
