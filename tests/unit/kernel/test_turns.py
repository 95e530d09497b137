"""What an act does to clocks: pauses carry the notice that registered them, and end by their reason."""
from datetime import UTC, datetime

import pytest

from chalicelib.kernel.calendar import Calendar
from chalicelib.kernel.clocks import Clock, Limit
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.problems import Refused
from chalicelib.kernel.record import Case
from chalicelib.kernel.turns import Occasion, extend, pause, resume, start
from tests.support.town import MONDAY, NOTICES

CALENDAR = Calendar(NOTICES)


def turned(turn, clock, day, **details):
    """The clock after a turn on a day of March 2026."""
    now = Occasion(SYSTEM, datetime(2026, 3, day, 2, tzinfo=UTC), CALENDAR)
    return turn.apply(None, clock, "act", now, details)


@pytest.fixture
def clock():
    """Twenty working days from Monday, 2 March 2026."""
    return Clock(limit=Limit.model_validate("20wd+10/1@XKF42"), zero=MONDAY, because="accept")


def test_a_pause_keeps_the_number_of_its_notice_and_its_registered_length(clock):
    held, = turned(pause("statutory"), clock, 3, reason="检验", planned=5, notice="〔2026〕特0001号").pauses
    assert (held.reason, held.planned, held.notice) == ("检验", 5, "〔2026〕特0001号")
    assert turned(pause("statutory"), clock, 3, reason="检验").pauses[0].notice == ""


def test_an_act_ends_the_pauses_of_its_own_reason_and_others_go_on(clock):
    both = turned(pause("statutory"), turned(pause("statutory"), clock, 3, reason="检验"), 4, reason="听证")
    heard = turned(resume("statutory"), both, 10, reason="听证")
    assert [one.end is None for one in heard.pauses] == [True, False] and heard.paused
    assert not turned(resume("statutory"), heard, 12, reason="检验").paused


def test_without_a_reason_the_latest_open_pause_ends_even_if_a_later_one_has_ended(clock):
    both = turned(pause("statutory"), turned(pause("statutory"), clock, 3, reason="检验"), 4, reason="听证")
    heard = turned(resume("statutory"), both, 10)
    assert [one.end is None for one in heard.pauses] == [True, False]
    assert not turned(resume("statutory"), heard, 12).paused


def test_a_reason_for_which_nothing_is_held_is_refused_and_a_clock_not_held_is_left(clock):
    held = turned(pause("statutory"), clock, 3, reason="检验")
    with pytest.raises(Refused, match="没有因听证暂停"):
        turned(resume("statutory"), held, 10, reason="听证")
    assert turned(resume("statutory"), clock, 10, reason="听证").pauses == ()


def test_a_clock_that_may_be_left_is_not_extended_beyond_its_limit_or_after_its_end(clock):
    short = Clock(limit=Limit.model_validate("10cd@YSHJ36"), zero=MONDAY, because="accept")
    assert turned(extend("promised", if_in_time=True), short, 4, extend_by=5).extensions == ()
    assert turned(extend("promised", if_in_time=True), short, 20, extend_by=5).extensions == ()
    with pytest.raises(Refused):
        turned(extend("promised"), short, 4, extend_by=5)
    assert clock.extendable == 10 and turned(extend("statutory"), clock, 4, extend_by=3).extendable == 0


def test_a_rule_may_name_the_reason_itself_and_end_the_pause_with_the_time_of_another_clock(clock):
    held = turned(pause("reply", reason="征求第三方意见"), clock, 3)
    asked = Clock(limit=Limit.model_validate("5wd@XXGK32"), zero=MONDAY, because="ask_third")     # to Monday, the 9th
    case = Case(id="a", opened_at=MONDAY, clocks={"third": asked})
    for day in (10, 13):
        now = Occasion(SYSTEM, datetime(2026, 3, day, 2, tzinfo=UTC), CALENDAR)
        ended, = resume("reply", reason="征求第三方意见", until="third").apply(case, held, "act", now, {}).pauses
        assert ended.end == datetime(2026, 3, 9, 15, 59, 59, tzinfo=UTC)


def test_a_start_from_the_same_instant_under_the_same_limit_keeps_what_the_clock_has_gone_through(clock):
    lapsed = clock.lapse(CALENDAR)
    now = Occasion(SYSTEM, MONDAY, CALENDAR, {"statutory": clock.limit})
    assert start("statutory").apply(None, lapsed, "accept", now, {}) == lapsed
    other = Occasion(SYSTEM, MONDAY, CALENDAR, {"statutory": clock.limit.halved()})
    assert start("statutory").apply(None, lapsed, "accept", other, {}).lapsed is None


def test_a_clock_that_the_occasion_does_not_limit_is_not_started():
    assert start("expiry", if_limited=True).idle(None, Occasion(SYSTEM, MONDAY, CALENDAR))
    assert not start("expiry").idle(None, Occasion(SYSTEM, MONDAY, CALENDAR))
