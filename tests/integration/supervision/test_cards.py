"""The life of a card on its tables (moto): notified, explained, corrected, verified; appealed; escalated."""
import pytest

from chalicelib.domains.supervision.models import Appeal, Claim, Reasoned, Which
from chalicelib.kernel.fields import HandOver
from chalicelib.kernel.problems import Forbidden, Invalid, Missing, Refused
from chalicelib.kernel.record import replay
from tests.support.cards import CASE, SUPERVISOR, SUPERVISOR2, Desk, at, finding, notice, recounted
from tests.support.town import (
    AREA,
    CITIZEN,
    CLERK,
    HALL,
    HEAD,
    HEALTH,
    MARKET,
    OTHER_AREA,
    REVIEWER,
    REVIEWER2,
    actor,
    key,
)

ELSEWHERE = actor("supervisor", f"{OTHER_AREA}.supervision", area=OTHER_AREA)
AUDITOR = actor("auditor", f"{AREA}.audit")


@pytest.fixture
def desk(tables):
    return Desk()


@pytest.fixture
def carded(desk):
    """A yellow card, of which the unit was told on Tuesday, 10 March 2026, at 10:00."""
    return desk.told(notice())


def listed(desk, who, **which):
    return [row.id for row in desk.cards.listed_for(who, Which(**which), 10, None).items]


def test_the_unit_s_time_begins_when_it_is_told(carded):
    clocks = {one.name: one.due_at for one in carded.cards.read(carded.one().id, REVIEWER).clocks}
    assert clocks == {"explain": at("2026-03-12"), "correct": at("2026-03-14"), "appeal": at("2026-03-14")}
    assert carded.acts() == ["fire", "notify"]


def test_a_card_is_explained_corrected_sent_back_and_verified(carded):
    assert carded.do(REVIEWER, "explain").case.state == "explained"
    assert carded.do(HEAD, "correct").case.state == "corrected"
    back = carded.do(SUPERVISOR, "send_back")
    assert back.case.state == "notified" and not carded.one().corrected_in_time
    assert next(one.due_at for one in back.clocks if one.name == "correct") == at("2026-03-13"), "half of three days"
    for who, act in ((HEAD, "explain"), (REVIEWER, "correct"), (SUPERVISOR, "verify")):
        last = carded.do(who, act)
    assert (last.case.state, last.acts, last.clocks) == ("closed", [], [])
    assert listed(carded, SUPERVISOR) == [] and listed(carded, HEAD) == [carded.one().id], "the unit keeps it"
    card = carded.one()
    assert replay(type(card), carded.cards.store.timeline(card.id)) == card
    assert card.explained_in_time and card.corrected_in_time


def test_who_is_carded_does_not_close_the_card_and_out_of_order_is_refused(carded):
    with pytest.raises(Refused, match="已通知的事项不能核实销号"):
        carded.do(SUPERVISOR, "verify")
    carded.do(REVIEWER, "explain")
    carded.do(REVIEWER, "correct")
    for act in ("verify", "annul"):
        with pytest.raises(Forbidden):
            carded.do(HEAD, act)


def test_an_explanation_after_a_working_day_is_late_and_the_unit_is_reminded_once(carded):
    carded.sweep("2026-03-12")
    carded.sweep("2026-03-12", 1)
    assert carded.acts() == ["fire", "notify", "overdue_explain"]
    carded.do(REVIEWER, "explain")
    assert not carded.one().explained_in_time


def test_a_yellow_card_not_corrected_in_three_working_days_grows_red_once_on_the_same_thread(carded):
    carded.sweep("2026-03-12")
    carded.do(REVIEWER, "explain")
    before = carded.one()
    for hour in (0, 1):
        carded.sweep("2026-03-14", hour)
    card = carded.one()
    assert (card.id, card.number, card.level, card.rule) == (before.id, before.number, "red", "R2")
    assert carded.acts().count("escalate") == 1 and card.state == "explained"
    carded.do(HEAD, "correct")
    assert not carded.one().corrected_in_time
    carded.do(SUPERVISOR, "send_back")
    carded.sweep("2026-03-20")
    assert carded.acts().count("escalate") == 1 and "overdue_correct" in carded.acts(), "red does not grow redder"
    carded.told(notice(), notice(number=8))
    assert len(carded.all()) == 1, "the deadline has its card"


def test_a_red_card_not_corrected_in_time_is_reminded_of_once(desk):
    desk.told(notice("overdue_statutory", name="statutory"))
    for hour in (0, 1):
        desk.sweep("2026-03-14", hour)
    assert desk.acts().count("overdue_correct") == 1 and desk.one().level == "red"
    assert desk.cards.store.woken(desk.one().id)[1] is None, "nothing is left to wait for"


def test_an_appeal_in_time_is_upheld_and_the_card_is_kept_and_does_not_count(carded):
    carded.do(REVIEWER, "appeal")
    assert carded.cards.appealed(carded.one().id, SUPERVISOR).text == "系统停电，有供电通知为证"
    done = carded.do(SUPERVISOR, "uphold")
    assert (done.case.state, done.case.withdrawn, done.acts) == ("withdrawn", "appeal", [])
    assert carded.cards.read(carded.one().id, REVIEWER).case.level == "yellow"
    carded.told(notice(), notice(number=8), recounted())
    assert carded.one().withdrawn == "appeal", "neither fired again nor withdrawn twice"


@pytest.mark.parametrize("before, state", [((), "notified"), (("explain",), "explained"),
                                           (("explain", "correct"), "corrected")])
def test_a_rejected_appeal_leads_back_and_the_correction_goes_on_from_where_it_was_held(carded, before, state):
    for act in before:
        carded.do(REVIEWER, act)
    carded.do(REVIEWER, "appeal")
    carded.sweep("2026-03-14")
    assert "escalate" not in carded.acts(), "held while the appeal is decided"
    carded.time.at = at("2026-03-16", 10)
    done = carded.do(SUPERVISOR, "reject")
    due = {one.name: one.due_at for one in done.clocks}
    assert done.case.state == state and ("correct" in due) == (state != "corrected")
    if state != "corrected":               # appealed on the 10th, decided on the 16th: 17, 18, 19 March
        assert due["correct"] == at("2026-03-20")
    with pytest.raises(Refused, match="该牌的申诉已经裁决，不再受理"):
        carded.do(REVIEWER, "appeal")


@pytest.mark.parametrize("fields, pointers", [
    ({"materials": ("b" * 26, "c" * 26)}, ["/materials/1"]), ({"text": "当事人11010519491231002X未到场"}, ["/text"])])
def test_an_appeal_names_files_that_the_unit_can_read_and_no_number_of_a_person(carded, fields, pointers):
    carded.files.add("b" * 26)
    with pytest.raises(Invalid, match="申诉内容有误") as invalid:
        carded.cards.perform(carded.one().id, Appeal(act="appeal", **{"text": "系统停电"} | fields), REVIEWER, key())
    assert [one["pointer"] for one in invalid.value.facts["errors"]] == pointers and carded.one().state == "notified"
    carded.cards.perform(carded.one().id, Appeal(act="appeal", text="系统停电", materials=("b" * 26,)), REVIEWER, key())
    assert carded.cards.appealed(carded.one().id, SUPERVISOR).materials == ("b" * 26,)


def test_a_list_names_the_unit_carded_beside_the_supervising_one(carded):
    for who in (SUPERVISOR, HEAD):
        row, = carded.cards.listed_for(who, Which(), 10, None).items
        assert (row.unit, row.about_unit) == (f"{AREA}.supervision", MARKET)


def test_an_appeal_after_three_working_days_is_refused(carded):
    carded.time.at = at("2026-03-14")
    with pytest.raises(Refused, match="期限已于2026-03-13届满"):
        carded.do(REVIEWER, "appeal")


def test_an_appeal_not_decided_in_five_working_days_is_shown_as_late_once(carded):
    carded.do(REVIEWER, "appeal")
    for hour in (0, 1):
        carded.sweep("2026-03-18", hour)
    assert carded.acts().count("overdue_decide") == 1


@pytest.mark.parametrize("act", ["uphold", "reject"])
def test_who_handled_the_case_or_acted_on_the_card_does_not_decide_the_appeal(carded, act):
    carded.hands[CASE] = (REVIEWER.person, (REVIEWER.person, SUPERVISOR2.person))
    carded.do(REVIEWER, "explain")
    carded.do(REVIEWER, "correct")
    carded.do(SUPERVISOR, "send_back")
    carded.do(REVIEWER, "appeal")
    for who in (SUPERVISOR, SUPERVISOR2):
        with pytest.raises(Refused, match="不得裁决申诉"):
            carded.do(who, act)
    with pytest.raises(Forbidden):
        carded.do(HEAD, act)
    carded.do(actor("supervisor", f"{AREA}.supervision", "supervisor-three"), act)


@pytest.mark.parametrize("rule", ["Y4", "R3"])
def test_who_fired_or_confirmed_a_card_by_hand_does_not_decide_the_appeal(desk, rule):
    desk.cards.find(finding(rule), SUPERVISOR, key())
    involved = [SUPERVISOR]
    if rule == "R3":
        desk.do(SUPERVISOR2, "confirm")
        involved.append(SUPERVISOR2)
    desk.settle()
    desk.do(REVIEWER, "appeal")
    for who in involved:
        assert {one.act for one in desk.cards.read(desk.one().id, who).acts} == set()
        with pytest.raises(Refused, match="不得裁决申诉"):
            desk.do(who, "uphold")
    desk.do(actor("supervisor", f"{AREA}.supervision", "supervisor-three"), "uphold")
    assert desk.one().state == "withdrawn"


def test_a_card_fired_in_error_is_annulled_by_the_supervisor_and_kept(carded):
    assert carded.do(SUPERVISOR, "annul").case.state == "annulled"
    assert carded.cards.read(carded.one().id, REVIEWER).timeline[0].note == "已补办，原因见说明"


def test_a_card_is_its_handler_s_until_it_is_handed_over_and_who_had_it_keeps_seeing_it(desk):
    desk.hands[CASE] = (REVIEWER.person, ())
    desk.told(notice())
    card = desk.one().id
    assert listed(desk, REVIEWER) == [card] == listed(desk, HEAD) and listed(desk, REVIEWER2) == []
    with pytest.raises(Missing):
        desk.cards.read(card, REVIEWER2)
    with pytest.raises(Refused, match="由其他人员承办"):
        desk.do(HEAD, "explain")
    with pytest.raises(Invalid, match="移交对象有误"):
        desk.cards.perform(card, HandOver(act="hand_over", handler="p-zhang"), REVIEWER, key())
    desk.cards.perform(card, HandOver(act="hand_over", handler=REVIEWER2.person), REVIEWER, key())
    assert listed(desk, REVIEWER2) == [card] and listed(desk, REVIEWER) == []
    assert desk.cards.read(card, REVIEWER).case.handler == REVIEWER2.person
    assert desk.do(REVIEWER2, "explain").case.state == "explained"


def test_what_nobody_had_is_listed_to_the_unit_until_somebody_takes_it_up(carded):
    card = carded.one().id
    assert listed(carded, REVIEWER) == [] and listed(carded, REVIEWER, unclaimed=True) == [card]
    assert listed(carded, CLERK, unclaimed=True) == [], "of another unit"
    carded.cards.perform(card, Claim(act="claim"), REVIEWER, key())
    assert listed(carded, REVIEWER) == [card] and listed(carded, REVIEWER2, unclaimed=True) == []


def test_the_unit_carded_and_the_area_s_supervisor_and_auditor_see_a_card(carded):
    card = carded.one().id
    for who in (REVIEWER, HEAD, SUPERVISOR, AUDITOR):
        assert carded.cards.read(card, who).case.id == card
    for who in (CLERK, actor("head", HEALTH), ELSEWHERE, CITIZEN, actor("admin", MARKET), actor("keeper", MARKET)):
        with pytest.raises(Missing):
            carded.cards.read(card, who)
        with pytest.raises(Missing):
            carded.do(who, "explain")
    for who in (CLERK, actor("head", HEALTH), ELSEWHERE):
        assert listed(carded, who) == []
    for who in (CITIZEN, actor("admin", MARKET), actor("keeper", MARKET)):
        with pytest.raises(Forbidden):
            listed(carded, who)
    with pytest.raises(Forbidden):
        carded.do(AUDITOR, "annul")


def test_the_supervisor_filters_by_a_unit_of_the_area_and_by_month(desk):
    desk.told(notice(), notice(unit=HALL, case_id="b" * 26), notice(lapsed="2026-04-01", case_id="c" * 26),
              notice(unit=f"{OTHER_AREA}.market", area=OTHER_AREA, case_id="d" * 26))
    by_case = {card.source[-1]: card.id for card in desk.all()}
    assert set(listed(desk, SUPERVISOR)) == {by_case[one] for one in "abc"}
    assert listed(desk, SUPERVISOR, unit=MARKET) == [by_case["c"], by_case["a"]]
    assert listed(desk, SUPERVISOR, unit=MARKET, month="2026-03") == [by_case["a"]]
    assert listed(desk, HEAD, month="2026-03") == [by_case["a"]]
    assert listed(desk, HEAD, month="2026-04") == [by_case["c"]]
    assert listed(desk, ELSEWHERE) == [by_case["d"]]
    for who, unit in ((ELSEWHERE, MARKET), (REVIEWER, HALL), (SUPERVISOR, f"{OTHER_AREA}.market")):
        with pytest.raises(Invalid, match="查询条件有误") as invalid:
            listed(desk, who, unit=unit)
        assert invalid.value.facts["errors"][0]["pointer"] == "/unit"
    desk.cards.perform(by_case["b"], Reasoned(act="annul", note="有误"), SUPERVISOR, key())
    assert listed(desk, SUPERVISOR, month="2026-03") == [by_case["b"]], "what was ended in March"
