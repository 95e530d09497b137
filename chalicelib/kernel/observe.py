"""What the operator sees: JSON log lines and metrics (EMF). Never personal data: ids, codes, counts, places in code.

docs/metrics.md lists the metrics. What is said `during` a request stands on every line written inside it.
"""
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import AmazonCloudWatchEMFProvider

from .settings import settings

SERVICE, NAMESPACE = "yiciban", "Yiciban"
log = Logger(service=SERVICE, utc=True)


def count(name: str, value: int = 1, **details: str) -> None:
    """Emit a number of things, with details of few values only (kind, act, code), never an id."""
    _emit(name, MetricUnit.Count, value, details)


def lasted(name: str, seconds: float, **details: str) -> None:
    """Emit a length of time, with details as `count` has them."""
    _emit(name, MetricUnit.Seconds, seconds, details)


def _emit(name: str, unit: MetricUnit, value: float, details: dict[str, str]) -> None:
    """Write one line, which CloudWatch enters twice: under service and stage, and under these and the details.

    It does not add up what stands under different dimensions, and an alarm names them all; so alarms and sums take the
    first. Nothing is written where POWERTOOLS_METRICS_DISABLED says so.
    """
    line = AmazonCloudWatchEMFProvider(namespace=NAMESPACE)
    line.set_default_dimensions(service=SERVICE, stage=settings().stage)
    line.add_metric(name, unit, value)
    if details:
        line.add_dimensions(**details)
    line.flush_metrics()


def started() -> None:
    """Count that a process has begun, by the handler it runs; not where there is none (packaging, tests, one machine).
    """
    if handler := settings().handler.rpartition(".")[2]:
        count("ColdStarts", function=handler)


@contextmanager
def during(request: str, route: str) -> Iterator[None]:
    """Let every line written inside name the request. A process serves one at a time, a thread where there are several.
    """
    log.thread_safe_append_keys(request=request, route=route)
    try:
        yield
    finally:
        log.thread_safe_clear_keys()


def about(kind: str, case_id: str, last: bool = False) -> None:
    """Say which case the request is about: the one first read, unless an answer is made of another (`last`)."""
    said = log.thread_safe_get_current_keys()
    if "request" in said and (last or "case" not in said):
        log.thread_safe_append_keys(kind=kind, case=case_id)


def access(**facts: Any) -> None:
    """Write the one line of a request: route, status, ids; nothing that a person typed."""
    log.info("request", **facts)


def done(what: str, **facts: Any) -> None:
    """Write what a job did, where it did something."""
    log.info(what, **facts)


def failure(what: str, error: BaseException, **ids: Any) -> None:
    """Say that something failed and where. An exception's message may quote personal data, so it is left out."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    log.error(what, error=type(error).__name__, **ids,
              at=[f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames])
