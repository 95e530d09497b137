"""Calling a function of app.py as Lambda does."""
import time
import uuid
from typing import Any

TIMEOUT = 29                               # seconds the gateway waits


class Context:
    """What Lambda tells a function of its invocation."""

    function_version = "$LATEST"
    memory_limit_in_mb = 512

    def __init__(self, function_name: str, timeout: int = TIMEOUT):
        self.function_name = function_name
        self.invoked_function_arn = f"arn:aws:lambda:local:000000000000:function:{function_name}"
        self.aws_request_id = str(uuid.uuid4())
        self._end = time.monotonic() + timeout

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the function may still take."""
        return int((self._end - time.monotonic()) * 1000)


def failed_ids(answer: Any) -> set[str]:
    """Return the records that a function reports as failed (ReportBatchItemFailures)."""
    reported = answer.get("batchItemFailures", []) if isinstance(answer, dict) else []
    return {item["itemIdentifier"] for item in reported}
