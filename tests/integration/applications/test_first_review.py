"""Items reviewed here and decided by an office above (moto): twenty working days, no extension, an end by report."""
import pytest
from pydantic import TypeAdapter

from chalicelib.domains.applications.models import Act, Application, AtWindow
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.problems import Refused
from chalicelib.kernel.record import replay
from tests.support.town import AREA, CLERK, HALL, ITEM, REVIEWER, Hands, applications, key, offer, publish_basics

TAKEN_IN = AtWindow(area=AREA, item=ITEM, materials={"M1": "m" * 26, "M2": "m" * 26}, person="p" * 26)


@pytest.fixture
def hands():
    return Hands()


@pytest.fixture
def desk(tables, hands):
    return reviewing_for_above(hands)


def reviewing_for_above(hands, **own):
    return applications(hands, publish_basics(hands), offer=lambda area, code, version: offer(
        area, code, version, first_review=True, **({"statutory": None, "promised": None} | own)))


def do(desk, case, who, act, **fields):
    desk.perform(case, TypeAdapter(Act).validate_python({"act": act, **fields}), who, key())
    return desk.store.get(case)


@pytest.fixture
def case(desk):
    """Taken in, accepted and under review on Monday, 2 March 2026."""
    case = desk.register(TAKEN_IN, CLERK, key()).result.case.id
    do(desk, case, CLERK, "accept")
    return do(desk, case, REVIEWER, "review")


def test_the_first_review_takes_twenty_working_days_from_acceptance_and_is_not_extended(desk, case):
    clock = case.clocks["statutory"]
    assert (clock.limit, str(clock.last_day(desk.reference.calendar()))) == (
        Limit.model_validate("20wd@XKF43"), "2026-03-30")
    assert case.clocks["promised"].total == 20
    with pytest.raises(Refused, match="不得再延长"):
        do(desk, case.id, REVIEWER, "ask_extension", asked_days=1, note="需实地核查")


def test_a_law_that_says_otherwise_goes_before_it(tables, hands):
    desk = reviewing_for_above(hands, statutory=Limit.model_validate("45wd@QSXK19"))
    case = desk.store.get(desk.register(TAKEN_IN, CLERK, key()).result.case.id)
    assert desk.limits(case)["statutory"] == Limit.model_validate("45wd@QSXK19")


@pytest.mark.parametrize("act", ["grant", "refuse"])
def test_what_is_decided_above_is_neither_granted_nor_refused_here(desk, case, act):
    more = {"reason": "不符合法定条件", "basis": "行政许可法第三十八条"} if act == "refuse" else {}
    with pytest.raises(Refused, match="由上级机关决定"):
        do(desk, case.id, REVIEWER, act, **more)
    assert {"grant", "refuse"}.isdisjoint(one.act for one in desk.read(case.id, REVIEWER).acts)


def test_what_is_decided_here_is_not_forwarded(tables, hands):
    desk = applications(hands, publish_basics(hands))
    case = desk.register(TAKEN_IN, CLERK, key()).result.case.id
    for who, act in ((CLERK, "accept"), (REVIEWER, "review")):
        do(desk, case, who, act)
    with pytest.raises(Refused, match="由本机关决定"):
        do(desk, case, REVIEWER, "forward", note="初审合格")


def test_the_report_ends_the_review_with_a_closing_of_its_own_and_nothing_is_issued(desk, case, hands):
    hands.to("2026-03-16")
    assert do(desk, case.id, REVIEWER, "forward", note="初审合格，报上级机关决定").clocks == {}
    closed = do(desk, case.id, REVIEWER, "close")
    assert (closed.state, closed.close_type, closed.granted, closed.unit) == ("closed", 5, None, HALL)
    with pytest.raises(Refused, match="没有证照"):
        do(desk, case.id, CLERK, "issue")
    do(desk, case.id, CLERK, "deliver", delivery="邮寄")
    ended = do(desk, case.id, CLERK, "archive")
    assert ended.state == "archived" and replay(Application, desk.store.timeline(case.id)) == ended
