"""Supervision over HTTP. Registered under /supervision by app.py."""
from chalicelib.kernel.clocks import Ledger
from chalicelib.kernel.http import Api, Call
from chalicelib.kernel.views import Answer, File, Found, InMonth, Row

from .bulletin_models import Bulletin, Counted
from .dispatch_models import DispatchAct, DispatchShown, OnDay, OverdueList
from .models import Act, Appealed, Finding, Shown, Which
from .order_models import Issue, OrderAct, OrderShown, Words
from .wiring import bulletins, dispatches, orders, supervision

api = Api(__name__, "效能监督")


@api.get("/cards", query=Which, paged=True)
def desk(call: Call) -> Found[Row]:
    """List cards: for the supervisor the open ones of the area, or those of a unit, or those ended in a month; for the
    head those of the unit; for its officials their own, or those that nobody has taken up.
    """
    return supervision().listed_for(call.who, call.query, call.limit, call.cursor)


@api.post("/cards", body=Finding, status=201)
def find(call: Call, body: Finding) -> Answer[File[Shown]]:
    """Fire a card by hand for what an event of a case shows; a red one counts when another supervisor has confirmed it.
    """
    return supervision().find(body, call.who, call.key)


@api.get("/cards/{case_id}", paged=True)
def read(call: Call, case_id: str) -> File[Shown]:
    """Read a card with its clocks, its timeline and the acts open to me."""
    return supervision().read(case_id, call.who, call.cursor)


@api.get("/cards/{case_id}/appeal")
def appealed(call: Call, case_id: str) -> Appealed:
    """Read what the unit says against a card."""
    return supervision().appealed(case_id, call.who)


@api.get("/cards/{case_id}/clocks/{name}")
def clock(call: Call, case_id: str, name: str) -> Ledger:
    """Read how a deadline of a card is counted, day by day."""
    return supervision().ledger(case_id, name, call.who)


@api.post("/cards/{case_id}/acts", body=Act)
def perform(call: Call, case_id: str, body: Act) -> Answer[File[Shown]]:
    """Do one act on a card."""
    return supervision().perform(case_id, body, call.who, call.key, call.if_match)


@api.get("/dispatches", query=OnDay, paged=True)
def dispatched(call: Call) -> Found[Row]:
    """List the dispatching slots of a day, the latest first."""
    return dispatches().on(call.who, call.query.day, call.limit, call.cursor)


@api.get("/dispatches/{case_id}", paged=True)
def read_dispatch(call: Call, case_id: str) -> File[DispatchShown]:
    """Read a slot with its clock, its timeline and the acts open to me."""
    return dispatches().read(case_id, call.who, call.cursor)


@api.get("/dispatches/{case_id}/list")
def overdue(call: Call, case_id: str) -> OverdueList:
    """Read what was overdue when the slot opened, and how many by unit."""
    return dispatches().overdue(case_id, call.who)


@api.get("/dispatches/{case_id}/clocks/{name}")
def dispatch_clock(call: Call, case_id: str, name: str) -> Ledger:
    """Read how the time for signing is counted."""
    return dispatches().ledger(case_id, name, call.who)


@api.post("/dispatches/{case_id}/acts", body=DispatchAct)
def sign_dispatch(call: Call, case_id: str, body: DispatchAct) -> Answer[File[DispatchShown]]:
    """Sign a slot with what was done."""
    return dispatches().perform(case_id, body, call.who, call.key, call.if_match)


@api.get("/orders", query=Which, paged=True)
def ordered(call: Call) -> Found[Row]:
    """List supervision orders: for the supervisor those answered, or those of a unit, or those ended in a month; for
    the head those the unit is to answer; for its officials their own, or those that nobody has taken up.
    """
    return orders().listed_for(call.who, call.query, call.limit, call.cursor)


@api.post("/orders", body=Issue, status=201)
def issue(call: Call, body: Issue) -> Answer[File[OrderShown]]:
    """Issue a supervision order of some level to a unit, on a case."""
    return orders().issue(body, call.who, call.key)


@api.get("/orders/{case_id}", paged=True)
def read_order(call: Call, case_id: str) -> File[OrderShown]:
    """Read a supervision order with its clocks, its timeline and the acts open to me."""
    return orders().read(case_id, call.who, call.cursor)


@api.get("/orders/{case_id}/text")
def order_text(call: Call, case_id: str) -> Words:
    """Read what is ordered."""
    return orders().text(case_id, call.who)


@api.get("/orders/{case_id}/answer")
def order_answer(call: Call, case_id: str) -> Words:
    """Read what the unit answered last."""
    return orders().answer(case_id, call.who)


@api.get("/orders/{case_id}/clocks/{name}")
def order_clock(call: Call, case_id: str, name: str) -> Ledger:
    """Read how the time for signing or for an answer is counted."""
    return orders().ledger(case_id, name, call.who)


@api.post("/orders/{case_id}/acts", body=OrderAct)
def perform_order(call: Call, case_id: str, body: OrderAct) -> Answer[File[OrderShown]]:
    """Do one act on a supervision order."""
    return orders().perform(case_id, body, call.who, call.key, call.if_match)


@api.get("/bulletins", query=InMonth)
def bulletin(call: Call) -> Bulletin:
    """Read the month's bulletin of my area, as a head of my unit: cards by unit, card rate, correction rate."""
    return bulletins().read(call.who, call.query.month)


@api.get("/bulletins/{month}/units/{unit}/cases", paged=True)
def counted(call: Call, month: str, unit: str) -> Found[Counted]:
    """List the cards and cases from which a unit's numbers were counted."""
    return bulletins().counted(call.who, month, unit, call.limit, call.cursor)
