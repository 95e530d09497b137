"""The published terms of orders: every category and urgency has its clocks, and how often what may be done."""
import json
from typing import get_args

import pytest
from pydantic import ValidationError

from chalicelib.domains.hotline.models import Category, Urgency
from chalicelib.domains.hotline.terms import terms_for
from chalicelib.domains.hotline.workflow import HOTLINE
from tests.support.town import SEEDS

ROWS = json.loads((SEEDS / "hotline-limits.json").read_text("utf-8"))
ORDINARY = {"consultation": "1wd+1/1@GZ4", "help": "5wd+5/1@AY50", "complaint": "10wd+5/1@GZ4",
            "report": "15wd+5/1@GZ4", "suggestion": "10wd+5/1@GZ4", "praise": "3wd@GZ4", "other": "5wd+5/1@AY50"}
BY_URGENCY = {"ordinary": ("2h@GZ4", "1wd@GZ4", None, "3wd@GZ4"),
              "urgent": ("30min@GZ4", "30min@GZ4", "24h@GZ4", "12h@GZ4"),
              "critical": ("5min@GZ4", "15min@GZ4", "2h@GZ4", "1h@GZ4")}
HIDDEN = {"complaint": "asked", "report": "always"}


@pytest.mark.parametrize("urgency", get_args(Urgency))
@pytest.mark.parametrize("category", get_args(Category))
def test_every_category_and_urgency_has_its_clocks(category, urgency):
    terms = terms_for(ROWS, category, urgency)
    dispatch, sign, reply, report = BY_URGENCY[urgency]
    if (category, urgency) == ("consultation", "ordinary"):
        sign = "4h@GZ4"
    assert {name: limit.model_dump() for name, limit in terms.limits.items()} == {
        "dispatch": dispatch, "sign": sign, "return": "24h@AY50", "callback": "3wd@GZ4", "law": "5wd@JN24",
        "report": report, "reply": reply or ORDINARY[category], "written": "1wd@GZ4", "listed": "5wd@GZ4",
        "talk": "10wd@GZ4"}
    assert (terms.returns, terms.reworks, terms.tries, terms.days) == (2, 2, 3, 2)
    assert terms.hidden == HIDDEN.get(category, "never")
    assert set(terms.limits) == {turn.name for rule in HOTLINE.rules.values() for turn in rule.clocks} - {
        "*", "promise"}, "what is shelved is bound by the day that was promised"


@pytest.mark.parametrize("category", get_args(Category))
def test_an_urgent_order_is_counted_around_the_clock_and_never_extended(category):
    for urgency in ("urgent", "critical"):
        limits = terms_for(ROWS, category, urgency).limits
        assert {limits[name].unit for name in ("dispatch", "sign", "reply")} <= {"h", "min"}
        assert limits["reply"].times == 0


def test_an_area_may_lay_its_own_row_over_the_others():
    own = [*ROWS, {"category": "help", "limits": {"reply": "3wd@GZ4"}, "returns": 1}]
    assert terms_for(own, "help", "ordinary").limits["reply"].count == 3
    assert (terms_for(own, "help", "ordinary").returns, terms_for(own, "praise", "ordinary").returns) == (1, 2)


@pytest.mark.parametrize("own", [{"limits": {"reply": "7cd@GZ4"}}, {"category": "help", "limits": {"reply": "7cd@GZ4"}},
                                 {"intricate": True, "limits": {"reply": "7cd@GZ4"}}])
def test_no_row_of_an_area_that_is_not_about_urgency_touches_the_hours_of_what_is_urgent(own):
    intricate = own.get("intricate", False)
    for urgency, reply in (("critical", "2h@GZ4"), ("urgent", "24h@GZ4"), ("ordinary", "7cd@GZ4")):
        limits = terms_for([*ROWS, own], "help", urgency, intricate).limits
        assert limits["reply"].model_dump() == reply
    shorter = {"urgency": "critical", "limits": {"reply": "1h@GZ4"}}
    assert terms_for([shorter, *ROWS], "help", "critical").limits["reply"].count == 2, "of two alike the later holds"
    assert terms_for([*ROWS, shorter], "help", "critical").limits["reply"].count == 1


def test_terms_that_leave_something_open_are_no_terms():
    with pytest.raises(ValidationError):
        terms_for(ROWS[1:], "help", "ordinary")


@pytest.mark.parametrize("category", get_args(Category))
def test_an_intricate_order_is_extended_twice_at_most_and_by_no_more_than_its_first_time(category):
    plain, twice = (terms_for(ROWS, category, "ordinary", intricate).limits["reply"] for intricate in (False, True))
    if category in ("consultation", "praise"):
        assert twice == plain, "these are never intricate"
    else:
        assert (plain.times, twice.times, twice.count, twice.extra) == (1, 2, plain.count, plain.count)
    for urgency in ("urgent", "critical"):
        assert terms_for(ROWS, category, urgency, True).limits["reply"].times == 0
