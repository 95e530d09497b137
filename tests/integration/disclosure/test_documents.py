"""Documents on their tables (moto): drafted, checked, reviewed, judged; licences that come by an event."""
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domains.disclosure.models import Approve, Draft, Plain, Reasoned, Revise, Schedule
from chalicelib.domains.disclosure.reactions import REACTIONS
from chalicelib.kernel.fields import HandOver
from chalicelib.kernel.problems import Forbidden, Invalid, Missing, Refused
from chalicelib.kernel.record import replay
from tests.support.press import AUTHOR, HEAD, LEADER, OPENNESS, PUBLISHER, TEXT, Press
from tests.support.town import AREA, CITIZEN, CLERK, HALL, MARKET, OTHER_AREA, actor, key

CARDED = "一、名单\n申请人证件号码11010519491231002X，卡号4111111111111111。"
WARNED = f"{TEXT}\n联系人手机13912345678"


@pytest.fixture
def press(tables):
    return Press()


def revised(press, case, text):
    return press.act(case, AUTHOR, Revise(act="revise", title="服务指南", column="guides", text=text))


def in_final_review(press, **fields):
    case = press.drafted(**fields)
    for who, body in ((AUTHOR, Plain(act="submit")), (HEAD, Approve(act="approve")),
                      (PUBLISHER, Approve(act="approve"))):
        press.act(case, who, body)
    return case


def test_a_draft_has_a_number_an_issuer_and_the_limits_in_force(press):
    case = press.work.store.get(press.drafted())
    assert (case.number, case.issuer, case.terms) == ("430199GK20260302A0001", "示范区政务公开办公室", "000000000000/1")
    assert (case.unit, case.person, case.text, case.warnings) == (MARKET, MARKET, "TEXT#000001", 0)
    assert replay(type(case), press.work.store.timeline(case.id)) == case


@pytest.mark.parametrize("fields, pointer", [({"column": "nothing"}, "/column"), ({"column": "licences"}, "/column"),
                                             ({"formed_on": date(2026, 3, 3)}, "/formed_on"),
                                             ({"formed_on": date(1, 1, 1)}, "/formed_on"),
                                             ({"formed_on": date(1949, 9, 30)}, "/formed_on")])
def test_a_draft_is_of_a_column_that_staff_may_fill_and_was_formed(press, fields, pointer):
    with pytest.raises(Invalid) as problem:
        press.drafted(**fields)
    assert problem.value.facts["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("who", [CITIZEN, LEADER, actor("supervisor", OPENNESS)])
def test_others_than_staff_draft_nothing(press, who):
    with pytest.raises(Forbidden):
        press.drafted(who)


def test_what_blocks_is_refused_at_submission_with_each_place_and_a_mended_text_passes(press):
    case = press.drafted(text=CARDED)
    with pytest.raises(Invalid) as problem:
        press.act(case, AUTHOR, Plain(act="submit"))
    told = problem.value.facts["errors"]
    assert [(one["code"], one["pointer"], one["line"], one["column"], one["excerpt"]) for one in told] == [
        ("resident-id", "/text", 2, 8, "110***********002X"), ("bank-card", "/text", 2, 29, "************1111")]
    assert "第2行第8字" in told[0]["detail"] and press.state(case) == "draft"
    revised(press, case, TEXT)
    assert press.act(case, AUTHOR, Plain(act="submit")).case.state == "first"


@pytest.mark.parametrize("field, told", [("title", "11010519491231002X"), ("topic", "11010519491231002X"),
                                         ("reference", "6222021204001234563"), ("issuer", "证件11010519491231002X")])
def test_what_blocks_is_refused_in_every_field_that_the_site_prints(press, field, told):
    case = press.drafted(**{field: told})
    with pytest.raises(Invalid, match="不得公开") as problem:
        press.act(case, AUTHOR, Plain(act="submit"))
    assert [one["pointer"] for one in problem.value.facts["errors"]] == [f"/{field}"]
    assert [one.pointer for one in press.work.text(case, AUTHOR).findings] == [f"/{field}"]


def test_what_warns_is_judged_in_every_field_that_the_site_prints(press):
    case = press.drafted(issuer="张三 13912345678")
    assert press.act(case, AUTHOR, Plain(act="submit")).case.warnings == 1
    with pytest.raises(Invalid, match="确认") as problem:
        press.act(case, HEAD, Approve(act="approve"))
    assert [one["pointer"] for one in problem.value.facts["errors"]] == ["/issuer"]


def test_what_warns_is_judged_once_by_a_reviewer_with_a_note(press):
    case = press.drafted(text=WARNED)
    shown = press.act(case, AUTHOR, Plain(act="submit"))
    assert (shown.case.warnings, shown.case.confirmed) == (1, False)
    for body in (Approve(act="approve"), Approve(act="approve", confirm=True), Approve(act="approve", note="好")):
        with pytest.raises(Invalid, match="确认"):
            press.act(case, HEAD, body)
    assert press.act(case, HEAD, Approve(act="approve", confirm=True, note="本人同意公开")).case.confirmed
    assert press.act(case, PUBLISHER, Approve(act="approve")).case.state == "final"
    press.act(case, LEADER, Reasoned(act="send_back", note="请删去手机号码"))
    revised(press, case, f"{WARNED}、13912345679")
    press.act(case, AUTHOR, Plain(act="submit"))
    with pytest.raises(Invalid, match="确认"):
        press.act(case, HEAD, Approve(act="approve"))


def test_what_has_become_blocked_since_is_refused_before_the_hour_is_set(press):
    case = in_final_review(press, text="号码110105202603100018")     # its date of birth lies ahead as yet
    press.hands.to("2026-03-11")
    with pytest.raises(Invalid, match="不得公开"):
        press.act(case, LEADER, Schedule(act="schedule"))


def test_the_text_is_read_with_its_findings_by_those_who_see_the_document(press):
    case = press.drafted(text=WARNED)
    told = press.work.text(case, actor("clerk", MARKET, "other"))
    assert told.text == WARNED
    assert [(one.kind, one.level, one.excerpt) for one in told.findings] == [("mobile", "warn", "139****5678")]
    for stranger in (CITIZEN, CLERK, actor("publisher", f"{OTHER_AREA}.openness", area=OTHER_AREA)):
        with pytest.raises(Missing):
            press.work.text(case, stranger)


def test_of_very_many_findings_the_first_hundred_are_told_and_their_number(press):
    told = press.work.text(press.drafted(text="\u200b" * 59_999 + "。"), AUTHOR)
    assert (len(told.findings), told.total, told.findings[-1].column) == (100, 59_999, 100)


@pytest.mark.parametrize("span", [timedelta(seconds=-1), timedelta(days=367)])
def test_the_hour_is_now_or_within_a_year(press, span):
    case = in_final_review(press)
    with pytest.raises(Invalid) as problem:
        press.act(case, LEADER, Schedule(act="schedule", hour=press.hands.at + span))
    assert problem.value.facts["errors"][0]["pointer"] == "/hour"


def test_each_list_is_its_reader_s_own(press):
    draft, waiting = press.drafted(), press.scheduled("2026-03-03T02:00")
    out = press.scheduled()
    press.publish()

    def listed(page):
        return [row.id for row in page.items]
    assert listed(press.work.desk(AUTHOR, 10, None)) == [draft]
    assert set(listed(press.work.own(AUTHOR, 10, None))) == {draft, waiting, out}
    assert listed(press.work.queue(LEADER, 10, None)) == listed(press.work.queue(PUBLISHER, 10, None)) == [waiting]
    assert press.work.queue(LEADER, 10, None).items[0].due_at == datetime(2026, 3, 3, 2, tzinfo=UTC)
    assert listed(press.work.finished(PUBLISHER, "2026-03", 10, None)) == [out]
    assert listed(press.work.desk(LEADER, 10, None)) == []
    with pytest.raises(Forbidden):
        press.work.own(LEADER, 10, None)
    with pytest.raises(Forbidden):
        press.work.queue(AUTHOR, 10, None)
    press.act(out, PUBLISHER, Reasoned(act="ask_withdrawal", note="数据有误"))
    assert listed(press.work.desk(LEADER, 10, None)) == [out], "the leader has it to decide"


def test_a_review_that_lapses_is_noted_once_and_the_unit_that_has_it_named(press):
    case = press.drafted()
    press.act(case, AUTHOR, Plain(act="submit"))
    press.hands.to("2026-03-06", 1)
    assert press.work.lapse(case) == 1 and press.work.lapse(case) == 0
    last = list(press.work.store.timeline(case))[-1]
    assert (last.act, last.unit, last.by.role) == ("overdue_review", MARKET, "system")


def test_the_sweep_leaves_what_waits_for_the_job_alone(press):
    case = press.scheduled()
    assert press.work.lapse(case) == 0 and press.state(case) == "scheduled"
    assert press.work.store.woken(case)[1] > press.hands.at + timedelta(days=14), "only the law's own limit wakes it"


def test_who_reviews_takes_it_up_and_nobody_else_can_hold_it_from_them(press):
    case = in_final_review(press)
    with pytest.raises(Forbidden):
        press.act(case, PUBLISHER, Plain(act="claim"))
    assert press.act(case, LEADER, Plain(act="claim")).case.handler == LEADER.person


def test_a_document_is_handed_to_somebody_of_the_unit_that_has_it(press):
    case = press.drafted()
    press.work.serves = lambda person, unit: (person, unit) == ("other", MARKET)
    with pytest.raises(Invalid):
        press.act(case, actor("head", MARKET), HandOver(act="assign", handler="stranger"))
    press.act(case, actor("head", MARKET), HandOver(act="assign", handler="other"))
    with pytest.raises(Refused, match="其他人员"):
        press.act(case, AUTHOR, Plain(act="submit"))


def test_marks_of_the_file_that_a_text_came_from_are_no_findings(press):
    case = press.drafted(text="\ufeff第一行\r\n第二行\r第三行\n")
    told = press.work.text(case, AUTHOR)
    assert (told.text, told.findings) == ("第一行\n第二行\n第三行", [])


def test_a_request_sent_twice_makes_one_document(press):
    once, body = key(), Draft(title="服务指南", column="guides", formed_on=date(2026, 3, 2), text=TEXT)
    first, again = press.work.draft(body, AUTHOR, once), press.work.draft(body, AUTHOR, once)
    assert again.replayed and first.result.case.id == again.result.case.id


def test_a_licence_told_of_twice_is_one_document_that_names_a_person_by_the_masked_name(press):
    case = press.work.store.get(press.licensed(1))
    assert press.licensed(1) == case.id
    assert (case.state, case.column, case.party, case.person, case.hour) == (
        "scheduled", "licences", "", MARKET, press.hands.at)
    assert press.publish() == 1
    page = press.shelf.text("licences/00000001.html")
    for told in ("食品经营许可（张*）准予许可", "B00000", "2026年3月2日", "市场监管局"):
        assert told in page
    assert press.shelf.json("licences/00000001.json")["column_title"] == "行政许可结果"
    assert [(one.kind, one.acts) for one in REACTIONS] == [("APPLICATION", {"grant", "deem_renewal"})]


@pytest.mark.parametrize("kind", ["05", "07", "20", ""])
def test_who_was_granted_a_benefit_or_a_service_is_published_nowhere(press, kind):
    press.kind = kind
    case = press.licensed(1)
    assert press.work.store.find(case) is None and press.publish() == 0


def test_another_area_s_staff_find_nothing(press):
    case = press.scheduled()
    for role in ("clerk", "head", "publisher", "leader", "supervisor"):
        who = actor(role, f"{OTHER_AREA}.market", area=OTHER_AREA)
        with pytest.raises(Missing):
            press.work.read(case, who)
    with pytest.raises(Missing):
        press.work.read(case, actor("head", HALL))
    assert press.work.read(case, actor("auditor", f"{AREA}.bureau")).state_label == "待发布"
