"""Two at the same moment (moto): one number of another system, one main order, one unit's listing."""
import pytest
from pydantic import TypeAdapter

from chalicelib.domains.hotline.bodies import Act, AtDesk
from chalicelib.domains.hotline.merging import Following, quarter_of
from chalicelib.domains.hotline.store import OrderStore
from chalicelib.kernel.problems import Refused, Stale
from chalicelib.kernel.record import replay
from chalicelib.kernel.table import Table
from tests.support.town import HOTLINE, MARKET, MONDAY, REVIEWER, Hands, actor, hotline, key, publish_basics

SEAT = actor("centre", HOTLINE)
WORDS = {"title": "小区夜间施工噪音", "content": "连续三晚施工", "place": "示范路1号", "category": "help"}


@pytest.fixture
def desk(tables):
    hands = Hands()
    return hotline(hands, publish_basics(hands))


def taken(desk, **fields):
    return desk.take(AtDesk(**WORDS, **fields), SEAT, key()).result.case.id


def do(desk, case, who, act, **fields):
    return desk.perform(case, TypeAdapter(Act).validate_python({"act": act, **fields}), who, key()).result


def test_a_number_that_comes_twice_at_once_is_one_order_and_the_loser_is_told_which(desk, monkeypatch):
    sent = {"channel": "08", "source_number": "W1"}
    first, real, blind = taken(desk, **sent), OrderStore.claimed_by, [True]
    monkeypatch.setattr(OrderStore, "claimed_by",
                        lambda self, *given: "" if blind and blind.pop() else real(self, *given))
    with pytest.raises(Refused) as problem:
        taken(desk, **sent)
    assert problem.value.facts["order"] == first and problem.value.kind == "registered-before"


def test_what_takes_in_another_while_it_is_acted_on_does_not_lose_it(desk, monkeypatch):
    main, child = taken(desk), taken(desk)
    real = desk.store.writes

    def raced(step):
        if step.event.act == "gather":
            monkeypatch.setattr(desk.store, "writes", real)
            do(desk, main, SEAT, "dispatch", unit=MARKET)
        return real(step)
    monkeypatch.setattr(desk.store, "writes", raced)
    with pytest.raises(Stale):
        do(desk, child, SEAT, "merge", main=main)
    assert (desk.store.get(child).state, desk.store.get(main).children) == ("registered", 0), "neither half was written"
    do(desk, child, SEAT, "merge", main=main)
    after = desk.store.get(main)
    assert (after.children, desk.store.children(main)) == (1, [child])
    assert replay(type(after), desk.store.timeline(main)) == after


def test_a_main_order_takes_in_so_many_and_no_more(desk, monkeypatch):
    main, terms = taken(desk), desk.terms
    monkeypatch.setattr(desk, "terms", lambda case: terms(case).model_copy(update={"children": 1}))
    do(desk, taken(desk), SEAT, "merge", main=main)
    with pytest.raises(Refused, match="最多并入1件"):
        do(desk, taken(desk), SEAT, "merge", main=main)


def test_a_listing_counts_once_however_often_it_is_told(desk):
    follow, figures = Following(desk, Table("yiciban-test-figures")), Table("yiciban-test-figures")
    case = taken(desk)
    do(desk, case, SEAT, "dispatch", unit=MARKET)
    do(desk, case, REVIEWER, "sign")
    desk.clock.to("2026-03-10", 1)
    desk.lapse(case)
    desk.clock.to("2026-03-17", 1)
    desk.lapse(case)
    event = next(one for one in desk.store.timeline(case) if one.act == "supervise_listed")
    notice = type("Notice", (), {"case_id": case, "number": event.number, "at": event.at})
    for _ in range(3):
        follow.count_listed(notice)
    assert len(figures.page(f"LISTED#{MARKET}#2026Q1").items) == 1 and desk.store.get(case).level == 3
    assert [quarter_of(MONDAY.replace(month=month)) for month in (1, 4, 12)] == ["2026Q1", "2026Q2", "2026Q4"]
