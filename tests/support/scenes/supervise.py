"""Supervision orders in the harnesses: to the market office, on an application and on a bad rating."""
from chalicelib.domains.supervision.order_models import OrderShown
from tests.support.joining import MARKET_DESK, WATCH, Joined, Right, noted, plain
from tests.support.scenes.applications import HANDLERS
from tests.support.scenes.ratings import MARKET_FEEDBACK, corrected
from tests.support.town import HALL, MARKET
from tests.support.web import CLERK, RECTIFIER, REVIEWER, SUPERVISOR

ORDERS = "/supervision/orders"
FREE, ISSUED, OF_MARKET = f"{ORDERS}?unclaimed=true", f"{ORDERS}?month=2026-03", f"{ORDERS}?unit={MARKET}"


def waiting(here, unit=MARKET):
    """An application of the scene's citizen that was handed in at the window, and that the unit has now."""
    body = {"area": here.item["area"], "item": here.item["code"], "form": {}, "materials": here.files,
            "person": here.citizen.person}
    case = here.web.ok(CLERK, "POST", "/applications/window", body)["case"]["id"]
    if unit == MARKET:
        here.web.ok(CLERK, "POST", f"/applications/{case}/acts", {"act": "accept"})
    return case


def issued(here, level=1, kind="APPLICATION", case="", unit=MARKET, **more):
    """An order to a unit on a case, an application that waits there unless another is named."""
    body = {"unit": unit, "kind": kind, "case_id": case or waiting(here, unit), "level": level,
            "text": "请尽快办理"} | more
    return here.web.ok(SUPERVISOR, "POST", ORDERS, body)["case"]["id"]


def do(here, who, order, act, **fields):
    return here.web.ok(who, "POST", f"{ORDERS}/{order}/acts", {"act": act, **fields})


def start(here):
    """One that rises by itself, one that does not any more, and one about a bad rating."""
    return [issued(here), issued(here, 3, unit=HALL), issued(here, 2, "CORRECTION", corrected(here)[1])]


def rights(here):
    free, answered, about_rating = issued(here), issued(here, 2), issued(here, 3, "CORRECTION", corrected(here)[1])
    do(here, REVIEWER, answered, "sign")
    do(here, REVIEWER, answered, "answer", text="已办结")
    heads, closed = {"head market", "head-one"}, issued(here)
    rectifiers = MARKET_FEEDBACK - heads
    do(here, RECTIFIER, about_rating, "claim")
    do(here, SUPERVISOR, closed, "annul", note="重复签发")
    to_rate = issued(here, 3, "CORRECTION", corrected(here)[1])
    return {
        "order": (free, Right({OrderShown: MARKET_DESK | WATCH}, "/text", frozenset(MARKET_DESK | WATCH), "answer", {
            ORDERS: heads, FREE: MARKET_DESK, ISSUED: heads, OF_MARKET: heads | WATCH})),
        "answered order": (answered, Right({OrderShown: heads | {"reviewer-one"} | WATCH}, "/answer", frozenset(
            heads | {"reviewer-one"} | WATCH), "sign", {
                ORDERS: {"reviewer-one"} | WATCH, FREE: set(), ISSUED: heads | {"reviewer-one"},
                OF_MARKET: heads | {"reviewer-one"} | WATCH})),
        "order about a rating": (about_rating, Right({OrderShown: heads | {"rectifier-one"} | WATCH}, listed={
            ORDERS: heads | {"rectifier-one"}, FREE: set(), ISSUED: heads | {"rectifier-one"},
            OF_MARKET: heads | {"rectifier-one"} | WATCH})),
        "unclaimed order about a rating": (to_rate, Right({OrderShown: heads | rectifiers | WATCH}, "/text", frozenset(
            heads | rectifiers | WATCH), listed={ORDERS: heads, FREE: rectifiers, ISSUED: heads,
                                                 OF_MARKET: heads | WATCH})),
        "annulled order": (closed, Right({OrderShown: MARKET_DESK | WATCH}, listed={
            FREE: MARKET_DESK, ISSUED: heads | WATCH, OF_MARKET: heads | WATCH}))}


def in_area(town):
    """The supervisor of the town has its window answer for an application."""
    case = next(row["id"] for row in town.web.ok(town.citizen, "GET", "/applications")["items"]
                if row["state"] == "submitted")
    town.web.ok(town.staff["supervisor"], "POST", ORDERS, {
        "unit": f"{town.area}.hall", "kind": "APPLICATION", "case_id": case, "level": 1, "text": "请尽快办理"})


BODIES = {
    **dict.fromkeys(("send_back", "annul"), noted), **dict.fromkeys(("sign", "accept", "claim"), plain),
    **dict.fromkeys(("assign", "hand_over"), lambda here, case: {
        "handler": (RECTIFIER.person if case.source.startswith("CORRECTION#") else HANDLERS[case.person])}),
    "answer": lambda here, case: {"text": "已补办并致歉"},
    "raise_level": lambda here, case: {"level": min(case.level + 1, 5), "note": "仍未办结"}}
JOINED = [Joined("SUPERVISE", ORDERS, start, BODIES, rights, {"act": "annul", "note": "有误"},
                 ("/text", "/answer"), (ORDERS, FREE, ISSUED), in_area)]
