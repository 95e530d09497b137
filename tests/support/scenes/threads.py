"""Threads in the harnesses: an application and an order of one citizen, both at the market office."""
from chalicelib.domains.threads.models import ThreadView
from tests.support.joining import MARKET_DESK, OWN, Joined, Right, noted
from tests.support.scenes.complaints import brought
from tests.support.scenes.hotline import LIST as ORDERS
from tests.support.scenes.hotline import TEXT, order
from tests.support.scenes.hotline import act as on_order
from tests.support.town import MARKET
from tests.support.web import CENTRE, SUPERVISOR

PATH = "/threads"


def linked(here, lead, other, who=None):
    return here.web.ok(who or here.citizen, "POST", PATH, {"lead": lead, "other": other})["case"]["id"]


def at_market(here):
    """An order of the citizen that the market office has."""
    made = order(here)
    on_order(here, made, CENTRE, "dispatch", unit=MARKET)
    return f"ORDER#{made}"


def start(here):
    """A thread that waits, led by the application, and one that a report has answered, of which the market office is
    not shown the lead; and a case that may join.
    """
    here.third = at_market(here)
    waiting = linked(here, f"APPLICATION#{here.draft}", at_market(here))
    report, asked = brought(here, "report"), at_market(here)
    answered = linked(here, f"COMPLAINT#{report}", asked)
    linked(here, asked, at_market(here))
    here.web.ok(SUPERVISOR, "POST", f"/complaints/{report}/acts", {"act": "explain", "text": TEXT})
    here.web.react()
    return [waiting, answered]


def rights(here):
    made = linked(here, f"APPLICATION#{here.draft}", at_market(here))
    sees = OWN | MARKET_DESK | {"supervisor here"}         # who is shown the complaint about the application with it
    return {"thread": (made, Right({ThreadView: sees}))}


def in_area(town):
    """The town's citizen links an application with an order."""
    mine = {path: town.web.ok(town.citizen, "GET", path)["items"][-1]["id"] for path in ("/applications", ORDERS)}
    town.web.ok(town.citizen, "POST", PATH, {"lead": f"APPLICATION#{mine['/applications']}",
                                             "other": f"ORDER#{mine[ORDERS]}"})


BODIES = {"join": lambda here, case: {"member": here.third}, "lead": lambda here, case: {"member": case.members[1]},
          "close": noted}
JOINED = [Joined("THREAD", PATH, start, BODIES, rights, {"act": "close", "note": "已办结"}, (), (), in_area)]
