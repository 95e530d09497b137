"""What the demonstration does not show of a deployment: the gateway's own answers, schedules, the failure queue."""
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from local.client import Person, ask, until
from local.story import AREA, Story

seen: list[tuple[str, str]] = []


def say(what: str, how: str) -> None:
    """Note something seen, for the list at the end."""
    seen.append((what, how))
    print(f"e2e-emulator: {what}: {how}", flush=True)


def gateway(address: str) -> None:
    """The authorizer refuses who has no token of ours; the description is served from the package."""
    none = ask("GET", f"{address}/applications")
    wrong = ask("GET", f"{address}/applications", headers={"Authorization": "Bearer nothing"})
    assert (none.status, wrong.status) == (401, 403), (none, wrong)
    described = ask("GET", f"{address}/openapi.json")
    assert described.status == 200 and described.body["openapi"] == "3.1.0"
    say("authorizer", "401 without a token, 403 with a wrong one")
    say("openapi", f"{len(described.body['paths'])} paths described from the packaged docstrings")


def errors(clients: Callable[[str], Any], stack: dict[str, str]) -> None:
    """Print what the functions logged as errors: who looks for the cause of a failure begins there."""
    for name in (name for name in stack if f"{name}Logs" in stack):
        events = clients("logs").filter_log_events(logGroupName=f"/yiciban/prod/{name}")["events"]
        for event in events[-200:]:
            if '"ERROR"' in event["message"] or "Traceback" in event["message"]:
                print(f"{name}: {event['message'].strip()[:1500]}", file=sys.stderr)


def schedule(clients: Callable[[str], Any], stack: dict[str, str]) -> None:
    """EventBridge calls the sweep by itself within a little more than a minute."""
    logs = clients("logs")

    def lines() -> int:
        found = logs.filter_log_events(logGroupName="/yiciban/prod/Sweep")["events"]
        return len(found)
    before = lines()
    until("EventBridge calling the sweep", lambda: lines() > before, seconds=90)
    say("schedule", "EventBridge called the sweep")


def failure(clients: Callable[[str], Any], stack: dict[str, str], outputs: dict[str, str], site: str) -> None:
    """A reaction that fails five times lies in the dead-letter queue, and `make redrive` brings it back.

    Planted: the functions that react are given an inbox that does not exist. The queue gives its messages again at
    once instead of after six minutes.
    """
    queues, functions = clients("sqs"), clients("lambda")
    patient = queues.get_queue_attributes(QueueUrl=outputs["RetryQueueUrl"], AttributeNames=["VisibilityTimeout"])
    queues.set_queue_attributes(QueueUrl=outputs["RetryQueueUrl"], Attributes={"VisibilityTimeout": "1"})
    with inbox(functions, stack, "yiciban-prod-nowhere"):
        story = Story(site)
        citizen = story.citizen()
        found = ask("GET", f"{site}/catalogue/items?area={AREA}&q=spjyxk").body["items"]
        item = ask("GET", f"{site}/catalogue/items/{found[0]['code']}?area={AREA}").body["item"]
        case, _ = story.draft(citizen, item)
        story.act(citizen, case, "submit")
        until("the dead letter", lambda: waiting(queues, outputs["RetryDeadUrl"]), seconds=120)
        say("failure queue", "a reaction that failed five times lies among the dead letters")
    assert not messages(citizen), "the message is not there yet"
    subprocess.run([sys.executable, "-m", "infra.mend", "redrive", "prod"], check=True)
    until("the message", lambda: messages(citizen), seconds=60)
    say("redrive", "the person has the message after `make redrive`")
    queues.set_queue_attributes(QueueUrl=outputs["RetryQueueUrl"], Attributes=patient["Attributes"])


@contextmanager
def inbox(functions: Any, stack: dict[str, str], table: str) -> Iterator[None]:
    """Let the functions that react write messages to another table for a while."""
    kept = {}
    for name in ("Relay", "Retry"):
        kept[name] = functions.get_function_configuration(FunctionName=stack[name])["Environment"]
        functions.update_function_configuration(FunctionName=stack[name], Environment={
            "Variables": kept[name]["Variables"] | {"INBOX_TABLE": table}})
    try:
        yield
    finally:
        for name, environment in kept.items():
            functions.update_function_configuration(FunctionName=stack[name], Environment=environment)


def waiting(queues: Any, url: str) -> int:
    """Return how many messages lie in a queue."""
    found = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    return int(found["Attributes"]["ApproximateNumberOfMessages"])


def messages(person: Person) -> list[dict[str, Any]]:
    """Return the messages of a person."""
    return list(person.get("/messages?limit=100")["items"])
