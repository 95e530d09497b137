"""A DynamoDB stream on its way to the function that app.py declares for it: in order, at least once."""
import json
import time
from pathlib import Path
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from .dead_letters import park
from .folder import data, replace
from .invocation import failed_ids

TRIES = 3                                  # of a batch, and then of each record alone
PAUSE = 0.5                                # seconds after a failure; doubles each time
DIGITS = 21                                # boto3 refuses shorter sequence numbers; the engine counts from 1
Record = dict[str, Any]


class Function(Protocol):
    """A Lambda function."""

    def __call__(self, event: dict[str, Any], name: str) -> Any: ...


class Checkpoint:
    """The last record of a stream that was dealt with, in a file; of another stream it says nothing."""

    def __init__(self, function: str, arn: str):
        self.path, self.arn = _checkpoint_path(function), arn

    def read(self) -> str:
        """Return the sequence number; "" if none of this stream was dealt with."""
        saved = json.loads(self.path.read_text()) if self.path.exists() else {}
        return str(saved["sequence"]) if saved.get("arn") == self.arn else ""

    def write(self, record: Record) -> None:
        """Everything up to `record` has been dealt with."""
        replace(self.path, json.dumps({"arn": self.arn, "sequence": _number(record)}), durable=True)


class Stream:
    """One stream and its function; `step` does the next thing, so that one loop can serve many sources."""

    def __init__(self, client: Any, arn: str, name: str, batch_size: int, function: Function):
        self.client, self.arn, self.name, self.batch_size, self.function = client, arn, name, batch_size, function
        self.checkpoint = Checkpoint(name, arn)
        self.iterator = ""
        self.batch: list[Record] = []
        self.tries = 0
        self.alone = False                 # the batch is handed over record by record
        self.resume_at = 0.0

    def step(self) -> bool:
        """Read or deliver; return whether there was anything to do."""
        if time.monotonic() < self.resume_at:
            return False
        if not self.batch:
            self.batch = self._poll()
        if not self.batch:
            return False
        offered = self.batch[:1] if self.alone else self.batch
        done = self._deliver(offered)
        if done:
            self.checkpoint.write(offered[done - 1])
            self.batch, self.tries = self.batch[done:], 0
        if done < len(offered):
            self._failed()
        elif not self.batch:
            self.alone = False
        return True

    def _poll(self) -> list[Record]:
        """Return new records. When the engine is away, none, and the iterator is made anew from the checkpoint."""
        try:
            self.iterator = self.iterator or iterator_after(self.client, self.arn, self.checkpoint.read())
            page = self.client.get_records(ShardIterator=self.iterator, Limit=self.batch_size)
        except (ClientError, BotoCoreError) as error:
            print(f"{self.name}: the engine does not answer ({type(error).__name__})", flush=True)
            self.iterator, self.resume_at = "", time.monotonic() + PAUSE
            return []
        self.iterator = page.get("NextShardIterator") or ""
        return [_as_lambda(record, self.arn) for record in page["Records"]]

    def _deliver(self, records: list[Record]) -> int:
        """Return how many of the records, from the first, are dealt with."""
        try:
            failed = failed_ids(self.function({"Records": records}, self.name))
        except Exception as error:
            print(f"{self.name}: {len(records)} records: {type(error).__name__}: {error}", flush=True)
            return 0
        return next((place for place, record in enumerate(records) if _number(record) in failed), len(records))

    def _failed(self) -> None:
        """Wait and try again; then one by one; put aside the one that fails alone. An absent engine is no failure."""
        if self._engine_lives():
            self.tries += 1
        self.resume_at = time.monotonic() + PAUSE * 2 ** max(self.tries - 1, 0)
        if self.tries < TRIES:
            return
        if self.alone or len(self.batch) == 1:
            print(f"{self.name}: record {_number(self.batch[0])} is put aside", flush=True)
            park(self.name, self.batch[0])
            self.checkpoint.write(self.batch[0])
            self.batch = self.batch[1:]
        self.alone = not self.alone and bool(self.batch)
        self.tries, self.resume_at = 0, 0.0

    def _engine_lives(self) -> bool:
        try:
            self.client.describe_stream(StreamArn=self.arn)
        except (ClientError, BotoCoreError):
            return False
        return True


def iterator_after(client: Any, arn: str, sequence: str) -> str:
    """Return an iterator behind the record `sequence`, at the very beginning for ""."""
    shard = client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][-1]["ShardId"]
    where = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": sequence.zfill(DIGITS)} if sequence \
        else {"ShardIteratorType": "TRIM_HORIZON"}
    return str(client.get_shard_iterator(StreamArn=arn, ShardId=shard, **where)["ShardIterator"])


def behind(client: Any, arn: str, sequence: str, most: int = 10) -> int:
    """Return how many records lie behind `sequence`, counting at most `most` pages of 1,000."""
    iterator, count = iterator_after(client, arn, sequence), 0
    for _ in range(most):
        page = client.get_records(ShardIterator=iterator, Limit=1000)
        count += len(page["Records"])
        iterator = page.get("NextShardIterator") or ""
        if not page["Records"] or not iterator:
            break
    return count


def _checkpoint_path(function: str) -> Path:
    return data() / f"{function}.checkpoint"


def _number(record: Record) -> str:
    return str(record["dynamodb"]["SequenceNumber"])


def _as_lambda(record: Record, arn: str) -> Record:
    """Return the record as Lambda hands it over: with the stream's ARN and the time as a number."""
    change = record["dynamodb"]
    created = change["ApproximateCreationDateTime"].timestamp()
    return {**record, "eventSourceARN": arn, "dynamodb": {**change, "ApproximateCreationDateTime": created}}
