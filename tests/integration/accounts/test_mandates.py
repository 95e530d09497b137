"""Acting for another: given once, looked up at each act, ended at will or by its day."""
from datetime import date

import pytest

from chalicelib.domains.accounts.models import Give, Registration
from chalicelib.domains.accounts.service import Accounts
from chalicelib.domains.accounts.store import AccountStore
from chalicelib.kernel.identity import Level, Mandate
from chalicelib.kernel.problems import Conflict, Invalid, Missing, Refused
from chalicelib.kernel.record import Key
from chalicelib.kernel.table import Table
from tests.support.town import CLERK, Hands, actor, key

BODY, UNTIL = "91350100M000100Y43", date(2026, 3, 31)


@pytest.fixture
def hands():
    return Hands()


@pytest.fixture
def accounts(tables, hands):
    return Accounts(AccountStore(Table("yiciban-test-accounts")), hands, str, str, lambda name, number: True, str)


@pytest.fixture
def two(accounts):
    """Two citizens known at a window, as actors: principal and agent."""
    made = [accounts.register(Registration(kind="natural", name=name, number=number), CLERK, key()).result
            for name, number in (("张小明", "11010519491231002X"), ("李四", "440524188001010014"))]
    return tuple(actor("citizen", person=one.id, level=one.level) for one in made)


def third(accounts):
    body = Registration(kind="natural", name="王五", number="810000199001010019")
    return accounts.register(body, CLERK, key()).result


def organisation(accounts, **fields):
    entered = {"kind": "organisation", "name": "示例食品有限公司", "number": BODY}
    return accounts.register(Registration(**entered | fields), CLERK, key()).result


def test_a_mandate_that_was_given_is_in_force_through_its_last_day(accounts, two, hands):
    principal, agent = two
    given = accounts.give(Give(agent=agent.person, until=UNTIL), principal, key()).result
    assert accounts.mandate(agent.person, given.id) == Mandate(id=given.id, principal=principal.person)
    assert given.party == "张*明" and not given.ended
    assert [one.id for who in two for one in accounts.mandates(who).items] == [given.id, given.id]
    assert accounts.mandate(principal.person, given.id) is None, "it is the agent's to use"
    hands.to("2026-03-31", 23)
    assert accounts.mandate(agent.person, given.id)
    hands.to("2026-04-01", 0)
    assert accounts.mandate(agent.person, given.id) is None


def test_a_mandate_that_was_revoked_is_over_at_once_and_for_good(accounts, two):
    principal, agent = two
    once = key()
    given = accounts.give(Give(agent=agent.person, until=UNTIL), principal, once).result
    with pytest.raises(Missing):
        accounts.revoke(given.id, agent, key())
    for _ in range(2):
        assert accounts.revoke(given.id, principal, key()).result.ended
    assert accounts.mandate(agent.person, given.id) is None
    assert accounts.give(Give(agent=agent.person, until=UNTIL), principal, once).result.ended, "the request sent again"
    assert accounts.mandate(agent.person, given.id) is None


def test_a_key_used_again_for_another_agent_is_refused_and_leaves_the_first_mandate(accounts, two):
    principal, agent = two
    once = key()
    given = accounts.give(Give(agent=agent.person, until=UNTIL), principal, once).result
    other = third(accounts)
    with pytest.raises(Conflict):
        accounts.give(Give(agent=other.id, until=UNTIL), principal, Key(once.value, "other"))
    assert accounts.mandate(other.id, given.id) is None and accounts.mandate(agent.person, given.id)


def test_both_sides_must_be_known_by_name_and_number(accounts, two):
    principal, agent = two
    newcomer = accounts.sign_in_citizen("openid").person
    with pytest.raises(Refused, match="实名"):
        accounts.give(Give(agent=newcomer, until=UNTIL), principal, key())
    with pytest.raises(Refused, match="实名"):
        accounts.give(Give(agent=agent.person, until=UNTIL), actor("citizen", person=newcomer), key())
    with pytest.raises(Missing):
        accounts.give(Give(agent="a" * 26, until=UNTIL), principal, key())


def test_a_mandate_until_the_last_day_there_is_is_in_force(accounts, two):
    principal, agent = two
    given = accounts.give(Give(agent=agent.person, until=date(9999, 12, 31)), principal, key()).result
    assert accounts.mandate(agent.person, given.id)


def test_a_mandate_for_oneself_or_for_the_past_is_invalid(accounts, two):
    principal, agent = two
    for body in (Give(agent=principal.person, until=UNTIL), Give(agent=agent.person, until=date(2026, 3, 1))):
        with pytest.raises(Invalid):
            accounts.give(body, principal, key())
    assert accounts.give(Give(agent=agent.person, until=date(2026, 3, 2)), principal, key()).result, "today is in time"


def test_an_agent_passes_a_person_s_mandate_on_to_nobody(accounts, two):
    principal, agent = two
    given = accounts.give(Give(agent=agent.person, until=UNTIL), principal, key()).result
    acting = agent.model_copy(update={"mandate": accounts.mandate(agent.person, given.id)})
    other = third(accounts)
    with pytest.raises(Refused, match="转委托"):
        accounts.give(Give(agent=other.id, until=UNTIL), acting, key())


def test_an_organisation_gets_a_mandate_for_whoever_represents_it(accounts, two, hands):
    representative, other = two
    body = organisation(accounts, representative=representative.person)
    assert (body.party, body.number, body.level) == ("示例食品有限公司", BODY, Level.WINDOW)
    held, = accounts.mandates(representative).items
    assert (held.principal, held.until, held.party) == (body.id, date(2027, 3, 2), "示例食品有限公司")
    acting = representative.model_copy(update={"mandate": accounts.mandate(representative.person, held.id)})
    assert acting.principal == body.id
    passed_on = accounts.give(Give(agent=other.person, until=UNTIL), acting, key()).result
    assert accounts.mandate(other.person, passed_on.id) == Mandate(id=passed_on.id, principal=body.id)
    assert accounts.revoke(passed_on.id, acting, key()).result.ended
    again = organisation(accounts, representative=representative.person)
    assert again.id == body.id and len(accounts.mandates(representative).items) == 1


def test_an_organisation_is_represented_by_a_natural_person_known_by_name(accounts, two):
    newcomer, body = accounts.sign_in_citizen("openid").person, organisation(accounts, representative=two[0].person)
    for representative in (None, newcomer, "a" * 26, body.id):
        with pytest.raises(Invalid) as found:
            organisation(accounts, representative=representative)
        assert found.value.facts["errors"][0]["pointer"] == "/representative"
    with pytest.raises(Invalid):
        organisation(accounts, representative=two[0].person, number="91350100M000100Y44")
