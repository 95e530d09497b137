"""Who reported stays hidden from the unit, through every door that leads to the order or to what came with it."""
import pytest

from tests.support.scenes.hotline import LIST, WORDS, act
from tests.support.town import AREA, MARKET
from tests.support.web import CENTRE, CLERK, REVIEWER, bearer, uploaded

PERSON = {"kind": "natural", "name": "张示例", "number": "11010519491231002X", "phone": "13800001234"}


@pytest.fixture
def here(web):
    web.citizen = bearer(web.ok(CLERK, "POST", "/accounts/persons", PERSON)["id"], level=3)
    web.web = web
    return web


def brought(here, category, **fields):
    """An order of the citizen, sent to the market's unit and taken up there."""
    case = here.ok(here.citizen, "POST", LIST, {"area": AREA, "category": category, **WORDS, **fields})["case"]["id"]
    here.react()
    act(here, case, CENTRE, "dispatch", unit=MARKET)
    act(here, case, REVIEWER, "claim")
    return case


def named(here, who, file):
    return here.ok(who, "GET", f"/materials/{file}")["case"]["applications"]


def test_a_file_that_two_orders_share_names_to_each_reader_no_order_that_would_name_who_reported(here):
    picture, apart = uploaded(here, here.citizen), uploaded(here, here.citizen, "另一张.pdf")
    open_ = brought(here, "help", files=[picture, apart])
    report = brought(here, "report", files=[picture])
    waiting = here.ok(here.citizen, "POST", LIST, {
        "area": AREA, "category": "help", **WORDS, "files": [apart]})["case"]["id"]
    here.react()
    assert named(here, REVIEWER, picture) == [f"ORDER#{report}"], "reached by the report, it tells of nothing else"
    assert named(here, REVIEWER, apart) == [f"ORDER#{open_}"], "not of what the unit never had"
    lines = [line["act"] for line in here.ok(REVIEWER, "GET", f"/materials/{picture}")["timeline"]]
    assert lines == ["confirm", "reserve"], "nor does the time at which it was handed in again"
    for who in (CENTRE, here.citizen):
        assert named(here, who, picture) == [f"ORDER#{open_}", f"ORDER#{report}"]
        assert named(here, who, apart) == [f"ORDER#{open_}", f"ORDER#{waiting}"]
