"""Requests that make no case, on their table (moto): done once, also twice at once and around a crash."""
import pytest

from chalicelib.domains.accounts.models import Identity, Registration, Reveal
from chalicelib.domains.accounts.readings import Readings
from chalicelib.domains.accounts.service import Accounts
from chalicelib.domains.accounts.store import AccountStore
from chalicelib.kernel import table
from chalicelib.kernel.identity import Level
from chalicelib.kernel.marks import KEPT, Marks
from chalicelib.kernel.problems import Conflict, Refused, Stale
from chalicelib.kernel.record import Key
from chalicelib.kernel.table import Table
from tests.support.town import AREA, CLERK, MONDAY, Hands, actor, key

NUMBER, AUDITOR = "11010519491231002X", actor("auditor", f"{AREA}.audit")
PERSON = Registration(kind="natural", name="张小明", number=NUMBER)


@pytest.fixture
def accounts(tables):
    return Accounts(AccountStore(Table("yiciban-test-accounts")), Hands(), str, str, lambda name, number: True, str)


@pytest.fixture
def readings(accounts):
    return Readings(accounts.store, accounts.clock, {})


def test_a_request_sent_twice_at_once_is_done_by_the_first_and_answered_to_both(accounts, monkeypatch):
    who = actor("citizen", person=accounts.sign_in_citizen("code").person)
    once, body = key(), Identity(name="张小明", number=NUMBER)
    accounts.identify(body, who, once)
    known, blind = Marks._known, iter([False])
    monkeypatch.setattr(Marks, "_known", lambda marks, *given: next(blind, known(marks, *given)))
    again = accounts.identify(body, who, once)
    assert again.replayed and again.result.level == Level.REAL_NAME, "though the rule alone would have refused it"
    blind = iter([False])
    with pytest.raises(Conflict):
        accounts.identify(body, who, Key(once.value, "other"))


def test_after_a_crash_the_key_is_free_and_the_effect_not_there_or_both_are(accounts, readings, monkeypatch):
    who, once = accounts.register(PERSON, CLERK, key()).result.id, key()
    real = table.send

    def crash(operation, late, **request):
        answer = real(operation, **request) if late or operation != "transact_write_items" else None
        if operation == "transact_write_items":
            raise ConnectionError
        return answer
    for late, count in ((False, 0), (True, 1)):
        with monkeypatch.context() as patched, pytest.raises(ConnectionError):
            patched.setattr(table, "send", lambda operation, late=late, **given: crash(operation, late, **given))
            readings.reveal(who, Reveal(reason="核对申请材料"), CLERK, once)
        assert len(readings.reads(readings.clock().date(), AUDITOR, 10, None).items) == count
    assert readings.reveal(who, Reveal(reason="核对申请材料"), CLERK, once).replayed


def test_a_mark_names_neither_person_nor_request_and_may_vanish_after_thirty_days(accounts):
    accounts.register(PERSON, CLERK, Key("hash-of-key", "hash-of-request"))
    mark, = accounts.store.table.every(f"KEY#{CLERK.person}")
    assert mark == {"pk": f"KEY#{CLERK.person}", "sk": "hash-of-key", "digest": "hash-of-request",
                    "expires": int((MONDAY + KEPT).timestamp())}


def test_a_number_is_not_called_taken_when_only_the_account_changed_meanwhile(accounts, monkeypatch):
    who = actor("citizen", person=accounts.sign_in_citizen("code").person)
    before = accounts.store.person(who.person)
    accounts.store.change(before, {"level": 1}, {"phone": "13800001234"})
    with monkeypatch.context() as patched:
        patched.setattr(AccountStore, "person", lambda store, person: before)
        with pytest.raises(Stale):
            accounts.identify(Identity(name="张小明", number=NUMBER), who, key())
    accounts.register(PERSON, CLERK, key())
    with pytest.raises(Refused, match="其他账户"):
        accounts.identify(Identity(name="张小明", number=NUMBER), who, key())
