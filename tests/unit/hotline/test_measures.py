"""What one order adds to the figures, one story per test. Pure."""
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domains.hotline.calls import Calls, of_calls
from chalicelib.domains.hotline.measures import of_order
from chalicelib.domains.hotline.models import Order
from chalicelib.domains.hotline.workflow import HOTLINE
from chalicelib.kernel.identity import SYSTEM
from tests.support.orders import CALENDAR, HOTLINE_UNIT, SEAT, TO_MARKET, occasion, shanghai
from tests.support.town import AREA, HEAD, HEALTH, REVIEWER, SUPERVISOR

TO_HEALTH = {"unit": HEALTH, "units": ("market", "health")}


class Story:
    """An order with its timeline."""

    def __init__(self, day="2026-03-02", **fields):
        at = shanghai(day)
        fields = {"area": AREA, "unit": HOTLINE_UNIT, "person": "p-zhang", "number": "N1", "opened_at": at,
                  "category": "help", **fields}
        self.case, self.timeline = Order(id="a" * 26, **fields), []
        self.do(SEAT, "register", day, **fields)

    def do(self, who, act, day, *at, **details):
        step = HOTLINE.advance(self.case, act, occasion(self.case, who, day, *at), details)
        self.case = step.case
        self.timeline.append(step.event)
        return self

    def sent(self, day="2026-03-02", **more):
        return self.do(SEAT, "dispatch", day, **{**TO_MARKET, **more})

    def answered(self, day="2026-03-03", result="solved", signed=True):
        if signed:
            self.do(REVIEWER, "sign", day, 9)
        return self.do(REVIEWER, "reply", day, result=result)

    def asked(self, day="2026-03-04", satisfaction=5, contacted=True):
        return self.do(SEAT, "pass", day).do(SEAT, "call_back", day, satisfaction=satisfaction,
                                             solved=satisfaction > 2, contacted=contacted)

    def marks(self):
        """By unit and month, what counts once, and what oftener with its number."""
        found = {}
        for (whose, month, name), n in of_order(self.case, self.timeline, lambda version: CALENDAR).items():
            cell = found.setdefault((whose.rpartition(".")[2], month[-2:]), set())
            cell.add(name if n == 1 else (name, n))
        return found


RECEIVED, HANDLED = {"received", "problems"}, {"handled", "problems_handled"}
IN_TIME = {"sent", "signed_in_time", "due", "done_in_time"}
CALLED = {"closed", "called", "sampled", "contacted", "judged"}


def test_an_order_done_in_time_counts_for_its_unit_in_every_share():
    story = Story().sent()
    assert story.marks() == {("market", "03"): RECEIVED | {"sent"}}
    story.answered()
    assert story.marks() == {("market", "03"): RECEIVED | HANDLED | IN_TIME}
    story.asked().do(SEAT, "close", "2026-03-04", 11)
    assert story.marks() == {("market", "03"): RECEIVED | HANDLED | IN_TIME | CALLED | {"content", "solved"}}


def test_what_waits_at_the_centre_or_is_answered_at_once_is_the_centre_s():
    assert Story().marks() == {("hotline", "03"): RECEIVED}
    assert Story().do(SEAT, "answer", "2026-03-02").marks() == {("hotline", "03"): RECEIVED | HANDLED}


def test_a_reply_after_the_lapse_is_due_in_the_month_of_the_lapse_and_not_done_in_time():
    story = Story("2026-03-20").sent("2026-03-20").do(REVIEWER, "sign", "2026-03-20", 11)
    story.do(SYSTEM, "overdue_reply", "2026-03-28", 1)
    assert story.marks()["market", "03"] >= {"due", "signed_in_time"}
    story.do(REVIEWER, "reply", "2026-04-02", result="solved")
    assert story.marks() == {("market", "03"): RECEIVED | HANDLED | {"sent", "signed_in_time", "due"}}


def test_a_reply_that_comes_late_before_the_sweep_looks_is_late():
    story = Story().sent().do(REVIEWER, "sign", "2026-03-02", 11)
    story.do(REVIEWER, "reply", "2026-03-10", result="solved")
    assert "done_in_time" not in story.marks()["market", "03"] and "due" in story.marks()["market", "03"]


def test_in_time_is_what_the_clock_says_by_the_calendar_it_was_counted_by():
    story, asked = Story().sent().answered(), []
    of_order(story.case, story.timeline, lambda version: asked.append(version) or CALENDAR)
    assert set(asked) == {CALENDAR.version}


def test_what_was_returned_counts_for_both_units_and_is_due_at_none_but_the_last():
    story = Story().sent().do(REVIEWER, "return", "2026-03-02", 11, returned_for="not_ours", reason="not_ours")
    story.sent("2026-03-03", **TO_HEALTH)
    assert story.marks() == {("market", "03"): {"sent", "returned"}, ("health", "03"): RECEIVED | {"sent"}}


def returned():
    return Story().sent().do(REVIEWER, "return", "2026-03-02", 11, returned_for="not_ours", reason="not_ours")


@pytest.mark.parametrize("act", ["answer", "decline"])
def test_what_a_unit_sent_back_is_the_centre_s_as_long_as_it_lies_there_and_where_the_centre_answers_it(act):
    story, theirs = returned(), {"sent", "returned"}
    assert story.marks() == {("market", "03"): theirs, ("hotline", "03"): RECEIVED}
    story.do(SEAT, act, "2026-03-03")
    assert story.marks() == {("market", "03"): theirs, ("hotline", "03"): RECEIVED | HANDLED}


def test_an_answer_that_refers_to_another_s_is_the_centre_s_until_the_unit_has_to_do_it_again():
    story = returned()
    at = occasion(story.case, SEAT, "2026-03-03")
    step = HOTLINE.advance(story.case, "answer_by_thread", replace(at, facts={**at.facts, "thread_answered": True}))
    story.case = step.case
    story.timeline.append(step.event)
    assert story.marks()["hotline", "03"] == RECEIVED | HANDLED
    story.do(SEAT, "call_back", "2026-03-04", satisfaction=1, solved=False, contacted=None)
    story.do(SEAT, "rework", "2026-03-04", 11)
    assert story.marks()["market", "03"] >= RECEIVED and "hotline" not in {whose for whose, _ in story.marks()}


def test_what_is_merged_is_its_main_order_s_unit_s_once_it_has_its_reply():
    story = returned().do(SEAT, "merge", "2026-03-03", main="b" * 26)
    assert story.marks()["hotline", "03"] == {"received"}
    at = occasion(story.case, SYSTEM, "2026-03-05")
    step = HOTLINE.advance(story.case, "inherit", replace(at, facts={**at.facts, "inherits": True}),
                           {"units": ("health",), "result": "solved"})
    story.case = step.case
    story.timeline.append(step.event)
    assert story.marks()["health", "03"] == {"received", "handled"}


def test_a_dissatisfied_citizen_s_order_is_done_again_and_its_last_call_back_counts():
    story = Story(repeats="b" * 26).sent().answered().asked(satisfaction=1).do(SEAT, "rework", "2026-03-05")
    assert story.marks()["market", "03"] == RECEIVED | IN_TIME | {"reworked", "repeated"}
    story.answered("2026-03-06", signed=False).asked("2026-03-09", 3).do(SEAT, "close", "2026-03-09", 11)
    assert story.marks() == {("market", "03"): RECEIVED | HANDLED | (IN_TIME - {"due", "done_in_time"}) | {
        ("due", 2), ("done_in_time", 2), "reworked", "repeated", "content", "solved"} | CALLED}


def test_who_was_dissatisfied_and_is_not_reached_again_stays_dissatisfied():
    story = Story().sent().answered().asked(satisfaction=1, contacted=False).do(SEAT, "rework", "2026-03-05")
    story.answered("2026-03-06", signed=False).do(SEAT, "pass", "2026-03-06", 11)
    for day in ("2026-03-09", "2026-03-09", "2026-03-10"):
        story.do(SEAT, "miss", day)
    story.do(SEAT, "close", "2026-03-10", 11)
    assert story.case.satisfaction is None
    assert story.marks()["market", "03"] >= {"closed", "called", "dissatisfied", "judged", "sampled"}
    assert {"content", "solved", "contacted"}.isdisjoint(story.marks()["market", "03"])


def test_who_is_never_reached_is_in_no_share_of_those_who_were():
    story = Story().sent().answered().do(SEAT, "pass", "2026-03-03", 11)
    for day in ("2026-03-04", "2026-03-04", "2026-03-05"):
        story.do(SEAT, "miss", day)
    found = story.do(SEAT, "close", "2026-03-05", 11).marks()["market", "03"]
    assert found & (CALLED | {"dissatisfied", "content", "solved"}) == {"closed"}


def test_unreasonable_demands_leave_the_rate_of_solutions():
    story = Story().sent().answered(result="unreasonable").asked().do(SEAT, "close", "2026-03-04", 11)
    assert {"judged", "solved"}.isdisjoint(story.marks()["market", "03"])


@pytest.mark.parametrize("said, day, counted", [
    (True, "2026-03-03", {"sampled", "contacted"}), (False, "2026-03-03", {"sampled"}), (None, "2026-03-03", set()),
    (True, "2026-03-10", {"sampled"})])
def test_in_touch_is_what_the_citizen_says_where_they_were_asked_and_only_in_time(said, day, counted):
    story = Story().sent().answered(day).asked("2026-03-11", contacted=said).do(SEAT, "close", "2026-03-11", 11)
    assert story.marks()["market", "03"] & {"sampled", "contacted"} == counted


def test_an_extension_and_a_written_supervision_count_for_the_stay():
    story = Story().sent().do(REVIEWER, "sign", "2026-03-02", 11)
    story.do(REVIEWER, "ask_extension", "2026-03-04", asked_days=5)
    story.do(HEAD, "approve_extension", "2026-03-05", extend_by=5)
    assert story.marks()["market", "03"] == RECEIVED | {"sent", "signed_in_time", "extended"}
    story.do(SYSTEM, "overdue_reply", "2026-03-17", 0)
    assert "supervised" not in story.marks()["market", "03"], "a reminder is no supervision"
    story.do(SYSTEM, "supervise_written", "2026-03-20", 0)
    assert {"supervised", "due"} <= story.marks()["market", "03"]


def test_a_merged_order_is_an_order_and_no_problem_and_an_annulled_one_is_neither():
    story = Story().do(SEAT, "merge", "2026-03-02", 11, main="b" * 26)
    assert story.marks() == {("hotline", "03"): {"received"}}
    assert story.do(SUPERVISOR, "annul", "2026-03-03").marks() == {}


def test_months_are_civil_ones():
    late = Story("2026-04-01")
    late.case = late.case.model_copy(update={"opened_at": shanghai("2026-04-01", 0)})
    assert set(late.marks()) == {("hotline", "04")}
    late.case = late.case.model_copy(update={"opened_at": shanghai("2026-04-01", 0) - timedelta(seconds=1)})
    assert set(late.marks()) == {("hotline", "03")}


def test_a_day_of_the_telephones_counts_in_the_month_of_the_day():
    day = Calls(id="c" * 26, area=AREA, unit=HOTLINE_UNIT, day="2026-03-31", entered=120, answered=118, within=0,
                opened_at=shanghai("2026-04-01"))
    assert of_calls(day) == {(HOTLINE_UNIT, "2026-03", "entered"): 120, (HOTLINE_UNIT, "2026-03", "answered"): 118}
