"""Cards on their tables (moto): fired once by an event, answered by the unit, verified by the supervisor."""
import pytest

from chalicelib.domains.supervision.models import Card, Claim, HandOver, Reasoned
from chalicelib.domains.supervision.service import Supervision
from chalicelib.domains.supervision.store import CardStore
from chalicelib.domains.supervision.workflow import FIRINGS
from chalicelib.kernel.problems import Forbidden, Invalid, Missing, Refused
from chalicelib.kernel.record import replay
from chalicelib.kernel.relay import Notice
from chalicelib.kernel.table import Table
from tests.support.town import (
    AREA,
    CITIZEN,
    CLERK,
    HALL,
    HEAD,
    HEALTH,
    MARKET,
    MONDAY,
    OTHER_AREA,
    REVIEWER,
    SUPERVISOR,
    Hands,
    actor,
    key,
    publish_basics,
)

ELSEWHERE = actor("supervisor", f"{OTHER_AREA}.supervision", area=OTHER_AREA)
AUDITOR = actor("auditor", f"{AREA}.audit")


def notice(act="overdue_promised", number=7, unit=MARKET, area=AREA, case_id="a" * 26, kind="APPLICATION"):
    return Notice(kind=kind, case_id=case_id, number=number, act=act, source="reviewing", target="reviewing",
                  area=area, unit=unit, item="item", at=MONDAY, basis="YSHJ36")


@pytest.fixture
def desk(tables):
    hands = Hands()
    return Supervision(CardStore(Table("yiciban-test-cases")), publish_basics(hands), hands,
                       lambda person, unit: person.startswith(("clerk", "reviewer", "head")))


@pytest.fixture
def card(desk):
    desk.fire(notice())
    return desk.listed_for(SUPERVISOR, 10, None).items[0].id


def do(desk, card, who, act):
    return desk.perform(card, Reasoned(act=act, note="已补办，原因见说明"), who, key()).result


def test_an_event_told_twice_fires_one_card(desk, card):
    desk.fire(notice())
    row, = desk.listed_for(SUPERVISOR, 10, None).items
    shown = desk.read(card, SUPERVISOR).case
    assert (row.id, shown.level, shown.rule, shown.person) == (card, "yellow", "Y1", MARKET)
    assert (shown.source, shown.number[:12]) == (f"APPLICATION#{'a' * 26}", "Y1-20260302-")
    desk.fire(notice(number=9))
    assert len(desk.listed_for(SUPERVISOR, 10, None).items) == 2, "another deadline, another card"


def test_two_that_hear_of_an_event_at_once_fire_one_card(desk, card, monkeypatch):
    monkeypatch.setattr(desk.store, "find", lambda case_id: None)
    desk.fire(notice())
    assert len(desk.listed_for(SUPERVISOR, 10, None).items) == 1


@pytest.mark.parametrize("kind, act", FIRINGS)
def test_every_firing_makes_a_card_of_its_level(desk, kind, act):
    desk.fire(notice(act, kind=kind))
    row, = desk.listed_for(REVIEWER, 10, None).items
    card = desk.read(row.id, REVIEWER).case
    assert (card.level, card.rule) == (FIRINGS[kind, act].level, FIRINGS[kind, act].code)
    assert card.state == ("noted" if card.level == "warning" else "fired")
    assert bool(desk.listed_for(SUPERVISOR, 10, None).items) == (card.level != "warning"), "a reminder asks nothing"


def test_a_card_is_explained_corrected_sent_back_and_verified(desk, card):
    assert do(desk, card, REVIEWER, "explain").case.state == "explained"
    assert do(desk, card, HEAD, "correct").case.state == "corrected"
    assert do(desk, card, SUPERVISOR, "send_back").case.state == "fired"
    for who, act in ((HEAD, "explain"), (REVIEWER, "correct"), (SUPERVISOR, "verify")):
        last = do(desk, card, who, act)
    assert (last.case.state, last.acts) == ("closed", [])
    assert desk.listed_for(SUPERVISOR, 10, None).items == [], "it left the desk"
    assert [row.state for row in desk.listed_for(REVIEWER, 10, None).items] == ["closed"], "the unit keeps it"
    assert replay(Card, desk.store.timeline(card)) == desk.store.get(card)


def test_who_is_carded_does_not_close_the_card_and_out_of_order_is_refused(desk, card):
    with pytest.raises(Refused, match="已亮牌的事项不能核实销号"):
        do(desk, card, SUPERVISOR, "verify")
    do(desk, card, REVIEWER, "explain")
    do(desk, card, REVIEWER, "correct")
    with pytest.raises(Forbidden):
        do(desk, card, HEAD, "verify")
    with pytest.raises(Forbidden):
        do(desk, card, REVIEWER, "annul")


def test_a_card_that_somebody_took_up_is_theirs_until_it_is_handed_over(desk, card):
    assert desk.perform(card, Claim(act="claim"), REVIEWER, key()).result.case.handler == REVIEWER.person
    with pytest.raises(Refused, match="由其他人员承办"):
        do(desk, card, HEAD, "explain")
    with pytest.raises(Invalid, match="移交对象有误"):
        desk.perform(card, HandOver(act="hand_over", handler="p-zhang"), REVIEWER, key())
    desk.perform(card, HandOver(act="assign", handler=HEAD.person), HEAD, key())
    assert do(desk, card, HEAD, "explain").case.state == "explained"


def test_a_card_fired_in_error_is_annulled_by_the_supervisor_and_kept(desk, card):
    assert do(desk, card, SUPERVISOR, "annul").case.state == "annulled"
    assert desk.read(card, REVIEWER).timeline[0].note == "已补办，原因见说明"


def test_the_unit_carded_and_the_area_s_supervisor_and_auditor_see_a_card(desk, card):
    for who in (REVIEWER, HEAD, SUPERVISOR, AUDITOR):
        assert desk.read(card, who).case.id == card
    for who in (CLERK, actor("head", HEALTH), ELSEWHERE, CITIZEN, actor("admin", MARKET), actor("keeper", MARKET)):
        with pytest.raises(Missing):
            desk.read(card, who)
        with pytest.raises(Missing):
            do(desk, card, who, "explain")
        assert desk.listed_for(who, 10, None).items == []
    with pytest.raises(Forbidden):
        do(desk, card, AUDITOR, "annul")


def test_lists_hold_one_area_s_cards_and_one_unit_s(desk, card):
    desk.fire(notice(unit=HALL, number=8, act="deem"))
    desk.fire(notice(unit=f"{OTHER_AREA}.market", area=OTHER_AREA, case_id="b" * 26))
    assert {row.unit for row in desk.listed_for(SUPERVISOR, 10, None).items} == {f"{AREA}.supervision"}
    assert len(desk.listed_for(ELSEWHERE, 10, None).items) == 1
    assert [row.title for row in desk.listed_for(CLERK, 10, None).items] == ["逾期未告知，视为受理"]
    assert [row.id for row in desk.listed_for(REVIEWER, 10, None).items] == [card]
