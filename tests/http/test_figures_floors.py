"""A month below its floor is told to the area's centre, once, on the first morning after it."""
import pytest

from chalicelib.domains.figures import jobs
from chalicelib.domains.figures.wiring import figures, floors_job
from tests.support.tables import stored
from tests.support.town import AREA, HOTLINE, MARKET, OTHER_AREA
from tests.support.web import CENTRE, HEAD, bearer

CHIEF = bearer("chief-one", ("head", HOTLINE))


@pytest.fixture
def march(web):
    """A month in which one of twenty who were called was not satisfied."""
    table = figures().tally.table
    for whose, called, dissatisfied in ((MARKET, 12, 1), (f"{AREA}.health", 8, 0), ("item:1", 12, 1)):
        table.save(table.put({"pk": f"G1#TOTAL#{AREA}#2026-03", "sk": f"{whose}#0", "hotline.called": called,
                              "hotline.dissatisfied": dissatisfied}))
    return web


def told(web, who=CHIEF):
    return [one for one in web.ok(who, "GET", "/messages")["items"] if one["template"] == "figures-below"]


def test_the_centre_is_told_once_of_the_past_month(march):
    march.hands.to("2026-04-01", 6)
    assert (jobs.floors(), jobs.floors()) == (1, 0)
    one, = told(march)
    assert "2026年3月" in one["text"] and "95.00%" in one["text"] and "96.00%" in one["text"]
    assert (one["kind"], one["case_id"], told(march, HEAD)) == ("FIGURES", "2026-03~satisfaction", [])
    march.hands.to("2026-04-20", 6)
    assert jobs.floors() == 0 and len(told(march, CENTRE)) == 1
    march.hands.to("2026-05-01", 6)
    assert jobs.floors() == 0 and len(told(march)) == 1, "of April there is nothing to be counted"


def test_a_run_that_died_or_an_area_that_failed_is_made_good_and_tells_nobody_twice(march, monkeypatch):
    march.hands.to("2026-04-01", 6)
    job, real = floors_job(), figures().tally.table.get
    with monkeypatch.context() as patch:
        patch.setattr(type(figures()), "below", lambda self, area, month, real=type(figures()).below: (
            real(self, area, month) if area == AREA else 1 / 0))
        patch.setattr("chalicelib.domains.figures.wiring.accounts", lambda: type("Accounts", (), {
            "store": type("Store", (), {"areas": lambda: [AREA, OTHER_AREA]})})())
        assert floors_job().run() == 1
    assert real("FIGURES-FLOORS", "LEASE")["note"] == "" and len(told(march)) == 1
    assert job.run() == 1 and len(told(march)) == 1
    assert real("FIGURES-FLOORS", "LEASE")["note"] == "2026-03"


def test_a_month_that_holds_or_was_before_any_numbers_tells_nothing(march):
    assert jobs.floors() == 0, "February"
    assert figures().below(AREA, "2001-03") == [] and figures().below(OTHER_AREA, "2026-03") == []
    assert not [pk for pk, _, _ in stored("inbox")]
