"""What fires a card, and that it is fired once (moto): by what the sweep does, never after a recount."""
from datetime import date

import pytest

from chalicelib.domains.supervision.models import Reasoned, Which
from chalicelib.domains.supervision.rules import LAPSES, WARNINGS
from chalicelib.kernel.calendar import Notice as Holidays
from chalicelib.kernel.problems import Forbidden, Invalid, Missing, Refused
from chalicelib.kernel.reference import NATION
from tests.support.cards import CASE, SUPERVISOR, SUPERVISOR2, Desk, at, clock, finding, notice, recounted
from tests.support.town import AREA, CITIZEN, HEAD, MARKET, OTHER_AREA, REVIEWER, actor, key
from tests.unit.supervision.test_rules import ROWS


@pytest.fixture
def desk(tables):
    return Desk()


def publish(desk, *rows):
    """Put the rule table with further rows in force."""
    desk.cards.reference.publish("SUPERVISION-RULES", NATION, "2", [row.model_dump() for row in ROWS] + list(rows),
                                 at("2026-01-01").date())


def own_row(act="overdue_promised", **changes):
    return next(row for row in ROWS if row.act == act).model_dump() | changes


@pytest.mark.parametrize("kind, act", [*LAPSES, *WARNINGS])
def test_every_event_of_the_table_raises_its_card(desk, kind, act):
    name = (LAPSES | WARNINGS)[kind, act]
    desk.told(notice(act, kind=kind, name=name, lapsed=None if (kind, act) in WARNINGS else "2026-03-10",
                     warned="2026-03-09" if (kind, act) in WARNINGS else None))
    card, row = desk.one(), next(row for row in ROWS if (row.kind, row.act) == (kind, act))
    assert (card.rule, card.level, card.clock, card.basis) == (row.code, row.level, name, row.basis)
    assert card.state == ("noted" if row.level == "warning" else "notified")
    assert card.deadline == ("2026-03-08T16:00:00Z" if row.level == "warning" else "2026-03-09T16:00:00Z")


def test_an_event_told_twice_and_a_deadline_acted_on_twice_fire_one_card(desk):
    desk.told(notice(), notice(), notice(number=8))
    assert len(desk.all()) == 1
    desk.told(notice(number=11, lapsed="2026-03-20"))
    assert len(desk.all()) == 2, "another deadline, another card"


def test_two_that_hear_of_an_event_at_once_fire_one_card(desk, monkeypatch):
    desk.told(notice())
    monkeypatch.setattr(desk.cards.store, "find", lambda case_id: None)
    desk.firing.react(notice())
    monkeypatch.undo()
    assert desk.acts() == ["fire", "notify"]


def test_a_reminder_is_noted_once_per_occurrence(desk):
    for day in ("2026-03-09", "2026-03-09", "2026-03-10"):
        desk.told(notice("warn_promised", lapsed=None, warned=day))
    assert [card.state for card in desk.all("W1")] == ["noted", "noted"]


def test_a_deadline_acted_on_by_the_sweep_and_then_met_late_has_one_card(desk):
    desk.told(notice(), notice("grant", number=8, promised=clock(lapsed=at("2026-03-10")).stop(at("2026-03-12"))))
    assert len(desk.all()) == 1


@pytest.mark.parametrize("first", ["lapse", "recount"])
def test_a_recount_withdraws_the_card_that_is_undeserved_in_whichever_order_the_events_come(desk, first):
    events = [notice(), recounted()]
    desk.told(*(events if first == "lapse" else events[::-1]))
    desk.told(*events)
    card = desk.one()
    assert (card.state, card.withdrawn, card.rule) == ("withdrawn", "临时通知", "Y1")
    assert desk.acts().count("withdraw") == 1 and desk.acts().count("fire") == (first == "lapse")
    desk.told(notice(number=12, lapsed="2026-03-17"))
    assert [card.state for card in sorted(desk.all(), key=lambda card: card.deadline)] == ["withdrawn", "notified"]


def test_a_recount_that_leaves_the_deadline_past_withdraws_nothing(desk):
    assert desk.told(notice(), recounted(after="2026-03-11")).one().state == "notified"


def test_a_closed_card_too_is_withdrawn_and_kept_and_a_reminder_is_not(desk):
    desk.told(notice("warn_promised", lapsed=None, warned="2026-03-09"), notice())
    for who, act in ((REVIEWER, "explain"), (HEAD, "correct"), (SUPERVISOR, "verify")):
        desk.do(who, act, "Y1")
    desk.told(recounted())
    assert desk.one("Y1").state == "withdrawn" and desk.one("W1").state == "noted"
    assert desk.cards.read(desk.one("Y1").id, REVIEWER).case.withdrawn == "临时通知"


def test_a_rule_is_switched_off_for_a_unit_and_for_an_item_and_moved_to_another_level(desk):
    publish(desk, own_row(unit=MARKET, off=True), own_row(unit=MARKET, item="strict", level="red", code="R1"))
    desk.told(notice(), notice(item="strict", case_id="b" * 26), notice(unit=f"{AREA}.health", case_id="c" * 26))
    assert {(card.person, card.item, card.level) for card in desk.all()} == {
        (MARKET, "strict", "red"), (f"{AREA}.health", "item", "yellow")}


@pytest.mark.parametrize("rule", ["Y4", "Y5"])
def test_a_yellow_card_is_fired_by_a_supervisor_for_what_an_event_shows_once(desk, rule):
    desk.hands[CASE] = (REVIEWER.person, (REVIEWER.person,))
    first = key()
    made = desk.cards.find(finding(rule), SUPERVISOR, first).result.case
    assert (made.state, made.level, made.person, made.handler) == ("fired", "yellow", MARKET, REVIEWER.person)
    assert desk.cards.find(finding(rule), SUPERVISOR, first).replayed
    with pytest.raises(Refused, match="该行为已经亮牌"):
        desk.cards.find(finding(rule), SUPERVISOR2, key())
    desk.cards.find(finding(rule, event=4), SUPERVISOR, key())
    desk.settle()
    assert [card.state for card in desk.all(rule)] == ["notified", "notified"]


def test_a_red_card_found_by_hand_counts_when_another_supervisor_has_confirmed_it(desk):
    made = desk.cards.find(finding("R3"), SUPERVISOR, key()).result.case
    assert made.state == "proposed"
    with pytest.raises(Missing):
        desk.cards.read(made.id, HEAD)
    with pytest.raises(Refused, match="不得自行确认"):
        desk.do(SUPERVISOR, "confirm")
    desk.do(SUPERVISOR2, "confirm")
    assert desk.one().state == "notified" and desk.cards.read(made.id, HEAD).case.level == "red"


@pytest.mark.parametrize("rule, who, ends", [("R3", SUPERVISOR2, "dismiss"), ("Y4", SUPERVISOR, "annul")])
def test_what_was_not_confirmed_or_annulled_can_be_found_anew_and_still_once_while_it_stands(desk, rule, who, ends):
    keys = [key() for _ in range(3)]
    for round_, one in enumerate(keys):
        made = desk.cards.find(finding(rule, note=f"第{round_ + 1}次核实"), SUPERVISOR, one).result.case
        with pytest.raises(Refused, match=f"该行为已经亮牌：{made.number}"):
            desk.cards.find(finding(rule), SUPERVISOR2, key())
        desk.cards.perform(made.id, Reasoned(act=ends, note="证据不足"), who, key())
        desk.settle()
    assert len(desk.all(rule)) == 3 and {card.deadline for card in desk.all(rule)} == {"EVENT#3"}
    replayed = [desk.cards.find(finding(rule, note=f"第{n + 1}次核实"), SUPERVISOR, one) for n, one in enumerate(keys)]
    assert [one.replayed for one in replayed] == [True] * 3 and len({one.result.case.id for one in replayed}) == 3
    assert desk.firing.tally.sums(MARKET, "2026-03").get("fired", 0) == 0


def test_a_finding_with_which_an_appeal_was_upheld_is_not_found_anew(desk):
    desk.cards.find(finding(), SUPERVISOR, key())
    desk.settle()
    desk.do(REVIEWER, "appeal")
    desk.do(SUPERVISOR2, "uphold")
    with pytest.raises(Refused, match="该行为已经亮牌"):
        desk.cards.find(finding(), SUPERVISOR, key())


def test_only_a_supervisor_of_the_area_fires_by_hand_and_only_under_a_rule_for_it(desk):
    for who in (HEAD, CITIZEN):
        with pytest.raises(Forbidden):
            desk.cards.find(finding(), who, key())
    for who, event, pointer in ((actor("supervisor", f"{OTHER_AREA}.supervision", area=OTHER_AREA), 3, "/case_id"),
                                (SUPERVISOR, 21, "/event")):
        with pytest.raises(Invalid, match="亮牌对象有误") as invalid:
            desk.cards.find(finding(event=event), who, key())
        assert [one["pointer"] for one in invalid.value.facts["errors"]] == [pointer]
    with pytest.raises(Invalid, match="亮牌规则有误"):
        desk.cards.find(finding("Y1"), SUPERVISOR, key())
    assert desk.all() == []


def test_a_card_withdrawn_by_a_notice_counts_again_when_another_notice_brings_the_deadline_back(desk):
    again = notice(number=12)
    desk.told(notice(), recounted())
    assert desk.one().state == "withdrawn"
    desk.told(notice())
    assert desk.one().state == "withdrawn", "the event that had fired it, told late"
    desk.told(again, again)
    card = desk.one()
    assert (card.state, card.withdrawn, card.source_event) == ("notified", "", 12)
    desk.told(recounted())
    assert desk.one().state == "notified", "the recount that had withdrawn it, told late"
    desk.told(recounted(number=15))
    assert desk.one().state == "withdrawn"


def test_a_second_recount_withdraws_the_card_of_the_deadline_first_missed(desk):
    desk.told(notice(), recounted(after="2026-03-11", when="2026-03-12"))
    assert desk.one().state == "notified", "late by the new day as well"
    desk.told(recounted(number=11))
    assert desk.one().state == "withdrawn"


def test_a_card_that_an_appeal_has_withdrawn_stays_so(desk):
    desk.told(notice())
    desk.do(HEAD, "appeal")
    desk.do(SUPERVISOR, "uphold")
    desk.told(notice(number=12))
    assert desk.one().withdrawn == "appeal"


@pytest.mark.parametrize("day, state", [("2026-03-09", "withdrawn"), ("2026-03-20", "notified")])
def test_a_notice_that_comes_after_the_decision_withdraws_the_card_if_the_decision_was_in_time_by_it(desk, day, state):
    desk.told(notice())                                        # five working days from 2 March end with the 9th
    desk.ended["promised"] = clock(lapsed=at("2026-03-10")).stop(at("2026-03-10", 9))
    desk.cards.reference.announce(Holidays(
        number="临时通知", publisher="国务院办公厅", source="测试", known_at=desk.time(), year=2026,
        holidays={date.fromisoformat(day): "临时"}))
    desk.cards.reference._pointers.clear()
    for _ in range(2):
        desk.cards.recount(desk.one().id)
    assert (desk.one().state, desk.one().withdrawn) == (state, "临时通知" if state == "withdrawn" else "")


def test_who_does_not_supervise_is_told_nothing_of_a_card_found_by_hand(desk):
    desk.cards.find(finding("R3"), SUPERVISOR, key())
    for event in (3, 4, 99):
        with pytest.raises(Forbidden):
            desk.cards.find(finding("R3", event=event), REVIEWER, key())


def test_what_the_supervision_itself_missed_is_its_own_card_over_which_the_leader_watches(desk):
    """The unit that has the case, and its official, are not carded for it."""
    desk.hands[CASE] = ("rectifier-one", ())
    desk.told(notice("overdue_callback", kind="CORRECTION", name="callback"))
    card, watch = desk.one(), f"{AREA}.supervision"
    assert (card.person, card.handler, card.state) == (watch, "", "notified")
    leader, other = actor("leader", f"{AREA}.openness"), actor("leader", f"{OTHER_AREA}.openness", area=OTHER_AREA)
    row, = desk.cards.listed_for(leader, Which(unit=watch), 10, None).items
    assert row.id == card.id and desk.cards.read(card.id, actor("auditor", f"{AREA}.bureau"), None)
    for who in (other, HEAD, REVIEWER):
        with pytest.raises(Missing):
            desk.cards.read(card.id, who, None)
    for act in ("explain", "correct"):
        desk.do(SUPERVISOR, act)
    with pytest.raises(Refused, match="分管领导"):
        desk.do(SUPERVISOR2, "verify")
    with pytest.raises(Refused, match="分管领导"):
        desk.do(SUPERVISOR2, "annul")
    assert desk.do(leader, "verify").case.state == "closed"
    assert desk.firing.tally.sums(watch, "2026-03")["due"] == 1
    assert not desk.firing.tally.sums(MARKET, "2026-03").get("due")


def test_a_leader_does_not_watch_over_the_cards_of_units(desk):
    desk.told(notice())
    for act in ("explain", "correct"):
        desk.do(HEAD, act)
    with pytest.raises(Missing):
        desk.do(actor("leader", f"{AREA}.openness"), "verify")
    assert desk.do(SUPERVISOR, "verify").case.state == "closed"
