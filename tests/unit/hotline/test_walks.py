"""Whatever happens to an order, in whatever order: what is offered succeeds, nothing is left without a next step."""
import json
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domains.figures.indicators import HOTLINE as INDICATORS
from chalicelib.domains.hotline.measures import OF_ORDER, of_order
from chalicelib.domains.hotline.models import Order
from chalicelib.domains.hotline.terms import terms_for
from chalicelib.domains.hotline.workflow import AT_DESK, ENDED, HOTLINE
from chalicelib.kernel.calendar import Calendar
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.record import Event, Key, replay
from chalicelib.kernel.turns import Occasion
from tests.support.town import AREA, CITIZEN, HEAD, MARKET, MONDAY, NOTICES, REVIEWER, SEEDS, SUPERVISOR, actor
from tests.support.town import HOTLINE as CENTRE_UNIT

CALENDAR = Calendar(NOTICES)
ROWS = json.loads((SEEDS / "hotline-limits.json").read_text("utf-8"))
OFFICES = [CITIZEN, actor("centre", CENTRE_UNIT), actor("head", CENTRE_UNIT), REVIEWER, HEAD, SUPERVISOR, SYSTEM]
FIELDS = {"area": AREA, "unit": CENTRE_UNIT, "person": CITIZEN.person, "number": "N1", "opened_at": MONDAY}


def details_of(act, case, who, draw):
    """What a valid request for the act brings with it, as the service hands it on."""
    match act:
        case "register":
            return FIELDS | {"category": case.category, "urgency": case.urgency, "anonymous": case.anonymous}
        case "classify":
            return {"category": "report", "urgency": draw(st.sampled_from(["critical", "ordinary"]))}
        case "dispatch" | "designate":
            return {"unit": MARKET, "units": ("market",)}
        case "ask_extension":
            return {"asked_days": case.clocks["reply"].extendable, "note": "需现场核查"}
        case "approve_extension":
            return {"extend_by": case.asked_days}
        case "assign" | "hand_over":
            return {"handler": OFFICES[1].person if case.unit == CENTRE_UNIT else who.person}
        case "call_back":
            return {"satisfaction": draw(st.integers(1, 5)), "solved": draw(st.booleans()),
                    "contacted": draw(st.none() | st.booleans())}
        case "reply":
            return {"result": draw(st.sampled_from(["solved", "shelved"])), "promised": "2026-12-31"}
        case "report":
            return {"helpers": {**case.helpers, "health": case.version + 1}}
        case "invite":
            return {"helpers": {"health": 0, **case.helpers}}
        case "merge":
            return {"main": "b" * 26}
        case "inform":
            return {"result": "shelved", "promised": "2026-12-31"}
        case "inherit":
            return {"units": ("market",), "result": "solved"}
    return {}


def seen_by(case, who, at):
    terms = terms_for(ROWS, case.category, case.urgency, case.intricate)
    promise = {"promise": Limit.model_validate("30cd@JN24")}
    told = {"main_waits": True, "inherits": who.role == "system", "shelves": who.role == "system",
            "gathering": who.role == "system", "scattering": who.role == "system", "left": max(case.children - 1, 0),
            "thread_answered": True, "collective": False}
    return Occasion(who, at, CALENDAR, terms.limits | promise, terms.model_dump() | told)


@settings(max_examples=150, deadline=None)
@given(st.data(), st.integers(3, 30), st.sampled_from(["help", "report", "consultation"]),
       st.sampled_from(["critical", "urgent", "ordinary"]), st.booleans())
def test_replay_equals_the_state_and_every_open_order_is_somebody_s(data, length, category, urgency, anonymous):
    fields = FIELDS | {"category": category, "urgency": urgency, "anonymous": anonymous}
    marks, case, events, at = {}, Order(id="a" * 26, **fields), [], MONDAY
    for turn in range(length):
        at += timedelta(minutes=data.draw(st.sampled_from([0, 1, 30, 60 * 23, 60 * 24 * 2, 60 * 24 * 12])))
        choices = [(who, act) for who in OFFICES for act in HOTLINE.acts(case, seen_by(case, who, at))
                   if act not in ("recount", "annul")]
        if not choices:
            break
        who, act = data.draw(st.sampled_from(choices))
        step = HOTLINE.advance(case, act, seen_by(case, who, at), details_of(act, case, who, data.draw),
                               Key(f"k{turn}", "d"))
        events.append(Event.model_validate(step.event.model_dump(mode="json", exclude_defaults=True)))
        case = Order.model_validate(step.case.model_dump(mode="json", exclude_defaults=True))
        assert replay(Order, events) == case == step.case
        marks, before = of_order(case, events, lambda version: CALENDAR), marks
        assert act in OF_ORDER or marks == before, f"{act} changes what is counted, and nobody counts"
        for one in INDICATORS:
            for whose, month, _ in marks:
                of = marks.get((whose, month, one.formula.denominator), 0)
                assert 0 <= marks.get((whose, month, one.formula.numerator), 0) <= of or "、" in one.formula.numerator
        if case.state in ENDED:
            assert (case.clocks, step.wake_at) == ({}, None)
        else:
            at_the_centre = case.state not in ("dispatched", "handling", "shelved")
            assert case.unit == (CENTRE_UNIT if at_the_centre else MARKET)
            persons = [act for who in OFFICES[1:5] for act in HOTLINE.acts(case, seen_by(case, who, at))]
            assert set(persons) - {"claim", "assign", "hand_over"}, "somebody moves it on"
            assert case.clocks or case.state == "merged", "and it has a clock, or its main order has"
            assert case.returns <= 2 and case.reworks <= 2
            assert not (case.designated and case.state in AT_DESK)
