"""What the operator sees: JSON log lines and metrics (EMF). Never personal data: ids, codes, counts, places in code."""
import traceback
from typing import Any

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit

SERVICE = "yiciban"
log = Logger(service=SERVICE, utc=True)


def count(name: str, value: int = 1, **dimensions: str) -> None:
    """Emit one metric, with dimensions of few values only (kind, act, code), never an id."""
    with single_metric(name=name, unit=MetricUnit.Count, value=value, namespace="Yiciban",
                       default_dimensions={"service": SERVICE, **dimensions}):
        pass


def access(**facts: Any) -> None:
    """Write the one line of a request: route, status, ids; nothing that a person typed."""
    log.info("request", **facts)


def failure(what: str, error: BaseException, **ids: Any) -> None:
    """Say that something failed and where. An exception's message may quote personal data, so it is left out."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    log.error(what, error=type(error).__name__, **ids,
              at=[f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames])
