"""The rules by which a notice on holidays comes into the calendar, each as a sentence."""
from datetime import date, timedelta

import pytest

from chalicelib.domains.calendars.models import Proposal, Propose
from chalicelib.domains.calendars.proposals import effects, faults
from chalicelib.domains.calendars.workflow import KEEPER, NOTICES, keeps
from chalicelib.kernel.calendar import Calendar, Notice, start_of
from chalicelib.kernel.clocks import Clock, Limit
from chalicelib.kernel.identity import NATION
from chalicelib.kernel.problems import Forbidden, Refused
from chalicelib.kernel.record import Case
from chalicelib.kernel.turns import Occasion
from tests.support.town import AREA, MONDAY, actor

ONE, TWO = (actor(KEEPER, f"{NATION}.calendar", person, NATION) for person in ("one", "two"))
def carded(kind, clock):
    return clock == "notice"


FAR = actor(KEEPER, f"{AREA}.calendar", "far")
GIVEN = {"number": "国办发明电〔2026〕8号", "publisher": "国务院办公厅", "source": "测试", "year": 2027,
         "holidays": {"2027-01-01": "元旦"}, "makeup_days": ["2026-12-26"]}


def when(who):
    return Occasion(who, MONDAY, Calendar())


def proposed():
    return NOTICES.advance(Proposal(id="c" * 26, opened_at=MONDAY), "propose", when(ONE), {"area": NATION}).case


def test_a_notice_is_approved_by_another_keeper_than_the_one_who_entered_it():
    with pytest.raises(Refused, match="录入人以外"):
        NOTICES.advance(proposed(), "approve", when(ONE))
    approved = NOTICES.advance(proposed(), "approve", when(TWO)).case
    assert (approved.state, approved.approved_at) == ("approved", MONDAY)


def test_a_notice_is_withdrawn_by_whoever_entered_it_and_rejected_by_another():
    assert NOTICES.acts(proposed(), when(ONE)) == ["withdraw"]
    assert NOTICES.acts(proposed(), when(TWO)) == ["approve", "reject"]


def test_what_has_been_decided_stays():
    for act, who in (("approve", TWO), ("reject", TWO), ("withdraw", ONE)):
        ended = NOTICES.advance(proposed(), act, when(who)).case
        assert [NOTICES.acts(ended, when(keeper)) for keeper in (ONE, TWO)] == [[], []]


def test_the_calendar_is_the_nation_s_no_area_enters_or_approves_anything():
    blank = Proposal(id="c" * 26, opened_at=MONDAY)
    with pytest.raises(Refused, match="全国统一"):
        NOTICES.advance(blank, "propose", when(FAR))
    with pytest.raises(Refused, match="全国统一"):
        NOTICES.advance(proposed(), "approve", when(FAR))
    with pytest.raises(Forbidden):
        NOTICES.advance(proposed(), "approve", when(actor("keeper", f"{NATION}.bureau", "k", NATION)))
    assert [keeps(who) for who in (ONE, FAR, actor("head", area=NATION))] == [True, False, False]


@pytest.mark.parametrize("changes, pointer, code", [
    ({"makeup_days": ["2027-01-01"]}, "/makeup_days/0", "both"),
    ({"makeup_days": ["2026-11-28"]}, "/makeup_days/0", "beyond"),
    ({"makeup_days": ["2026-12-26", "2028-01-08"]}, "/makeup_days/1", "beyond"),
    ({"makeup_days": ["2026-12-26", "2027-01-09", "2026-12-26"]}, "/makeup_days/2", "twice"),
    ({"makeup_days": ["2027-01-13"]}, "/makeup_days/0", "worked"),
    ({"holidays": {"2026-11-30": "元旦"}}, "/holidays/2026-11-30", "beyond"),
    ({"holidays": {}, "makeup_days": []}, "/holidays", "empty"),
])
def test_days_that_cannot_be_a_notice_s_are_pointed_at(changes, pointer, code):
    found = list(faults(Propose.model_validate(GIVEN | changes), Calendar()))
    assert [(one["pointer"], one["code"]) for one in found] == [(pointer, code)]


def test_a_notice_may_set_days_of_its_year_and_of_the_december_before():
    assert list(faults(Propose.model_validate(GIVEN), Calendar())) == []


def test_a_later_notice_may_make_a_holiday_on_a_weekday_worked_again():
    holiday = Notice(number="1", publisher="试", source="试", known_at=MONDAY, year=2027,
                     holidays={date(2027, 1, 13): "临时放假"})
    corrected = Propose.model_validate(GIVEN | {"makeup_days": ["2027-01-13"]})
    assert list(faults(corrected, Calendar([holiday]))) == []
    assert [one["code"] for one in faults(corrected, Calendar())] == ["worked"]


def test_a_notice_moves_the_clocks_that_cross_its_days_and_those_a_pause_holds_as_if_it_ended_now():
    before, zero = Calendar(), MONDAY                          # Monday 2 March 2026
    notice = Notice(number="1", publisher="试", source="试", known_at=MONDAY, year=2026,
                    holidays={date(2026, 3, 4): "临时"})
    clocks = {name: Clock(limit=Limit.model_validate(limit), zero=zero, because="accept")
              for name, limit in (("notice", "5wd@XKF32"), ("sign", "30min@AY50"), ("first", "1wd@XKF32"))}
    clocks["statutory"] = clocks["notice"].pause(MONDAY, "检验", before)
    case = Case(id="x", opened_at=MONDAY, clocks=clocks)
    days = {"area": "", "kind": "APPLICATION", "cases": 1}
    found = effects([("APPLICATION", case)], before, Calendar([notice]), MONDAY, carded)
    assert [move.model_dump() for move in found] == [
        days | {"clock": "notice", "before_on": date(2026, 3, 9), "after_on": date(2026, 3, 10), "held": False,
                "cards_withdrawn": 0, "cards_due": 0},
        days | {"clock": "statutory", "before_on": date(2026, 3, 9), "after_on": date(2026, 3, 10), "held": True,
                "cards_withdrawn": 0, "cards_due": 0}]


def test_the_dry_run_says_how_many_would_no_longer_be_late_and_how_many_would_be_at_once():
    before, limit = Calendar(), Limit.model_validate("5wd@XKF32")
    late = Clock(limit=limit, zero=MONDAY, because="accept").lapse(before)       # over since Tuesday 10 March, 00:00
    at = start_of(date(2026, 3, 10)) + timedelta(hours=9)
    off = Notice(number="1", publisher="试", source="试", known_at=at, year=2026, holidays={date(2026, 3, 10): "临时",
                                                                                         date(2026, 3, 5): "临时"})
    worked = Notice(number="2", publisher="试", source="试", known_at=at, year=2026,
                    holidays={}, makeup_days=[date(2026, 3, 7)])
    case = Case(id="x", opened_at=MONDAY, clocks={"notice": late})
    move, = effects([("APPLICATION", case)], before, Calendar([off]), at, carded)
    assert (move.before_on, move.after_on) == (date(2026, 3, 9), date(2026, 3, 11))
    assert (move.cards_withdrawn, move.cards_due) == (1, 0)
    open_one = Clock(limit=limit, zero=MONDAY + timedelta(days=1), because="accept")     # until Tuesday the 10th
    case = Case(id="x", opened_at=MONDAY, clocks={"notice": open_one})
    move, = effects([("APPLICATION", case)], before, Calendar([worked]), at, carded)
    assert (move.before_on, move.after_on) == (date(2026, 3, 10), date(2026, 3, 9))
    assert (move.cards_withdrawn, move.cards_due) == (0, 1)
