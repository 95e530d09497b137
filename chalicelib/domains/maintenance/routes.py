"""The doors of maintenance: the announcement, public; making and ending it, for the administrator of the whole."""
from chalicelib.kernel.closure import ALL
from chalicelib.kernel.http import Api, Call
from chalicelib.kernel.views import Answer

from .models import Announce, Announced
from .wiring import announcing

api = Api(__name__, "停机公告")


@api.get("", public=True)
def current(call: Call) -> Announced:
    """Read the announcement of maintenance: from when, until when, why."""
    return announcing().current()


@api.post("", body=Announce, during=ALL)
def announce(call: Call, body: Announce) -> Answer[Announced]:
    """Announce maintenance: meanwhile nothing new is begun, and reads go on."""
    return announcing().announce(body, call.who, call.key)


@api.post("/end", during=ALL)
def end(call: Call) -> Answer[Announced]:
    """End maintenance before its time."""
    return announcing().end(call.who, call.key)
