"""The knowledge base over HTTP. Registered under /knowledge by app.py."""
from pydantic import BaseModel

from chalicelib.kernel.clocks import Ledger
from chalicelib.kernel.http import Api, Call
from chalicelib.kernel.views import Answer, File, Found, Row

from .models import Act, Asked, Hits, Read, Shown, Wording
from .wiring import knowledge

api = Api(__name__, "知识库")


class Which(BaseModel, extra="forbid"):
    """Query of the text: for its own unit the wording written last, approved or not."""

    last: bool = False


@api.post("/articles", body=Wording, status=201)
def draft(call: Call, body: Wording) -> Answer[File[Shown]]:
    """Propose an article in the name of one's unit."""
    return knowledge().draft(body, call.who, call.key)


@api.get("/articles", paged=True)
def desk(call: Call) -> Found[Row]:
    """List the articles of one's unit: the first due for review first, drafts last."""
    return knowledge().desk(call.who, call.limit, call.cursor)


@api.get("/search", query=Asked)
def search(call: Call) -> Hits:
    """Find the articles that hold, by words of their titles and keywords."""
    return knowledge().search(call.query.words, call.who)


@api.get("/articles/{case_id}", paged=True)
def read(call: Call, case_id: str) -> File[Shown]:
    """Read an article with its clock, its timeline and the acts open to me."""
    return knowledge().read(case_id, call.who, call.cursor)


@api.get("/articles/{case_id}/text", query=Which)
def text(call: Call, case_id: str) -> Read:
    """Read what an article says."""
    return knowledge().text(case_id, call.who, call.query.last)


@api.get("/articles/{case_id}/clocks/{name}")
def clock(call: Call, case_id: str, name: str) -> Ledger:
    """Read how the time until the next review is counted."""
    return knowledge().ledger(case_id, name, call.who)


@api.post("/articles/{case_id}/acts", body=Act)
def perform(call: Call, case_id: str, body: Act) -> Answer[File[Shown]]:
    """Do one act on an article."""
    return knowledge().perform(case_id, body, call.who, call.key, call.if_match)
