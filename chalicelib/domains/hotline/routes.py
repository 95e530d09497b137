"""The hotline over HTTP. Registered under /hotline by app.py."""
from chalicelib.kernel.clocks import Ledger
from chalicelib.kernel.http import Api, Call
from chalicelib.kernel.views import Answer, File, Found, InMonth, Row

from .models import Act, Ask, AtDesk
from .views import Seen, Words
from .wiring import hotline

api = Api(__name__, "12345热线")


@api.post("/orders", body=Ask, status=201)
def ask(call: Call, body: Ask) -> Answer[File[Seen]]:
    """Register a request to 12345, for oneself or under a mandate."""
    return hotline().ask(body, call.who, call.key)


@api.post("/orders/desk", body=AtDesk, status=201)
def take(call: Call, body: AtDesk) -> Answer[File[Seen]]:
    """Register at the hotline centre what a caller, a registered person or somebody anonymous tells."""
    return hotline().take(body, call.who, call.key)


@api.get("/orders", paged=True)
def desk(call: Call) -> Found[Row]:
    """List the orders on the centre's or my unit's desk, the first due first; for a citizen, their own."""
    return hotline().desk(call.who, call.limit, call.cursor)


@api.get("/orders/closed", query=InMonth, paged=True)
def closed(call: Call) -> Found[Row]:
    """List the orders that my unit ended in a month."""
    return hotline().finished(call.who, call.query.month, call.limit, call.cursor)


@api.get("/orders/{case_id}", paged=True)
def read(call: Call, case_id: str) -> File[Seen]:
    """Read an order with its clocks, its timeline and the acts open to me."""
    return hotline().read(case_id, call.who, call.cursor)


@api.get("/orders/{case_id}/words")
def words(call: Call, case_id: str) -> Words:
    """Read what was asked and what was replied; for officials, also their reasons."""
    return hotline().words(case_id, call.who)


@api.get("/orders/{case_id}/clocks/{name}")
def clock(call: Call, case_id: str, name: str) -> Ledger:
    """Read how a deadline is counted."""
    return hotline().ledger(case_id, name, call.who)


@api.post("/orders/{case_id}/acts", body=Act)
def perform(call: Call, case_id: str, body: Act) -> Answer[File[Seen]]:
    """Do one act on an order."""
    return hotline().perform(case_id, body, call.who, call.key, call.if_match)
