"""The month's bulletin (moto): each case and card counted once, every number traced to what it was counted from."""
import pytest

from chalicelib.domains.supervision.bulletin_service import Bulletins
from chalicelib.domains.supervision.models import Reasoned
from chalicelib.domains.supervision.rules import ENDS, reacting
from chalicelib.kernel.problems import Forbidden, Missing
from tests.support.cards import SUPERVISOR, Desk, at, clock, notice
from tests.support.town import CITIZEN, HALL, HEAD, MARKET, OTHER_AREA, REVIEWER, actor, key

ELSEWHERE = actor("supervisor", f"{OTHER_AREA}.supervision", area=OTHER_AREA)


@pytest.fixture
def desk(tables):
    return Desk()


def lines(desk, month="2026-03", who=SUPERVISOR):
    return {one.unit: one for one in Bulletins(desk.firing.tally, desk.time).read(who, month).items}


def granted(name, day="2026-03-05", unit=MARKET):
    return notice("grant", case_id=name * 26, unit=unit, when=at(day, 10), promised=clock().stop(at(day, 10)))


def test_a_unit_s_month_says_its_cards_and_rates_with_their_denominators(desk):
    desk.told(granted("b"), granted("c"), granted("d"), notice(), notice(unit=HALL, case_id="e" * 26),
              notice("warn_promised", lapsed=None, warned="2026-03-09", case_id="f" * 26))
    for who, act in ((REVIEWER, "explain"), (HEAD, "correct")):
        case = next(card.id for card in desk.all("Y1") if card.person == MARKET)
        desk.cards.perform(case, Reasoned(act=act, note="已补办"), who, key())
    desk.settle()
    market = lines(desk)[MARKET]
    assert (market.yellow, market.red, market.warnings, market.corrected_in_time) == (1, 0, 1, 1)
    assert (market.card_rate.numerator, market.card_rate.denominator, market.card_rate.period) == (1, 4, "2026-03")
    assert (market.correction_rate.numerator, market.correction_rate.denominator) == (1, 1)
    assert "每件只计一次" in market.card_rate.denominator_definition and set(lines(desk)) == {MARKET, HALL}


def test_a_case_is_due_once_for_a_unit_in_the_first_month_whatever_is_told_twice(desk):
    late = notice(lapsed="2026-03-31", case_id="b" * 26)
    desk.told(late, late, granted("b", "2026-04-02"), granted("b", "2026-04-02"))
    assert lines(desk)[MARKET].card_rate.denominator == 1 and MARKET not in lines(desk, "2026-04")


def test_every_number_is_traced_to_the_cases_it_was_counted_from(desk):
    desk.told(granted("b"), granted("c"), notice())
    bulletins, found, cursor = Bulletins(desk.firing.tally, desk.time), [], None
    while True:
        page = bulletins.counted(SUPERVISOR, "2026-03", MARKET, 2, cursor)
        found += page.items
        if not (cursor := page.cursor):
            break
    assert sorted(one.case for one in found if "due" in one.sums) == [
        f"APPLICATION#{'a' * 26}", f"APPLICATION#{'b' * 26}", f"APPLICATION#{'c' * 26}"]
    assert [one.case for one in found if "fired" in one.sums] == [f"CARD#{desk.one().id}"]
    total = desk.firing.tally.sums(MARKET, "2026-03")
    assert total == {name: sum(one.sums.get(name, 0) for one in found) for name in total}


def test_a_head_reads_the_line_of_their_own_unit_and_what_it_was_counted_from(desk):
    desk.told(notice(), notice(unit=HALL, case_id="b" * 26))
    bulletins = Bulletins(desk.firing.tally, desk.time)
    line, = bulletins.read(HEAD, "2026-03").items
    assert (line.unit, line.yellow) == (MARKET, 1)
    assert {one.case for one in bulletins.counted(HEAD, "2026-03", MARKET, 20, None).items} == {
        f"CARD#{next(card.id for card in desk.all() if card.person == MARKET)}", f"APPLICATION#{'a' * 26}"}
    with pytest.raises(Missing):
        bulletins.counted(HEAD, "2026-03", HALL, 20, None)


def test_only_supervisor_auditor_and_heads_of_the_area_read_it(desk):
    desk.told(notice())
    bulletins = Bulletins(desk.firing.tally, desk.time)
    for who in (REVIEWER, CITIZEN):
        with pytest.raises(Forbidden):
            bulletins.read(who, "2026-03")
        with pytest.raises(Forbidden):
            bulletins.counted(who, "2026-03", MARKET, 20, None)
    assert lines(desk, who=ELSEWHERE) == {}
    for who, month in ((ELSEWHERE, "2026-03"), (SUPERVISOR, "2026-3")):
        with pytest.raises(Missing):
            bulletins.counted(who, month, MARKET, 20, None)


def test_what_ends_a_case_is_among_what_is_looked_at():
    assert all(ENDS[kind] <= reacting(kind) for kind in ENDS)
