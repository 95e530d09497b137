"""Requests about one's own data in the harnesses."""
from chalicelib.domains.privacy.models import DeskView, HolderView, Shown
from tests.support.joining import WATCH, Joined, Right, noted, plain
from tests.support.town import AREA
from tests.support.web import REGISTRAR

PATH = "/privacy/requests"
OFFICE = {"registrar here", "registrar-one", "security here"}
CORRECTION = {"area": AREA, "sort": "correct", "phone": "13612345678", "reason": "号码已更换"}
DELETION = {"area": AREA, "sort": "delete", "reason": "不再使用"}


def lodged(web, who, **body):
    """Lodge a request; return its id."""
    return web.ok(who, "POST", PATH, CORRECTION | body)["case"]["id"]


def start(here):
    """A correction, and a deletion of somebody with an application in hand."""
    return [lodged(here.web, here.citizen), here.web.ok(here.citizen, "POST", PATH, DELETION)["case"]["id"]]


def rights(here):
    case, ended = start(here)
    here.web.ok(here.citizen, "POST", f"{PATH}/{ended}/acts", {"act": "withdraw"})
    spoken = frozenset(OFFICE | {"holder"})

    def right(lists):
        return Right({HolderView: {"holder"}, DeskView: OFFICE, Shown: WATCH}, "/proposal", spoken, "decide", lists)
    return {"request of one's own": (case, right({PATH: spoken})),
            "request withdrawn": (ended, right({PATH: {"holder"}}))}


def in_area(town):
    lodged(town.web, town.citizen, area=town.area)


BODIES = {**dict.fromkeys(("grant", "withdraw", "claim"), plain),
          "annul": noted,
          **dict.fromkeys(("assign", "hand_over"), lambda here, case: {"handler": REGISTRAR.person}),
          "refuse": lambda here, case: {"note": "依法应当保存", "kept": ("applications",)}}
JOINED = [Joined("SUBJECT", PATH, start, BODIES, rights, {"act": "claim"}, ("/proposal",), (PATH,), in_area)]
