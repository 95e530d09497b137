"""Items that several offices handle together (moto): forty-five working days, fifteen more by the government's head."""
import pytest
from pydantic import TypeAdapter

from chalicelib.domains.applications.models import Act, AtWindow
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.problems import Invalid, Missing, Refused
from tests.support.town import (
    AREA,
    CLERK,
    HEAD,
    ITEM,
    OTHER_AREA,
    REVIEWER,
    Hands,
    actor,
    applications,
    key,
    offer,
    publish_basics,
)

TAKEN_IN = AtWindow(area=AREA, item=ITEM, materials={"M1": "m" * 26, "M2": "m" * 26}, person="p" * 26)
GOVERNMENT = actor("government", f"{AREA}.government")
ELSEWHERE = actor("government", f"{OTHER_AREA}.government", area=OTHER_AREA)
OWN = {"statutory": None, "promised": None}


@pytest.fixture
def hands():
    return Hands()


@pytest.fixture
def desk(tables, hands):
    return applications(hands, publish_basics(hands), offer=lambda area, code, version: offer(
        area, code, version, joint=True, **OWN))


@pytest.fixture
def do(desk):
    """Taken in, accepted and under review on Monday, 2 March 2026, and lying with the reviewer."""
    case = desk.register(TAKEN_IN, CLERK, key()).result.case.id

    def do(who, act, **fields):
        desk.perform(case, TypeAdapter(Act).validate_python({"act": act, **fields}), who, key())
        return desk.store.get(case)
    do(CLERK, "accept")
    do(REVIEWER, "review")
    return do


def statutory(desk, case):
    return str(case.clocks["statutory"].last_day(desk.reference.calendar()))


def test_forty_five_working_days_and_fifteen_more_at_the_word_of_the_government(desk, do):
    with pytest.raises(Invalid, match="有误"):
        do(REVIEWER, "ask_extension", asked_days=16, note="需会同现场核查")
    asked = do(REVIEWER, "ask_extension", asked_days=15, note="需会同现场核查")
    assert statutory(desk, asked) == "2026-05-08"
    with pytest.raises(Refused, match="本级人民政府负责人批准"):
        do(HEAD, "approve_extension")
    with pytest.raises(Missing):
        do(ELSEWHERE, "approve_extension")
    case = do(GOVERNMENT, "approve_extension")
    assert statutory(desk, case) == "2026-05-28" and case.clocks["promised"].total == 60
    with pytest.raises(Refused, match="不得再延长"):
        do(REVIEWER, "ask_extension", asked_days=1, note="再次延长")


def test_what_waits_for_the_government_lies_on_its_desk_and_goes_back(desk, do):
    assert desk.desk(GOVERNMENT, 10, None).items == []
    case = do(REVIEWER, "ask_extension", asked_days=5, note="需会同现场核查")
    row, = desk.desk(GOVERNMENT, 10, None).items
    assert row.id == case.id and desk.desk(REVIEWER, 10, None).items == []
    assert {"approve_extension", "deny_extension"} <= {one.act for one in desk.read(case.id, GOVERNMENT).acts}
    do(GOVERNMENT, "deny_extension", note="理由不足")
    assert desk.desk(GOVERNMENT, 10, None).items == [] and len(desk.desk(REVIEWER, 10, None).items) == 1


def test_the_government_sees_what_is_handled_together_but_no_papers_and_nothing_else(tables, desk, do, hands):
    case = do(REVIEWER, "ask_extension", asked_days=5, note="需会同现场核查")
    with pytest.raises(Missing):
        desk.papers(case.id, GOVERNMENT)
    alone = applications(hands, desk.reference).register(TAKEN_IN, CLERK, key()).result.case.id
    with pytest.raises(Missing):
        desk.read(alone, GOVERNMENT)


def test_an_item_handled_together_may_publish_a_shorter_limit_of_its_own(tables, hands):
    desk = applications(hands, publish_basics(hands), offer=lambda area, code, version: offer(
        area, code, version, joint=True, statutory=Limit.model_validate("30wd@XKF42"), promised=None))
    case = desk.store.get(desk.register(TAKEN_IN, CLERK, key()).result.case.id)
    assert desk.limits(case)["statutory"] == Limit.model_validate("30wd+15/1@XKF42")
