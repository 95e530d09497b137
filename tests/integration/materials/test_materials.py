"""Files of applicants on tables and bucket (moto): declared, uploaded, checked, bound, and seen by whom."""
import hashlib
from datetime import date

import boto3
import pytest
from pydantic import TypeAdapter, ValidationError

from chalicelib.domains.applications.models import Act as ApplicationAct
from chalicelib.domains.applications.models import Draft
from chalicelib.domains.applications.rights import all_papers_of, erased, papers_of, standing_of
from chalicelib.domains.materials.models import Act, Material, Reserve
from chalicelib.domains.materials.service import Materials
from chalicelib.domains.materials.store import MaterialStore
from chalicelib.kernel.identity import Level
from chalicelib.kernel.objects import S3Objects
from chalicelib.kernel.problems import Conflict, Forbidden, Invalid, Missing, Refused
from chalicelib.kernel.record import Key, replay
from chalicelib.kernel.table import Table
from tests.support.town import (
    AREA,
    CLERK,
    CLERK2,
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
    publish_basics,
)

BUCKET, PDF = "yiciban-test-objects", b"%PDF-1.7 a plan of the shop"
AUDITOR = actor("auditor", f"{AREA}.audit")
CITIZEN = actor("citizen", person="c" * 26, level=Level.REAL_NAME)


def reserve(content=PDF, **fields):
    return Reserve(**{"area": AREA, "name": "平面图.pdf", "content_type": "application/pdf", "size": len(content),
                      "sha256": hashlib.sha256(content).hexdigest()} | fields)


def body(act, **fields):
    return TypeAdapter(Act).validate_python({"act": act, **fields})


@pytest.fixture
def hands():
    return Hands()


@pytest.fixture
def basics(tables, hands):
    boto3.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
    return publish_basics(hands)


@pytest.fixture
def files(basics, hands):
    cases = Table("yiciban-test-cases")
    return Materials(MaterialStore(cases), basics, hands, lambda: S3Objects(BUCKET),
                     lambda application, who: standing_of(cases, application, who),
                     lambda application: papers_of(cases, application), lambda person: "张*",
                     lambda application: all_papers_of(cases, application),
                     lambda application: erased(cases, application), lambda application: False)


@pytest.fixture
def desk(files, basics, hands):
    return applications(hands, basics, unstored=files.unstored)


@pytest.fixture
def upload(files):
    """upload(content) -> the id of a stored file of the citizen's, or of another sender's."""
    def upload(content=PDF, who=CITIZEN, **fields):
        made = files.reserve(reserve(content, **fields), who, key())
        put(files, made.material, content)
        files.perform(made.material, body("confirm"), who, key())
        return made.material
    return upload


@pytest.fixture
def hand_in(desk):
    """hand_in(material...) -> the id of an application submitted with these files."""
    def hand_in(*materials):
        entries = {f"M{n}": material for n, material in enumerate(materials, 1)}
        made = desk.draft(Draft(area=AREA, item=ITEM, materials=entries), CITIZEN, key()).result
        desk.perform(made.case.id, TypeAdapter(ApplicationAct).validate_python({"act": "submit"}), CITIZEN, key())
        return made.case.id
    return hand_in


def put(files, material, content, content_type="application/pdf"):
    files.objects().put(files.store.get(material).key, content, content_type)


def test_a_file_is_announced_uploaded_and_confirmed(files):
    made = files.reserve(reserve(), CITIZEN, key())
    fields = made.upload.fields
    assert fields["Content-Type"] == "application/pdf" and "policy" in fields and "x-amz-checksum-sha256" in fields
    assert CITIZEN.person not in fields["key"] and "平面图" not in fields["key"] and fields["key"].startswith(AREA)
    with pytest.raises(Refused, match="尚未上传"):
        files.perform(made.material, body("confirm"), CITIZEN, key())
    put(files, made.material, PDF)
    answer = files.perform(made.material, body("confirm"), CITIZEN, key()).result
    assert (answer.case.state, answer.clocks, answer.case.title) == ("stored", [], "平面图.pdf")
    assert replay(Material, files.store.timeline(made.material)) == files.store.get(made.material)


@pytest.mark.parametrize(("stored", "content_type"), [
    (PDF + b"!", "application/pdf"), (PDF[:-1] + b"?", "application/pdf"), (PDF, "image/png")])
def test_a_file_of_another_size_hash_or_type_than_declared_is_not_stored(files, stored, content_type):
    made = files.reserve(reserve(), CITIZEN, key())
    put(files, made.material, stored, content_type)
    with pytest.raises(Invalid, match="不符"):
        files.perform(made.material, body("confirm"), CITIZEN, key())
    assert files.store.get(made.material).state == "reserved"


@pytest.mark.parametrize("content_type", ["application/pdf", "image/jpeg", "image/png", "application/ofd"])
def test_a_file_that_does_not_begin_as_its_type_does_is_not_stored(files, content_type):
    content = b"MZ\x90\x00 a program"
    made = files.reserve(reserve(content, content_type=content_type), CITIZEN, key())
    put(files, made.material, content, content_type)
    with pytest.raises(Invalid, match="类型不符"):
        files.perform(made.material, body("confirm"), CITIZEN, key())


def test_an_object_that_came_without_a_checksum_is_not_believed(files):
    made = files.reserve(reserve(), CITIZEN, key())
    boto3.client("s3").put_object(Bucket=BUCKET, Key=files.store.get(made.material).key, Body=PDF,
                                  ContentType="application/pdf")
    with pytest.raises(Invalid):
        files.perform(made.material, body("confirm"), CITIZEN, key())


@pytest.mark.parametrize("wrong", [
    {"size": 0}, {"size": 20 * 1024 * 1024 + 1}, {"sha256": "A" * 64}, {"content_type": "text/html"},
    {"name": "a/b.pdf"}, {"name": "a\nb"}, {"area": "4301"}])
def test_what_cannot_be_a_file_is_not_announced(wrong):
    with pytest.raises(ValidationError):
        reserve(**wrong)


def test_an_announcement_sent_twice_is_one_material_with_a_fresh_form(files):
    once = key()
    first, again = (files.reserve(reserve(), CITIZEN, once) for _ in range(2))
    assert (first.material, first.version, again.version) == (again.material, 1, 1)
    with pytest.raises(Conflict):
        files.reserve(reserve(b"%PDF-other"), CITIZEN, Key(once.value, "other"))


def test_a_window_names_the_person_and_confirms_itself(files, upload):
    with pytest.raises(Invalid) as found:
        files.reserve(reserve(), CLERK, key())
    assert found.value.facts["errors"][0]["pointer"] == "/person"
    made = upload(who=CLERK, person="z" * 26)
    assert files.store.get(made).person == "z" * 26 and files.read(made, CLERK2).case.state == "stored"
    with pytest.raises(Missing):
        files.read(made, actor("clerk", HEALTH))
    holder = actor("citizen", person="z" * 26)
    assert files.link(made, holder).url.startswith("https://")


def test_before_it_is_handed_in_a_file_is_its_holder_s_alone(files, upload):
    made = upload()
    assert files.read(made, CITIZEN).case.applications == () and files.link(made, CITIZEN).url
    assert [row.id for row in files.desk(CITIZEN, 10, None).items] == [made]
    for who in (STRANGER, CLERK, REVIEWER, SUPERVISOR, AUDITOR):
        with pytest.raises(Missing):
            files.read(made, who)
        with pytest.raises(Missing):
            files.link(made, who)
        if who.role == "citizen":
            assert files.desk(who, 10, None).items == []
        else:
            with pytest.raises(Forbidden):
                files.desk(who, 10, None)


def test_after_it_was_handed_in_the_offices_of_the_case_see_it_and_the_supervisor_only_the_record(
        files, upload, hand_in):
    made = upload()
    case = hand_in(made, made)
    files.bind(case)
    for who in (CLERK, REVIEWER):
        assert files.read(made, who).case.applications == (case,) and "平面图" not in files.link(made, who).url
    assert files.read(made, SUPERVISOR).case.sha256
    elsewhere = actor("reviewer", f"{OTHER_AREA}.market", area=OTHER_AREA)
    for who in (SUPERVISOR, AUDITOR, STRANGER, elsewhere, actor("reviewer", HEALTH)):
        with pytest.raises(Missing):
            files.link(made, who)
    with pytest.raises(Missing):
        files.read(made, AUDITOR)


def test_a_file_is_bound_once_however_often_the_event_is_told(files, upload, hand_in):
    first, second = upload(), upload(b"%PDF-second")
    case = hand_in(first, second)
    for _ in range(2):
        files.bind(case)
    assert [files.store.get(one).version for one in (first, second)] == [3, 3]


def test_a_file_used_again_is_seen_from_both_cases_and_old_news_changes_nothing(files, upload, hand_in):
    made = upload()
    cases = [hand_in(made, made), hand_in(made, made)]
    for case in (*cases, cases[0]):
        files.bind(case)
    assert files.store.get(made).applications == tuple(cases) and files.store.get(made).version == 4


def test_a_file_annulled_meanwhile_does_not_hold_up_the_others(files, upload, hand_in):
    bad, good = upload(), upload(b"%PDF-second")
    first = hand_in(bad, bad)
    files.bind(first)
    second = hand_in(bad, good)
    files.perform(bad, body("annul", note="误传他人材料"), SUPERVISOR, key())
    files.bind(second)
    assert files.store.get(good).applications == (second,) and files.store.get(bad).state == "annulled"


def test_a_file_is_judged_only_after_it_was_handed_in(files, upload, hand_in):
    made = upload(who=CLERK, person=CITIZEN.person)
    with pytest.raises(Refused, match="尚未随申请提交"):
        files.perform(made, body("accept"), CLERK, key())
    files.bind(hand_in(made, made))
    files.perform(made, body("reject", note="图像不清"), REVIEWER, key())
    assert files.store.get(made).state == "defective"
    assert files.unstored(CITIZEN.person, {"M1": made}) == ["M1"], "a defective file counts as none"


def test_only_a_person_s_own_stored_files_count(files, upload):
    made, waiting = upload(), files.reserve(reserve(), CITIZEN, key()).material
    given = {"M1": made, "M2": waiting, "M3": "a" * 26}
    assert files.unstored(CITIZEN.person, given) == ["M2", "M3"]
    assert files.unstored(STRANGER.person, given) == ["M1", "M2", "M3"]


def test_an_announced_file_that_never_came_lapses_after_a_day(files, hands):
    made = files.reserve(reserve(), CITIZEN, key()).material
    hands.move(hours=23, minutes=59)
    assert files.lapse(made) == 0
    hands.move(minutes=1)
    assert (files.lapse(made), files.lapse(made)) == (1, 0)
    assert files.store.get(made).state == "discarded" and hands.at.date() == date(2026, 3, 3)
    with pytest.raises(Missing):
        files.link(made, CITIZEN)
    with pytest.raises(Refused):
        files.perform(made, body("confirm"), CITIZEN, key())
