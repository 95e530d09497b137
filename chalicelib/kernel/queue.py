"""Where a message waits to be tried again: one queue of SQS, and its dead letters."""
from functools import cache
from typing import Any, Protocol

from . import aws


class Queue(Protocol):
    """A durable queue that hands each message to the function `retry` at least once."""

    def send(self, body: str) -> None:
        """Keep the message. Raise whatever the transport raises: the caller still holds it."""


class SqsQueue:
    """A queue of Amazon SQS, by its URL."""

    def __init__(self, url: str):
        self.url = url

    def send(self, body: str) -> None:
        _client().send_message(QueueUrl=self.url, MessageBody=body)


@cache
def _client() -> Any:
    return aws.client("sqs")


def connect(url: str) -> Queue:
    """Return the queue at `url`."""
    return SqsQueue(url)
