"""Materials over HTTP. Registered under /materials by app.py."""
from chalicelib.kernel.clocks import Ledger
from chalicelib.kernel.http import Api, Call
from chalicelib.kernel.views import Answer, File, Found, Row

from .models import Act, Link, Reserve, Reserved, Shown
from .wiring import materials

api = Api(__name__, "材料")


@api.post("", body=Reserve, status=201)
def reserve(call: Call, body: Reserve) -> Reserved:
    """Announce a file and get the form to upload it with."""
    return materials().reserve(body, call.who, call.key)


@api.get("", paged=True)
def own(call: Call) -> Found[Row]:
    """List one's own materials, the newest first."""
    return materials().desk(call.who, call.limit, call.cursor)


@api.get("/{case_id}", paged=True)
def read(call: Call, case_id: str) -> File[Shown]:
    """Read what is known of a material."""
    return materials().read(case_id, call.who, call.cursor)


@api.get("/{case_id}/clocks/{name}")
def clock(call: Call, case_id: str, name: str) -> Ledger:
    """Read how the time for the upload is counted."""
    return materials().ledger(case_id, name, call.who)


@api.get("/{case_id}/file")
def link(call: Call, case_id: str) -> Link:
    """Get an address, good for a quarter of an hour, from which the file can be fetched."""
    return materials().link(case_id, call.who)


@api.post("/{case_id}/acts", body=Act, during=("confirm",))
def perform(call: Call, case_id: str, body: Act) -> Answer[File[Shown]]:
    """Confirm an upload, find it sound or defective."""
    return materials().perform(case_id, body, call.who, call.key, call.if_match)
