"""Extensions of an application (moto): how long they may be follows from the item's own limit."""
import pytest
from pydantic import TypeAdapter

from chalicelib.domains.applications.models import Act, AtWindow
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.problems import Invalid, Refused
from tests.support.town import AREA, CLERK, HEAD, ITEM, REVIEWER, Hands, applications, key, offer, publish_basics

TAKEN_IN = AtWindow(area=AREA, item=ITEM, materials={"M1": "m" * 26, "M2": "m" * 26}, person="p" * 26)


@pytest.fixture
def reviewing(tables):
    """reviewing(statutory, promised) -> (do, the case) of an item with these limits, under review."""
    def reviewing(statutory, promised):
        hands = Hands()
        limits = {"statutory": Limit.model_validate(statutory), "promised": Limit.model_validate(promised)}
        desk = applications(hands, publish_basics(hands),
                            offer=lambda area, code, version: offer(area, code, version, **limits))
        case = desk.register(TAKEN_IN, CLERK, key()).result.case.id

        def do(who, act, **fields):
            desk.perform(case, TypeAdapter(Act).validate_python({"act": act, **fields}), who, key())
            return desk.store.get(case)
        do(CLERK, "accept")
        do(REVIEWER, "review")
        return do
    return reviewing


def last_days(case):
    return {name: case.clocks[name].total for name in ("statutory", "promised")}


def test_more_days_than_the_law_allows_are_pointed_at_when_they_are_asked_for(reviewing):
    do = reviewing("20wd@XKF42", "10wd@YSHJ36")
    with pytest.raises(Invalid) as found:
        do(REVIEWER, "ask_extension", asked_days=11, note="需实地核查")
    assert found.value.facts["errors"][0]["pointer"] == "/asked_days"
    do(REVIEWER, "ask_extension", asked_days=10, note="需实地核查")
    assert last_days(do(HEAD, "approve_extension")) == {"statutory": 30, "promised": 20}


def test_ten_working_days_do_not_become_ten_months_or_ten_calendar_days(reviewing):
    for statutory, promised in (("3mo@MBCJ17", "2mo@YSHJ36"), ("60cd@GSBX20", "30cd@YSHJ36")):
        do = reviewing(statutory, promised)
        with pytest.raises(Refused, match="不得再延长"):
            do(REVIEWER, "ask_extension", asked_days=1, note="需实地核查")


def test_an_item_may_say_itself_how_it_is_extended(reviewing):
    do = reviewing("60cd+30/1@GSBX20", "30cd@YSHJ36")
    do(REVIEWER, "ask_extension", asked_days=30, note="需实地核查")
    assert last_days(do(HEAD, "approve_extension")) == {"statutory": 90, "promised": 30}, "the promise stays as it is"
