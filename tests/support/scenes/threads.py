"""Threads in the harnesses: an application and an order of one citizen, both at the market office."""
from chalicelib.domains.threads.models import ThreadView
from tests.support.joining import MARKET_DESK, OWN, Joined, Right, noted
from tests.support.scenes.applications import start as applications
from tests.support.scenes.hotline import LIST as ORDERS
from tests.support.scenes.hotline import SENT_BACK, TEXT, order
from tests.support.scenes.hotline import act as on_order
from tests.support.town import MARKET
from tests.support.web import CENTRE, REVIEWER

PATH = "/threads"


def linked(here, lead, other, who=None):
    return here.web.ok(who or here.citizen, "POST", PATH, {"lead": lead, "other": other})["case"]["id"]


def at_market(here):
    """An order of the citizen that the market office has."""
    made = order(here)
    on_order(here, made, CENTRE, "dispatch", unit=MARKET)
    return f"ORDER#{made}"


def start(here):
    """A thread that waits, led by the application, and one whose order was answered; and a case that may join."""
    here.third = at_market(here)
    waiting = linked(here, f"APPLICATION#{here.draft}", at_market(here))
    lead = at_market(here)
    answered = linked(here, lead, f"APPLICATION#{applications(here)[2]}")
    _, _, case = lead.partition("#")
    here.web.ok(REVIEWER, "POST", f"{ORDERS}/{case}/acts", SENT_BACK)
    on_order(here, case, CENTRE, "answer", text=TEXT)
    here.web.react()
    return [waiting, answered]


def rights(here):
    made = linked(here, f"APPLICATION#{here.draft}", at_market(here))
    return {"thread": (made, Right({ThreadView: OWN | MARKET_DESK}))}


def in_area(town):
    """The town's citizen links an application with an order."""
    mine = {path: town.web.ok(town.citizen, "GET", path)["items"][-1]["id"] for path in ("/applications", ORDERS)}
    town.web.ok(town.citizen, "POST", PATH, {"lead": f"APPLICATION#{mine['/applications']}",
                                             "other": f"ORDER#{mine[ORDERS]}"})


BODIES = {"join": lambda here, case: {"member": here.third}, "lead": lambda here, case: {"member": case.members[1]},
          "close": noted}
JOINED = [Joined("THREAD", PATH, start, BODIES, rights, {"act": "close", "note": "已办结"}, (), (), in_area)]
