"""Notices on holidays, on their way into the calendar, in the harnesses."""
from itertools import count

from chalicelib.domains.calendars.models import Shown
from tests.support.joining import Joined, Right, noted, plain
from tests.support.web import CALENDAR

PATH = "/calendars/notices"
KEEPERS = {"calendar-one", "calendar-two"}
serial = count(1)


def proposed(web, **changes):
    """Enter a notice for 2027; return its id."""
    body = {"number": f"试办发〔2026〕{next(serial)}号", "publisher": "国务院办公厅", "source": "测试", "year": 2027,
            "holidays": {"2027-01-01": "元旦", "2027-01-04": "元旦"}, "makeup_days": ["2026-12-26"]}
    return web.ok(CALENDAR, "POST", PATH, body | changes)["case"]["id"]


def start(here):
    return [proposed(here.web)]


def rights(here):
    case, = start(here)
    return {"notice on holidays": (case, Right({Shown: KEEPERS}, "/effect", frozenset(KEEPERS),
                                               listed={PATH: KEEPERS}))}


BODIES = {**dict.fromkeys(("approve", "withdraw"), plain), "reject": noted}
JOINED = [Joined("CALENDAR", PATH, start, BODIES, rights, {"act": "withdraw"}, ("/effect",), (PATH,), national=True)]
