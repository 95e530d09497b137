"""Complaints over HTTP. Registered under /complaints by app.py."""
from pydantic import BaseModel

from chalicelib.kernel.clocks import Ledger
from chalicelib.kernel.http import Api, Call
from chalicelib.kernel.views import Answer, File, Found, InMonth, Row

from .bodies import Act, AtDesk, Bring
from .bodies import Ledger as Asked
from .models import Line, Said, Seen, Words
from .wiring import complaints

api = Api(__name__, "投诉举报与“办不好件”")


class Measures(BaseModel, frozen=True):
    """What is to change and what was changed."""

    items: list[Said]


@api.post("", body=Bring, status=201)
def bring(call: Call, body: Bring) -> Answer[File[Seen]]:
    """Bring a matter that went wrong, a suggestion, a complaint or a report; for oneself or under a mandate."""
    return complaints().bring(body, call.who, call.key)


@api.post("/desk", body=AtDesk, status=201)
def take(call: Call, body: AtDesk) -> Answer[File[Seen]]:
    """Register at a window or at the desk what somebody tells, or what the suggestion box held."""
    return complaints().take(body, call.who, call.key)


@api.get("", paged=True)
def desk(call: Call) -> Found[Row]:
    """List the matters on my desk, the first due first; for a citizen, their own."""
    return complaints().desk(call.who, call.limit, call.cursor)


@api.get("/closed", query=InMonth, paged=True)
def closed(call: Call) -> Found[Row]:
    """List the matters that my unit ended in a month."""
    return complaints().finished(call.who, call.query.month, call.limit, call.cursor)


@api.get("/ledger", query=Asked, paged=True)
def ledger(call: Call) -> Found[Line]:
    """List what came in a month, open and closed, with unit, cause and result: of enterprises, unless told otherwise.
    """
    return complaints().ledger_lines(call.query.month, call.query.sort, call.who, call.limit, call.cursor)


@api.get("/{case_id}", paged=True)
def read(call: Call, case_id: str) -> File[Seen]:
    """Read a matter with its clocks, its timeline and the acts open to me."""
    return complaints().read(case_id, call.who, call.cursor)


@api.get("/{case_id}/words")
def words(call: Call, case_id: str) -> Words:
    """Read what was said and answered; of a declined matter, where it belongs; for officials, also their reasons."""
    return complaints().words(case_id, call.who)


@api.get("/{case_id}/measures")
def measures(call: Call, case_id: str) -> Measures:
    """Read what is to change because of it, and what was changed: for officials."""
    return Measures(items=complaints().measures(case_id, call.who))


@api.get("/{case_id}/clocks/{name}")
def clock(call: Call, case_id: str, name: str) -> Ledger:
    """Read how a deadline is counted."""
    return complaints().ledger(case_id, name, call.who)


@api.post("/{case_id}/acts", body=Act)
def perform(call: Call, case_id: str, body: Act) -> Answer[File[Seen]]:
    """Do one act on a matter."""
    return complaints().perform(case_id, body, call.who, call.key, call.if_match)
