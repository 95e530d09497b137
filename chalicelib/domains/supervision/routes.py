"""Supervision over HTTP. Registered under /supervision by app.py."""
from chalicelib.kernel.http import Api, Call
from chalicelib.kernel.views import Answer, File, Found, Row

from .models import Act, Shown
from .wiring import supervision

api = Api(__name__, "效能监督")


@api.get("/cards", paged=True)
def desk(call: Call) -> Found[Row]:
    """List the open cards of the area; for an official, the cards of their unit."""
    return supervision().listed_for(call.who, call.limit, call.cursor)


@api.get("/cards/{case_id}", paged=True)
def read(call: Call, case_id: str) -> File[Shown]:
    """Read a card with its timeline and the acts open to me."""
    return supervision().read(case_id, call.who, call.cursor)


@api.post("/cards/{case_id}/acts", body=Act)
def perform(call: Call, case_id: str, body: Act) -> Answer[File[Shown]]:
    """Do one act on a card."""
    return supervision().perform(case_id, body, call.who, call.key, call.if_match)
