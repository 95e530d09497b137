"""Legal holds, over HTTP and beside the job that ends keeping: what is held stays, whatever its kind."""
import pytest

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.privacy import jobs as privacy_jobs
from chalicelib.domains.privacy import retention as retention_module
from chalicelib.domains.privacy.wiring import retention
from chalicelib.kernel.table import Table
from tests.support import keeping
from tests.support.keeping import files, night, rows
from tests.support.kinds import PERSON, audited
from tests.support.scenes import hotline
from tests.support.web import AUDITOR, CENTRE, SECURITY

AFTER = "2056-03-04"                       # thirty years and more after the withdrawal


@pytest.fixture
def here(web, monkeypatch):
    return keeping.withdrawn(web, monkeypatch)


def placed(here, case, reason="行政诉讼"):
    return here.web.call(SECURITY, "POST", "/privacy/holds", {"case": case, "reason": reason})


def released(here, case, reason="判决已生效"):
    return here.web.call(SECURITY, "POST", "/privacy/holds/release", {"case": case, "reason": reason})


def test_a_hold_stands_once_and_is_released_once(here):
    case = f"ORDER#{here.order}"
    assert released(here, case).status_code == 404
    assert placed(here, case).status_code == 200
    again = placed(here, case, "审计")
    assert (again.status_code, again.json_body["type"]) == (409, "urn:yiciban:problem:held")
    assert released(here, case).status_code == 200
    twice = released(here, case, "另一理由")
    assert (twice.status_code, twice.json_body["type"]) == (409, "urn:yiciban:problem:released")
    here.web.hands.move(minutes=1)
    assert placed(here, case, "审计").status_code == 200
    shown = here.web.ok(AUDITOR, "GET", "/privacy/holds")["items"]
    assert [(one["case"], one["reason"], one["released_for"]) for one in shown] == [
        (case, "审计", ""), (case, "行政诉讼", "判决已生效")]


def test_two_who_place_a_hold_at_once_are_one(here, monkeypatch):
    from chalicelib.domains.privacy.store import Keeping
    case, real = f"ORDER#{here.order}", Keeping.found

    def found(keeping, area, asked):
        there = real(keeping, area, asked)
        monkeypatch.setattr(Keeping, "found", real)
        assert placed(here, case).status_code == 200       # by another, just now
        return there
    monkeypatch.setattr(Keeping, "found", found)
    assert placed(here, case, "审计").status_code == 409
    assert [one["reason"] for one in here.web.ok(AUDITOR, "GET", "/privacy/holds")["items"]] == ["行政诉讼"]


@pytest.mark.parametrize("kind", ["MATERIAL", "NOTICE", "RATING"])
def test_a_paper_on_hold_outlives_its_matter_until_it_is_released(here, kind):
    mine = [item for item in rows(kind) if item["sk"] == "STATE" and item["person"] == here.citizen.person]
    case = mine[0]["pk"]
    assert placed(here, case).status_code == 200
    night(here, "2036-03-04")
    night(here, AFTER)
    left = [item["pk"] for item in rows(kind) if item["sk"] == "STATE" and item.get("person")]
    assert left == [case] and len(files()) == (kind == "MATERIAL")
    assert accounts().store.known_by("ID", PERSON["number"]) == here.citizen.person, "the paper names the person still"
    assert released(here, case).status_code == 200
    night(here, "2056-03-05")
    night(here, "2056-03-06")
    assert files() == [] and not any(item.get("person") for item in rows(kind) if item["sk"] == "STATE")
    assert accounts().store.known_by("ID", PERSON["number"]) is None
    audited(here.web)


def test_a_hold_that_comes_between_the_look_and_the_erasure_wins(here, monkeypatch):
    case, real = f"ORDER#{here.order}", Table.check

    def check(table, *given):
        monkeypatch.setattr(Table, "check", real)
        assert placed(here, case).status_code == 200
        return real(table, *given)
    here.web.hands.to("2036-03-04", 3)
    monkeypatch.setattr(Table, "check", check)
    assert privacy_jobs.keep() == 0
    assert next(item for item in rows("ORDER") if item["sk"] == "STATE")["person"] == here.citizen.person
    assert released(here, case).status_code == 200
    assert night(here, "2036-03-05") == 1


def test_what_names_nobody_any_more_cannot_be_held(here):
    night(here, "2036-03-04")
    late = placed(here, f"ORDER#{here.order}")
    assert (late.status_code, late.json_body["type"]) == (409, "urn:yiciban:problem:erased")


@pytest.mark.parametrize("why", ["held", "broken", "slow"])
def test_cases_that_stay_at_the_head_keep_no_later_one(here, monkeypatch, why):
    """However many: a run does not count them, and one that ran out of time is followed by one that goes on behind."""
    here.web.hands.move(minutes=1)
    later = hotline.taken(here)
    hotline.act(here, later, CENTRE, "answer", text=hotline.TEXT)
    here.web.react()
    assert placed(here, f"ORDER#{here.order}").status_code == 200
    if why == "broken":
        assert released(here, f"ORDER#{here.order}").status_code == 200
        real = retention_module.erase

        def erase(work, case_id, beside):
            if case_id == here.order:
                raise ValueError(case_id)
            return real(work, case_id, beside)
        monkeypatch.setattr(retention_module, "erase", erase)
    here.web.hands.to("2036-03-04", 3)
    if why == "slow":
        looked = []
        monkeypatch.setattr(retention_module.Run, "_over", lambda run: bool(looked))
        monkeypatch.setattr(retention_module, "erase", lambda work, case_id, beside: bool(looked.append(case_id)))
        retention().run()
        looked.clear()
        here.web.hands.move(minutes=10)
        retention().run()
        assert looked == [later], "the first was looked at before"
    else:
        assert retention().run(most=1) == 1
