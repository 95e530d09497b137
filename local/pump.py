"""The pump: carries the streams and queues that app.py declares to their functions, one event at a time."""
import time
from typing import Any

import boto3
from chalice.app import DynamoDBEventConfig, SQSEventConfig

from .install import install

install()

from app import app  # noqa: E402 (what install replaces must be replaced before)

from .beat import beat  # noqa: E402
from .invocation import Context  # noqa: E402
from .queue import FolderQueue  # noqa: E402
from .queues import Deliveries  # noqa: E402
from .streams import Stream  # noqa: E402

POLL = 0.1                                 # seconds between two looks when there was nothing
SIGN = 1.0                                 # seconds between two signs of life


def call(event: dict[str, Any], name: str) -> Any:
    """Call a function of app.py, leaving a sign that it is at work."""
    beat("pump", busy=name)
    return app.handler_map[name](event, Context(name, timeout=60))


def sources() -> list[Stream | Deliveries]:
    """Return what app.py declares."""
    client = boto3.client("dynamodbstreams")
    found: list[Stream | Deliveries] = []
    for declared in app.event_sources:
        if isinstance(declared, DynamoDBEventConfig):
            found.append(Stream(client, declared.stream_arn, declared.name, declared.batch_size, call))
        elif isinstance(declared, SQSEventConfig):
            queue = FolderQueue.at(declared.queue or declared.queue_arn or "")
            found.append(Deliveries(queue, declared.name, declared.batch_size, call))
    return found


def main() -> None:
    """Serve every source in turn, for ever."""
    served, signed = sources(), 0.0
    while True:
        busy = [source.step() for source in served]
        if any(busy) or time.monotonic() - signed > SIGN:
            beat("pump")
            signed = time.monotonic()
        if not any(busy):
            time.sleep(POLL)


if __name__ == "__main__":
    main()
