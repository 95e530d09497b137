"""An application on its tables (moto), from the draft to the archive: what is written, once, and by whom."""
import pytest
from pydantic import TypeAdapter

from chalicelib.domains.applications.checks import UNSTORED
from chalicelib.domains.applications.models import Act, Application, AtWindow, Draft
from chalicelib.domains.applications.store import LIMITS
from chalicelib.kernel.problems import Conflict, Forbidden, Invalid, Missing, Outdated, Refused
from chalicelib.kernel.record import replay
from chalicelib.kernel.reference import NATION
from tests.support.town import (
    AREA,
    CITIZEN,
    CLERK,
    CLERK2,
    HEAD,
    ITEM,
    REVIEWER,
    ROWS,
    STRANGER,
    Hands,
    applications,
    key,
    publish_basics,
)

FILES = {"M1": "m" * 26, "M2": "m" * 26}
DRAFT = Draft(area=AREA, item=ITEM, form={"店名": "示例小吃店"}, materials=FILES)


def body(act, **fields):
    return TypeAdapter(Act).validate_python({"act": act, **fields})


@pytest.fixture
def hands():
    return Hands()


@pytest.fixture
def desk(tables, hands):
    return applications(hands, publish_basics(hands))


@pytest.fixture
def do(desk):
    """do(case_id, who, act, **fields) -> the case as it then is."""
    def do(case_id, who, act, **fields):
        desk.perform(case_id, body(act, **fields), who, key())
        return desk.store.get(case_id)
    return do


@pytest.fixture
def submitted(desk, do):
    made = desk.draft(DRAFT, CITIZEN, key()).result
    return do(made.case.id, CITIZEN, "submit")


def due(desk, case):
    return {name: str(clock.last_day(desk.reference.calendar())) for name, clock in case.clocks.items()}


def test_the_whole_way_to_the_archive(desk, do, submitted, hands):
    assert submitted.number.startswith(f"430199{ITEM}20260302A0001") and submitted.state == "submitted"
    assert due(desk, submitted) == {"precheck": "2026-03-03", "notice": "2026-03-09"}
    case = do(submitted.id, CLERK, "receive")
    case = do(case.id, CLERK, "ask_correction", lacks=[{"material": "M2", "reason": "缺少平面图的尺寸"}])
    hands.to("2026-03-05")
    case = do(case.id, CITIZEN, "supply", form={"店名": "示例小吃店"}, materials=FILES)
    hands.to("2026-03-06")
    case = do(case.id, CLERK, "accept")
    assert due(desk, case) == {"statutory": "2026-04-02", "promised": "2026-03-19"}, "counted from the correction"
    case = do(case.id, REVIEWER, "review")
    hands.to("2026-03-10")
    case = do(case.id, REVIEWER, "suspend", reason="检验", planned=5, note="送检样品")
    assert case.suspended_for == "检验" and due(desk, case) == {"statutory": "None", "promised": "None",
                                                                 "procedure": "2026-03-17"}
    hands.to("2026-03-17")
    case = do(case.id, REVIEWER, "resume")
    assert due(desk, case) == {"statutory": "2026-04-10", "promised": "2026-03-26"}
    case = do(case.id, REVIEWER, "ask_extension", asked_days=10, note="需实地核查")
    with pytest.raises(Forbidden):
        do(case.id, REVIEWER, "approve_extension")
    case = do(case.id, HEAD, "approve_extension")
    assert due(desk, case)["statutory"] == "2026-04-24" and case.asked_days == 0
    for who, act, fields in ((HEAD, "grant", {}), (HEAD, "close", {}), (CLERK, "issue", {}),
                             (CLERK, "deliver", {"delivery": "窗口自取"}), (CLERK, "archive", {})):
        case = do(case.id, who, act, **fields)
    assert (case.state, case.granted, case.close_type, case.clocks) == ("archived", True, 1, {})
    assert replay(Application, desk.store.timeline(case.id)) == case
    assert [row.state for row in desk.finished(CLERK, "2026-03", 10, None).items] == ["archived"]


def test_silence_for_five_working_days_is_acceptance_on_the_day_of_receipt(desk, submitted, hands):
    hands.to("2026-03-09", 23)
    assert desk.lapse(submitted.id) == 2, "the pre-check is late, and the day before the last is a reminder"
    hands.to("2026-03-10", 1)
    assert desk.lapse(submitted.id) == 2, "and five working days of the promise are left, which is told"
    case = desk.store.get(submitted.id)
    assert (case.state, case.accept_mode, case.accepted_at) == ("accepted", "deemed", submitted.received_at)
    assert due(desk, case) == {"statutory": "2026-03-30", "promised": "2026-03-16"}
    assert desk.lapse(submitted.id) == 0


def test_a_list_asks_for_nothing_that_the_checklist_does_not_have(desk, submitted):
    with pytest.raises(Invalid) as found:
        desk.perform(submitted.id, body("return", lacks=[{"material": "M1", "reason": "无法辨认"},
                                                         {"material": "M9", "reason": "缺少"}]), CLERK, key())
    assert [one["pointer"] for one in found.value.facts["errors"]] == ["/lacks/1/material"]


def test_a_second_list_of_what_is_lacking_is_refused(do, submitted):
    do(submitted.id, CLERK, "return", lacks=[{"reason": "表格未填写完整"}])
    do(submitted.id, CITIZEN, "resubmit", form={}, materials=FILES)
    do(submitted.id, CLERK, "receive")
    with pytest.raises(Refused, match="一次性告知"):
        do(submitted.id, CLERK, "ask_correction", lacks=[{"reason": "又缺"}])


def test_a_request_sent_twice_is_done_once_and_answered_twice(desk, submitted):
    once = key()
    first = desk.draft(DRAFT, CITIZEN, once)
    again = desk.draft(DRAFT, CITIZEN, once)
    assert (first.replayed, again.replayed, first.result.case.id) == (False, True, again.result.case.id)
    with pytest.raises(Conflict):
        desk.draft(DRAFT, CITIZEN, key("other").__class__(once.value, "other"))
    once = key()
    for replayed in (False, True):
        answer = desk.perform(submitted.id, body("receive"), CLERK, once, if_match=submitted.version)
        assert (answer.replayed, answer.result.version) == (replayed, submitted.version + 1)


def test_a_stale_version_is_412_and_a_stranger_is_404(desk, submitted):
    with pytest.raises(Outdated):
        desk.perform(submitted.id, body("receive"), CLERK, key(), if_match=1)
    for who in (STRANGER, REVIEWER.model_copy(update={"unit": f"{AREA}.health"})):
        with pytest.raises(Missing):
            desk.read(submitted.id, who)
        with pytest.raises(Missing):
            desk.perform(submitted.id, body("receive"), who, key())


def test_two_clerks_the_second_finds_the_case_taken(desk, do, submitted):
    do(submitted.id, CLERK, "claim")
    with pytest.raises(Refused, match="其他人员"):
        do(submitted.id, CLERK2, "receive")
    with pytest.raises(Invalid):
        do(submitted.id, CLERK, "hand_over", handler="nobody")
    assert do(submitted.id, CLERK, "hand_over", handler=CLERK2.person).handler == CLERK2.person


def test_what_is_missing_is_pointed_at(desk):
    with pytest.raises(Invalid) as found:
        desk.draft(DRAFT.model_copy(update={"materials": {"M1": "x" * 26, "M9": "m" * 26}}), CITIZEN, key())
    assert [(one["pointer"], one["detail"]) for one in found.value.facts["errors"]] == [
        ("/materials/M9", "材料清单中没有此项"), ("/materials/M1", f"申请书：{UNSTORED}")]
    made = desk.draft(DRAFT.model_copy(update={"materials": {}}), CITIZEN, key()).result
    with pytest.raises(Refused, match="缺少必要材料：申请书、营业执照（"):
        desk.perform(made.case.id, body("submit"), CITIZEN, key())
    with pytest.raises(Invalid) as found:
        desk.register(AtWindow(**dict(DRAFT) | {"materials": {}}, person="p" * 26), CLERK, key())
    assert [(one["pointer"], one["detail"]) for one in found.value.facts["errors"]] == [
        ("/materials/M1", "缺少必要材料：申请书"), ("/materials/M2", "缺少必要材料：营业执照")]


def test_an_act_that_is_not_open_yet_is_listed_with_the_reason_it_would_be_refused_for(desk, do, submitted, hands):
    made = desk.draft(DRAFT.model_copy(update={"materials": {"M1": "m" * 26}}), CITIZEN, key()).result
    assert [(one.act, one.label, one.reason) for one in made.blocked] == [
        ("submit", "提交", "缺少必要材料：营业执照（《中华人民共和国行政许可法》第二十九条）")]
    do(submitted.id, CLERK, "claim")
    for case, who in ((made.case.id, CITIZEN), (submitted.id, CLERK2)):
        file = desk.read(case, who)
        assert file.blocked and not {one.act for one in file.acts} & {one.act for one in file.blocked}
        for one in file.blocked:
            fields = {"return": {"lacks": [{"reason": "无"}]}, "hand_over": {"handler": CLERK2.person},
                      "assign": {"handler": CLERK2.person}}.get(one.act, {})
            with pytest.raises(Refused) as refused:
                desk.perform(case, body(one.act, **fields), who, key())
            assert refused.value.detail == one.reason
    assert desk.read(submitted.id, CITIZEN).blocked == [], "no act of another office is named"


def test_a_window_takes_in_for_a_person_and_the_desk_lists_the_first_due_first(desk, do, submitted, hands):
    hands.move(days=1)
    taken = desk.register(AtWindow(**dict(DRAFT), person="p" * 26), CLERK, key()).result
    assert taken.case.state == "received" and taken.case.number.endswith("A0001")
    rows = desk.desk(CLERK, 10, None).items
    assert [row.id for row in rows] == [submitted.id, taken.case.id] and rows[1].due_at > rows[0].due_at
    first = desk.desk(CLERK, 1, None)
    assert [row.id for row in desk.desk(CLERK, 1, first.cursor).items] == [taken.case.id]
    assert [row.id for row in desk.desk(CITIZEN, 10, None).items] == [submitted.id]


def test_number_and_query_code_follow_a_case(desk, submitted):
    desk.remember_number(submitted.id)
    code = desk.query_code(submitted.id)
    assert desk.track(submitted.number, code).state == "submitted"
    for number, wrong in ((submitted.number, "aaaaaa"), ("none", code)):
        with pytest.raises(Missing):
            desk.track(number, wrong)


def test_after_five_silent_days_a_clerk_can_neither_accept_from_today_nor_decline(desk, do, submitted, hands):
    do(submitted.id, CLERK, "receive")
    hands.to("2026-03-10", 9)
    for act, fields in (("accept", {}), ("decline", {"reason": "不属于本机关职权", "basis": "行政许可法第三十二条"})):
        with pytest.raises(Refused, match="受理的事项不能"):
            do(submitted.id, CLERK, act, **fields)
    assert desk.store.get(submitted.id).accept_mode == "deemed", "what silence has done comes before any act"


def test_the_limits_that_count_are_those_in_force_at_submission(desk, do, hands):
    made = desk.draft(DRAFT, CITIZEN, key()).result
    rows = [{**row, "limit": "3wd@XKF32"} if row["name"] == "notice" else row for row in ROWS]
    hands.to("2026-03-04")
    desk.reference.publish(LIMITS, NATION, "2", rows, hands.at.date())
    case = do(made.case.id, CITIZEN, "submit")
    assert case.terms.endswith("/2") and due(desk, case)["notice"] == "2026-03-09"
