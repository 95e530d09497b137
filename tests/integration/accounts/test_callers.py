"""Callers on the table of accounts (moto): entered once, sealed, and nobody's account."""
import json

import boto3
import pytest

from chalicelib.domains.accounts.callers import Callers
from chalicelib.domains.accounts.forgetting import Forgetting
from chalicelib.domains.accounts.models import Registration, Reveal
from chalicelib.domains.accounts.readings import Readings
from chalicelib.domains.accounts.service import Accounts
from chalicelib.domains.accounts.store import AccountStore
from chalicelib.kernel.problems import Invalid
from chalicelib.kernel.table import Table
from tests.support.town import CLERK, Hands, actor, key


@pytest.fixture
def accounts(tables):
    return Accounts(AccountStore(Table("yiciban-test-accounts")), Hands(), *[lambda *given: "none"] * 4)


@pytest.fixture
def callers(accounts):
    return Callers(accounts.store, accounts.clock)


def test_a_caller_is_entered_once_under_name_and_number(callers):
    person, party = callers.caller("张小明", "138 0000 1234")
    assert callers.caller("张小明", "13800001234") == (person, party) and party == "张*明"
    assert callers.caller("张小红", "13800001234")[0] != person, "two people share a telephone"
    assert callers.caller("张小明", "0731-84123456")[0] != person


def test_a_caller_is_not_the_person_who_is_registered_with_that_number(accounts, callers):
    known = accounts.register(Registration(kind="natural", name="张小明", number="11010519491231002X",
                                           phone="13800001234"), CLERK, key()).result
    person, _ = callers.caller("张小明", "13800001234")
    assert person != known.id and accounts.me(person).level == 0


def test_whoever_has_one_telephone_is_known_by_one_mark_that_tells_no_number(accounts, callers):
    one, other, far = (callers.caller(name, phone)[0] for name, phone in (
        ("张先生", "138 0000 1234"), ("张三", "13800001234"), ("张三", "13800001235")))
    known = accounts.register(Registration(kind="natural", name="张小明", number="11010519491231002X",
                                           phone="13800001234"), CLERK, key()).result.id
    assert callers.known_as(one) == callers.known_as(other) == callers.known_as(known) != callers.known_as(far)
    assert not {"13800001234", one, other, known} & {callers.known_as(one)}
    Forgetting(accounts.store, accounts.clock).restrict(known)
    assert callers.known_as(known) not in (known, callers.known_as(one)), "what is restricted is used for nothing"
    bare = accounts.register(Registration(kind="natural", name="李小明", number="110105194912310038"), CLERK, key())
    assert callers.known_as(bare.result.id) == callers.known_as(bare.result.id) != callers.known_as(known)


def test_name_and_number_are_nowhere_in_clear(callers):
    callers.caller("张小明", "13800001234")
    items = json.dumps(boto3.client("dynamodb").scan(TableName="yiciban-test-accounts")["Items"], ensure_ascii=False)
    assert "13800001234" not in items and "张小明" not in items and "CALLER#" in items


def test_the_centre_reveals_a_caller_with_a_reason(accounts, callers):
    person, _ = callers.caller("张小明", "13800001234")
    readings, seat = Readings(accounts.store, accounts.clock, {}), actor("centre", "430199000000.hotline")
    with pytest.raises(Invalid):
        readings.reveal(person, Reveal(reason="回访来电人"), seat, key())
    shown = readings.clear(person, Reveal(reason="回访来电人"), seat, key())
    assert shown.result.phone == "13800001234"


def test_only_a_mobile_number_gets_messages(accounts, callers):
    assert accounts.address(callers.caller("张小明", "13800001234")[0], "sms") == "13800001234"
    assert accounts.address(callers.caller("张小明", "073184123456")[0], "sms") == ""


@pytest.mark.parametrize("phone", ["12345", "23800001234", "0731123456", "1380000123x", "１３８００００１２３４"])
def test_what_is_no_telephone_number_is_pointed_at(callers, phone):
    with pytest.raises(Invalid) as found:
        callers.caller("张小明", phone)
    assert found.value.facts["errors"][0]["pointer"] == "/caller/phone"
