"""Whatever happens to an application, in whatever order: what is offered succeeds, and the record tells the state."""
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domains.applications.models import EXCLUDED, Application
from chalicelib.domains.applications.procedures import after, named, procedures_of
from chalicelib.domains.applications.workflow import APPLICATIONS
from chalicelib.kernel.calendar import Calendar
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.problems import Problem
from chalicelib.kernel.record import KEYS, Event, Key, replay
from chalicelib.kernel.turns import Occasion
from tests.support.town import (
    AREA,
    CITIZEN,
    CLERK,
    HALL,
    HEAD,
    MARKET,
    MONDAY,
    NOTICES,
    REVIEWER,
    ROWS,
    SUPERVISOR,
    actor,
)

CALENDAR = Calendar(NOTICES)
LIMITS = {row["name"]: Limit.model_validate(row["limit"]) for row in ROWS} | {
    "procedure": Limit.model_validate("5wd@XKF45")}            # as long as every walk tells the applicant
OFFICES = [CITIZEN, CLERK, REVIEWER, HEAD, SUPERVISOR, SYSTEM, actor("head", HALL)]
FIELDS = {"area": AREA, "unit": HALL, "hall": HALL, "department": MARKET, "person": CITIZEN.person, "number": "N1",
          "opened_at": MONDAY}


def details_of(act, case, now, draw):
    """What a valid request for the act brings with it, as the service hands it on."""
    who = now.who
    match act:
        case "open" | "register":
            return FIELDS
        case "suspend":
            reason = next(one for one in get_args(EXCLUDED) if one not in case.suspended_for)
            details = {"reason": reason, "planned": 5, "note": "送检样品"}
            return details | {"suspended_for": named(after(case, act, details, now))}
        case "end_procedure":
            details = {"reason": draw(st.sampled_from(procedures_of(case)))}
            return details | {"suspended_for": named(after(case, act, details, now))}
        case "resume":
            return {"reason": case.suspended_for}
        case "ask_extension":
            return {"asked_days": draw(st.integers(1, case.clocks["statutory"].extendable)), "note": "需实地核查"}
        case "approve_extension":
            return {"extend_by": case.asked_days}
        case "assign" | "hand_over":
            return {"handler": draw(st.sampled_from([who.person, REVIEWER.person, CLERK.person]))}
        case "deliver":
            return {"delivery": "邮寄"}
    return {}


@settings(max_examples=150, deadline=None)
@given(st.data(), st.integers(3, 25))
def test_replay_equals_the_state_and_every_act_offered_succeeds(data, length):
    case, events, at = Application(id="a" * 26, **FIELDS), [], MONDAY
    for turn in range(length):
        at += timedelta(hours=data.draw(st.sampled_from([0, 1, 23, 24 * 2, 24 * 6, 24 * 20])))
        offered = {who: APPLICATIONS.acts(case, Occasion(who, at, CALENDAR, LIMITS)) for who in OFFICES}
        choices = [(who, act) for who, acts in offered.items() for act in acts]
        if not choices:
            break
        who, act = data.draw(st.sampled_from(choices))
        now = Occasion(who, at, CALENDAR, LIMITS)
        step = APPLICATIONS.advance(case, act, now, details_of(act, case, now, data.draw), Key(f"k{turn}", "d"))
        stored = Event.model_validate(step.event.model_dump(mode="json", exclude_defaults=True))
        events.append(stored)
        case = Application.model_validate(step.case.model_dump(mode="json", exclude_defaults=True))
        assert replay(Application, events) == case == step.case
        assert case.version == turn + 1 and len(case.done) == min(turn + 1, KEYS)
        assert step.wake_at is None or step.wake_at >= at, "nobody is woken in the past"
        assert all(not clock.stopped for clock in case.clocks.values())


@settings(max_examples=80, deadline=None)
@given(st.data(), st.integers(1, 12))
def test_what_is_not_offered_is_refused(data, length):
    case, at = Application(id="a" * 26, **FIELDS), MONDAY
    for _ in range(length):
        at += timedelta(hours=data.draw(st.sampled_from([0, 1, 24 * 2, 24 * 6])))
        choices = []
        for who in OFFICES:
            now = Occasion(who, at, CALENDAR, LIMITS)
            offered = APPLICATIONS.acts(case, now)
            choices += [(who, act) for act in offered]
            for act in APPLICATIONS.names - set(offered):
                with pytest.raises(Problem):
                    APPLICATIONS.advance(case, act, now)
        if not choices:
            break
        who, act = data.draw(st.sampled_from(choices))
        now = Occasion(who, at, CALENDAR, LIMITS)
        case = APPLICATIONS.advance(case, act, now, details_of(act, case, now, data.draw)).case


def test_an_ended_application_keeps_no_clock_and_wakes_nobody():
    opening = Occasion(CITIZEN, MONDAY, CALENDAR, LIMITS)
    draft = APPLICATIONS.advance(Application(id="a" * 26, **FIELDS), "open", opening, FIELDS).case
    late = datetime(2026, 6, 2, tzinfo=UTC)    # the ninetieth day is a Sunday
    step = APPLICATIONS.advance(draft, "lapse_draft", Occasion(SYSTEM, late, CALENDAR, LIMITS))
    assert (step.case.state, step.case.clocks, step.due_at, step.wake_at) == ("discarded", {}, None, None)
    assert step.case.ended == {"draft": 2}
