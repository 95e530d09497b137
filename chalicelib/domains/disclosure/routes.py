"""Disclosure over HTTP. Registered under /disclosure by app.py. What is published is read from the site."""
from chalicelib.kernel.clocks import Ledger
from chalicelib.kernel.http import Api, Call
from chalicelib.kernel.views import Answer, File, Found, InMonth, Row

from .models import Act, Draft, Shown, Text
from .wiring import disclosure

api = Api(__name__, "政务公开")


@api.post("/documents", body=Draft, status=201)
def draft(call: Call, body: Draft) -> Answer[File[Shown]]:
    """Open the draft of a document of my unit."""
    return disclosure().draft(body, call.who, call.key)


@api.get("/documents", paged=True)
def desk(call: Call) -> Found[Row]:
    """List the documents on my desk, the first due first: drafts and first reviews of a unit, second or final reviews.
    """
    return disclosure().desk(call.who, call.limit, call.cursor)


@api.get("/documents/own", paged=True)
def own(call: Call) -> Found[Row]:
    """List the documents that my unit wrote, the newest first, wherever they are."""
    return disclosure().own(call.who, call.limit, call.cursor)


@api.get("/documents/queue", paged=True)
def queue(call: Call) -> Found[Row]:
    """List what waits to be published in my area, in the order in which it will be."""
    return disclosure().queue(call.who, call.limit, call.cursor)


@api.get("/documents/closed", query=InMonth, paged=True)
def closed(call: Call) -> Found[Row]:
    """List the documents that were published, withdrawn or annulled in a month while my unit had them."""
    return disclosure().finished(call.who, call.query.month, call.limit, call.cursor)


@api.get("/documents/{case_id}", paged=True)
def read(call: Call, case_id: str) -> File[Shown]:
    """Read a document with its clocks, its timeline and the acts open to me."""
    return disclosure().read(case_id, call.who, call.cursor)


@api.get("/documents/{case_id}/text")
def text(call: Call, case_id: str) -> Text:
    """Read the text, and what the checks find in it, each with its place."""
    return disclosure().text(case_id, call.who)


@api.get("/documents/{case_id}/clocks/{name}")
def clock(call: Call, case_id: str, name: str) -> Ledger:
    """Read how a deadline is counted, day by day."""
    return disclosure().ledger(case_id, name, call.who)


@api.post("/documents/{case_id}/acts", body=Act)
def perform(call: Call, case_id: str, body: Act) -> Answer[File[Shown]]:
    """Do one act on a document."""
    return disclosure().perform(case_id, body, call.who, call.key, call.if_match)
