"""The hearing of an application, one sentence per test. Pure: under review since Monday, 2 March 2026."""
from datetime import UTC, date, datetime

import pytest

from chalicelib.domains.applications.models import Application
from chalicelib.domains.applications.workflow import APPLICATIONS
from chalicelib.kernel.calendar import Calendar
from chalicelib.kernel.clocks import Clock, Limit
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.problems import Forbidden, Refused
from chalicelib.kernel.turns import Occasion
from tests.support.town import AREA, CITIZEN, HALL, HEAD, MARKET, NOTICES, REVIEWER, REVIEWER2, ROWS, STRANGER

CALENDAR = Calendar(NOTICES)
LIMITS = {row["name"]: Limit.model_validate(row["limit"]) for row in ROWS if row["name"] != "inspection"} | {
    "procedure": Limit.model_validate("20wd@XKF45")}
DAY = {"hearing_on": date(2026, 3, 25), "hearing_place": "三楼听证室"}
FOR_HEARING = {"reason": "听证", "planned": 20, "suspended_for": "听证"}


def occasion(who, day, hour=10):
    return Occasion(who, datetime.fromisoformat(f"{day}T{hour:02d}:00:00+08:00").astimezone(UTC), CALENDAR, LIMITS)


def do(case, who, act, day, hour=10, **details):
    return APPLICATIONS.advance(case, act, occasion(who, day, hour), details).case


def last_day(case, name):
    return str(case.clocks[name].last_day(CALENDAR))


@pytest.fixture
def reviewing():
    zero = occasion(REVIEWER, "2026-03-02").at
    clocks = {name: Clock(limit=LIMITS["statutory"], zero=zero, because="accept", counted=CALENDAR.version)
              for name in ("statutory", "promised")}
    return Application(id="a" * 26, area=AREA, unit=MARKET, hall=HALL, department=MARKET, person=CITIZEN.person,
                       handler=REVIEWER.person, number="N1", opened_at=zero, received_at=zero, accepted_at=zero,
                       state="reviewing", clocks=clocks)


@pytest.fixture
def told(reviewing):
    """Told of the right on Tuesday, 3 March."""
    return do(reviewing, REVIEWER, "tell_hearing", "2026-03-03", note="拟不予许可")


@pytest.fixture
def asked(told):
    """Asked for by the applicant on Friday, 6 March."""
    return do(told, CITIZEN, "ask_hearing", "2026-03-06")


def test_the_right_is_told_once_and_asked_for_within_five_working_days_of_that(told):
    assert (told.hearing, last_day(told, "hearing_request")) == ("told", "2026-03-10")
    assert do(told, CITIZEN, "ask_hearing", "2026-03-10", 23).hearing == "asked"
    with pytest.raises(Refused, match="期限已于2026-03-10届满（《中华人民共和国行政许可法》第四十七条）"):
        do(told, CITIZEN, "ask_hearing", "2026-03-11", 0)
    with pytest.raises(Refused, match="已经告知过"):
        do(told, REVIEWER, "tell_hearing", "2026-03-20")


def test_nobody_asks_who_was_not_told_and_no_stranger_asks_for_the_applicant(reviewing, told):
    with pytest.raises(Refused, match="未在计算"):
        do(reviewing, CITIZEN, "ask_hearing", "2026-03-03")
    with pytest.raises(Refused, match="只有申请人"):
        do(told, STRANGER, "ask_hearing", "2026-03-03")
    with pytest.raises(Forbidden):
        do(told, CITIZEN, "enter_hearing", "2026-03-03")


def test_a_hearing_asked_for_is_held_within_twenty_working_days_and_only_once(asked):
    assert (asked.hearing, last_day(asked, "hearing")) == ("asked", "2026-04-03")
    with pytest.raises(Refused, match="已有听证申请"):
        do(asked, CITIZEN, "ask_hearing", "2026-03-09")
    held = do(do(asked, REVIEWER, "announce_hearing", "2026-03-16", **DAY), REVIEWER, "hold_hearing", "2026-03-25")
    for who, act in ((CITIZEN, "ask_hearing"), (REVIEWER, "enter_hearing")):
        with pytest.raises(Refused, match="已有听证申请"):
            do(held, who, act, "2026-03-25")


def test_what_an_affected_party_asks_the_reviewer_enters(told):
    entered = do(told, REVIEWER, "enter_hearing", "2026-03-10", note="相邻权利人书面申请")
    assert (entered.hearing, last_day(entered, "hearing")) == ("entered", "2026-04-08")
    with pytest.raises(Refused, match="其他人员"):
        do(told, REVIEWER2, "enter_hearing", "2026-03-10")


@pytest.mark.parametrize("act", ["grant", "refuse"])
@pytest.mark.parametrize("who", [REVIEWER, HEAD])
def test_nothing_is_decided_while_a_hearing_may_be_asked_for_or_is_still_to_be_held(told, asked, act, who):
    with pytest.raises(Refused, match="申请听证的期限尚未届满"):
        do(told, who, act, "2026-03-10", 23)
    assert do(told, who, act, "2026-03-11", 0).clocks.keys() == {"deliver"}, "nobody asked"
    with pytest.raises(Refused, match="听证尚未举行"):
        do(asked, who, act, "2026-03-25")
    asked = do(asked, REVIEWER, "announce_hearing", "2026-03-16", **DAY)
    with pytest.raises(Refused, match="听证尚未举行"):
        do(asked, who, act, "2026-03-25")
    held = do(asked, REVIEWER, "hold_hearing", "2026-03-25", note="听证笔录第1号")
    assert (held.hearing, "hearing" in held.clocks) == ("held", False)
    assert do(held, who, act, "2026-03-25").clocks.keys() == {"deliver"}


def test_a_hearing_that_nobody_asked_for_is_not_held(reviewing, told):
    for case in (reviewing, told):
        with pytest.raises(Refused, match="没有待举行"):
            do(case, REVIEWER, "hold_hearing", "2026-03-11")


def test_asking_does_not_stop_the_decision_s_time_but_suspension_for_the_hearing_does(asked):
    assert last_day(asked, "statutory") == "2026-03-30"
    told = do(do(asked, REVIEWER, "suspend", "2026-03-09", **FOR_HEARING), REVIEWER, "announce_hearing", "2026-03-09",
              **DAY)
    held = do(told, REVIEWER, "hold_hearing", "2026-03-25")
    assert (held.state, held.suspended_for) == ("suspended", "听证"), "the minutes may take a while"
    resumed = do(held, REVIEWER, "resume", "2026-03-27", reason="听证")
    assert last_day(resumed, "statutory") == "2026-04-20", "fourteen working days more: the 10th to the 27th"


def test_a_hearing_may_be_asked_for_while_another_procedure_runs(told):
    held_up = do(told, REVIEWER, "suspend", "2026-03-04", reason="检验", planned=5, suspended_for="检验")
    assert do(held_up, CITIZEN, "ask_hearing", "2026-03-05").state == "suspended"


def test_a_hearing_not_held_in_time_is_noted_once_also_while_the_decision_s_time_stands_still(asked):
    suspended = do(asked, REVIEWER, "suspend", "2026-03-09", **FOR_HEARING)
    for case in (asked, suspended):
        now = occasion(SYSTEM, "2026-04-04", 0)
        assert "overdue_hearing" not in APPLICATIONS.acts(case, occasion(SYSTEM, "2026-04-03", 23))
        assert "overdue_hearing" in APPLICATIONS.acts(case, now)
        late = do(case, SYSTEM, "overdue_hearing", "2026-04-04", 0)
        assert "overdue_hearing" not in APPLICATIONS.acts(late, now)
        with pytest.raises(Refused):
            do(late, REVIEWER, "grant", "2026-04-07")


def test_an_application_withdrawn_is_not_heard(asked):
    assert do(asked, CITIZEN, "withdraw", "2026-03-09").clocks == {}


def test_a_hearing_is_held_on_the_day_announced_or_after_it_and_never_without_one(asked):
    with pytest.raises(Refused, match="尚未通知（《中华人民共和国行政许可法》第四十七条）"):
        do(asked, REVIEWER, "hold_hearing", "2026-03-25")
    announced = do(asked, REVIEWER, "announce_hearing", "2026-03-16", **DAY)
    with pytest.raises(Refused, match="听证定于2026-03-25举行"):
        do(announced, REVIEWER, "hold_hearing", "2026-03-24", 23)
    assert do(announced, REVIEWER, "hold_hearing", "2026-03-25", 0).hearing == "held"
    put_off = do(announced, REVIEWER, "announce_hearing", "2026-03-18", hearing_on=date(2026, 3, 30))
    with pytest.raises(Refused, match="听证定于2026-03-30举行"):
        do(put_off, REVIEWER, "hold_hearing", "2026-03-25")
    with pytest.raises(Refused, match="没有待举行"):
        do(do(announced, REVIEWER, "hold_hearing", "2026-03-25"), REVIEWER, "announce_hearing", "2026-03-26", **DAY)


def test_who_asked_for_a_hearing_may_waive_it_and_does_not_ask_again(asked):
    waived = do(do(asked, REVIEWER, "announce_hearing", "2026-03-09", **DAY), CITIZEN, "waive_hearing", "2026-03-10")
    assert (waived.hearing, waived.hearing_on, "hearing" in waived.clocks) == ("waived", None, False)
    with pytest.raises(Refused, match="已经放弃"):
        do(waived, CITIZEN, "ask_hearing", "2026-03-10")
    with pytest.raises(Refused, match="申请听证的期限尚未届满"):
        do(waived, REVIEWER, "grant", "2026-03-10", 23)
    assert do(waived, REVIEWER, "grant", "2026-03-11", 0).state == "granted"


def test_a_waiver_takes_no_hearing_from_an_affected_party(asked):
    waived = do(asked, CITIZEN, "waive_hearing", "2026-03-09")
    after = do(waived, REVIEWER, "enter_hearing", "2026-03-10", note="相邻权利人书面申请")
    beside = do(asked, REVIEWER, "enter_hearing", "2026-03-10", note="相邻权利人书面申请")
    assert last_day(after, "hearing") == "2026-04-08"
    assert last_day(beside, "hearing") == "2026-04-03", "from when the applicant asked"
    for case in (after, beside):
        with pytest.raises(Refused, match="没有本人申请"):
            do(case, CITIZEN, "waive_hearing", "2026-03-10")
