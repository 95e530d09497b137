"""`make found`: what a deployment needs before its first administrator signs in, on moto's tables."""
import pytest
import yaml
from pydantic import ValidationError

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.hotline.store import LIMITS as HOTLINE_LIMITS
from chalicelib.kernel import now
from chalicelib.kernel.reference import NATION, Reference
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table
from infra import founding
from infra.founding import FIRST, OPENED, Bureau, appoint, main, publish

UNIT = "511602000000.bureau"
ROLES = ("admin", "security", "auditor")


def bureau(unit=UNIT, **changed):
    given = {"units": [{"id": unit, "name": "示例行政审批服务局"}], "officers": [
        {"role": role, "unit": unit, "subject": f"{role}@bureau.example", "name": f"示例{role}"} for role in ROLES]}
    return given | changed


@pytest.fixture
def store(tables):
    accounts.cache_clear()
    yield accounts().store
    accounts.cache_clear()


def test_the_terms_of_the_nation_are_published_once(store):
    reference = Reference(Table(settings().reference_table), now.now)
    made = publish()
    assert set(FIRST) <= set(made) and len(made) > len(FIRST), "terms and notices on holidays"
    assert reference.rows(HOTLINE_LIMITS, reference.in_force(HOTLINE_LIMITS, NATION, OPENED))
    assert publish() == []


def test_three_persons_hold_the_three_offices_and_the_single_sign_on_knows_them(store):
    lines = appoint(Bureau.model_validate(bureau()))
    assert len(lines) == 4 and store.unit_name("511602000000", UNIT) == "示例行政审批服务局"
    for role in ROLES:
        person = store.known_by("SSO", f"{role}@bureau.example")
        assert [one["role"] for one in store.offices(person)] == [role]
        assert store.staff(person)["party"].startswith("示**"), "masked in every list"


def test_doing_it_again_appoints_nobody_and_leaves_what_was_changed_since(store):
    appoint(Bureau.model_validate(bureau()))
    person = store.known_by("SSO", "admin@bureau.example")
    another = bureau(units=[{"id": UNIT, "name": "改名"}])
    another["officers"][0]["subject"] = "another@bureau.example"
    assert appoint(Bureau.model_validate(another)) == [f"{role} of 511602000000: there" for role in ROLES]
    assert store.known_by("SSO", "another@bureau.example") is None
    assert store.unit_name("511602000000", UNIT) == "示例行政审批服务局" and store.offices(person)


@pytest.mark.parametrize("changed, why", [
    ({"units": [{"id": UNIT, "name": "局"}, {"id": "511603000000.bureau", "name": "局"}]}, "one area"),
    ({"units": [{"id": "511602000000.hall", "name": "厅"}]}, "serve in them"),
    ({"officers": bureau()["officers"][:2]}, "one admin, one security, one auditor"),
    ({"officers": [one | {"subject": "same"} for one in bureau()["officers"]]}, "三员分立")])
def test_a_file_that_would_not_keep_the_offices_apart_is_refused(changed, why):
    with pytest.raises(ValidationError, match=why):
        Bureau.model_validate(bureau(**changed))


def test_the_command_says_what_it_did_and_no_name(store, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(founding, "join", lambda stage: None)
    file = tmp_path / "bureau.yaml"
    file.write_text(yaml.safe_dump(bureau(), allow_unicode=True), "utf-8")
    assert main("test", str(file)) == 0
    said = capsys.readouterr().out
    assert "found: admin of 511602000000: appointed" in said and "示例" not in said and "@" not in said


@pytest.mark.parametrize("text", ["units: [", "units: []\nofficers: []", "a: 1"])
def test_a_wrong_file_is_told_before_anything_is_written(text, tmp_path, capsys):
    file = tmp_path / "bureau.yaml"
    file.write_text(text, "utf-8")
    assert main("test", str(file)) == main("test", str(tmp_path / "none.yaml")) == 2
    assert capsys.readouterr().out.startswith("found: ") and main() == 2


def test_the_file_in_the_repository_is_a_good_one():
    file = founding.SEEDS.parent / "infra/stages/bureau.yaml"
    assert Bureau.model_validate(yaml.safe_load(file.read_text("utf-8")))
