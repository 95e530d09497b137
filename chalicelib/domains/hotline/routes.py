"""The hotline over HTTP. Registered under /hotline by app.py."""
from typing import Literal

from pydantic import BaseModel

from chalicelib.kernel.clocks import Ledger
from chalicelib.kernel.fields import Area, Unit
from chalicelib.kernel.http import Api, Call
from chalicelib.kernel.views import Answer, File, Found, InMonth, Row

from .bodies import Act, Ask, AtDesk, Reveal
from .calls import CallsAct, CallsShown, Day
from .views import Board, Neighbours, Phone, Seen, Suggestions, Words
from .wiring import hotline, telephones

api = Api(__name__, "12345热线")


class Which(BaseModel, extra="forbid"):
    """Query of the desk: what of it is overdue or due today; or, instead, a list: of the orders to be watched, of those
    that the unit is to help with; at the centre of what somebody asks for again, of what many ask for.
    """

    due: Literal["overdue", "today"] | None = None
    list: Literal["key", "helping", "repeated", "collective"] | None = None


class Where(BaseModel, extra="forbid"):
    """Query of the board: a unit or a street, not both; neither is one's own unit."""

    unit: Unit | None = None
    street: Area | None = None


@api.post("/orders", body=Ask, status=201)
def ask(call: Call, body: Ask) -> Answer[File[Seen]]:
    """Register a request to 12345, for oneself or under a mandate."""
    return hotline().ask(body, call.who, call.key)


@api.post("/orders/desk", body=AtDesk, status=201)
def take(call: Call, body: AtDesk) -> Answer[File[Seen]]:
    """Register at the hotline centre what a caller, a registered person or somebody anonymous tells."""
    return hotline().take(body, call.who, call.key)


@api.get("/orders", query=Which, paged=True)
def desk(call: Call) -> Found[Row]:
    """List the orders on the centre's or my unit's desk, the first due first; for a citizen, their own."""
    return hotline().listed_for(call.who, call.query.due or "", call.query.list or "", call.limit, call.cursor)


@api.get("/board", query=Where)
def board(call: Call) -> Board:
    """Read how much is open, overdue and due today at a unit or in a street."""
    return hotline().board(call.query.unit or "", call.query.street or "", call.who)


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


@api.get("/orders/{case_id}/suggestions")
def suggestions(call: Call, case_id: str) -> Suggestions:
    """Read to which units an order may go by the table of duties, and why."""
    return Suggestions(items=hotline().suggestions(case_id, call.who))


@api.get("/orders/{case_id}/near")
def near(call: Call, case_id: str) -> Neighbours:
    """List the orders that may be on the same matter, by place, time and words."""
    return Neighbours(items=hotline().near(case_id, call.who))


@api.get("/orders/{case_id}/children")
def children(call: Call, case_id: str) -> Neighbours:
    """List the orders that were merged into one."""
    return Neighbours(items=hotline().children(case_id, call.who))


@api.post("/orders/{case_id}/caller/reveal", body=Reveal)
def reveal(call: Call, case_id: str, body: Reveal) -> Answer[Phone]:
    """Read the caller's telephone number in clear, with a reason; the reading is recorded for the auditor."""
    return hotline().reveal(case_id, body, call.who, call.key)


@api.get("/orders/{case_id}/clocks/{name}")
def clock(call: Call, case_id: str, name: str) -> Ledger:
    """Read how a deadline is counted."""
    return hotline().ledger(case_id, name, call.who)


@api.post("/orders/{case_id}/acts", body=Act)
def perform(call: Call, case_id: str, body: Act) -> Answer[File[Seen]]:
    """Do one act on an order."""
    return hotline().perform(case_id, body, call.who, call.key, call.if_match)


@api.post("/calls", body=Day, status=201)
def record(call: Call, body: Day) -> Answer[File[CallsShown]]:
    """Enter a day of the centre's telephones, once: entered the queue, answered, answered within fifteen seconds."""
    return telephones().record(body, call.who, call.key)


@api.get("/calls", paged=True)
def days(call: Call) -> Found[Row]:
    """List the days entered, the first first."""
    return telephones().desk(call.who, call.limit, call.cursor)


@api.get("/calls/{case_id}", paged=True)
def day(call: Call, case_id: str) -> File[CallsShown]:
    """Read a day of the centre's telephones."""
    return telephones().read(case_id, call.who, call.cursor)


@api.post("/calls/{case_id}/acts", body=CallsAct)
def correct(call: Call, case_id: str, body: CallsAct) -> Answer[File[CallsShown]]:
    """Correct a day, with a reason."""
    return telephones().perform(case_id, body, call.who, call.key, call.if_match)
