"""The store of cases on its own (moto): the event is the lock, a repeat is recognised, a crowd is waited out."""
import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from pydantic import TypeAdapter

from chalicelib.domains.applications.models import Act, Draft
from chalicelib.kernel import table
from chalicelib.kernel.problems import Busy, Conflict, Outdated, Stale, TooLarge
from chalicelib.kernel.record import Key
from chalicelib.kernel.table import Table, from_wire, send, size, to_wire, transact
from tests.support.town import AREA, CITIZEN, ITEM, Hands, applications, key, publish_basics


@pytest.fixture
def desk(tables):
    hands = Hands()
    return applications(hands, publish_basics(hands))


@pytest.fixture
def case(desk):
    made = desk.draft(Draft(area=AREA, item=ITEM), CITIZEN, key()).result
    return desk.store.get(made.case.id)


def step(desk, case, once):
    return desk.workflow.advance(case, "discard", desk.occasion(case, CITIZEN), {}, once)


def test_of_two_acts_on_the_same_version_one_wins_and_the_other_is_told(desk, case):
    first, second = key(), key()
    steps = [step(desk, case, once) for once in (first, second)]
    assert desk.store.save(steps[0], first)
    with pytest.raises(Stale):
        desk.store.save(steps[1], second)
    assert [event.key for event in desk.store.timeline(case.id)][1:] == [first.value]


def test_a_write_whose_answer_was_lost_is_recognised_as_our_own(desk, case):
    once = key()
    assert desk.store.save(step(desk, case, once), once) and not desk.store.save(step(desk, case, once), once)
    with pytest.raises(Conflict):
        desk.store.save(step(desk, case, once), Key(once.value, "another request"))
    assert desk.store.get(case.id).version == 2


def test_a_state_or_event_that_grows_too_large_is_refused_whole(desk, case):
    long = case.model_copy(update={"title": "长" * 2000})
    with pytest.raises(TooLarge):
        desk.store.save(step(desk, long, key()), key())
    assert desk.store.get(case.id) == case


def test_the_last_eight_act_keys_are_remembered(desk, case):
    keys = [key() for _ in range(10)]
    for once in keys:
        now = desk.store.get(case.id)
        body = TypeAdapter(Act).validate_python({"act": "revise", "form": {}, "materials": {}})
        desk.perform(now.id, body, CITIZEN, once)
    held = [entry.partition(":")[0] for entry in desk.store.get(case.id).done]
    assert held == [once.value for once in keys[-8:]]


class Crowded:
    """A client that refuses `times` before it takes the request."""

    def __init__(self, times, *codes, error=None):
        self.times, self.codes, self.error = times, codes, error

    def transact_write_items(self, **request):
        self.times -= 1
        if self.times >= 0:
            raise self.error or ClientError({"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": [
                {"Code": code} for code in self.codes]}, "TransactWriteItems")
        return {}


@pytest.mark.parametrize("code", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_crowd_is_waited_out_with_growing_jitter_and_then_said(monkeypatch, code):
    waits = []
    for times, fits in ((3, True), (99, False)):
        client = Crowded(times, "None", code)
        monkeypatch.setattr(table, "dynamodb", lambda client=client: client)
        if fits:
            send("transact_write_items", sleep=waits.append, TransactItems=[])
            assert len(waits) == 3 and all(0 <= wait <= 0.05 * 2 ** n for n, wait in enumerate(waits))
        else:
            with pytest.raises(Busy) as busy:
                send("transact_write_items", sleep=waits.append, TransactItems=[])
            assert busy.value.facts == {"retry_after": 1}


def test_a_condition_that_fails_is_final_even_beside_a_conflict(monkeypatch):
    monkeypatch.setattr(table, "dynamodb", lambda: Crowded(1, "ConditionalCheckFailed", "TransactionConflict"))
    with pytest.raises(Stale):
        send("transact_write_items", sleep=None, TransactItems=[])


def test_a_store_out_of_reach_is_busy_and_any_other_failure_is_not_hidden(monkeypatch):
    monkeypatch.setattr(table, "dynamodb", lambda: Crowded(1, error=ConnectTimeoutError(endpoint_url="x")))
    with pytest.raises(Busy):
        send("transact_write_items", TransactItems=[])
    monkeypatch.setattr(table, "dynamodb", lambda: Crowded(1, "ValidationError"))
    with pytest.raises(ClientError):
        send("transact_write_items", TransactItems=[])


def test_plain_values_come_back_as_they_went_and_what_json_lacks_is_not_stored():
    item = {"pk": "a", "n": 3, "yes": True, "none": None, "list": [1, "二", {"x": []}], "map": {"中": -7}}
    assert from_wire(to_wire(item)) == item and size({"pk": "中"}) == 5
    for value in (1.5, {1}, b"x", object()):
        with pytest.raises(KeyError):
            to_wire({"value": value})


def test_a_create_refuses_a_key_that_is_taken_and_the_whole_transaction_with_it(tables):
    cases = Table("yiciban-test-cases")
    transact(cases.create({"pk": "a", "sk": "1"}))
    with pytest.raises(Stale) as stale:
        transact(cases.put({"pk": "b", "sk": "1"}), cases.create({"pk": "a", "sk": "1", "n": 2}))
    assert cases.get("b", "1") is None and {"pk": "a", "sk": "1"} in stale.value.held


def test_a_race_lost_between_reading_and_writing_is_412_where_a_version_was_named(desk, case, monkeypatch):
    body = TypeAdapter(Act).validate_python({"act": "discard"})
    other = key()
    real = desk.store.save

    def beaten(mine, once, parts=None):
        monkeypatch.setattr(desk.store, "save", real)
        real(step(desk, case, other), other)
        return real(mine, once, parts)
    monkeypatch.setattr(desk.store, "save", beaten)
    with pytest.raises(Outdated):
        desk.perform(case.id, body, CITIZEN, key(), if_match=case.version)
    assert desk.store.get(case.id).version == case.version + 1


def test_one_attribute_is_set_from_what_it_was_and_nothing_else_is_touched(tables):
    table = Table("yiciban-test-inbox")
    assert not table.set("INBOX#p", "1", "sent_sms", True), "what is not there is not made"
    table.save(table.put({"pk": "INBOX#p", "sk": "1", "read": False}))
    assert [table.set("INBOX#p", "1", "read", True, was=False) for _ in range(2)] == [True, False]
    assert [table.set("INBOX#p", "1", "sent_sms", True) for _ in range(2)] == [True, False]
    assert table.get("INBOX#p", "1") == {"pk": "INBOX#p", "sk": "1", "read": True, "sent_sms": True}
