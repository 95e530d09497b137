"""The end of keeping: after its years a case names nobody, its files are gone, and so is who had nothing else."""
import json
from contextlib import suppress

import pytest

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.privacy import jobs as privacy_jobs
from chalicelib.domains.privacy import wiring
from chalicelib.kernel import table
from chalicelib.kernel.table import Table
from tests.harness.test_crashes import Crash, Saboteur
from tests.support import keeping
from tests.support.keeping import ENDS, files, night, rows
from tests.support.kinds import PERSON, audited, cases
from tests.support.scenes import hotline
from tests.support.scenes.privacy import CORRECTION, PATH, lodged
from tests.support.town import AREA, MARKET, OTHER_AREA
from tests.support.web import AUDITOR, CENTRE, CLERK, REGISTRAR, SECURITY, SUPERVISOR, bearer, uploaded


@pytest.fixture
def here(web, monkeypatch):
    return keeping.withdrawn(web, monkeypatch)


def traces(here):
    """Where the citizen's id or masked name still stands in the table of cases."""
    return [(item["pk"], item["sk"]) for item in cases()
            if here.citizen.person in json.dumps(item, ensure_ascii=False) or "欧**例" in json.dumps(
                item, ensure_ascii=False)]


def test_an_order_names_nobody_ten_years_after_its_end_and_an_application_after_thirty(here):
    assert night(here, "2036-03-02") == 0, "the tenth anniversary is a Sunday: the next working day is the last"
    assert night(here, "2036-03-04") == 1
    order = here.web.ok(SUPERVISOR, "GET", f"/hotline/orders/{here.order}")
    assert (order["case"]["title"], order["timeline"][0]["act"]) == ("（内容已清除）", "anonymise")
    assert here.web.call(CENTRE, "GET", f"/hotline/orders/{here.order}/words").status_code == 404
    assert files() and night(here, "2046-03-02") == 0
    assert night(here, "2056-03-04") == 1
    file = here.web.ok(SUPERVISOR, "GET", here.path)
    assert file["case"]["party"] == "" and file["timeline"][0]["basis"] == "GRXX47"
    assert here.web.ok(CLERK, "GET", f"{here.path}/papers")["form"] == {}
    assert traces(here) == [] and files() == []
    assert [item for item in rows("NOTICE") if item["sk"] == "PAGE"] == []
    audited(here.web)


def test_the_account_goes_with_its_last_case_and_the_messages_with_the_account(here):
    assert here.web.ok(here.citizen, "GET", "/messages")["items"]
    night(here, "2036-03-04")
    assert accounts().store.person(here.citizen.person)["party"] == "欧**例", "the application still names the person"
    night(here, ENDS)
    night(here, "2056-03-04")
    profile = accounts().store.person(here.citizen.person)
    assert profile["party"] == "已注销" and accounts().store.opened(profile)["number"] == ""
    assert accounts().store.known_by("ID", PERSON["number"]) is None
    assert here.web.ok(here.citizen, "GET", "/messages")["items"] == []


def test_who_holds_an_office_keeps_the_account_until_it_ends(here):
    person, store = here.citizen.person, accounts().store
    store.appoint(person, "欧**例", [{"role": "clerk", "unit": MARKET, "area": AREA}])
    night(here, "2036-03-04")
    night(here, "2056-03-04")
    assert store.known_by("ID", PERSON["number"]) == person
    store.appoint(person, "欧**例", [], store.staff(person))
    night(here, "2056-03-06")
    assert store.known_by("ID", PERSON["number"]) is None and wiring.keeping().table.page("FORGET").items == []


def test_accounts_that_stay_at_the_head_keep_no_later_one(here, capsys):
    store, later = accounts().store, wiring.keeping().later
    bad = [f"0{n:025d}" for n in range(7)]
    for person in bad:
        store.appoint(person, "某*", [{"role": "clerk", "unit": MARKET, "area": AREA}])
        store.table.save(store.table.put({"pk": f"PERSON#{person}", "sk": "PROFILE", "id": person, "kind": "natural"}))
        later(person)
    last = here.web.ok(CLERK, "POST", "/accounts/persons", PERSON | {"number": "440524188001010014"})["id"]
    later(last)
    for _ in range(3):
        here.web.hands.move(minutes=10)
        wiring.retention().run(most=6)     # half of it for accounts
    assert store.person(last)["party"] == "已注销"
    assert [item["sk"] for item in wiring.keeping().table.page("FORGET").items] == bad
    assert '"AccountsKept":[3' in capsys.readouterr().out


def test_a_person_goes_with_every_mandate_however_many(here):
    person, store = here.citizen.person, accounts().store
    for number in range(45):
        store.write(*store.mandated({"id": f"m{number:025d}", "agent": f"a{number:025d}", "principal": person,
                                     "party": "欧**例", "until": "2026-03-01", "ended": False, "version": 1}, new=True))
    night(here, "2036-03-04")
    night(here, "2056-03-04")
    assert store.person(person)["party"] == "已注销" and list(store.mandates(person)) == []
    assert [number for number in range(45) if list(store.mandates(f"a{number:025d}"))] == []


def test_a_case_on_hold_stays_until_the_hold_is_released(here):
    case = f"ORDER#{here.order}"
    held = here.web.ok(SECURITY, "POST", "/privacy/holds", {"case": case, "reason": "行政诉讼"})
    assert (held["case"], held["released_at"]) == (case, None)
    assert night(here, "2036-03-04") == 0 and night(here, "2037-05-06") == 0
    shown = here.web.ok(AUDITOR, "GET", "/privacy/holds")["items"]
    assert [one["case"] for one in shown] == [case]
    here.web.ok(SECURITY, "POST", "/privacy/holds/release", {"case": case, "reason": "判决已生效"})
    assert night(here, "2037-05-07") == 1
    audited(here.web)


def test_only_the_security_officer_of_the_area_places_a_hold(here):
    body = {"case": f"ORDER#{here.order}", "reason": "行政诉讼"}
    for who in (CLERK, AUDITOR, REGISTRAR, here.citizen):
        assert here.web.call(who, "POST", "/privacy/holds", body).status_code == 403
    far = bearer("security-far", ("security", f"{OTHER_AREA}.bureau"))
    assert here.web.call(far, "POST", "/privacy/holds", body).status_code == 404
    assert here.web.call(SECURITY, "POST", "/privacy/holds", body | {"case": "NOSUCH#" + "a" * 26}).status_code == 404
    assert here.web.call(CLERK, "GET", "/privacy/holds").status_code == 403
    first = here.web.call(SECURITY, "POST", "/privacy/holds", body, key="one-key-of-sixteen")
    again = here.web.call(SECURITY, "POST", "/privacy/holds", body, key="one-key-of-sixteen")
    assert first.json_body == again.json_body and again.headers["Idempotent-Replayed"] == "true"


def test_a_person_s_request_in_hand_holds_their_cases_back(here):
    here.web.hands.to("2036-03-03")
    case = here.web.ok(here.citizen, "POST", PATH, CORRECTION)["case"]["id"]
    assert night(here, "2036-03-04") == 0
    here.web.ok(REGISTRAR, "POST", f"{PATH}/{case}/acts", {"act": "grant"})
    assert night(here, "2036-03-05") == 1


def test_a_request_goes_three_years_after_it_was_answered_its_sealed_part_at_once(here):
    case = lodged(here.web, here.citizen)
    here.web.ok(REGISTRAR, "POST", f"{PATH}/{case}/acts", {"act": "refuse", "note": "号码未变更"})
    accounts().store.found_unit(AREA, f"{AREA}.bureau", "示范区行政审批局")
    assert night(here, "2029-03-01") == 0 and night(here, "2029-03-03") == 1
    assert [item["sk"] for item in rows("SUBJECT")] == ["EVENT#000001", "EVENT#000002", "EVENT#000003", "STATE"]
    audited(here.web)


def test_readings_of_identity_fields_go_after_three_years_under_both_keys(here):
    here.web.ok(CLERK, "POST", f"/accounts/persons/{here.citizen.person}/reveal", {"reason": "核对原件"})
    night(here, "2029-03-01")
    assert here.web.ok(AUDITOR, "GET", "/accounts/reads?day=2026-03-02")["items"]
    night(here, "2029-03-06")
    assert here.web.ok(AUDITOR, "GET", "/accounts/reads?day=2026-03-02")["items"] == []
    assert here.web.ok(here.citizen, "GET", "/accounts/me/reads")["items"] == []


def test_a_run_is_bounded_and_the_next_goes_on(here):
    for _ in range(3):
        made = hotline.taken(here)
        hotline.act(here, made, CENTRE, "answer", text=hotline.TEXT)
    here.web.hands.to("2036-03-04", 3)
    done = []
    for _ in range(4):
        done.append(wiring.retention().run(most=2))
        here.web.hands.move(minutes=10)
    assert sum(done) == 4 and max(done) <= 2 and done[0] == 2
    audited(here.web)


def test_an_idle_run_after_the_day_s_work_reads_one_item(here, monkeypatch):
    night(here, "2036-03-04")
    calls, real = [], table.send
    monkeypatch.setattr(table, "send", lambda operation, **request: calls.append(operation) or real(
        operation, **request))
    assert privacy_jobs.keep() == 0 and calls == ["get_item"]


@pytest.mark.parametrize("after", [False, True])
def test_a_run_that_died_anywhere_is_followed_by_one_that_ends_the_same(here, monkeypatch, after):
    night(here, "2056-02-28")              # the order is gone; the years in between are passed
    saboteur, n = Saboteur(monkeypatch), 0
    here.web.hands.to("2056-03-04", 3)
    while True:
        saboteur.spare, saboteur.after, saboteur.struck = n, after, False
        with suppress(Crash):
            privacy_jobs.keep()
        saboteur.spare = None
        if not saboteur.struck:
            break
        here.web.hands.move(minutes=2)     # the dead run's lease has run out
        n += 1
    assert n > 4
    night(here, "2056-03-05")
    here.web.react()
    acts = [item["act"] for item in rows("APPLICATION") if item["sk"].startswith("EVENT#")]
    assert acts.count("anonymise") == 1 and traces(here) == [] and files() == []
    assert accounts().store.person(here.citizen.person)["party"] == "已注销"
    audited(here.web)


def test_a_file_that_was_never_handed_in_goes_with_the_account(here):
    uploaded(here.web, here.citizen)
    night(here, "2036-03-04")
    assert len(files()) == len(here.files) + 1
    night(here, "2056-03-04")
    night(here, "2056-03-05")
    assert files() == [] and accounts().store.person(here.citizen.person)["party"] == "已注销"
    audited(here.web)


def test_a_reaction_that_died_destroying_files_is_done_by_the_next(here, monkeypatch):
    here.web.hands.to("2056-03-04", 3)
    privacy_jobs.keep()
    def over():
        """The events that ask for files to be destroyed: of the application, then of its files."""
        return [item for kind in ("APPLICATION", "MATERIAL") for item in rows(kind) if item.get("act") == "anonymise"]
    saboteur, n = Saboteur(monkeypatch), 0
    while True:
        saboteur.spare, saboteur.after, saboteur.struck = n, False, False
        with suppress(Crash):
            for event in over():
                here.web.module.RELAY.offer(event)
            for event in over():
                here.web.module.RELAY.offer(event)
        saboteur.spare = None
        if not saboteur.struck:
            break
        n += 1
    assert n > 6 and files() == []
    here.web.react()
    audited(here.web)


def test_a_case_with_a_long_history_is_cleaned_in_more_than_one_transaction(here, monkeypatch):
    from chalicelib.kernel import erasure
    monkeypatch.setattr(erasure, "MOST", 2)
    night(here, "2056-03-04")
    assert traces(here) == []
    audited(here.web)


def test_nothing_of_other_cases_is_read(here, monkeypatch):
    """What a run costs does not grow with the cases that are not due."""
    def counted():
        calls, real = [], Table.page
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Table, "page", lambda *given, **named: calls.append(1) or real(*given, **named))
            privacy_jobs.keep()
        return len(calls)
    here.web.hands.to("2026-03-10", 3)
    privacy_jobs.keep()
    here.web.hands.to("2026-03-11", 3)
    few = counted()
    for _ in range(5):
        made = hotline.taken(here)
        hotline.act(here, made, CENTRE, "answer", text=hotline.TEXT)
    here.web.hands.to("2026-03-12", 3)
    assert counted() == few


def test_the_words_of_a_rating_of_no_case_go_two_years_after_it_was_given(here):
    code = here.web.ok(CLERK, "GET", "/ratings/window-code?window=3")
    here.web.ok(None, "POST", "/ratings/window", {**code, "level": 4, "words": "张先生在此等候太久"})
    rating, = {item["pk"].partition("#")[2] for item in rows("RATING") if item.get("words") == "张先生在此等候太久"}
    assert night(here, "2028-03-02") == 0 and night(here, "2028-03-03") == 1
    case = here.web.ok(SUPERVISOR, "GET", f"/ratings/{rating}")["case"]
    assert (case["level"], case["state"], case["title"]) == (4, "rated", "（内容已清除）")
    assert "张先生" not in json.dumps(rows("RATING"), ensure_ascii=False)
