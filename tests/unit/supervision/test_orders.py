"""The rules of a supervision order, without tables: signed, answered, accepted or sent back; what rises by itself."""
import json

import pytest

from chalicelib.domains.supervision.order_models import NAMES, Order
from chalicelib.domains.supervision.order_workflow import ORDERS, standing, title
from chalicelib.domains.supervision.service import limits_of
from chalicelib.kernel.calendar import Calendar
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.problems import Forbidden, Refused
from chalicelib.kernel.record import Summary
from chalicelib.kernel.turns import Occasion
from tests.support.cards import at
from tests.support.town import AREA, CLERK, HEAD, MARKET, NOTICES, OTHER_AREA, REVIEWER, REVIEWER2, SEEDS, actor

CALENDAR = Calendar(NOTICES)
ROWS = json.loads((SEEDS / "supervision-limits.json").read_text("utf-8"))
SUPERVISOR, AUDITOR = actor("supervisor", f"{AREA}.supervision"), actor("auditor", f"{AREA}.audit")
ELSEWHERE = actor("supervisor", f"{OTHER_AREA}.supervision", area=OTHER_AREA)
RECTIFIER = actor("rectifier", MARKET)


def occasion(case, who, day, level=None):
    found = limits_of(ROWS, MARKET, "")
    limits = {"sign": found["duban_sign"], "answer": found[f"duban{level or case.level}"]}
    return Occasion(who, at(day, 10), CALENDAR, limits, {"raised_to": 3})


def do(case, who, act, day, limited=None, **details):
    return ORDERS.advance(case, act, occasion(case, who, day, limited), details).case


def issued(level=1, day="2026-03-02", source="APPLICATION"):
    """An order to the market office, issued at ten on a day."""
    blank = Order(id="a" * 26, area=AREA, unit=f"{AREA}.supervision", person=MARKET, level=level, title=title(level),
                  source=f"{source}#{'b' * 26}", opened_at=at(day, 10))
    return do(blank, SUPERVISOR, "issue", day)


def answered(level=1):
    signed = do(issued(level), REVIEWER, "sign", "2026-03-02")
    return do(signed, REVIEWER, "answer", "2026-03-03", answer="ANSWER#000003")


def due(case):
    return {name: str(clock.last_day(CALENDAR)) for name, clock in case.clocks.items()}


def duties(case, day, level=None):
    return [act for act in ORDERS.acts(case, occasion(case, SYSTEM, day, level)) if act != "recount"]


@pytest.mark.parametrize("level, last", [(1, "2026-03-03"), (2, "2026-03-05"), (3, "2026-03-09"), (4, "2026-03-09"),
                                         (5, "2026-03-09")])
def test_an_order_of_monday_2_march_is_signed_for_on_the_3rd_and_answered_in_the_time_of_its_level(level, last):
    assert due(issued(level)) == {"sign": "2026-03-03", "answer": last}
    assert issued(level).title == f"督办（{NAMES[level]}）"


def test_time_counts_working_days_across_a_make_up_saturday_and_a_weekend():
    assert due(issued(2, "2026-02-27"))["answer"] == "2026-03-03", "28 February 2026 is worked"
    assert due(issued(2, "2026-03-05"))["answer"] == "2026-03-10"


def test_who_signs_has_it_answers_and_it_is_accepted():
    signed = do(issued(), REVIEWER, "sign", "2026-03-02")
    assert (signed.state, signed.handler, set(signed.clocks)) == ("signed", REVIEWER.person, {"answer"})
    with pytest.raises(Refused):
        do(signed, REVIEWER2, "answer", "2026-03-02")
    closed = do(answered(), SUPERVISOR, "accept", "2026-03-03")
    assert (closed.state, closed.clocks) == ("closed", {})


def test_an_order_sent_back_has_its_time_anew():
    back = do(answered(2), SUPERVISOR, "send_back", "2026-03-09")
    assert (back.state, back.handler, due(back)) == ("signed", REVIEWER.person, {"answer": "2026-03-12"})


def test_a_level_raised_by_the_supervisor_has_its_own_time_from_then():
    raised = do(issued(), SUPERVISOR, "raise_level", "2026-03-03", 4, level=4)
    assert (raised.level, due(raised)["answer"]) == (4, "2026-03-10")
    assert "raise_level" not in ORDERS.acts(issued(5), occasion(issued(5), SUPERVISOR, "2026-03-03"))
    with pytest.raises(Refused):
        do(answered(), SUPERVISOR, "raise_level", "2026-03-03", 4, level=4)


@pytest.mark.parametrize("who, act", [(HEAD, "accept"), (REVIEWER, "send_back"), (CLERK, "annul"),
                                      (HEAD, "raise_level"), (SUPERVISOR, "sign"), (AUDITOR, "accept")])
def test_neither_side_does_the_other_s_part(who, act):
    case = issued() if act in ("sign", "raise_level", "annul") else answered()
    with pytest.raises(Forbidden):
        do(case, who, act, "2026-03-03")


@pytest.mark.parametrize("who, act", [(CLERK, "sign"), (ELSEWHERE, "raise_level"), (ELSEWHERE, "annul")])
def test_another_unit_and_another_area_have_no_part_in_it(who, act):
    with pytest.raises(Refused):
        do(issued(), who, act, "2026-03-03", 4, level=4)


def test_at_the_end_of_its_time_an_order_rises_one_level_with_that_level_s_time():
    case = issued()
    assert duties(case, "2026-03-03") == []
    assert duties(case, "2026-03-04") == ["overdue_sign", "escalate"]
    raised = do(case, SYSTEM, "escalate", "2026-03-04", 2)
    assert (raised.level, raised.title, due(raised)["answer"]) == (2, "督办（书面督办）", "2026-03-09")
    noted = do(raised, SYSTEM, "overdue_sign", "2026-03-04", 3)
    assert duties(noted, "2026-03-09", 3) == []
    assert duties(noted, "2026-03-10", 3) == ["escalate"]
    listed = do(noted, SYSTEM, "escalate", "2026-03-10", 3)
    assert (listed.level, listed.title, due(listed)["answer"]) == (3, "督办（挂牌督办）", "2026-03-17")


@pytest.mark.parametrize("level", [3, 4, 5])
def test_from_the_third_level_on_a_missed_answer_is_noted_once_and_the_order_stays(level):
    case = do(issued(level), REVIEWER, "sign", "2026-03-02")
    assert duties(case, "2026-03-10") == ["overdue_answer"]
    noted = do(case, SYSTEM, "overdue_answer", "2026-03-10")
    assert (noted.level, duties(noted, "2026-04-01")) == (level, [])
    late = do(noted, REVIEWER, "answer", "2026-04-01", answer="ANSWER#000004")
    assert late.state == "answered"


def test_an_order_answered_in_time_asks_nothing_of_the_system():
    assert duties(answered(), "2026-06-01") == []


def test_who_may_know_of_an_order():
    case = issued()
    mine = do(case, REVIEWER, "sign", "2026-03-02")
    assert [standing(case, who) for who in (SUPERVISOR, AUDITOR, HEAD, REVIEWER, REVIEWER2)] == [
        "supervisor", "supervisor", "unit", "unit", "unit"]
    assert [standing(case, who) for who in (CLERK, ELSEWHERE, RECTIFIER)] == ["", "", ""]
    assert [standing(mine, who) for who in (HEAD, REVIEWER, REVIEWER2)] == ["unit", "unit", ""]
    handed = mine.model_copy(update={"handler": REVIEWER2.person, "had": (REVIEWER.person,)})
    assert [standing(handed, who) for who in (REVIEWER, REVIEWER2)] == ["unit", "unit"]


def test_of_an_order_about_a_bad_rating_only_rectifiers_and_the_head_know():
    case = issued(source="CORRECTION")
    assert [standing(case, who) for who in (RECTIFIER, HEAD, REVIEWER)] == ["unit", "unit", ""]
    assert do(case, RECTIFIER, "sign", "2026-03-02").handler == RECTIFIER.person
    with pytest.raises(Refused):
        do(case, REVIEWER, "sign", "2026-03-02")
    row = Summary.model_validate(case.model_dump(include=set(Summary.model_fields)))
    assert standing(row, RECTIFIER) == "unit", "a list does not tell: its partition is the reader's right"
