"""A queue in a folder, as the product's `kernel.queue` has it: at least once, growing delay, dead letters.

`.data/queue/<name>/waiting/<due>-<receipts>-<id>.json`: due is in milliseconds of the real clock, receipts counts how
often the message was handed out. Both stand in the name, so that one rename moves a message on. What was handed out
five times without success lies in `dead/`; moved back to `waiting/` it is tried again.
"""
import hashlib
import json
import os
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .folder import data, replace

RECEIPTS = 5
FIRST_DELAY = 1_000                        # milliseconds until a message is handed out again; doubles each time


@dataclass(frozen=True, slots=True)
class Message:
    """A message handed out; it comes again unless it is deleted."""

    id: str
    body: str
    sent: int
    receipts: int
    path: Path

    def record(self, queue: str) -> dict[str, Any]:
        """Return the message as a Lambda function meets it."""
        return {"messageId": self.id, "receiptHandle": self.path.name, "body": self.body,
                "attributes": {"ApproximateReceiveCount": str(self.receipts), "SentTimestamp": str(self.sent)},
                "messageAttributes": {}, "md5OfBody": hashlib.md5(self.body.encode()).hexdigest(),
                "eventSource": "aws:sqs", "eventSourceARN": f"arn:aws:sqs:local:000000000000:{queue}",
                "awsRegion": "local"}

    def delete(self) -> None:
        """The message has been dealt with."""
        self.path.unlink(missing_ok=True)


class FolderQueue:
    """The queue called `name`. Many processes may send; one, the pump, receives."""

    def __init__(self, name: str, root: Path | None = None):
        self.name = name
        self.waiting = (root or data() / "queue") / name / "waiting"
        self.dead = self.waiting.with_name("dead")
        for folder in (self.waiting, self.dead):
            folder.mkdir(parents=True, exist_ok=True)

    @classmethod
    def at(cls, url: str) -> "FolderQueue":
        """Return the queue at `local:<name>`."""
        return cls(url.rpartition(":")[2])

    def send(self, body: str) -> None:
        """Keep the message for good before returning."""
        message, at = uuid.uuid4().hex, time.time_ns() // 1_000_000
        replace(self.waiting / f"{at:013d}-0-{message}.json", json.dumps({"body": body, "sent": at}), durable=True)

    def receive(self, most: int) -> list[Message]:
        """Hand out up to `most` messages that are due; each is hidden for a while, longer every time."""
        at, received = time.time_ns() // 1_000_000, []
        for path in self.due(at)[:most]:
            _, receipts, message = path.stem.split("-")
            if int(receipts) >= RECEIPTS:
                os.replace(path, self.dead / f"{at:013d}-0-{message}.json")
                continue
            hidden = at + FIRST_DELAY * 2 ** int(receipts)
            taken = path.with_name(f"{hidden:013d}-{int(receipts) + 1}-{message}.json")
            os.replace(path, taken)
            held = json.loads(taken.read_text())
            received.append(Message(message, held["body"], held["sent"], int(receipts) + 1, taken))
        return received

    def due(self, at: int) -> list[Path]:
        """Return the messages due at `at` (milliseconds), the oldest first."""
        return sorted(path for path in self.waiting.glob("*.json") if int(path.name.partition("-")[0]) <= at)

    def count(self) -> tuple[int, int]:
        """Return how many messages wait and how many are dead."""
        return len(list(self.waiting.glob("*.json"))), len(list(self.dead.glob("*.json")))
