"""`make redrive STAGE=` and `make catch-up STAGE= FROM=`: gives a deployment another try at what failed.

Both may be done at any time and again: reactions are idempotent by (case, number).
"""
import json
import sys
from datetime import UTC, datetime
from typing import Any

import boto3

from chalicelib.kernel.sweep import ASIDE, TRIES

from .deployed import join

BATCH = 10                                 # messages that one call to SQS may carry


def redrive(stage: str) -> int:
    """Move the dead letters of failed reactions back to their queue; return how many.

    A letter is sent before it is deleted: killed in between, it is tried twice.
    """
    queues = boto3.client("sqs")
    dead, alive, moved = _url(queues, f"yiciban-{stage}-retry-dead"), _url(queues, f"yiciban-{stage}-retry"), 0
    while letters := queues.receive_message(QueueUrl=dead, MaxNumberOfMessages=BATCH, WaitTimeSeconds=1,
                                            VisibilityTimeout=60).get("Messages"):
        _send(queues, alive, [letter["Body"] for letter in letters])
        for letter in letters:
            queues.delete_message(QueueUrl=dead, ReceiptHandle=letter["ReceiptHandle"])
        moved += len(letters)
    return moved


def put_aside(stage: str) -> int:
    """Have the sweep try again the cases that it put aside; return how many were named to it."""
    queues = boto3.client("sqs")
    pages = boto3.client("dynamodb").get_paginator("query").paginate(
        TableName=f"yiciban-{stage}-figures", KeyConditionExpression="pk = :aside",
        ExpressionAttributeValues={":aside": {"S": ASIDE}})
    bodies = [json.dumps({"retry": item["sk"]["S"]}) for page in pages for item in page["Items"]
              if int(item["n"]["N"]) >= TRIES]
    for at in range(0, len(bodies), BATCH):
        _send(queues, _url(queues, f"yiciban-{stage}-sweep"), bodies[at:at + BATCH])
    return len(bodies)


def documents() -> int:
    """Let the publishing job's next run try each document put aside; return how many. In the settings of a deployment.
    """
    from chalicelib.domains.disclosure import store  # here: the settings first
    from chalicelib.kernel.settings import settings
    from chalicelib.kernel.table import Table
    turns = store.Turns(Table(settings().figures_table))
    found = [case_id for case_id, n in turns.tries().items() if n >= store.TRIES]
    for case_id in found:
        turns.try_again(case_id)
    return len(found)


def catch_up(stage: str, since: datetime) -> int:
    """Have every event not older than `since` offered again to all reactions; return how many there were.

    Reads the whole table `cases` once: for an outage longer than the stream's day, or what lies in `relay-dead`.
    """
    queues, url = boto3.client("sqs"), _url(boto3.client("sqs"), f"yiciban-{stage}-retry")
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(
        TableName=f"yiciban-{stage}-cases", FilterExpression="begins_with(sk, :event) AND #at >= :since",
        ProjectionExpression="pk, sk", ExpressionAttributeNames={"#at": "at"},
        ExpressionAttributeValues={":event": {"S": "EVENT#"}, ":since": {"S": since.astimezone(UTC).isoformat()}})
    offered = 0
    for page in pages:
        bodies = [json.dumps({"reaction": "*", "case": item["pk"]["S"],
                              "number": int(item["sk"]["S"].rpartition("#")[2])}) for item in page["Items"]]
        for at in range(0, len(bodies), BATCH):
            _send(queues, url, bodies[at:at + BATCH])
        offered += len(bodies)
    return offered


def _send(queues: Any, url: str, bodies: list[str]) -> None:
    answer = queues.send_message_batch(QueueUrl=url, Entries=[
        {"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies)])
    if answer.get("Failed"):
        raise SystemExit("the queue did not take every message; run it again")


def _url(queues: Any, name: str) -> str:
    return str(queues.get_queue_url(QueueName=name)["QueueUrl"])


def main(verb: str, stage: str, since: str = "") -> int:
    if verb == "redrive":
        join(stage)
        print(f"redrive: {redrive(stage)} dead letters, {put_aside(stage)} cases and {documents()} documents put aside "
              "are tried again")
        return 0
    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        print("catch-up: say from when, for example FROM=2026-03-02T00:00:00Z")
        return 1
    print(f"catch-up: {catch_up(stage, moment if moment.tzinfo else moment.replace(tzinfo=UTC))} events offered again")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
