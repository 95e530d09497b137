"""Accounts on their table (moto): who is who, for how long they may act for whom, and who read what."""
import json
from datetime import timedelta

import pytest

from chalicelib.domains.accounts.models import Identity, Registration, Reveal, Staff, UnitEntry
from chalicelib.domains.accounts.readings import Readings
from chalicelib.domains.accounts.service import Accounts
from chalicelib.domains.accounts.staffing import Staffing
from chalicelib.domains.accounts.store import AccountStore
from chalicelib.kernel.identity import Bearer, Level, Office
from chalicelib.kernel.problems import Forbidden, Invalid, Malformed, Missing, Refused, Stale
from chalicelib.kernel.table import Table
from chalicelib.kernel.tokens import verify
from chalicelib.kernel.vault import open_sealed
from tests.support.town import AREA, CLERK, HALL, MARKET, OTHER_AREA, REVIEWER, Hands, actor, key

NUMBER, OTHER_NUMBER, BODY = "11010519491231002X", "440524188001010014", "91350100M000100Y43"
ADMIN, AUDITOR = actor("admin", f"{AREA}.office"), actor("auditor", f"{AREA}.audit")
SECRETS = (NUMBER, NUMBER[:-1], "张小明", "13800001234", "oGZUI0egBJY1zhBYw2KhdUfwVJJE")


@pytest.fixture
def hands():
    return Hands()


@pytest.fixture
def accounts(tables, hands):
    return Accounts(AccountStore(Table("yiciban-test-accounts")), hands,
                    {"code": SECRETS[4], "code2": "other-openid"}.__getitem__, lambda token: token,
                    lambda name, number: name == "张小明", lambda code: "13800001234")


@pytest.fixture
def staffing(accounts, hands):
    return Staffing(accounts.store, hands)


@pytest.fixture
def readings(accounts, hands):
    return Readings(accounts.store, hands, {})


def person(number=NUMBER, name="张小明", phone="13800001234", **fields):
    return Registration(**{"kind": "natural", "name": name, "number": number, "phone": phone} | fields)


def citizen(profile):
    return actor("citizen", person=profile.id, level=profile.level)


def test_the_first_sign_in_opens_an_account_and_the_next_finds_it(accounts, hands):
    first = accounts.sign_in_citizen("code")
    again = accounts.sign_in_citizen("code")
    assert first.person == again.person != accounts.sign_in_citizen("code2").person
    assert (first.level, first.offices, accounts.me(first.person).party) == (Level.NONE, ["citizen"], "微信用户")
    bearer = verify(first.token, hands())
    assert (bearer.person, bearer.offices) == (first.person, (Office(role="citizen"),))
    assert verify(again.token, hands()).session != bearer.session, "each sign-in is a session of its own"


def test_a_session_that_was_ended_is_over_and_others_go_on(accounts, hands):
    one, other = (verify(accounts.sign_in_citizen("code").token, hands()) for _ in range(2))
    accounts.end(one)
    assert accounts.store.session_ended(one.person, one.session)
    assert not accounts.store.session_ended(other.person, other.session)
    accounts.end(Bearer(person="p", offices=()))
    assert list(accounts.store.table.every("ENDED#p")) == [], "a token without a session has none to end"


def test_real_name_registration_asks_the_platform_and_is_done_once(accounts):
    who = actor("citizen", person=accounts.sign_in_citizen("code").person)
    with pytest.raises(Refused, match="不一致"):
        accounts.identify(Identity(name="李四", number=NUMBER), who, key())
    with pytest.raises(Invalid) as found:
        accounts.identify(Identity(name="张小明", number=NUMBER[:-1] + "1"), who, key())
    assert found.value.facts["errors"][0]["pointer"] == "/number"
    shown = accounts.identify(Identity(name="张小明", number=NUMBER.lower()), who, key()).result
    assert (shown.party, shown.number, shown.level) == ("张*明", "110***********002X", Level.REAL_NAME)
    with pytest.raises(Refused, match="已完成"):
        accounts.identify(Identity(name="张小明", number=NUMBER), who, key())
    assert accounts.address(who.person, "wechat") == SECRETS[4], "the openid outlives the change"


def test_a_number_registered_at_a_window_is_not_taken_by_another_account(accounts):
    accounts.register(person(), CLERK, key())
    who = actor("citizen", person=accounts.sign_in_citizen("code").person)
    with pytest.raises(Refused, match="其他账户"):
        accounts.identify(Identity(name="张小明", number=NUMBER), who, key())
    assert accounts.me(who.person).level == Level.NONE


def test_it_is_known_that_staff_changed_a_number_until_its_person_gives_one(accounts, hands):
    known = accounts.register(person(), CLERK, key()).result
    assert not accounts.store.renumbered(known.id, hands()), "what was entered first is no change"
    accounts.register(person(phone="13900005678"), CLERK, key())
    at = hands()
    accounts.register(person(phone="13900005678"), CLERK, key())
    assert accounts.store.renumbered(known.id, at)
    assert not accounts.store.renumbered(known.id, at + timedelta(seconds=1)), "only so long"
    accounts.give_phone("code", citizen(known), key())
    assert not accounts.store.renumbered(known.id, at)


def test_the_same_number_twice_is_the_same_person(accounts):
    first = accounts.register(person(), CLERK, key()).result
    again = accounts.register(person(phone="13900005678"), CLERK, key()).result
    assert again.id == first.id and again.phone == "139****5678" and again.level == Level.WINDOW
    assert accounts.register(person(phone=""), CLERK, key()).result.phone == "139****5678"
    with pytest.raises(Refused, match="其他名称"):
        accounts.register(person(name="李四"), CLERK, key())
    with pytest.raises(Forbidden):
        accounts.register(person(), REVIEWER, key())
    with pytest.raises(Invalid):
        accounts.register(person(phone="1380000"), CLERK, key())


def test_two_windows_that_register_one_number_at_once_get_one_person(accounts, monkeypatch):
    known_by, first = AccountStore.known_by, accounts.register(person(), CLERK, key()).result
    blind = iter([None])
    monkeypatch.setattr(AccountStore, "known_by",
                        lambda store, register, value: next(blind, known_by(store, register, value)))
    assert accounts.register(person(), CLERK, key()).result.id == first.id
    blind = iter([None])
    with pytest.raises(Refused, match="其他名称"):
        accounts.register(person(name="李四"), CLERK, key())


def test_two_changes_of_one_profile_at_once_the_second_is_stale(accounts):
    profile = accounts.store.person(accounts.register(person(), CLERK, key()).result.id)
    accounts.store.change(profile, {"level": 3}, {})
    with pytest.raises(Stale):
        accounts.store.change(profile, {"level": 1}, {})


def test_no_identity_field_stands_in_clear_anywhere(accounts, readings, hands):
    who = actor("citizen", person=accounts.sign_in_citizen("code").person)
    accounts.identify(Identity(name="张小明", number=NUMBER), who, key())
    accounts.register(person(OTHER_NUMBER), CLERK, key())
    readings.reveal(who.person, Reveal(reason="核对申请材料"), CLERK, key())
    readings.clear(who.person, Reveal(reason="核对申请材料"), REVIEWER, key())
    found = readings.reads(hands.at.date(), AUDITOR, 1, None)
    items = accounts.store.table.scan().items
    assert len(items) >= 6 and found.cursor
    told = json.dumps([items, found.model_dump(mode="json")], ensure_ascii=False)
    assert [secret for secret in (*SECRETS, OTHER_NUMBER) if secret in told] == []
    sealed = accounts.store.person(who.person)
    with pytest.raises(ValueError, match="not sealed here"):
        open_sealed(sealed["number"], f"{who.person}|name"), "a field is bound to its place"


def test_a_reading_is_recorded_and_only_the_auditor_of_the_area_reads_that(accounts, readings, hands):
    who = accounts.register(person(), CLERK, key()).result.id
    assert readings.reveal(who, Reveal(reason="核对申请材料"), CLERK, key()).result.model_dump() == {
        "id": who, "name": "张小明", "number": NUMBER, "phone": "13800001234"}
    line, = readings.reads(hands.at.date(), AUDITOR, 10, None).items
    assert (line.person, line.by, line.office, line.reason) == (who, CLERK.person, f"clerk@{HALL}", "核对申请材料")
    elsewhere = actor("auditor", f"{OTHER_AREA}.audit", area=OTHER_AREA)
    assert readings.reads(hands.at.date(), elsewhere, 10, None).items == []
    for other in (ADMIN, CLERK, actor("supervisor", MARKET), citizen(accounts.me(who))):
        with pytest.raises(Forbidden):
            readings.reads(hands.at.date(), other, 10, None)
    for other in (ADMIN, AUDITOR, citizen(accounts.me(who))):
        with pytest.raises(Missing):
            readings.reveal(who, Reveal(reason="想看一看"), other, key())
    assert len(readings.reads(hands.at.date(), AUDITOR, 10, None).items) == 1


def test_a_reading_is_found_by_whose_it_is_by_the_auditor_and_without_the_reader_by_the_person(accounts, readings):
    who = accounts.register(person(), CLERK, key()).result
    body = Reveal(reason="核对申请材料", fields=["phone"], case="APPLICATION#" + "a" * 26)
    shown = readings.clear(who.id, body, CLERK, key()).result
    assert (shown.phone, shown.number, shown.name) == ("13800001234", "", "")
    line, = readings.of_person(who.id, AUDITOR, 10, None).items
    assert (line.by, line.fields, line.case) == (CLERK.person, "phone", body.case)
    own, = readings.mine(citizen(who), 10, None).items
    assert own.model_dump(exclude={"at"}) == {"office": f"clerk@{HALL}", "fields": "phone"}
    elsewhere = actor("auditor", f"{OTHER_AREA}.audit", area=OTHER_AREA)
    assert readings.of_person(who.id, elsewhere, 10, None).items == []
    for other in (ADMIN, CLERK, actor("security", f"{AREA}.office"), citizen(who)):
        with pytest.raises(Forbidden):
            readings.of_person(who.id, other, 10, None)


@pytest.mark.parametrize("pair", [("admin", "auditor"), ("admin", "security"), ("security", "auditor")])
def test_two_of_the_three_offices_are_never_one_person_s(accounts, staffing, pair):
    posts = [{"role": role, "unit": HALL} for role in pair]
    with pytest.raises(Refused, match="三员分立"):
        staffing.appoint(Staff(subject="8101", name="王五", offices=posts), ADMIN, key())
    made = staffing.appoint(Staff(subject="8101", name="王五", offices=posts[:1]), ADMIN, key()).result
    written = [{**post, "area": AREA} for post in posts]
    accounts.store.appoint(made.person, "王*", written)      # as if somebody had written it past the rule
    with pytest.raises(Forbidden, match="三员分立"):
        accounts.sign_in_staff("8101")
    with pytest.raises(ValueError, match="三员分立"):
        Bearer(person=made.person, offices=tuple(Office(**one) for one in written))


def test_a_cursor_of_the_log_is_good_for_its_reader_alone(accounts, readings, hands):
    who = accounts.register(person(), CLERK, key()).result.id
    for reader in (CLERK, REVIEWER):
        readings.clear(who, Reveal(reason="核对申请材料"), reader, key())
        hands.move(seconds=1)
    page = readings.reads(hands.at.date(), AUDITOR, 1, None)
    assert readings.reads(hands.at.date(), AUDITOR, 1, page.cursor).items[0].by == REVIEWER.person
    with pytest.raises(Malformed):
        readings.reads(hands.at.date(), AUDITOR.model_copy(update={"person": "another"}), 1, page.cursor)


def test_a_profile_is_masked_and_a_stranger_s_is_not_there(accounts):
    shown = accounts.register(person(), CLERK, key()).result
    assert accounts.profile(shown.id, REVIEWER) == accounts.profile(shown.id, citizen(shown)) == shown
    assert (shown.party, shown.number, shown.phone) == ("张*明", "110***********002X", "138****1234")
    for who, whose in ((actor("citizen"), shown.id), (CLERK, "nobody")):
        with pytest.raises(Missing):
            accounts.profile(whose, who)


def test_an_area_s_administrator_gives_offices_and_the_sign_in_brings_them(accounts, staffing, hands):
    with pytest.raises(Forbidden, match="没有任职"):
        accounts.sign_in_staff("8101")
    body = Staff(subject="8101", name="王五", offices=[{"role": "clerk", "unit": HALL}, {"role": "head", "unit": HALL}])
    made = staffing.appoint(body, ADMIN, key()).result
    session = accounts.sign_in_staff("8101")
    assert (session.person, session.offices) == (made.person, [f"clerk@{HALL}", f"head@{HALL}"])
    assert accounts.store.serves(made.person, HALL)
    staffing.appoint(body.model_copy(update={"offices": []}), ADMIN, key())
    assert not accounts.store.serves(made.person, HALL)
    with pytest.raises(Forbidden):
        accounts.sign_in_staff("8101")


def test_nobody_else_changes_offices_not_even_by_an_empty_list(staffing, accounts):
    staffing.appoint(Staff(subject="8101", name="王五", offices=[{"role": "clerk", "unit": HALL}]), ADMIN, key())
    nothing = Staff(subject="8101", name="王五", offices=[])
    for who in (CLERK, actor("citizen"), AUDITOR):
        with pytest.raises(Forbidden):
            staffing.appoint(nothing, who, key())
        with pytest.raises(Forbidden):
            staffing.found_unit(UnitEntry(id=HALL, name="窗口"), who, key())
    with pytest.raises(Forbidden):
        staffing.appoint(Staff(subject="8102", name="赵六", offices=[{"role": "clerk", "unit": f"{OTHER_AREA}.hall"}]),
                         ADMIN, key())
    assert accounts.sign_in_staff("8101").offices == [f"clerk@{HALL}"]


def test_the_administrator_of_one_area_leaves_offices_in_another_alone(staffing, accounts):
    elsewhere = actor("admin", f"{OTHER_AREA}.office", area=OTHER_AREA)
    there = {"role": "auditor", "unit": f"{OTHER_AREA}.audit"}
    staffing.appoint(Staff(subject="8101", name="王五", offices=[there]), elsewhere, key())
    with pytest.raises(Refused, match="三员分立"):
        staffing.appoint(Staff(subject="8101", name="王五", offices=[{"role": "admin", "unit": HALL}]), ADMIN, key())
    staffing.appoint(Staff(subject="8101", name="王五", offices=[]), ADMIN, key())
    assert accounts.sign_in_staff("8101").offices == [f"auditor@{OTHER_AREA}.audit"]


def test_an_administrator_is_not_auditor_and_does_not_appoint_themselves(staffing):
    both = [{"role": "admin", "unit": HALL}, {"role": "auditor", "unit": HALL}]
    with pytest.raises(Refused, match="三员分立"):
        staffing.appoint(Staff(subject="8101", name="王五", offices=both), ADMIN, key())
    made = staffing.appoint(Staff(subject="8101", name="王五", offices=both[:1]), ADMIN, key()).result
    with pytest.raises(Refused, match="本人"):
        staffing.appoint(Staff(subject="8101", name="王五", offices=both[1:]), actor("admin", HALL, made.person), key())


def test_a_unit_has_the_name_that_was_entered_last(staffing, accounts):
    assert accounts.office(HALL) == HALL, "one not entered goes by its id"
    for name in ("政务大厅", "综合窗口"):
        staffing.found_unit(UnitEntry(id=HALL, name=name), ADMIN, key())
    assert accounts.office(HALL) == "综合窗口" and [unit.id for unit in staffing.units(AREA).items] == [HALL]


def test_two_administrators_who_write_one_person_s_offices_at_once_lose_nothing(staffing, accounts):
    staffing.appoint(Staff(subject="8101", name="王五", offices=[]), ADMIN, key())
    person = accounts.store.known_by("SSO", "8101")
    there = accounts.store.staff(person)
    staffing.appoint(Staff(subject="8101", name="王五", offices=[{"role": "clerk", "unit": HALL}]), ADMIN, key())
    with pytest.raises(Stale):
        accounts.store.appoint(person, "王*", [], there)
    assert accounts.sign_in_staff("8101").offices == [f"clerk@{HALL}"]
