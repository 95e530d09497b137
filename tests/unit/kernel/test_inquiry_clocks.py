"""The clocks of a request for information (政府信息公开条例 30-35, 国办函〔2020〕109号), as rules on a small case.

The domain itself is not built yet; what it will need of clocks is all here.
"""
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chalicelib.kernel.calendar import Calendar, civil_day
from chalicelib.kernel.clocks import Limit, Unit
from chalicelib.kernel.identity import SYSTEM, Actor
from chalicelib.kernel.lengthening import lengthened
from chalicelib.kernel.problems import Refused
from chalicelib.kernel.record import Case
from chalicelib.kernel.turns import Occasion, in_time, lapse, passed, pause, resume, start, stop
from chalicelib.kernel.workflow import Rule, Workflow
from tests.support.town import NOTICES

CALENDAR = Calendar(NOTICES)
LIMITS = {name: Limit.model_validate(limit) for name, limit in {
    "correct": "7wd@XXGK30", "supply": "15wd@XXGK30", "reply": "20wd+20/1@XXGK33", "third": "15wd@XXGK32",
    "maker": "15wd@XXGK34", "explain": "15wd@XXGK35", "pay": "20wd@XXCLF109"}.items()}
OFFICER, HEAD = Actor(person="o", role="officer"), Actor(person="h", role="foi_head")
APPLICANT = Actor(person="a", role="citizen")
DATED_AT_ONCE = ("in_person", "registered")            # others are dated when both sides have confirmed (art. 31)
THIRD, MAKER = "征求第三方意见", "征求其他机关意见"


class Inquiry(Case, frozen=True):
    channel: str = ""
    came_at: datetime | None = None        # in person: handed in; registered mail: signed for
    confirmed_at: datetime | None = None   # ordinary mail, fax, internet
    third: str = ""
    maker: str = ""
    asked_days: int = 0
    asked_by: str = ""
    many: str = ""                         # 数量、频次明显超过合理范围: reasons asked, given; or silent
    put_off_to: date | None = None         # agreed with the applicant


def receipt(case):
    return case.came_at if case.channel in DATED_AT_ONCE else case.confirmed_at


def dated(case, now):
    return "" if case.channel in DATED_AT_ONCE else "收到日期以双方确认之日为准"


def anyone(case, now):
    return ""


def too_many(case, now):
    """Asked for reasons, and answered or silent."""
    return "" if case.many in ("given", "silent") else "应当先要求申请人说明理由"


def reasonable(case, now):
    return "申请人未说明理由" if case.many == "silent" else too_many(case, now)


def unreasoned_once(case, now):
    return "已经要求说明理由" if case.many else ""


def since_receipt(case):
    return case.clocks["reply"].zero


RECEIVED = (start("correct", since=receipt), start("reply", since=receipt))
INQUIRIES: Workflow[Inquiry] = Workflow(
    Rule("receive", "new", "received", "officer", "XXGK31", when=(dated,), clocks=RECEIVED),
    Rule("note", "new", "unconfirmed", "officer", "XXGK31"),
    Rule("confirm", "unconfirmed", "received", "officer", "XXGK31", sets={"confirmed_at": lambda case, now: now.at},
         clocks=RECEIVED),
    Rule("ask_correction", "received", "correcting", "officer", "XXGK30", when=(in_time("correct"),),
         clocks=(*stop("correct"), pause("reply", reason="补正"), start("supply"))),
    Rule("supply", "correcting", "received", "citizen", "XXGK30", clocks=(*stop("supply"), start("reply"))),
    Rule("abandon", "correcting", "abandoned", "system", "XXGK30", when=(passed("supply"),),
         clocks=(lapse("supply"), *stop("supply", "reply"))),
    Rule("demand_fee", "received", "unpaid", "officer", "XXCLF109",
         clocks=(*stop("correct"), pause("reply", reason="缴费"), start("pay"))),
    Rule("pay", "unpaid", "received", "citizen", "XXCLF109", clocks=(*stop("pay"), start("reply"))),
    Rule("abandon", "unpaid", "abandoned", "system", "XXCLF109", when=(passed("pay"),),
         clocks=(lapse("pay"), *stop("pay", "reply"))),
    Rule("ask_third", "received", "", "officer", "XXGK32", when=(in_time("reply"),),
         clocks=(pause("reply", reason=THIRD), start("third"))),
    Rule("ask_maker", "received", "", "officer", "XXGK34", when=(in_time("reply"),),
         clocks=(pause("reply", reason=MAKER), start("maker"))),
    Rule("third_answers", "received", "", "officer", "XXGK32",
         clocks=(resume("reply", reason=THIRD), *stop("third"))),
    Rule("maker_answers", "received", "", "officer", "XXGK34",
         clocks=(resume("reply", reason=MAKER), *stop("maker"))),
    Rule("third_silent", "received", "", "system", "XXGK32", when=(passed("third"),), sets={"third": "office decides"},
         clocks=(resume("reply", reason=THIRD, until="third"), lapse("third"), *stop("third"))),
    Rule("maker_silent", "received", "", "system", "XXGK34", when=(passed("maker"),), sets={"maker": "consent"},
         clocks=(resume("reply", reason=MAKER, until="maker"), lapse("maker"), *stop("maker"))),
    Rule("ask_reasons", "received", "explaining", "officer", "XXGK35", when=(in_time("reply"), unreasoned_once),
         sets={"many": "asked"}, clocks=(*stop("correct"), start("explain"))),
    Rule("give_reasons", "explaining", "received", "citizen", "XXGK35", sets={"many": "given"},
         clocks=stop("explain")),
    Rule("silent", "explaining", "received", "system", "XXGK35", when=(passed("explain"),), sets={"many": "silent"},
         clocks=(lapse("explain"), *stop("explain"))),
    Rule("not_process", "received", "refused", ("officer", "foi_head"), "XXGK35", when=(too_many, in_time("reply")),
         clocks=stop("reply")),
    Rule("put_off", "received", "", "officer", "XXGK35", when=(reasonable, in_time("reply")),
         clocks=(start("reply", since=since_receipt),)),
    *lengthened("reply", "received", "officer", "XXGK33", when=(), lead="foi_head", leads=anyone),
    Rule("reply", "received", "replied", ("officer", "foi_head"), "XXGK33", clocks=stop("reply", "correct")),
    Rule("overdue", ("received", "explaining"), "", "system", "XXGK33", when=(passed("reply"),),
         clocks=(lapse("reply"),)),
    words={"received": "收到", "officer": "工作人员", "foi_head": "公开工作机构负责人", "new": "未建立"})


def shanghai(day, hour=10):
    return datetime.fromisoformat(f"{day}T{hour:02d}:00:00+08:00").astimezone(UTC)


def do(case, who, act, day, hour=10, **details):
    return INQUIRIES.advance(case, act, Occasion(who, shanghai(day, hour), CALENDAR, LIMITS), details).case


def duties(case, day, hour=10):
    return INQUIRIES.acts(case, Occasion(SYSTEM, shanghai(day, hour), CALENDAR, LIMITS))


def last(case, name="reply"):
    day = case.clocks[name].last_day(CALENDAR)
    return day and str(day)


def blank(channel, day="2026-03-02"):
    return Inquiry(id="a", channel=channel, came_at=shanghai(day), opened_at=shanghai(day))


@pytest.fixture
def received():
    """Handed in on Monday, 2 March 2026."""
    return do(blank("in_person"), OFFICER, "receive", "2026-03-02")


@pytest.mark.parametrize("channel", DATED_AT_ONCE)
def test_what_is_handed_in_or_signed_for_is_received_on_that_day(channel):
    case = do(blank(channel, "2026-03-01"), OFFICER, "receive", "2026-03-04")
    assert (last(case), last(case, "correct")) == ("2026-03-27", "2026-03-10"), "a Sunday, entered on Wednesday"


@pytest.mark.parametrize("channel", ["ordinary", "internet", "fax"])
def test_ordinary_mail_fax_and_internet_are_received_when_both_sides_have_confirmed(channel):
    with pytest.raises(Refused, match="双方确认"):
        do(blank(channel), OFFICER, "receive", "2026-03-02")
    noted = do(blank(channel), OFFICER, "note", "2026-03-02")
    assert noted.clocks == {} and duties(noted, "2026-06-01") == []
    case = do(noted, OFFICER, "confirm", "2026-03-06", 20)
    assert (last(case), last(case, "correct")) == ("2026-04-03", "2026-03-17")


def test_a_correction_is_asked_for_within_seven_working_days_and_the_reply_is_counted_from_what_was_corrected(received):
    asked = do(received, OFFICER, "ask_correction", "2026-03-11", 23)
    assert last(asked) is None and last(asked, "supply") == "2026-04-01"
    case = do(asked, APPLICANT, "supply", "2026-03-20")
    assert last(case) == "2026-04-20" and "correct" not in case.clocks, "and no second notice"
    with pytest.raises(Refused, match="未在计算"):
        do(case, OFFICER, "ask_correction", "2026-03-20")
    with pytest.raises(Refused, match="2026-03-11届满"):
        do(received, OFFICER, "ask_correction", "2026-03-12", 0)


def test_what_is_not_corrected_in_time_is_abandoned(received):
    asked = do(received, OFFICER, "ask_correction", "2026-03-11")
    assert duties(asked, "2026-04-01", 23) == [] and duties(asked, "2026-04-02", 0) == ["abandon"]
    case = do(asked, SYSTEM, "abandon", "2026-04-02", 0)
    assert case.state == "abandoned" and case.clocks == {}


def test_twenty_working_days_and_once_twenty_more_by_the_head_of_the_unit(received):
    assert last(received) == "2026-03-30" and duties(received, "2026-03-31", 0) == ["overdue"]
    asked = do(received, OFFICER, "ask_extension", "2026-03-27", asked_days=20)
    with pytest.raises(Refused):
        do(asked, Actor(person="o", role="foi_head"), "approve_extension", "2026-03-27", extend_by=20)
    case = do(asked, HEAD, "approve_extension", "2026-03-30", 23, extend_by=20)
    assert last(case) == "2026-04-28"
    with pytest.raises(Refused, match="不得再延长"):
        do(case, OFFICER, "ask_extension", "2026-04-01", asked_days=1)


def test_the_time_of_a_third_party_is_not_counted_and_after_its_silence_the_office_decides(received):
    asked = do(received, OFFICER, "ask_third", "2026-03-05")
    assert last(asked) is None and last(asked, "third") == "2026-03-26"
    for day in ("2026-03-27", "2026-03-30"):               # the sweep may come late; the count is the same
        case = do(asked, SYSTEM, "third_silent", day, 0)
        assert (case.third, last(case)) == ("office decides", "2026-04-21")
    assert last(do(asked, OFFICER, "third_answers", "2026-03-10")) == "2026-04-02"


def test_the_silence_of_another_agency_is_consent(received):
    asked = do(received, OFFICER, "ask_maker", "2026-03-05")
    case = do(asked, SYSTEM, "maker_silent", "2026-03-27", 0)
    assert (case.maker, last(case)) == ("consent", "2026-04-21")


def test_both_asked_at_once_hold_the_reply_until_the_last_has_answered(received):
    both = do(do(received, OFFICER, "ask_third", "2026-03-05"), OFFICER, "ask_maker", "2026-03-09")
    case = do(both, OFFICER, "maker_answers", "2026-03-12")
    assert last(case) is None, "the third party is still asked"
    case = do(case, SYSTEM, "third_silent", "2026-03-27", 0)
    assert last(case) == "2026-04-21"
    assert [pause.reason for pause in case.clocks["reply"].pauses] == [THIRD, MAKER]
    assert {held.basis for held in case.clocks["reply"].explain(CALENDAR, "reply").pauses} == {"XXGK33"}


def test_the_reply_is_counted_anew_from_the_day_of_payment_and_unpaid_is_abandoned(received):
    asked = do(received, OFFICER, "demand_fee", "2026-03-12")
    assert last(asked) is None and last(asked, "pay") == "2026-04-10"
    paid = do(asked, APPLICANT, "pay", "2026-03-31")
    assert last(paid) == "2026-04-29" and paid.clocks["reply"].used(CALENDAR, shanghai("2026-03-31")) == 0
    assert do(asked, SYSTEM, "abandon", "2026-04-11", 0).state == "abandoned"


def test_an_extension_outlasts_the_time_of_those_who_were_asked(received):
    asked = do(received, OFFICER, "ask_extension", "2026-03-03", asked_days=20)
    case = do(do(asked, HEAD, "approve_extension", "2026-03-03", extend_by=20), OFFICER, "ask_third", "2026-03-05")
    assert last(do(case, OFFICER, "third_answers", "2026-03-10")) == "2026-05-06"


def put_off(case, day, to):
    """The request after both sides have agreed on a later day: the limit is what lies between receipt and that day."""
    to, now = date.fromisoformat(to), Occasion(OFFICER, shanghai(day), CALENDAR, LIMITS)
    days = (to - civil_day(case.clocks["reply"].zero)).days
    agreed = replace(now, limits={**LIMITS, "reply": Limit(count=days, unit=Unit.CALENDAR_DAYS, basis="XXGK35")})
    return INQUIRIES.advance(case, "put_off", agreed, {"put_off_to": to}).case


def test_of_too_many_requests_the_reasons_are_asked_once_and_the_reply_s_time_goes_on_meanwhile(received):
    asked = do(received, OFFICER, "ask_reasons", "2026-03-05")
    assert (last(asked), last(asked, "explain")) == ("2026-03-30", "2026-03-26"), "only 32 and 34 are not counted (33)"
    assert duties(do(received, OFFICER, "ask_reasons", "2026-03-27"), "2026-03-31", 0) == ["overdue"]
    given = do(asked, APPLICANT, "give_reasons", "2026-03-10")
    assert last(given) == "2026-03-30" and "explain" not in given.clocks
    with pytest.raises(Refused, match="已经要求说明理由"):
        do(given, OFFICER, "ask_reasons", "2026-03-11")
    with pytest.raises(Refused, match="届满"):
        do(received, OFFICER, "ask_reasons", "2026-03-31", 0)


def test_what_has_no_good_reason_is_not_processed_but_never_before_reasons_were_asked(received):
    for act in ("not_process", "put_off"):
        with pytest.raises(Refused, match="应当先要求申请人说明理由（《中华人民共和国政府信息公开条例》第三十五条）"):
            do(received, OFFICER, act, "2026-03-05")
    given = do(do(received, OFFICER, "ask_reasons", "2026-03-05"), APPLICANT, "give_reasons", "2026-03-10")
    refused = do(given, OFFICER, "not_process", "2026-03-12")
    assert (refused.state, refused.clocks) == ("refused", {})
    with pytest.raises(Refused, match="2026-03-30届满"):
        do(given, OFFICER, "not_process", "2026-03-31", 0)


def test_who_gives_no_reasons_is_refused_and_no_later_day_is_agreed_on(received):
    asked = do(received, OFFICER, "ask_reasons", "2026-03-05")
    assert duties(asked, "2026-03-26", 23) == [] and duties(asked, "2026-03-27", 0) == ["silent"]
    case = do(asked, SYSTEM, "silent", "2026-03-27", 0)
    assert (case.state, last(case)) == ("received", "2026-03-30")
    with pytest.raises(Refused, match="未说明理由"):
        put_off(case, "2026-03-27", "2026-06-30")
    assert do(case, OFFICER, "not_process", "2026-03-30").state == "refused"


def test_what_is_reasonable_but_not_to_be_done_in_time_is_replied_to_by_the_later_day_that_was_agreed(received):
    given = do(do(received, OFFICER, "ask_reasons", "2026-03-05"), APPLICANT, "give_reasons", "2026-03-10")
    case = put_off(given, "2026-03-16", "2026-06-30")
    assert (last(case), case.put_off_to) == ("2026-06-30", date(2026, 6, 30))
    assert duties(case, "2026-06-30", 23) == [] and duties(case, "2026-07-01", 0) == ["overdue"]
    assert last(put_off(given, "2026-03-16", "2026-06-20")) == "2026-06-22", "a Saturday, so the next working day"
    with pytest.raises(Refused, match="不得再延长"):
        do(case, OFFICER, "ask_extension", "2026-03-17", asked_days=1)
