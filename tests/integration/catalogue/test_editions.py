"""Editions of the catalogue on their table: brought in by one person, put in force by another, never half."""
import json
from pathlib import Path

import pytest

from chalicelib.domains.catalogue.editions import Import, Search
from chalicelib.domains.catalogue.service import Catalogue
from chalicelib.domains.catalogue.store import MOST_BYTES, MOST_ROWS, CatalogueStore
from chalicelib.kernel import table
from chalicelib.kernel.problems import Conflict, Forbidden, Invalid, Malformed, Missing, Refused, Stale
from chalicelib.kernel.record import Key
from chalicelib.kernel.table import Table
from tests.support.town import AREA, CITIZEN, HEAD, OTHER_AREA, SEEDS, Hands, actor, key

KEEPER, SECOND = actor("keeper", f"{AREA}.hall", "keeper-one"), actor("keeper", f"{AREA}.hall", "keeper-two")
ITEMS = json.loads((SEEDS / "items.json").read_text("utf-8"))
FOOD, SHOP, CELLAR = ITEMS[0], ITEMS[1], ITEMS[2]
REAL = Path(__file__).parents[4] / "shared" / "data" / "catalogue-511602.csv"
REFERENCE = "yiciban-test-reference"


@pytest.fixture
def clock(tables):
    return Hands()


@pytest.fixture
def catalogue(clock):
    return Catalogue(CatalogueStore(Table(REFERENCE), clock), clock)


def body(*items, mode="merge", area=AREA):
    return Import(area=area, format="json", content=json.dumps(items), mode=mode)


def bring_in(catalogue, *items, mode="merge", who=KEEPER):
    return catalogue.bring_in(body(*items, mode=mode, area=who.area), who, key()).result.id


def put_in_force(catalogue, *items, mode="merge"):
    return catalogue.publish(bring_in(catalogue, *items, mode=mode), SECOND, key()).result


def names(catalogue, area=AREA):
    return {one.name for one in catalogue.search(Search(area=area), 100, None).items}


def version(catalogue, item=FOOD):
    return catalogue.in_force(AREA, item["code"]).version


def test_what_is_brought_in_is_seen_only_when_a_second_person_has_published_it(catalogue):
    edition = bring_in(catalogue, FOOD, SHOP)
    with pytest.raises(Missing, match="尚未发布"):
        catalogue.departments(AREA)
    with pytest.raises(Missing):
        catalogue.in_force(AREA, FOOD["code"])
    with pytest.raises(Forbidden, match="导入人以外"):
        catalogue.publish(edition, KEEPER, key())
    published = catalogue.publish(edition, SECOND, key()).result
    assert (published.state, published.number, published.items) == ("published", 1, 2)
    assert (version(catalogue), catalogue.in_force(AREA, FOOD["code"]).name) == (1, "食品经营许可")
    assert [(one.name, one.items) for one in catalogue.departments(AREA).departments] == [("示范区市场监督管理局", 2)]


def test_a_head_may_publish_too_but_nobody_of_another_office_or_area(catalogue):
    edition = bring_in(catalogue, FOOD)
    for stranger in (CITIZEN, actor("clerk", f"{AREA}.hall"), actor("keeper", f"{OTHER_AREA}.hall", area=OTHER_AREA)):
        with pytest.raises(Missing):
            catalogue.publish(edition, stranger, key())
        with pytest.raises(Missing):
            catalogue.edition(edition, stranger)
        with pytest.raises(Forbidden):
            catalogue.bring_in(body(FOOD), stranger, key())
    assert catalogue.edition(edition, HEAD).report.items == 1
    assert catalogue.publish(edition, HEAD, key()).result.state == "published"


def test_the_same_request_brings_in_once_and_another_under_its_key_is_refused(catalogue):
    again = key("one")
    first = catalogue.bring_in(body(FOOD), KEEPER, again)
    second = catalogue.bring_in(body(FOOD), KEEPER, again)
    assert (first.replayed, second.replayed, first.result) == (False, True, second.result)
    with pytest.raises(Conflict):
        catalogue.bring_in(body(SHOP), KEEPER, Key(again.value, "two"))
    once = key("three")
    published = [catalogue.publish(first.result.id, SECOND, once) for _ in range(2)]
    assert [one.replayed for one in published] == [False, True] and published[0].result == published[1].result
    with pytest.raises(Refused, match="已经发布"):
        catalogue.publish(first.result.id, SECOND, key())


def test_of_two_requests_at_once_under_one_key_the_first_s_items_are_kept(catalogue, monkeypatch):
    again = key("one")
    first = catalogue.bring_in(body(FOOD), KEEPER, again).result
    for request, asked in (("two", SHOP), ("one", FOOD)):
        staged, blind = CatalogueStore.staged, iter([None])
        with monkeypatch.context() as patched:
            patched.setattr(CatalogueStore, "staged", lambda store, *given, staged=staged, blind=blind: next(
                blind, staged(store, *given)))
            if request == "two":
                with pytest.raises(Conflict):
                    catalogue.bring_in(body(asked), KEEPER, Key(again.value, request))
            else:
                assert catalogue.bring_in(body(asked), KEEPER, again).replayed
    catalogue.publish(first.id, SECOND, key())
    assert names(catalogue) == {FOOD["name"]}


def test_a_version_is_counted_only_when_the_content_changes(catalogue):
    put_in_force(catalogue, FOOD, SHOP)
    put_in_force(catalogue, FOOD | {"promised": "8wd@YSHJ36"}, SHOP)
    assert (version(catalogue), version(catalogue, SHOP)) == (2, 1)
    put_in_force(catalogue, FOOD)
    assert version(catalogue) == 3, "as it was said before is a change too"
    assert [catalogue.item(AREA, FOOD["code"], n).promised.count for n in (1, 2, 3)] == [10, 8, 10]


def test_a_merge_leaves_what_it_does_not_name_and_a_replacement_withdraws_it(catalogue):
    put_in_force(catalogue, FOOD, SHOP)
    put_in_force(catalogue, CELLAR)
    assert names(catalogue) == {FOOD["name"], SHOP["name"], CELLAR["name"]}
    put_in_force(catalogue, FOOD, mode="replace")
    assert names(catalogue) == {FOOD["name"]}
    with pytest.raises(Refused, match="已停止办理"):
        catalogue.in_force(AREA, SHOP["code"])
    assert catalogue.item(AREA, SHOP["code"], 1).name == SHOP["name"], "its applications still need it"
    assert catalogue.guide(AREA, SHOP["code"], 1).why_not == "该事项已停止办理"
    put_in_force(catalogue, SHOP)
    assert version(catalogue, SHOP) == 1 and catalogue.guide(AREA, SHOP["code"]).applicable


def test_an_item_that_comes_with_an_error_stays_in_force_as_it_was(catalogue):
    put_in_force(catalogue, FOOD, SHOP)
    edition = put_in_force(catalogue, FOOD | {"promised": "30wd@YSHJ36"}, SHOP | {"hearing": True}, mode="replace")
    assert (edition.report.errors, edition.items) == (1, 2)
    assert (version(catalogue), version(catalogue, SHOP)) == (1, 2)
    with pytest.raises(Invalid) as refused:
        catalogue.bring_in(body(FOOD | {"promised": "30wd@YSHJ36"}), KEEPER, key())
    assert "承诺办结时限长于法定办结时限" in refused.value.facts["errors"][0]["detail"]


def test_an_item_without_a_limit_is_published_and_not_open(catalogue):
    put_in_force(catalogue, {name: value for name, value in FOOD.items() if name != "statutory"})
    line = catalogue.line(AREA, FOOD["code"])
    assert (line.applicable, line.why_not) == (False, "未公布法定办结时限")
    assert catalogue.search(Search(area=AREA, applicable=True), 10, None).total == 0


def test_a_crash_at_any_write_leaves_the_old_catalogue_until_publishing_again_completes_it(catalogue, monkeypatch):
    put_in_force(catalogue, FOOD, SHOP)
    edition = bring_in(catalogue, FOOD | {"hearing": True}, CELLAR)
    real, crashed = table.send, 0
    for reach in range(20):
        left = iter([True] * reach)

        def send(operation, left=left, **request):
            if not operation.startswith(("get", "query")) and not next(left, False):
                raise ConnectionError
            return real(operation, **request)

        with monkeypatch.context() as patched:
            patched.setattr(table, "send", send)
            fresh = Catalogue(CatalogueStore(Table(REFERENCE), catalogue.clock), catalogue.clock)
            try:
                published = fresh.publish(edition, SECOND, key()).result
                break
            except ConnectionError:
                crashed += 1
        anew = Catalogue(CatalogueStore(Table(REFERENCE), catalogue.clock), catalogue.clock)
        assert names(anew) == {FOOD["name"], SHOP["name"]} and version(anew) == 1
    assert (crashed, published.number, published.items) == (4, 2, 3)
    anew = Catalogue(CatalogueStore(Table(REFERENCE), catalogue.clock), catalogue.clock)
    assert (version(anew), version(anew, CELLAR)) == (2, 1), "no version was spent on the crashes"


def test_of_two_publications_at_once_one_wins_and_the_other_may_be_done_again(catalogue, monkeypatch):
    put_in_force(catalogue, FOOD)
    one, other = bring_in(catalogue, SHOP), bring_in(catalogue, FOOD | {"hearing": True})
    before = catalogue.store.current(AREA, fresh=True)
    catalogue.publish(one, SECOND, key())
    with monkeypatch.context() as patched:
        patched.setattr(catalogue.store, "current", lambda area, fresh=False: before)
        with pytest.raises(Stale):
            catalogue.publish(other, SECOND, key())
    assert names(catalogue) == {FOOD["name"], SHOP["name"]} and version(catalogue) == 1
    assert catalogue.publish(other, SECOND, key()).result.number == 3
    assert names(catalogue) == {FOOD["name"], SHOP["name"]} and version(catalogue) == 2


def test_another_process_goes_by_the_new_catalogue_within_a_minute(catalogue, clock):
    put_in_force(catalogue, FOOD)
    elsewhere = Catalogue(CatalogueStore(Table(REFERENCE), clock), clock)
    assert version(elsewhere) == 1
    put_in_force(catalogue, FOOD | {"hearing": True})
    clock.move(seconds=60)
    assert version(elsewhere) == 1
    clock.move(seconds=1)
    assert version(elsewhere) == 2


def test_the_pages_of_a_search_are_all_of_the_catalogue_it_began_in(catalogue):
    catalogue.publish_seed(AREA, ITEMS)
    first = catalogue.search(Search(area=AREA), 30, None)
    put_in_force(catalogue, FOOD, mode="replace")
    second = catalogue.search(Search(area=AREA), 30, first.cursor)
    assert (len(first.items), len(second.items), first.total, second.cursor) == (30, 12, 42, None)
    assert len({one.code for one in first.items + second.items}) == 42
    assert (first.catalogue, second.catalogue) == (1, 1)
    with pytest.raises(Malformed):
        catalogue.search(Search(area=AREA, q="许可"), 30, first.cursor)


def test_the_seed_is_published_once_however_often_the_run_starts(catalogue):
    first = catalogue.publish_seed(AREA, ITEMS)
    assert (first.items, first.report.applicable, first.number) == (42, 40, 1)
    assert catalogue.publish_seed(AREA, ITEMS) == first
    assert catalogue.publish_seed(AREA, [FOOD | {"hearing": True}, *ITEMS[1:]]).number == 2


def test_two_areas_do_not_see_each_other(catalogue):
    put_in_force(catalogue, FOOD)
    keeper = actor("keeper", f"{OTHER_AREA}.hall", "keeper-far", area=OTHER_AREA)
    there = {"area": OTHER_AREA, "code": "A1", "name": "甲", "department": f"{OTHER_AREA}.hall",
             "department_name": "乙"}
    edition = bring_in(catalogue, there, who=keeper)
    catalogue.publish(edition, keeper.model_copy(update={"person": "keeper-farther"}), key())
    assert (names(catalogue), names(catalogue, OTHER_AREA)) == ({FOOD["name"]}, {"甲"})
    with pytest.raises(Missing):
        catalogue.in_force(OTHER_AREA, FOOD["code"])
    with pytest.raises(Invalid):
        bring_in(catalogue, FOOD, who=keeper)


@pytest.mark.skipif(not REAL.exists(), reason="the real catalogue is not at hand")
def test_the_real_catalogue_is_published_whole_in_small_items(catalogue):
    area = "511602000000"
    keeper = actor("keeper", f"{area}.hall", area=area)
    brought = catalogue.bring_in(Import(area=area, format="csv", content=REAL.read_text("utf-8")), keeper, key())
    published = catalogue.publish(brought.result.id, keeper.model_copy(update={"person": "second"}), key()).result
    assert (published.items, published.report.items, published.report.applicable) == (1135, 1135, 0)
    stored = catalogue.store.table.every(f"CATALOGUE#{area}#{published.id}")
    for row in stored:
        assert table.size(row) < MOST_BYTES + 10_000 and len(row.get("rows", [])) <= MOST_ROWS
    found = catalogue.search(Search(area=area, q="jiaoshizige"), 5, None)
    assert found.items[0].name == "教师资格认定" and len(catalogue.departments(area).departments) == 34
