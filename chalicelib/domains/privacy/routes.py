"""The doors to one's own data, to requests about them, to the classes of data, and to legal holds."""
from chalicelib.kernel.clocks import Ledger
from chalicelib.kernel.http import Api, Call
from chalicelib.kernel.views import Answer, File, Found, Row

from .models import (
    Act,
    Classes,
    Document,
    Hold,
    InArea,
    Lodge,
    Mine,
    Of,
    Proposal,
    Release,
    Reveal,
    Shown,
    Standing,
)
from .wiring import holds, own, requests

api = Api(__name__, "个人信息")


@api.get("/classes", query=InArea, public=True)
def classes(call: Call) -> Classes:
    """List the classes of personal data: what for, on which basis, how long, and what then becomes of them."""
    return requests().shown_classes(call.query.area)


@api.get("/mine")
def mine(call: Call) -> Mine:
    """Read what is held on oneself: the account, masked, and how many cases of each kind."""
    return own().mine(call.who)


@api.get("/mine/cases", query=Of, paged=True)
def mine_cases(call: Call) -> Found[Row]:
    """List one's own cases of a kind."""
    return own().cases(call.query.kind, call.who, call.limit, call.cursor)


@api.get("/mine/export", query=Of, paged=True)
def export(call: Call) -> Found[Document]:
    """Take one's own cases of a kind with one, page by page, each whole."""
    return own().export(call.query.kind, call.who, call.limit, call.cursor)


@api.post("/requests", body=Lodge, status=201)
def lodge(call: Call, body: Lodge) -> Answer[File[Shown]]:
    """Ask for one's own data to be corrected or deleted."""
    return requests().lodge(body, call.who, call.key)


@api.get("/requests", paged=True)
def desk(call: Call) -> Found[Row]:
    """List the requests on one's desk, the first due first; for a citizen, their own."""
    return requests().desk(call.who, call.limit, call.cursor)


@api.get("/requests/{case_id}", paged=True)
def read(call: Call, case_id: str) -> File[Shown]:
    """Read a request with its clock, its timeline and the acts open to me."""
    return requests().read(case_id, call.who, call.cursor)


@api.get("/requests/{case_id}/proposal")
def proposal(call: Call, case_id: str) -> Proposal:
    """Read what is to be right, masked, and why."""
    return requests().proposal(case_id, call.who)


@api.post("/requests/{case_id}/reveal", body=Reveal)
def reveal(call: Call, case_id: str, body: Reveal) -> Answer[Proposal]:
    """Read it in clear, with a reason; the reading is recorded for the auditor."""
    return requests().reveal(case_id, body, call.who, call.key)


@api.get("/requests/{case_id}/clocks/{name}")
def ledger(call: Call, case_id: str, name: str) -> Ledger:
    """Read how a deadline is counted, day by day."""
    return requests().ledger(case_id, name, call.who)


@api.post("/requests/{case_id}/acts", body=Act)
def perform(call: Call, case_id: str, body: Act) -> Answer[File[Shown]]:
    """Do one act on a request."""
    return requests().perform(case_id, body, call.who, call.key, call.if_match)


@api.post("/holds", body=Hold)
def place(call: Call, body: Hold) -> Answer[Standing]:
    """Keep a case from being anonymised."""
    return holds().place(body, call.who, call.key)


@api.post("/holds/release", body=Release)
def release(call: Call, body: Release) -> Answer[Standing]:
    """Release a hold."""
    return holds().release(body, call.who, call.key)


@api.get("/holds", paged=True)
def standing(call: Call) -> Found[Standing]:
    """List the legal holds of one's area."""
    return holds().standing(call.who, call.limit, call.cursor)
