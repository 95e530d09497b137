"""`make redrive` and `make catch-up` for a deployment, on moto's queues."""
import json
from datetime import UTC, datetime

import boto3
import pytest

from chalicelib.domains.disclosure.store import TRIES, Turns
from chalicelib.kernel.table import Table, transact
from infra import mend


@pytest.fixture
def queues(tables):
    """The queues of stage `test`, by their last word."""
    client = boto3.client("sqs")
    return {name: client.create_queue(QueueName=f"yiciban-test-{name}")["QueueUrl"]
            for name in ("retry", "retry-dead", "sweep")}


def bodies(url):
    """What waits in a queue."""
    found = []
    while letters := boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [json.loads(letter["Body"]) for letter in letters]
    return found


def test_every_dead_letter_moves_back_and_none_is_left(queues):
    letters = [{"reaction": "messages.tell", "case": f"APPLICATION#{number}", "number": 1} for number in range(23)]
    for letter in letters:
        boto3.client("sqs").send_message(QueueUrl=queues["retry-dead"], MessageBody=json.dumps(letter))
    assert mend.redrive("test") == 23
    assert sorted(bodies(queues["retry"]), key=str) == sorted(letters, key=str) and bodies(queues["retry-dead"]) == []
    assert mend.redrive("test") == 0


def test_only_cases_put_aside_are_named_to_the_sweep(queues):
    figures = Table("yiciban-test-figures")
    transact(figures.put({"pk": "ASIDE", "sk": "ORDER#a@2026-03-02", "n": 3}),
             figures.put({"pk": "ASIDE", "sk": "ORDER#b@2026-03-02", "n": 2}))
    assert mend.put_aside("test") == 1
    assert bodies(queues["sweep"]) == [{"retry": "ORDER#a@2026-03-02"}]


def test_catching_up_offers_the_events_from_an_instant_on_and_no_state(queues):
    cases = Table("yiciban-test-cases")
    transact(*(cases.put({"pk": "ORDER#a", "sk": f"EVENT#00000{number}", "at": f"2026-03-0{number}T02:00:00+00:00"})
               for number in (1, 2, 3)), cases.put({"pk": "ORDER#a", "sk": "STATE", "at": "2026-03-03T02:00:00+00:00"}))
    assert mend.catch_up("test", datetime(2026, 3, 2, 2, tzinfo=UTC)) == 2
    assert sorted(one["number"] for one in bodies(queues["retry"])) == [2, 3]


def test_a_document_put_aside_is_tried_by_the_next_run_of_publishing(tables):
    turns = Turns(Table("yiciban-test-figures"))
    for _ in range(TRIES):
        turns.tried("put-aside")
    turns.tried("failed-once")
    assert mend.documents() == 1 and mend.documents() == 0
    assert turns.tries() == {"failed-once": 1}
