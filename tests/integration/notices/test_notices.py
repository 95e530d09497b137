"""Written notices on their tables (moto): made once from an event, numbered, shown to whom they concern, verified."""
import pytest
from pydantic import TypeAdapter

from chalicelib.domains.applications.content import content_of
from chalicelib.domains.applications.models import Act as ApplicationAct
from chalicelib.domains.applications.models import Draft
from chalicelib.domains.applications.rights import acts_of, standing_of
from chalicelib.domains.notices.models import Act, Paper
from chalicelib.domains.notices.service import Notices, check_code
from chalicelib.domains.notices.store import PaperStore
from chalicelib.domains.notices.workflow import BY_ACT
from chalicelib.kernel.problems import Busy, Forbidden, Missing, Refused
from chalicelib.kernel.record import replay
from chalicelib.kernel.relay import notice_of
from chalicelib.kernel.table import Table
from tests.support.town import (
    AREA,
    CITIZEN,
    CLERK,
    HEAD,
    HEALTH,
    ITEM,
    OTHER_AREA,
    REVIEWER,
    STRANGER,
    SUPERVISOR,
    Hands,
    actor,
    applications,
    key,
    offer,
    publish_basics,
)

EVIL = "<script>alert('x')</script>&\"审批\""


@pytest.fixture
def hands():
    return Hands()


@pytest.fixture
def reference(tables, hands):
    return publish_basics(hands)


@pytest.fixture
def cases():
    return Table("yiciban-test-cases")


@pytest.fixture
def papers(cases, reference, hands):
    return Notices(PaperStore(cases), reference, hands,
                   lambda application, number: content_of(
                       cases, application, number, reference.calendar(), lambda area, code, version: {"M2": "平面图"}),
                   lambda application, who: standing_of(cases, application, who),
                   lambda application: acts_of(cases, application), lambda unit: "示范区政务服务大厅")


@pytest.fixture
def desk(reference, hands):
    return applications(hands, reference, offer=lambda area, code, version: offer(area, code, version, name=EVIL))


@pytest.fixture
def tell(papers, cases):
    """Tell notices of every event of an application that calls for one, as the relay would."""
    def tell(application):
        for item in cases.every(f"APPLICATION#{application}", prefix="EVENT#"):
            if item["act"] in BY_ACT:
                papers.issue(notice_of(item))
    return tell


@pytest.fixture
def do(desk):
    def do(application, who, act, **fields):
        desk.perform(application, TypeAdapter(ApplicationAct).validate_python({"act": act, **fields}), who, key())
    return do


@pytest.fixture
def case(desk, do):
    """Submitted on Monday, 2 March 2026."""
    made = desk.draft(Draft(area=AREA, item=ITEM, materials={"M1": "m" * 26, "M2": "m" * 26}), CITIZEN, key()).result
    do(made.case.id, CITIZEN, "submit")
    return made.case.id


@pytest.fixture
def receipt(papers, tell, case):
    tell(case)
    return papers.of_person(CITIZEN, 10, None).items[0].id


def act(name, **fields):
    return TypeAdapter(Act).validate_python({"act": name, **fields})


def test_an_event_told_twice_makes_one_notice(papers, tell, case):
    for _ in range(3):
        tell(case)
    row, = papers.of_person(CITIZEN, 10, None).items
    assert (row.number, row.title, row.state) == ("示范区政务服务大厅〔2026〕收0001号", "收件凭证", "issued")
    assert replay(Paper, papers.store.timeline(row.id)) == papers.store.get(row.id)


def test_a_crash_before_the_number_was_entered_is_made_good_by_the_next_telling(papers, tell, case, monkeypatch):
    monkeypatch.setattr(papers.store.table, "save", lambda write: (_ for _ in ()).throw(Busy()))
    with pytest.raises(Busy):
        tell(case)
    monkeypatch.undo()
    row, = papers.of_person(CITIZEN, 10, None).items
    with pytest.raises(Missing):
        papers.verify(row.number, check_code(row.id))
    tell(case)
    assert papers.verify(row.number, check_code(row.id)).stands
    assert len(papers.of_person(CITIZEN, 10, None).items) == 1


def test_two_that_hear_of_an_event_at_once_make_one_notice_of_one_number(papers, tell, case, receipt, monkeypatch):
    blind = iter([None])
    find = papers.store.find
    monkeypatch.setattr(papers.store, "find", lambda case_id: next(blind) if blind.__length_hint__() else find(case_id))
    tell(case)
    row, = papers.of_person(CITIZEN, 10, None).items
    assert row.number.endswith("收0001号") and papers.verify(row.number, check_code(receipt)).stands
    with pytest.raises(Missing):
        papers.verify(row.number.replace("0001", "0002"), check_code(receipt))


def test_two_offices_of_one_name_do_not_take_each_other_s_numbers(papers, desk, do, tell, case, receipt):
    number = papers.store.get(receipt).number
    there = desk.draft(Draft(area=OTHER_AREA, item=ITEM, materials={"M1": "m" * 26, "M2": "m" * 26}), STRANGER, key())
    do(there.result.case.id, STRANGER, "submit")
    tell(there.result.case.id)
    other = papers.of_person(STRANGER, 10, None).items[0]
    assert other.number == number
    for one in (receipt, other.id):
        assert papers.verify(number, check_code(one)).stands


def test_the_page_escapes_whatever_people_typed(papers, do, tell, case, hands):
    hands.move(hours=1)
    do(case, CLERK, "receive")
    do(case, CLERK, "decline", reason=EVIL * 20, basis=EVIL)
    tell(case)
    row = papers.of_person(CITIZEN, 10, None).items[0]
    page = papers.page(row.id, CITIZEN)
    assert row.title == "不予受理通知书" and "<script" not in page and page.count("&lt;script&gt;") == 22
    assert "行政复议" in page and "行政诉讼" in page and check_code(row.id) in page
    assert "2026年3月2日" in page and "示范区政务服务大厅" in page


def test_a_page_says_what_is_lacking_and_until_when(papers, do, tell, case, hands):
    hands.move(hours=1)
    do(case, CLERK, "receive")
    do(case, CLERK, "ask_correction", lacks=[{"material": "M2", "reason": "缺少尺寸"}, {"reason": "漏填面积"}])
    tell(case)
    page = papers.page(papers.of_person(CITIZEN, 10, None).items[0].id, CITIZEN)
    for words in ("一次性告知书", "平面图：缺少尺寸", "申请表：漏填面积", "补正截止日期", "2026-03-23"):
        assert words in page


def test_a_page_stays_as_it_was_issued(papers, desk, do, tell, case, receipt):
    before = papers.page(receipt, CITIZEN)
    do(case, CLERK, "receive")
    do(case, CITIZEN, "withdraw")
    tell(case)
    assert papers.page(receipt, CITIZEN) == before


def test_the_notice_of_an_extension_gives_the_reasons_of_that_extension(papers, do, tell, case, hands):
    for who, name, fields in (
            (CLERK, "receive", {}), (CLERK, "accept", {}), (REVIEWER, "review", {}),
            (REVIEWER, "suspend", {"reason": "检验", "planned": 5, "note": "送检样品"}), (REVIEWER, "resume", {}),
            (REVIEWER, "ask_extension", {"asked_days": 4, "note": "需实地核查"}), (HEAD, "approve_extension", {})):
        do(case, who, name, **fields)
    tell(case)
    rows = papers.of_application(case, HEAD).items
    assert [row.title for row in rows] == ["延期通知书", "特别程序告知书", "受理通知书", "收件凭证"]
    extension, suspension = (papers.page(row.id, HEAD) for row in rows[:2])
    assert "延长理由：需实地核查" in extension and "2026-04-03" in extension
    assert "检验" in suspension and "5个工作日" in suspension and "送检样品" in suspension


def test_the_offices_of_a_case_find_its_notices_and_nobody_else(papers, do, tell, case, receipt):
    for who in (CLERK, REVIEWER, SUPERVISOR, CITIZEN):
        assert [row.id for row in papers.of_application(case, who).items] == [receipt]
        assert papers.read(receipt, who).case.number
    elsewhere = actor("supervisor", f"{OTHER_AREA}.supervision", area=OTHER_AREA)
    for who in (STRANGER, actor("reviewer", HEALTH), elsewhere, actor("admin", f"{AREA}.office")):
        with pytest.raises(Missing):
            papers.of_application(case, who)
        with pytest.raises(Missing):
            papers.read(receipt, who)
        with pytest.raises(Missing):
            papers.page(receipt, who)
    with pytest.raises(Missing):
        papers.of_application("z" * 26, CLERK)
    with pytest.raises(Forbidden):
        papers.of_person(CLERK, 10, None)


def test_a_notice_not_made_yet_is_left_out(papers, do, tell, case, receipt):
    do(case, CLERK, "receive")
    do(case, CLERK, "accept")
    assert [row.id for row in papers.of_application(case, CLERK).items] == [receipt]


def test_number_and_code_together_verify_and_tell_no_name(papers, receipt):
    number = papers.store.get(receipt).number
    told = papers.verify(number, check_code(receipt)).model_dump(mode="json")
    assert told == {"number": number, "title": "收件凭证", "dated": "2026-03-02", "stands": True}
    for wrong, code in ((number, "a" * 8), (number.replace("0001", "0002"), check_code(receipt)), ("none", "a" * 8)):
        with pytest.raises(Missing):
            papers.verify(wrong, code)


def test_an_annulled_notice_stands_no_longer_and_is_kept(papers, receipt):
    papers.perform(receipt, act("annul", note="适用文书有误"), SUPERVISOR, key())
    assert papers.verify(papers.store.get(receipt).number, check_code(receipt)).stands is False
    assert papers.read(receipt, CITIZEN).case.state == "annulled" and papers.page(receipt, CITIZEN)
    with pytest.raises(Refused):
        papers.perform(receipt, act("acknowledge"), CITIZEN, key())


def test_a_notice_is_served_once_by_an_official_or_by_its_addressee_s_acknowledgement(papers, receipt):
    shown = papers.perform(receipt, act("acknowledge"), CITIZEN, key()).result
    assert (shown.case.state, shown.case.served_by, shown.acts) == ("served", "电子送达", [])
    with pytest.raises(Refused, match="已送达"):
        papers.perform(receipt, act("serve", served_by="邮寄送达"), CLERK, key())


def test_an_official_records_how_it_was_served(papers, receipt):
    shown = papers.perform(receipt, act("serve", served_by="窗口直接送达", note="送达回证1号"), CLERK, key()).result
    assert (shown.case.state, shown.case.served_by) == ("served", "窗口直接送达")


def test_the_notice_of_a_suspension_bears_the_number_that_the_pause_names(papers, tell, hands, reference, cases):
    desk = applications(hands, reference, numbered=lambda unit, act, day: papers.store.take(
        unit, "示范区市场监督管理局", act, day))
    made = desk.draft(Draft(area=AREA, item=ITEM, materials={"M1": "m" * 26, "M2": "m" * 26}), CITIZEN, key()).result
    suspend = {"act": "suspend", "reason": "检验", "planned": 5, "note": "送检样品"}
    for who, body in ((CITIZEN, {"act": "submit"}), (CLERK, {"act": "receive"}), (CLERK, {"act": "accept"}),
                      (REVIEWER, {"act": "review"}), (REVIEWER, suspend)):
        desk.perform(made.case.id, TypeAdapter(ApplicationAct).validate_python(body), who, key())
    for _ in range(2):
        tell(made.case.id)
    named, = {pause.notice for clock in desk.store.get(made.case.id).clocks.values() for pause in clock.pauses}
    told = [row.number for row in papers.of_application(made.case.id, REVIEWER).items if row.title == "特别程序告知书"]
    assert told == [named] == ["示范区市场监督管理局〔2026〕特0001号"]
    assert papers.verify(named, check_code(papers.of_application(made.case.id, REVIEWER).items[0].id)).stands


def test_the_right_to_a_hearing_is_told_in_a_numbered_notice_with_its_last_day(papers, tell, case, do):
    for who, name, more in ((CLERK, "receive", {}), (CLERK, "accept", {}), (REVIEWER, "review", {}),
                            (REVIEWER, "tell_hearing", {"note": "拟不予许可"})):
        do(case, who, name, **more)
    tell(case)
    notice = papers.of_application(case, CITIZEN).items[0]
    page = papers.page(notice.id, CITIZEN)
    assert (notice.title, notice.number[-7:]) == ("听证告知书", "〕听0001号")
    assert "申请听证的截止日期" in page and "2026-03-09" in page and "拟不予许可" in page and "第四十七条" in page


def test_day_and_place_of_a_hearing_are_told_in_a_notice_of_their_own(papers, tell, case, do):
    place = {"hearing_on": "2026-03-20", "hearing_place": "三楼听证室"}
    for who, name, more in ((CLERK, "receive", {}), (CLERK, "accept", {}), (REVIEWER, "review", {}),
                            (REVIEWER, "tell_hearing", {"note": "拟不予许可"}), (CITIZEN, "ask_hearing", {}),
                            (REVIEWER, "announce_hearing", place)):
        do(case, who, name, **more)
    tell(case)
    notice = papers.of_application(case, CITIZEN).items[0]
    page = papers.page(notice.id, CITIZEN)
    assert (notice.title, notice.number[-8:]) == ("听证通知书", "〕听通0001号")
    assert "举行听证的日期" in page and "2026-03-20" in page and "三楼听证室" in page and "第四十八条" in page
