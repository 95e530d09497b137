"""Complaints in the harnesses: one of the citizen's own about their application, and one from the suggestion box."""
from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.complaints.models import DeskView, HiddenView, HolderView, UnitView, WatchView
from tests.support.joining import MARKET_DESK, OWN, Joined, Right, noted, plain
from tests.support.town import AREA, MARKET
from tests.support.web import CLERK, REVIEWER, SUPERVISOR

LIST, CLOSED = "/complaints", "/complaints/closed?month=2026-03"
WORDS = {"subject": "三次到窗口未办成", "content": "每次到窗口都说缺一份材料"}
TEXT = "已核实并说明情况"
HALL_CLERKS = {"clerk hall", "clerk-one"}
DESK, AUDIT = {"supervisor here"}, {"auditor here"}


def brought(here, sort="complaint", **fields):
    """What the citizen of the scene brings."""
    return here.web.ok(here.citizen, "POST", LIST, {"area": AREA, "sort": sort, **WORDS, **fields})["case"]["id"]


def boxed(here, **fields):
    """What the suggestion box held."""
    return here.web.ok(CLERK, "POST", f"{LIST}/desk", {"sort": "suggestion", "channel": "box", **WORDS, **fields}
                       )["case"]["id"]


def act(here, case, who, act, **fields):
    return here.web.ok(who, "POST", f"{LIST}/{case}/acts", {"act": act, **fields})


def classified(here, case, **fields):
    return act(here, case, SUPERVISOR, "classify", course="complaint", unit=MARKET, **fields)


def in_answered_thread(here):
    """One on the same matter as another that the desk has explained."""
    lead, case = brought(here), brought(here)
    here.web.ok(here.citizen, "POST", "/threads", {"lead": f"COMPLAINT#{lead}", "other": f"COMPLAINT#{case}"})
    act(here, lead, SUPERVISOR, "explain", text=TEXT)
    here.web.react()
    return case


def start(here):
    """The first may be answered with reference to its thread; all else is open to it as to any."""
    return [in_answered_thread(here), boxed(here)]


def rights(here):
    waiting, signed, report, against, boxed_one, closed = (
        brought(here, matter=f"APPLICATION#{here.draft}"), brought(here, "stuck"), brought(here, "report"),
        brought(here), boxed(here), brought(here))
    for case in (signed, report, closed):
        classified(here, case)
        act(here, case, REVIEWER, "sign")
    classified(here, against, against=[REVIEWER.person])
    act(here, closed, REVIEWER, "answer", result="unfounded", text=TEXT)
    act(here, closed, SUPERVISOR, "call_back", satisfied=True)
    act(here, closed, SUPERVISOR, "attribute", cause="none")
    act(here, closed, SUPERVISOR, "close")
    ours, supervising = {HolderView: OWN, DeskView: DESK}, DESK | AUDIT

    def right(views, units, clock, **listed):
        return Right({**ours, **views}, "/words", frozenset(OWN | DESK | units), clock,
                     {LIST: OWN | listed.get("desk", set()), CLOSED: listed.get("month", set())})
    market = {UnitView: MARKET_DESK, WatchView: AUDIT}
    return {
        "complaint at the desk": (waiting, right({WatchView: AUDIT}, set(), "classify", desk=supervising)),
        "complaint in a unit": (signed, right(market, MARKET_DESK, "answer", desk=MARKET_DESK)),
        "report in a unit": (report, right({HiddenView: MARKET_DESK, WatchView: AUDIT}, MARKET_DESK, "answer",
                                           desk=MARKET_DESK)),
        "complaint about an official": (against, right(
            {UnitView: MARKET_DESK - {"reviewer-one"}, WatchView: AUDIT | {"reviewer-one"}},
            MARKET_DESK - {"reviewer-one"}, "sign", desk=MARKET_DESK)),
        "suggestion from the box": (boxed_one, Right(
            {DeskView: DESK, WatchView: AUDIT | HALL_CLERKS}, "/words", frozenset(DESK), "classify",
            {LIST: supervising})),
        "complaint closed": (closed, right(market, MARKET_DESK, "review", month=MARKET_DESK))}


def in_area(town):
    """One of the town's citizen in a unit, and a report at the desk."""
    for unit in ("supervision", "market"):
        accounts().store.found_unit(town.area, f"{town.area}.{unit}", f"{town.area}{unit}")
    for sort in ("enterprise", "report"):
        body = {"area": town.area, "sort": sort, **WORDS}
        case = town.web.ok(town.citizen, "POST", LIST, body)["case"]["id"]
    town.web.ok(town.staff["supervisor"], "POST", f"{LIST}/{case}/acts", {
        "act": "classify", "course": "complaint", "unit": f"{town.area}.market"})


def at_work(here, case):
    return {"course": "complaint", "unit": MARKET}


def told(here, case):
    return {"text": TEXT}


BODIES = {
    **dict.fromkeys(("classify", "redirect"), at_work),
    **dict.fromkeys(("explain", "answer_by_thread", "return", "send_back", "rework", "improve"), told),
    **dict.fromkeys(("assign", "hand_over"), lambda here, case: {"handler": REVIEWER.person}),
    **dict.fromkeys(("annul", "deny_extension", "miss_call"), noted),
    **dict.fromkeys(("claim", "sign", "approve_extension", "close", "withdraw"), plain),
    "decline": lambda here, case: {"text": "属于行政复议范围", "remedy": "reconsideration"},
    "answer": lambda here, case: {"result": "solved", "text": TEXT},
    "ask_extension": lambda here, case: {"asked_days": 2, "note": "需调取录像"},
    "call_back": lambda here, case: {"satisfied": case.reworked},
    "attribute": lambda here, case: {"cause": "systems" if case.reworked else "none"},
    "plan": lambda here, case: {"unit": MARKET, "text": "更新一次性告知单", "measure_by": "2026-06-30"}}
JOINED = [Joined("COMPLAINT", LIST, start, BODIES, rights, {"act": "annul", "note": "有误"},
                 ("/words", "/measures"), (LIST, CLOSED, "/complaints/ledger?month=2026-03",
                                           "/complaints/ledger?month=2026-03&sort=report"), in_area)]
