"""Threads over HTTP. Registered under /threads by app.py."""
from chalicelib.kernel.http import Api, Call
from chalicelib.kernel.views import Answer, File

from .models import Act, Link, ThreadView
from .wiring import threads

api = Api(__name__, "同一事项")


@api.post("", body=Link, status=201)
def link(call: Call, body: Link) -> Answer[File[ThreadView]]:
    """Say that two cases are on one matter: two of my own, or two that I handle."""
    return threads().link(body, call.who, call.key)


@api.get("/{case_id}")
def read(call: Call, case_id: str) -> File[ThreadView]:
    """Read a thread: those of its members that I may see, and by which of them it was answered."""
    return threads().read(case_id, call.who)


@api.get("/of/{kind}/{member}")
def read_of(call: Call, kind: str, member: str) -> File[ThreadView]:
    """Read the thread of a case."""
    return threads().read_of(kind, member, call.who)


@api.post("/{case_id}/acts", body=Act)
def perform(call: Call, case_id: str, body: Act) -> Answer[File[ThreadView]]:
    """Do one act on a thread."""
    return threads().perform(case_id, body, call.who, call.key, call.if_match)
