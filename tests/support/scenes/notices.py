"""Written notices in the harnesses."""
from chalicelib.domains.notices.models import Shown
from tests.support.joining import DESKS, OWN, WATCH, Joined, Right, noted, plain

LIST, OF_CASE = "/notices", "/notices?application={application}"


def start(here):
    return [here.web.ok(here.citizen, "GET", "/notices")["items"][0]["id"]]


def rights(here):
    readers = OWN | DESKS | WATCH
    return {"notice": (start(here)[0], Right({Shown: readers}, "/page", frozenset(readers),
                                             listed={LIST: OWN, OF_CASE: readers}))}


BODIES = {"serve": lambda here, case: {"served_by": "邮寄送达"}, "acknowledge": plain, "annul": noted}
JOINED = [Joined("NOTICE", "/notices", start, BODIES, rights, {"act": "annul", "note": "有误"}, ("/page",), (LIST,))]
