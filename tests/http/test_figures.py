"""Figures over HTTP: equal to a recount, traced to their cases, to whom they are shown, small cells, counted anew."""
from functools import partialmethod

import pytest

from chalicelib.domains.figures import rebuild as rebuilding
from chalicelib.domains.figures import tally as tallies
from chalicelib.domains.figures.service import LIMITS
from chalicelib.domains.figures.wiring import figures, rebuild
from chalicelib.domains.hotline.measures import RELATED
from chalicelib.domains.ratings.wiring import ratings
from chalicelib.kernel.problems import Stale
from chalicelib.kernel.shares import together
from chalicelib.kernel.table import Table
from infra import figures as command
from tests.support.kinds import scene
from tests.support.scenes.hotline import LIST, WORDS, act, counted, taken
from tests.support.scenes.ratings import corrected, granted
from tests.support.tables import stored
from tests.support.town import AREA, HEALTH, HOTLINE, MARKET, MONDAY, OTHER_AREA, key
from tests.support.web import AUDITOR, CENTRE, CLERK, HEAD, REVIEWER, SUPERVISOR, bearer

MARCH = "month=2026-03"
CHIEF = bearer("chief-one", ("head", HOTLINE))
ELSEWHERE = bearer("other-supervisor", ("supervisor", f"{OTHER_AREA}.supervision"))


@pytest.fixture
def here(web):
    return scene(web)


def closed(here, satisfaction=5, unit=REVIEWER):
    case = taken(here, caller={"name": "张来电", "phone": f"1390000{len(here.rows('ORDER')):04d}"})
    act(here, case, CENTRE, "dispatch", unit=MARKET)
    act(here, case, unit, "sign")
    act(here, case, unit, "reply", told="电话", result="solved", text="已处理")
    act(here, case, CENTRE, "pass")
    act(here, case, CENTRE, "call_back", satisfaction=satisfaction, solved=satisfaction > 2,
        contacted=True)
    if satisfaction > 2:
        act(here, case, CENTRE, "close")
    return case


def read(here, who=SUPERVISOR, **query):
    asked = "&".join(f"{name}={value}" for name, value in {"month": "2026-03", **query}.items())
    return {one["code"]: one for one in here.web.ok(who, "GET", f"/figures/indicators?{asked}")["items"]}


def recounted():
    """The sums of March by what the cases add now, added up without the tally."""
    desk, found = figures(), {}
    for pk, sk, _ in stored("cases"):
        kind, _, case_id = pk.partition("#")
        if sk == "STATE" and kind in desk.marks:
            for (whose, month, name), n in desk.marks[kind](case_id).marks.items():
                if month == "2026-03":
                    found[whose, name] = found.get((whose, name), 0) + n
    return found


def kept(generation=0):
    cells = figures().tally.cells(AREA, "2026-03", "", generation)
    return {(whose, name): n for whose, sums in cells.items() for name, n in sums.items() if n}


def test_figures_are_equal_to_a_recount_however_often_the_events_are_told(here):
    web = here.web
    here.submitted()
    granted(here)
    counted(here)
    first = closed(here)
    closed(here, satisfaction=1)
    left = taken(here)
    act(here, left, CENTRE, "dispatch", unit=HEALTH)
    web.react()
    rating = web.ok(here.citizen, "GET", "/ratings")["items"][0]["id"]
    web.ok(here.citizen, "POST", f"/ratings/{rating}/acts", {"act": "rate", "level": 2, "channel": 1})
    web.react()
    assert kept() == recounted() and kept()[MARKET, "ratings.bad"] == 1 and kept()[MARKET, "hotline.sent"] == 2
    web.seen.clear()
    web.react()
    assert kept() == recounted()
    shown = read(here)
    assert (shown["answered_rate"]["value"], shown["answered_rate"]["denominator"]) == ("98.33", 120)
    assert (shown["signed_in_time_rate"]["numerator"], shown["signed_in_time_rate"]["denominator"]) == (2, 3)
    assert shown["callback_rate"]["value"] == "100.00" and shown["satisfaction"]["below"] is False
    assert shown["hotline_score"]["value"] == "100.00" and shown["reviewed_in_time_rate"]["value"] is None
    traced = web.ok(SUPERVISOR, "GET", f"/figures/cases?{MARCH}&unit={MARKET}&measure=hotline.closed")["items"]
    assert traced == [{"case": f"ORDER#{first}", "n": 1}]


def test_every_sum_is_the_sum_of_its_cases_page_by_page(here):
    orders = sorted(f"ORDER#{closed(here)}" for _ in range(3))
    here.web.react()
    path, found, cursor = f"/figures/cases?{MARCH}&unit={MARKET}&measure=hotline.called&limit=2", [], ""
    while cursor is not None:
        page = here.web.ok(CENTRE, "GET", path + (f"&cursor={cursor}" if cursor else ""))
        found, cursor = found + page["items"], page["cursor"]
    assert [one["case"] for one in found] == orders
    assert sum(one["n"] for one in found) == read(here)["callback_rate"]["numerator"] == 3


def test_a_month_below_the_floor_says_so_to_the_centre_s_head(here):
    reference = figures().reference
    rows = reference.rows(LIMITS, "000000000000/1")
    closed(here)
    reworked = [closed(here, satisfaction=1) for _ in range(1)]
    for case in reworked * 2:
        act(here, case, CENTRE, "rework", text="请重办")
        act(here, case, REVIEWER, "reply", told="电话", result="solved", text="已处理")
        act(here, case, CENTRE, "pass")
        act(here, case, CENTRE, "call_back", satisfaction=1, solved=False)
    act(here, reworked[0], CENTRE, "close")
    here.web.react()
    shown = read(here, CHIEF)["satisfaction"]
    assert (shown["value"], shown["floor"], shown["below"]) == ("50.00", "96.00", True)
    lower = [row | {"number": 50} if row["name"].startswith("floor") else row for row in rows]
    reference.publish(LIMITS, AREA, "lower", lower, MONDAY.date())
    assert read(here, CHIEF)["satisfaction"]["below"] is False, "the floor is a published number"


def test_who_reads_which_figures(here):
    closed(here)
    here.web.react()
    own = here.web.ok(HEAD, "GET", f"/figures/indicators?{MARCH}")
    assert own["unit"] == MARKET and here.web.ok(AUDITOR, "GET", f"/figures/indicators?{MARCH}")["unit"] == ""
    refused = ((HEAD, f"indicators?{MARCH}&unit={HEALTH}"), (CLERK, f"indicators?{MARCH}"),
               (here.citizen, f"indicators?{MARCH}"), (HEAD, f"ranking?{MARCH}&code=satisfaction"),
               (ELSEWHERE, f"indicators?{MARCH}&unit={MARKET}"), (REVIEWER, f"indicators?{MARCH}&unit={MARKET}"),
               (HEAD, f"cases?{MARCH}&unit={MARKET}&measure=ratings.bad"),
               (CENTRE, f"cases?{MARCH}&unit={MARKET}&measure=ratings.bad"),
               (ELSEWHERE, f"cases?{MARCH}&unit={MARKET}&measure=hotline.sent"),
               *((HEAD, f"cases?{MARCH}&unit={MARKET}&measure=hotline.{name}") for name in RELATED))
    for who in (CENTRE, CHIEF, SUPERVISOR, AUDITOR):
        here.web.ok(who, "GET", f"/figures/cases?{MARCH}&unit={MARKET}&measure=hotline.repeated")
    here.web.ok(HEAD, "GET", f"/figures/cases?{MARCH}&unit={MARKET}&measure=hotline.sent")
    for who, path in refused:
        assert here.web.call(who, "GET", f"/figures/{path}").status_code == 403, path
    assert read(here, ELSEWHERE)["callback_rate"]["denominator"] == 0


@pytest.mark.parametrize("path, pointer", [
    (f"ranking?{MARCH}&code=nothing", "/code"), (f"cases?{MARCH}&unit={MARKET}&measure=hotline.nosuch", "/measure"),
    (f"cases?{MARCH}&unit={AREA}.nowhere&measure=hotline.sent", "/unit"),
    (f"indicators?{MARCH}&unit={AREA}.nowhere", "/unit"), ("indicators?month=2026-04", "/month"),
    ("indicators?month=2001-04", "/month"), (f"cases?month=2001-04&unit={MARKET}&measure=ratings.bad", "/month"),
    ("indicators?month=9999-12", "/month"), (f"public?month=2026-04&area={AREA}", "/month")])
def test_what_there_is_not_is_said_by_its_pointer(here, path, pointer):
    fault = here.web.call(SUPERVISOR, "GET", f"/figures/{path}")
    assert (fault.status_code, fault.json_body["errors"][0]["pointer"]) == (422, pointer)


def test_units_are_ranked_by_the_exact_share(here):
    closed(here)
    other = taken(here)
    act(here, other, CENTRE, "dispatch", unit=HEALTH)
    here.web.react()
    ranked = here.web.ok(CENTRE, "GET", f"/figures/ranking?{MARCH}&code=signed_in_time_rate")["items"]
    assert [(one["rank"], one["whose"], one["value"]) for one in ranked] == [(1, MARKET, "100.00"), (2, HEALTH, "0.00")]
    assert ranked[0]["name"] == "示范区市场监督管理局"


def test_the_public_reads_the_ratings_of_an_institution_and_nothing_of_a_small_cell(here):
    desk, item = figures(), "430100000001"
    few = {"ratings": 4, "good": 4, "level_5": 4, "bad_upheld": 1, "righted": 1}
    for whose, sums in ((MARKET, few | {"ratings": 5, "good": 4, "bad": 1, "level_1": 1}), (HEALTH, few),
                        (f"item:{item}", few)):
        desk.tally.table.save(desk.tally.table.put({"pk": f"G1#TOTAL#{AREA}#2026-03", "sk": f"{whose}#0",
                                                 **{f"ratings.{name}": n for name, n in sums.items()}}))
    soon = here.web.call(None, "GET", f"/figures/public?{MARCH}&area={AREA}")
    assert soon.json_body["errors"][0]["code"] == "not-over", "while it lasts each rating could be read from a change"
    assert here.web.call(HEAD, "GET", f"/figures/indicators?{MARCH}&about=ratings").status_code == 422
    here.web.hands.to("2026-04-01")
    public = here.web.ok(None, "GET", f"/figures/public?{MARCH}&area={AREA}")
    health, market = public["items"]
    assert len(public["definitions"]) == len(market["figures"])
    good = {one["code"]: one for one in market["figures"]}
    assert (good["good_rate"]["value"], good["composite"]["value"]) == ("80.00", "8.00")
    for code in ("righted_rate", "called_back_rate"):
        assert good[code] | {"value": None, "numerator": None, "denominator": None} == good[code], "of one, of none"
    assert good["composite"]["numerator"] is None
    items = here.web.ok(None, "GET", f"/figures/public?{MARCH}&area={AREA}&by=item")["items"]
    for cell in (health, *items):
        assert {one[name] for one in cell["figures"] for name in ("value", "numerator", "denominator")} == {None}
    assert [cell["whose"] for cell in items] == [item]
    assert here.web.ok(None, "GET", f"/figures/public?{MARCH}&area={OTHER_AREA}")["items"] == []
    pages, cursor = [], ""
    while cursor is not None:
        page = here.web.ok(None, "GET", f"/figures/public?{MARCH}&area={AREA}&limit=1{cursor and '&cursor='}{cursor}")
        pages, cursor = [*pages, [one["whose"] for one in page["items"]]], page["cursor"]
    assert pages == [[HEALTH], [MARKET]]


def test_a_new_count_is_shown_when_it_is_whole_and_the_old_one_is_deleted(here):
    closed(here)
    here.web.react()
    before, lines = kept(), []
    wrong = figures().tally.table
    wrong.save(wrong.put({"pk": f"G1#TOTAL#{AREA}#2026-03", "sk": f"{MARKET}#3", "hotline.sent": 7}))
    differences = rebuild(lines.append).run()
    assert kept() == before and {one.measure for one in differences} >= {"hotline.sent"}
    assert {pk.partition("#")[0] for pk, _, _ in stored("figures") if pk[1:2].isdecimal()} == {"G2"}
    assert "sums differ" in lines[0] and rebuild(lines.append).run() == []


def test_events_while_it_is_built_count_in_both_and_a_killed_count_changes_nothing(here, monkeypatch):
    first = closed(here)
    here.web.react()
    before = kept()
    rebuild(print).begin()                                     # killed at once: another generation waits, empty
    assert kept() == before
    real = rebuilding.Rebuild.count

    def busy(self, generation):
        looked = real(self, generation)
        act(here, taken(here), CENTRE, "dispatch", unit=MARKET)     # after its case was looked at
        here.web.react()
        return looked
    monkeypatch.setattr(rebuilding.Rebuild, "count", busy)
    assert rebuild(lambda line: None).run() == []
    assert kept() == recounted() != before and f"ORDER#{first}" in str(list(stored("figures")))


def test_a_count_that_died_goes_on_where_it_was(here, monkeypatch):
    for _ in range(3):
        closed(here)
    here.web.react()
    before, looked, real = kept(), [], rebuilding.Rebuild._counted

    def dies(self, generation, what):
        looked.append(what)
        if len(looked) == 2:
            raise KeyboardInterrupt()
        return real(self, generation, what)
    monkeypatch.setattr(rebuilding.Rebuild, "_counted", dies)
    monkeypatch.setattr(Table, "scan", partialmethod(Table.scan, 20))
    with pytest.raises(KeyboardInterrupt):
        rebuild(print).run()
    assert kept() == before
    monkeypatch.setattr(rebuilding.Rebuild, "_counted", lambda self, generation, what: looked.append(what) or real(
        self, generation, what))
    assert rebuild(lambda line: None).run() == [] and kept() == recounted() == before
    assert figures().tally.generation().current == 2, "the generation that was begun"


def test_what_cannot_be_counted_is_named_and_keeps_what_is_shown(here, monkeypatch, capsys):
    broken = f"ORDER#{closed(here)}"
    closed(here)
    here.web.react()
    before, real = kept(), tallies.Tally.enter

    def enter(self, generation, what, read):
        if what == broken:
            raise KeyError("level")
        real(self, generation, what, read)
    with monkeypatch.context() as patch:
        patch.setattr(tallies.Tally, "enter", enter)
        assert command.rebuilt() == 1
    assert f"{broken} cannot be counted" in capsys.readouterr().out
    assert kept() == before and figures().tally.generation().building == 2
    assert command.rebuilt() == 0 and kept() == before and figures().tally.generation().current == 2


def test_two_rebuilds_at_once_the_first_gives_way(here, monkeypatch):
    real = rebuilding.Rebuild.compare

    def overtaken(self, there):
        monkeypatch.setattr(rebuilding.Rebuild, "compare", real)
        rebuild(lambda line: None).run()
        return real(self, there)
    monkeypatch.setattr(rebuilding.Rebuild, "compare", overtaken)
    closed(here)
    here.web.react()
    with pytest.raises(Stale):
        rebuild(lambda line: None).run()
    assert kept() == recounted()


def test_nothing_of_a_person_is_in_the_figures(here):
    order = here.web.ok(here.citizen, "POST", LIST, {"area": AREA, "category": "help", **WORDS})["case"]
    here.web.react()
    items = [str(item()) for pk, _, item in stored("figures") if pk.startswith("G1#")]
    assert items and not any(here.citizen.person in item or order["number"] in item for item in items)
    assert together(figures().tally.cells(AREA, "2026-03").values())["hotline.received"] == 1


def test_a_rating_that_is_excluded_takes_its_correction_s_marks_along(here):
    here.submitted()
    granted(here)
    here.web.react()
    rating = here.web.ok(here.citizen, "GET", "/ratings")["items"][0]["id"]
    here.web.ok(here.citizen, "POST", f"/ratings/{rating}/acts", {"act": "rate", "level": 1, "channel": 1})
    here.web.react()
    assert kept()[MARKET, "ratings.bad_upheld"] == 1
    ratings().exclude(rating, "gaming", key())
    here.web.react()
    assert kept() == recounted() and (MARKET, "ratings.bad_upheld") not in kept()
    assert kept()[MARKET, "ratings.bad_opened"] == 1


def test_a_bad_rating_that_is_another_unit_s_counts_for_that_unit_alone(here):
    here.submitted()
    _, correction = corrected(here)
    assert kept()[MARKET, "ratings.bad"] == 1
    here.web.ok(SUPERVISOR, "POST", f"/corrections/{correction}/acts",
                {"act": "redirect", "unit": HEALTH, "note": "由该单位办理"})
    here.web.react()
    found = kept()
    assert found == recounted() and found[MARKET, "ratings.answered"] == 1
    assert {whose for whose, name in found if name in ("ratings.bad", "ratings.bad_opened")} == {HEALTH}


def test_the_command_prints_what_differs_and_says_so_when_it_was_overtaken(here, capsys, monkeypatch):
    closed(here)
    here.web.react()
    table = figures().tally.table
    table.save(table.put({"pk": f"G1#TOTAL#{AREA}#2026-03", "sk": f"{MARKET}#9", "hotline.sent": 7}))
    assert command.rebuilt() == 0
    assert f"{AREA} 2026-03 {MARKET} hotline.sent: 8 shown, 1 counted" in capsys.readouterr().out

    def overtaken(self):
        raise Stale()
    monkeypatch.setattr(rebuilding.Rebuild, "run", overtaken)
    assert command.rebuilt() == 1 and "given up" in capsys.readouterr().out
