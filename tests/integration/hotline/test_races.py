"""Two at the same moment (moto): one number of another system, one main order, one unit's listing."""
import pytest
from pydantic import TypeAdapter

from chalicelib.domains.hotline.bodies import Act, AtDesk
from chalicelib.domains.hotline.merging import Following, quarter_of
from chalicelib.domains.hotline.store import OrderStore
from chalicelib.kernel.problems import Refused, Stale
from chalicelib.kernel.record import replay
from chalicelib.kernel.table import Table
from tests.support.town import AREA, HOTLINE, MARKET, MONDAY, REVIEWER, Hands, actor, hotline, key, publish_basics

SEAT = actor("centre", HOTLINE)
WORDS = {"title": "小区夜间施工噪音", "content": "连续三晚施工", "place": "示范路1号", "category": "help"}
CALLER = {"name": "李来电", "phone": "13900000000"}


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


def test_one_s_own_request_sent_again_while_the_first_is_under_way_is_its_repeat(desk, monkeypatch):
    body, mine, real, blind = AtDesk(**WORDS, channel="08", source_number="W1"), key(), OrderStore.find, [True]
    first = desk.take(body, SEAT, mine)
    monkeypatch.setattr(OrderStore, "find",
                        lambda self, case_id: None if blind and blind.pop() else real(self, case_id))
    again = desk.take(body, SEAT, mine)
    assert again.replayed and again.result.case.id == first.result.case.id
    with pytest.raises(Refused):
        desk.take(body, SEAT, key())


def test_the_number_of_a_registration_that_was_annulled_can_be_given_again(desk):
    sent = {"channel": "08", "source_number": "W1"}
    wrong, supervisor = taken(desk, **sent), actor("supervisor", f"{AREA}.bureau")
    do(desk, wrong, supervisor, "annul", note="登记在了别的名下")
    right = taken(desk, **sent)
    assert right != wrong and desk.store.claimed_by(AREA, "08", "W1") == right
    do(desk, right, SEAT, "decline", text="属于诉讼渠道")
    with pytest.raises(Refused):
        taken(desk, **sent)


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


def test_two_that_come_at_once_do_not_see_each_other_and_their_merger_counts_them(desk, monkeypatch):
    callers = [{"name": f"来电{n}", "phone": f"1390000000{n}"} for n in range(3)]
    with monkeypatch.context() as blind:
        blind.setattr(type(desk.spots), "around", lambda self, *given: [])
        main, *children = [taken(desk, caller=caller) for caller in callers]
    assert len(desk.near(main, SEAT)) == 2, "found all the same"
    do(desk, children[0], SEAT, "merge", main=main)
    assert (desk.store.get(main).crowd, desk.store.get(main).collective) == (1, False)
    do(desk, children[1], SEAT, "merge", main=main)
    after = desk.store.get(main)
    assert (after.crowd, after.collective) == (2, True) and replay(type(after), desk.store.timeline(main)) == after


def test_a_matter_of_the_many_stays_in_the_lists_where_the_last_of_them_is_merged_into_the_first(desk):
    main, other, last = [taken(desk, caller={"name": f"来电{n}", "phone": f"1390000000{n}"}) for n in range(3)]
    listed = desk.listed_for(SEAT, "", "collective", 10, None).items
    assert [one.id for one in listed] == [last]
    do(desk, last, SEAT, "merge", main=main)
    assert [one.id for one in desk.listed_for(SEAT, "", "collective", 10, None).items] == [main]
    assert (desk.store.get(main).crowd, desk.store.get(other).collective) == (2, False)


def test_one_who_calls_three_times_is_no_crowd_by_being_merged(desk):
    main, *others = [taken(desk, caller=CALLER) for _ in range(3)]
    for one in others:
        do(desk, one, SEAT, "merge", main=main)
    assert (desk.store.get(main).crowd, desk.store.get(main).collective) == (0, False)


def test_what_was_merged_in_error_and_is_taken_out_leaves_the_main_order_as_if_it_had_never_been_in(desk):
    callers = [{"name": f"来电{n}", "phone": f"1390000000{n}"} for n in range(3)]
    main, other, last = [taken(desk, caller=caller) for caller in callers]
    before = desk.store.get(main)
    do(desk, last, SEAT, "merge", main=main)
    do(desk, other, SEAT, "merge", main=main)
    for one, counts in ((last, (1, 1, False)), (other, (0, 0, False))):
        alone = key()
        for _ in range(2):                 # asked again, nothing more is taken out
            desk.perform(one, TypeAdapter(Act).validate_python({"act": "unmerge", "note": "不是同一问题"}), SEAT, alone)
        after = desk.store.get(main)
        assert (after.children, after.crowd, after.collective) == counts
    assert (before.children, before.crowd, before.collective) == counts and desk.store.children(main) == []
    assert replay(type(after), desk.store.timeline(main)) == after
    assert main not in [one.id for one in desk.listed_for(SEAT, "", "collective", 10, None).items]
    do(desk, main, SEAT, "merge", main=other)


def test_what_is_taken_out_while_the_main_order_is_acted_on_stays_in(desk, monkeypatch):
    main, child = taken(desk), taken(desk)
    do(desk, child, SEAT, "merge", main=main)
    real = desk.store.writes

    def raced(step):
        if step.event.act == "scatter":
            monkeypatch.setattr(desk.store, "writes", real)
            do(desk, main, SEAT, "dispatch", unit=MARKET)
        return real(step)
    monkeypatch.setattr(desk.store, "writes", raced)
    with pytest.raises(Stale):
        do(desk, child, SEAT, "unmerge", note="不是同一问题")
    assert (desk.store.get(child).state, desk.store.get(main).children) == ("merged", 1), "neither half was written"
    do(desk, child, SEAT, "unmerge", note="不是同一问题")
    assert (desk.store.get(main).children, desk.store.children(main)) == (0, [])


def test_a_main_order_takes_in_so_many_and_no_more(desk, monkeypatch):
    main, terms = taken(desk), desk.terms
    monkeypatch.setattr(desk, "terms", lambda case: terms(case).model_copy(update={"children": 1}))
    do(desk, taken(desk), SEAT, "merge", main=main)
    with pytest.raises(Refused, match="最多并入1件"):
        do(desk, taken(desk), SEAT, "merge", main=main)


def handed(desk, number=1, **fields):
    """Orders that the unit has signed for."""
    cases = [taken(desk, **fields) for _ in range(number)]
    for case in cases:
        do(desk, case, SEAT, "dispatch", unit=MARKET)
        do(desk, case, REVIEWER, "sign")
    return cases


def listed(desk, *cases):
    """The orders after so many days that they are put on the list; notices of that."""
    for day in ("2026-03-10", "2026-03-11", "2026-03-17"):
        desk.clock.to(day, 1)
        for case in cases:
            desk.lapse(case)
    return [told(desk, case, "supervise_listed") for case in cases]


def told(desk, case, act):
    """The notice of the last such act on an order."""
    *_, event = [one for one in desk.store.timeline(case) if one.act == act]
    return type("Notice", (), {"case_id": case, "number": event.number, "at": event.at})


def test_a_listing_counts_once_however_often_it_is_told(desk):
    figures = Table("yiciban-test-figures")
    case, = handed(desk)
    notice, = listed(desk, case)
    for _ in range(3):
        Following(desk, figures).count_listed(notice)
    assert len(figures.page(f"LISTED#{MARKET}#2026Q1").items) == 1 and desk.store.get(case).level == 3
    assert [quarter_of(MONDAY.replace(month=month)) for month in (1, 4, 12)] == ["2026Q1", "2026Q2", "2026Q4"]


def test_what_leaves_the_level_as_it_was_is_no_listing(desk):
    figures = Table("yiciban-test-figures")
    case, = handed(desk, caller=CALLER)
    listed(desk, case)
    do(desk, case, REVIEWER, "reply", told="电话", result="explained", text="已经核查")
    do(desk, case, SEAT, "pass")
    desk.clock.to("2026-04-01", 2)
    do(desk, case, SEAT, "call_back", satisfaction=1, solved=False)
    do(desk, case, SEAT, "rework", text="仍未解决")
    Following(desk, figures).count_listed(told(desk, case, "rework"))
    assert figures.page(f"LISTED#{MARKET}#2026Q2").items == [], "listed in March, and no second time in April"


def test_the_talk_falls_on_an_open_order_where_the_third_was_answered_meanwhile_and_on_one_only(desk):
    follow = Following(desk, Table("yiciban-test-figures"))
    cases = handed(desk, 3)
    notices = listed(desk, *cases)
    for case in (cases[2], cases[0]):
        do(desk, case, REVIEWER, "reply", told="电话", result="solved", text="已经解决")
    for _ in range(2):
        for notice in notices:
            follow.count_listed(notice)
        assert [desk.store.get(case).level for case in cases] == [3, 4, 3]


def test_the_talk_falls_on_the_next_on_the_list_where_none_is_open(desk):
    follow = Following(desk, Table("yiciban-test-figures"))
    cases = handed(desk, 4)
    notices = listed(desk, *cases)
    for case in cases[:3]:
        do(desk, case, REVIEWER, "reply", told="电话", result="solved", text="已经解决")
    for notice in notices[:3]:
        follow.count_listed(notice)
    assert desk.store.get(cases[3]).level == 3, "it is not counted as listed yet"
    follow.count_listed(notices[3])
    assert desk.store.get(cases[3]).level == 4
