"""Three yellow cards of a unit in a month are a red one (moto): once, whatever comes twice, late or withdrawn."""
import contextlib
from datetime import date

import pytest

from chalicelib.domains.supervision.models import Appeal, Reasoned
from chalicelib.domains.supervision.tally import Tally
from chalicelib.kernel import table
from chalicelib.kernel.problems import Refused
from chalicelib.kernel.reference import NATION
from chalicelib.kernel.table import Table
from tests.support.cards import SUPERVISOR, SUPERVISOR2, Desk, finding, notice, recounted
from tests.support.town import HALL, HEAD, MARKET, REVIEWER, key

NAMES = "bcdefgh"


@pytest.fixture
def desk(tables):
    return Desk()


def yellow(desk, *names, lapsed="2026-03-10", **more):
    for name in names:
        desk.told(notice(case_id=name * 26, lapsed=lapsed, **more))


def of(desk, name):
    return next(card for card in desk.all("Y1") if card.source.endswith(name))


def do(desk, name, who, act):
    body = Appeal(act=act, text="有证据") if act == "appeal" else Reasoned(act=act, note="属实")
    desk.cards.perform(of(desk, name).id, body, who, key())
    desk.settle()


def sums(desk, unit=MARKET, month="2026-03"):
    return desk.firing.tally.sums(unit, month)


def test_the_third_yellow_card_of_a_unit_in_a_calendar_month_raises_a_red_one_once(desk):
    yellow(desk, "b", "c")
    yellow(desk, "d", unit=HALL)
    yellow(desk, "e", lapsed="2026-04-01")
    assert desk.all("R4") == []
    yellow(desk, "f", lapsed="2026-03-31")
    red = desk.one("R4")
    assert (red.level, red.rule, red.person, red.deadline, red.state) == ("red", "R4", MARKET, "2026-03", "notified")
    assert red.source == f"UNIT#{MARKET}" and sums(desk)["yellows"] == 3
    yellow(desk, "g")
    for card in desk.all("Y1"):
        desk.firing.count(card.id)
    assert len(desk.all("R4")) == 1 and sums(desk) == {
        "due": 4, "fired": 5, "red": 1, "yellow": 4, "yellows": 4}


def test_warnings_and_red_cards_are_not_counted_as_yellow_and_what_grew_red_still_is(desk):
    for name in NAMES[:3]:
        desk.told(notice("overdue_statutory", name="statutory", case_id=name * 26),
                  notice("warn_promised", lapsed=None, warned="2026-03-09", case_id=name * 26))
    assert desk.all("R4") == []
    yellow(desk, "b", "c")
    desk.sweep("2026-03-14")
    assert sums(desk)["escalated"] == 2 == sums(desk)["yellows"]
    yellow(desk, "d")
    assert len(desk.all("R4")) == 1


def test_a_withdrawn_card_leaves_the_count_and_takes_the_red_one_with_it_until_there_are_three_again(desk):
    yellow(desk, "b", "c", "d")
    do(desk, "b", REVIEWER, "appeal")
    do(desk, "b", SUPERVISOR, "uphold")
    assert (desk.one("R4").state, desk.one("R4").withdrawn) == ("withdrawn", "count")
    desk.told(recounted(case_id="c" * 26))
    assert sums(desk)["yellows"] == 1 and sums(desk)["withdrawn"] == 3
    yellow(desk, "e", "f")
    assert desk.one("R4").state == "notified" and desk.acts("R4").count("renew") == 1


def test_an_annulled_card_leaves_the_count(desk):
    yellow(desk, "b", "c", "d")
    do(desk, "d", SUPERVISOR, "annul")
    assert desk.one("R4").state == "withdrawn"


def test_a_red_card_of_a_month_withdrawn_on_appeal_stays_so_when_another_yellow_comes(desk):
    yellow(desk, "b", "c", "d")
    desk.do(HEAD, "appeal", "R4")
    desk.do(SUPERVISOR, "uphold", "R4")
    yellow(desk, "e")
    assert desk.one("R4").withdrawn == "appeal"


def test_a_card_withdrawn_before_it_was_counted_never_counts(desk):
    yellow(desk, "b", "c")
    desk.firing.react(notice(case_id="d" * 26))
    desk.firing.react(recounted(case_id="d" * 26))
    desk.settle()
    assert sums(desk)["yellows"] == 2 and desk.all("R4") == []


@pytest.mark.parametrize("dies_at", range(14))
@pytest.mark.parametrize("after", [False, True])
def test_a_count_that_died_anywhere_is_the_same_when_it_is_done_again(desk, monkeypatch, dies_at, after):
    yellow(desk, "b", "c")
    desk.firing.react(notice(case_id="d" * 26))
    real, calls = table.send, []

    def dying(operation, **request):
        calls.append(operation)
        if len(calls) == dies_at + 1:
            if after:
                real(operation, **request)
            raise KeyboardInterrupt
        return real(operation, **request)
    monkeypatch.setattr(table, "send", dying)
    with contextlib.suppress(KeyboardInterrupt):
        desk.firing.count(of(desk, "d").id)
    monkeypatch.undo()
    desk.settle()
    assert sums(desk)["yellows"] == 3 and desk.acts("R4") == ["fire", "notify"]


def test_a_count_costs_the_same_however_many_cards_there_are(desk, monkeypatch):
    def calls(name):
        desk.firing.react(notice(case_id=name * 26))
        real, made, card = table.send, [], of(desk, name).id
        monkeypatch.setattr(table, "send", lambda operation, **more: made.append(operation) or real(operation, **more))
        desk.firing.count(card)
        monkeypatch.undo()
        return len(made)
    counted = [calls(name) for name in "bcdefghijk"]
    assert len(set(counted[4:])) == 1 and max(counted) <= 12, counted


def test_how_many_make_a_red_card_is_data_by_unit(desk):
    rows = desk.cards.reference.rows("SUPERVISION-LIMITS", f"{NATION}/1")
    desk.cards.reference.publish("SUPERVISION-LIMITS", NATION, "2", [
        *rows, {"name": "yellows", "number": 2, "unit": HALL, "basis": "GZ2"}], date(2026, 1, 1))
    yellow(desk, "b", "c")
    assert desk.all("R4") == []
    yellow(desk, "d", "e", unit=HALL)
    assert desk.one("R4").person == HALL


def test_of_two_that_count_at_once_both_are_counted(tables):
    tally, other = Tally(Table("yiciban-test-figures")), Tally(Table("yiciban-test-figures"))
    real, done = table.send, []

    def racing(operation, **request):
        if operation == "transact_write_items" and not done:
            done.append(True)
            other.enter(MARKET, "2026-03", "CARD#other", {"yellows": 1}, 1)
        return real(operation, **request)
    table.send = racing
    try:
        tally.enter(MARKET, "2026-03", "CARD#one", {"yellows": 1}, 2)
    finally:
        table.send = real
    tally.enter(MARKET, "2026-03", "CARD#one", {}, 1)
    assert tally.sums(MARKET, "2026-03") == {"yellows": 2}, "an older version counts no more"


def test_who_found_the_yellow_cards_does_not_decide_on_the_red_one_that_they_made(desk):
    for event in (3, 4, 5):
        desk.cards.find(finding(event=event), SUPERVISOR, key())
    desk.settle()
    assert len(desk.one("R4").behind) == 3
    desk.do(HEAD, "appeal", "R4")
    with pytest.raises(Refused, match="不得裁决"):
        desk.do(SUPERVISOR, "uphold", "R4")
    desk.do(SUPERVISOR2, "uphold", "R4")
    assert desk.one("R4").withdrawn == "appeal"
