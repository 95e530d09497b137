"""The folder queue and the stream as the pump serves them: at least once, and what is bad holds up nobody."""
import json

import pytest
from botocore.exceptions import EndpointConnectionError

from local import dead_letters, queue, streams
from local.queue import FolderQueue
from local.queues import Deliveries
from local.streams import Checkpoint, Stream


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("LOCAL_DATA", str(tmp_path))
    monkeypatch.setattr(queue, "FIRST_DELAY", 0)
    monkeypatch.setattr(streams, "PAUSE", 0)
    return tmp_path


def bodies(event):
    return [record["body"] for record in event["Records"]]


def test_what_is_sent_is_delivered_in_the_shape_of_sqs_and_gone():
    waiting, seen = FolderQueue.at("local:retry"), []
    for body in ("一", "二"):
        waiting.send(body)
    deliveries = Deliveries(waiting, "retry", 10, lambda event, name: seen.append((name, event)))
    assert deliveries.step() and not deliveries.step()
    (name, event), = seen
    assert (name, bodies(event)) == ("retry", ["一", "二"])
    assert event["Records"][0].keys() >= {"messageId", "receiptHandle", "attributes", "eventSourceARN", "md5OfBody"}
    assert waiting.count() == (0, 0)


def test_only_the_messages_reported_as_failed_come_again():
    waiting, seen = FolderQueue("retry"), []
    for body in ("good", "bad"):
        waiting.send(body)

    def function(event, name):
        seen.append([(record["body"], record["attributes"]["ApproximateReceiveCount"]) for record in event["Records"]])
        return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in event["Records"]
                                      if record["body"] == "bad" and len(seen) < 3]}
    deliveries = Deliveries(waiting, "retry", 10, function)
    while deliveries.step():
        pass
    assert seen == [[("good", "1"), ("bad", "1")], [("bad", "2")], [("bad", "3")]]


def test_after_five_receipts_a_message_is_dead_and_can_be_driven_again(data):
    waiting, tries = FolderQueue("retry"), []
    waiting.send("poison")

    def function(event, name):
        tries.append(bodies(event))
        raise RuntimeError("always")
    deliveries = Deliveries(waiting, "retry", 10, function)
    for _ in range(8):
        deliveries.step()
    assert (len(tries), waiting.count()) == (5, (0, 1))
    from local.redrive import main
    assert main() == 0 and waiting.count() == (1, 0)
    deliveries.step()
    assert len(tries) == 6


def test_a_message_waits_longer_each_time(monkeypatch):
    monkeypatch.setattr(queue, "FIRST_DELAY", 1_000)
    waiting = FolderQueue("retry")
    waiting.send("x")
    sent = int(next(waiting.waiting.iterdir()).name.partition("-")[0])
    assert len(waiting.receive(10)) == 1 and waiting.receive(10) == []
    hidden = int(next(waiting.waiting.iterdir()).name.partition("-")[0])
    assert 1_000 <= hidden - sent < 1_500


class Streams:
    """A stream of records 1..n; `away` stands for an engine that does not answer."""

    def __init__(self, count):
        self.count, self.away = count, False

    def describe_stream(self, StreamArn):
        self._reach()
        return {"StreamDescription": {"Shards": [{"ShardId": "shard"}]}}

    def get_shard_iterator(self, StreamArn, ShardId, ShardIteratorType, SequenceNumber="0"):
        return {"ShardIterator": SequenceNumber}

    def get_records(self, ShardIterator, Limit):
        self._reach()
        first = int(ShardIterator) + 1
        last = min(self.count, first + Limit - 1)
        from datetime import UTC, datetime
        at = datetime(2026, 3, 2, tzinfo=UTC)
        return {"NextShardIterator": str(last), "Records": [
            {"eventName": "INSERT", "dynamodb": {"SequenceNumber": str(number), "ApproximateCreationDateTime": at}}
            for number in range(first, last + 1)]}

    def _reach(self):
        if self.away:
            raise EndpointConnectionError(endpoint_url="http://127.0.0.1")


def numbers(event):
    return [int(record["dynamodb"]["SequenceNumber"]) for record in event["Records"]]


def drain(stream, steps=60):
    for _ in range(steps):
        stream.step()


def test_records_come_in_order_as_lambda_would_hand_them_over():
    seen = []
    drain(Stream(Streams(25), "arn:1", "relay", 10, lambda event, name: seen.append(event)))
    assert [number for event in seen for number in numbers(event)] == list(range(1, 26))
    assert [len(event["Records"]) for event in seen] == [10, 10, 5]
    record = seen[0]["Records"][0]
    assert record["eventSourceARN"] == "arn:1" and record["dynamodb"]["ApproximateCreationDateTime"] == 1772409600.0
    assert Checkpoint("relay", "arn:1").read() == "25"


def test_after_a_kill_before_the_checkpoint_the_batch_comes_again(monkeypatch):
    class Killed(BaseException):
        """The process ended here."""

    def kill(self, record):
        raise Killed

    seen = []

    def function(event, name):
        seen.extend(numbers(event))
    with monkeypatch.context() as dying:
        dying.setattr(Checkpoint, "write", kill)
        with pytest.raises(Killed):
            Stream(Streams(3), "arn:1", "relay", 10, function).step()
    drain(Stream(Streams(3), "arn:1", "relay", 10, function))
    assert seen == [1, 2, 3, 1, 2, 3]
    drain(Stream(Streams(4), "arn:1", "relay", 10, function))
    assert seen[6:] == [4]
    drain(Stream(Streams(1), "arn:2", "relay", 10, function))      # the table was made anew
    assert seen[7:] == [1]


def test_a_reported_failure_holds_the_checkpoint_before_it():
    seen = []

    def function(event, name):
        seen.append(numbers(event))
        failed = [5] if len(seen) < 3 else []
        return {"batchItemFailures": [{"itemIdentifier": str(number)} for number in numbers(event) if number in failed]}
    stream = Stream(Streams(8), "arn:1", "relay", 10, function)
    stream.step()
    assert Checkpoint("relay", "arn:1").read() == "4"
    drain(stream)
    assert seen == [[1, 2, 3, 4, 5, 6, 7, 8], [5, 6, 7, 8], [5, 6, 7, 8]]
    assert Checkpoint("relay", "arn:1").read() == "8" and dead_letters.parked() == {}


def test_a_record_that_always_fails_is_put_aside_and_the_others_arrive(data):
    arrived = []

    def function(event, name):
        if 3 in numbers(event):
            raise RuntimeError("cannot")
        arrived.extend(numbers(event))
    drain(Stream(Streams(12), "arn:1", "relay", 6, function))
    assert arrived == [1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    assert dead_letters.parked() == {"relay": 1}
    parked = json.loads((data / "dead-letters" / "relay.jsonl").read_text())
    assert parked["dynamodb"]["SequenceNumber"] == "3"
    assert Checkpoint("relay", "arn:1").read() == "12"


def test_while_the_engine_is_away_nothing_is_put_aside():
    client, tries = Streams(2), []

    def function(event, name):
        tries.append(1)
        if client.away:
            raise RuntimeError("the store does not answer")
    stream = Stream(client, "arn:1", "relay", 10, function)
    stream.batch, client.away = stream._poll(), True
    drain(stream, 20)
    assert len(tries) == 20 and dead_letters.parked() == {}
    client.away = False
    drain(stream)
    assert len(tries) == 21 and Checkpoint("relay", "arn:1").read() == "2"
