"""Excluded procedures of an application (moto): numbered before the act, overlapping, longer than was told."""
import pytest
from pydantic import TypeAdapter

from chalicelib.domains.applications.models import Act, Application, AtWindow
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.problems import Invalid, Refused, Stale
from chalicelib.kernel.record import replay
from tests.support.town import (
    AREA,
    CLERK,
    HEAD,
    ITEM,
    REVIEWER,
    SUPERVISOR,
    Hands,
    actor,
    applications,
    key,
    publish_basics,
)

TAKEN_IN = AtWindow(area=AREA, item=ITEM, materials={"M1": "m" * 26, "M2": "m" * 26}, person="p" * 26)


@pytest.fixture
def hands():
    return Hands()


@pytest.fixture
def taken():
    """The numbers of written notices, in the order in which they were taken."""
    return []


@pytest.fixture
def desk(tables, hands, taken):
    def numbered(unit, act, day):
        taken.append(f"示范局〔{day.year}〕特{len(taken) + 1:04d}号")
        return taken[-1]
    return applications(hands, publish_basics(hands), numbered=numbered)


@pytest.fixture
def do(desk, hands):
    """do(day, who, act, **fields) -> the case, accepted and under review on Monday, 2 March 2026."""
    case = desk.register(TAKEN_IN, CLERK, key()).result.case.id

    def do(day, who, act, once=None, **fields):
        hands.to(day)
        desk.perform(case, TypeAdapter(Act).validate_python({"act": act, **fields}), who, once or key())
        return desk.store.get(case)
    do("2026-03-02", CLERK, "accept")
    do("2026-03-02", REVIEWER, "review")
    return do


def last_days(desk, case):
    return {name: str(clock.last_day(desk.reference.calendar())) for name, clock in sorted(case.clocks.items())}


def suspend(do, day, reason="检验", planned=5, **more):
    return do(day, REVIEWER, "suspend", reason=reason, planned=planned, note="已书面告知", **more)


def test_a_pause_names_its_notice_its_registered_length_and_its_basis_on_both_clocks(desk, do, taken):
    case = suspend(do, "2026-03-05", planned=10)
    assert [case.clocks[name].pauses[0].notice for name in ("statutory", "promised")] == taken * 2
    for name in ("statutory", "promised"):
        pause, = desk.ledger(case.id, name, REVIEWER).pauses
        assert (pause.reason, pause.planned, pause.notice, pause.basis) == ("检验", 10, taken[0], "XKF45")
    case = do("2026-03-19", REVIEWER, "resume")
    assert {line.notice for line in desk.ledger(case.id, "statutory", REVIEWER).lines
            if line.why == "暂停：检验"} == set(taken)
    assert last_days(desk, case) == {"promised": "2026-03-30", "statutory": "2026-04-14"}, "vectors of the field"


def test_a_request_sent_twice_names_one_notice_and_a_lost_race_leaves_a_gap(desk, do, taken, monkeypatch):
    def lost(*_):
        raise Stale("他人已办理")
    with monkeypatch.context() as other:
        other.setattr(desk.store, "save", lost)
        with pytest.raises(Stale):
            suspend(do, "2026-03-05")
    once = key()
    suspend(do, "2026-03-05", once=once)
    case = suspend(do, "2026-03-05", once=once)
    assert len(taken) == 2 and [pause.notice for pause in case.clocks["statutory"].pauses] == taken[1:]


def test_two_procedures_overlap_and_the_days_of_both_are_taken_once(desk, do, taken):
    suspend(do, "2026-03-05", "检验", 10)
    case = suspend(do, "2026-03-16", "听证", 20)
    assert case.suspended_for == "检验、听证" and last_days(desk, case)["procedure"] == "2026-03-19"
    with pytest.raises(Refused, match="逐项结束"):
        do("2026-03-17", REVIEWER, "resume")
    case = do("2026-03-19", REVIEWER, "end_procedure", reason="检验")
    assert (case.state, case.suspended_for) == ("suspended", "听证")
    assert last_days(desk, case) == {"procedure": "2026-04-14", "promised": "None", "statutory": "None"}
    with pytest.raises(Refused, match="只有一项"):
        do("2026-03-20", REVIEWER, "end_procedure", reason="听证")
    case = do("2026-03-24", REVIEWER, "resume")
    assert (case.state, case.suspended_for) == ("reviewing", "")
    assert last_days(desk, case) == {"promised": "2026-04-02", "statutory": "2026-04-17"}, "vectors of the field"
    assert [pause.notice for pause in case.clocks["promised"].pauses] == taken
    assert replay(Application, desk.store.timeline(case.id)) == case


def test_a_procedure_is_not_begun_twice_at_a_time_and_none_ends_that_does_not_run(do):
    suspend(do, "2026-03-05", "检验")
    with pytest.raises(Invalid) as found:
        suspend(do, "2026-03-06", "检验")
    assert found.value.facts["errors"][0]["pointer"] == "/reason"
    suspend(do, "2026-03-06", "鉴定")
    with pytest.raises(Invalid):
        do("2026-03-06", REVIEWER, "end_procedure", reason="拍卖")


def test_a_procedure_that_takes_longer_than_was_told_is_noted_once(desk, do, hands):
    case = suspend(do, "2026-03-05", "检验", 5)
    assert desk.store.woken(case.id)[1] == case.clocks["procedure"].due(desk.reference.calendar())
    hands.to("2026-03-12", 23)
    assert desk.lapse(case.id) == 0
    hands.to("2026-03-13", 1)
    assert desk.lapse(case.id) == 1 and desk.lapse(case.id) == 0
    event = desk.store.event(case.id, desk.store.get(case.id).version)
    assert (event.act, event.by, str(event.clocks["procedure"].lapsed)) == (
        "overdue_procedure", SYSTEM, "2026-03-12 16:00:00+00:00")
    with pytest.raises(Refused, match="届满"):
        suspend(do, "2026-03-13", "听证")
    after = do("2026-03-16", REVIEWER, "resume")
    assert "procedure" not in after.clocks and last_days(desk, after)["statutory"] == "2026-04-09"


def test_the_time_told_for_the_other_procedure_is_watched_when_the_first_has_ended(desk, do, hands):
    suspend(do, "2026-03-05", "检验", 5)
    suspend(do, "2026-03-06", "听证", 6)
    hands.to("2026-03-13", 1)
    case = desk.store.get(do("2026-03-13", REVIEWER, "end_procedure", reason="听证").id)
    desk.lapse(case.id)
    assert desk.store.get(case.id).clocks["procedure"].lapsed, "the 检验 was told to end on the 12th"


@pytest.mark.parametrize("act", ["withdraw", "terminate", "annul"])
def test_whatever_ends_the_case_ends_the_time_told_for_the_procedure(do, act):
    suspend(do, "2026-03-05", "检验", 5)
    who, fields = {"withdraw": (actor("citizen", person="p" * 26), {}), "terminate": (HEAD, {"note": "申请人死亡"}),
                   "annul": (SUPERVISOR, {"note": "误登记"})}[act]
    assert do("2026-03-06", who, act, **fields).clocks == {}
