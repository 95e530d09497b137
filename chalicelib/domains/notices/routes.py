"""Notices over HTTP. Registered under /notices by app.py."""
from chalicelib.kernel.http import Api, Call, Html
from chalicelib.kernel.views import Answer, File, Found, Row

from .models import Act, Of, Shown, Verified, Verify
from .wiring import notices

api = Api(__name__, "文书")


@api.get("", query=Of, paged=True)
def own(call: Call) -> Found[Row]:
    """List the notices addressed to me, the newest first; or all those of an application that I may see."""
    if call.query.application:
        return notices().of_application(call.query.application, call.who)
    return notices().of_person(call.who, call.limit, call.cursor)


@api.get("/verify", query=Verify, public=True)
def verify(call: Call) -> Verified:
    """Check a notice by its number and code, without signing in."""
    return notices().verify(call.query.number, call.query.code)


@api.get("/{case_id}", paged=True)
def read(call: Call, case_id: str) -> File[Shown]:
    """Read what is recorded of a notice."""
    return notices().read(case_id, call.who, call.cursor)


@api.get("/{case_id}/page")
def page(call: Call, case_id: str) -> Html:
    """Read the notice itself, as a page to show or print."""
    return Html(notices().page(case_id, call.who))


@api.post("/{case_id}/acts", body=Act)
def perform(call: Call, case_id: str, body: Act) -> Answer[File[Shown]]:
    """Record service, or acknowledge receipt."""
    return notices().perform(case_id, body, call.who, call.key, call.if_match)
