"""Applications over HTTP. Registered under /applications by app.py."""
from chalicelib.kernel.clocks import Ledger
from chalicelib.kernel.http import Api, Call
from chalicelib.kernel.views import Answer, File, Found, InMonth, Row

from .models import Act, AtWindow, Draft
from .views import Papers, Progress, Seen, Track
from .wiring import applications, guard_tracking

api = Api(__name__, "办件")


@api.post("", body=Draft, status=201)
def draft(call: Call, body: Draft) -> Answer[File[Seen]]:
    """Open a draft application for a service item, for oneself or under a mandate."""
    return applications().draft(body, call.who, call.key)


@api.post("/window", body=AtWindow, status=201)
def register(call: Call, body: AtWindow) -> Answer[File[Seen]]:
    """Take in an application at a window."""
    return applications().register(body, call.who, call.key)


@api.get("", paged=True)
def desk(call: Call) -> Found[Row]:
    """List the applications on my unit's desk, the first due first; for an applicant, their own."""
    return applications().desk(call.who, call.limit, call.cursor)


@api.get("/closed", query=InMonth, paged=True)
def closed(call: Call) -> Found[Row]:
    """List the applications that my unit ended in a month."""
    return applications().finished(call.who, call.query.month, call.limit, call.cursor)


@api.get("/track", query=Track, public=True)
def track(call: Call) -> Progress:
    """Follow a case by its number and query code, without signing in; limited per address and number."""
    guard_tracking(call.source, call.query.number)
    return applications().track(call.query.number, call.query.code)


@api.get("/{case_id}", paged=True)
def read(call: Call, case_id: str) -> File[Seen]:
    """Read an application with its clocks, its timeline and the acts open to me."""
    return applications().read(case_id, call.who, call.cursor)


@api.get("/{case_id}/papers")
def papers(call: Call, case_id: str) -> Papers:
    """Read what was handed in, and the list of what is lacking."""
    return applications().papers(case_id, call.who)


@api.get("/{case_id}/clocks/{name}")
def clock(call: Call, case_id: str, name: str) -> Ledger:
    """Read how a deadline is counted, day by day."""
    return applications().ledger(case_id, name, call.who)


@api.post("/{case_id}/acts", body=Act)
def perform(call: Call, case_id: str, body: Act) -> Answer[File[Seen]]:
    """Do one act on an application."""
    return applications().perform(case_id, body, call.who, call.key, call.if_match)
