"""Orders made by hand, for the tests of the rules."""
import json
from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.domains.hotline.models import Order
from chalicelib.domains.hotline.terms import helped, terms_for
from chalicelib.domains.hotline.workflow import HOTLINE
from chalicelib.kernel.calendar import Calendar
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.turns import Occasion
from tests.support.town import AREA, MARKET, NOTICES, REVIEWER, SEEDS, actor

CALENDAR = Calendar(NOTICES)
ROWS = json.loads((SEEDS / "hotline-limits.json").read_text("utf-8"))
HOTLINE_UNIT = f"{AREA}.hotline"
SEAT, SEAT2 = actor("centre", HOTLINE_UNIT), actor("centre", HOTLINE_UNIT, "centre-two")
CHIEF = actor("head", HOTLINE_UNIT)
TO_MARKET = {"unit": MARKET, "units": ("market",)}


def shanghai(day, hour=10, minute=0):
    """A time of a day (`2026-03-10`) in Shanghai."""
    return datetime.fromisoformat(f"{day}T{hour:02d}:{minute:02d}:00+08:00").astimezone(UTC)


def occasion(case, who, day, *at):
    terms = terms_for(ROWS, case.category, case.urgency, case.intricate)
    return Occasion(who, shanghai(day, *at), CALENDAR, terms.limits, terms.model_dump())


def do(case, who, act, day, *at, **details):
    """The case after an act on a day."""
    now = occasion(case, who, day, *at)
    return HOTLINE.advance(case, act, replace(now, limits=helped(now.limits, act, details)), details).case


def order(day="2026-03-02", *at, who=SEAT, **fields):
    """An order as registered."""
    fields = {"area": AREA, "unit": HOTLINE_UNIT, "person": "p-zhang", "number": "N1", "opened_at": shanghai(day, *at),
              "category": "help", **fields}
    return do(Order(id="a" * 26, **fields), who, "register", day, *at, **fields)


def dispatched(day="2026-03-02", *at, **fields):
    return do(order(day, *at, **fields), SEAT, "dispatch", day, *at, **TO_MARKET)


def replied(day="2026-03-03", **fields):
    signed = do(dispatched(**fields), REVIEWER, "sign", "2026-03-02", 11)
    return do(signed, REVIEWER, "reply", day, result="solved")


def called(satisfaction, **fields):
    checked = do(replied(**fields), SEAT, "pass", "2026-03-03", 11)
    return do(checked, SEAT, "call_back", "2026-03-03", 12, satisfaction=satisfaction, solved=satisfaction > 2)


def due(case):
    return {name: str(clock.last_day(CALENDAR)) for name, clock in case.clocks.items()}


def instants(case):
    return {name: clock.due(CALENDAR).isoformat() for name, clock in case.clocks.items()}


def duties(case, day, *at):
    """What the system has to do at a time of a day."""
    return [act for act in HOTLINE.acts(case, occasion(case, SYSTEM, day, *at)) if act != "recount"]


def offered(case, who, day="2026-03-03", *at):
    return set(HOTLINE.acts(case, occasion(case, who, day, *at)))
