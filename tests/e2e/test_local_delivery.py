"""Delivery through a real run on the engine while its parts are killed, with an app whose functions fail on demand."""
import os
import signal
import time
from collections import Counter

import boto3
import pytest

from tests.e2e.running import ROOT, Run, eventually, refuse_forgetful_engines

APP = '''
import os
from pathlib import Path

from chalice import Chalice, Rate
from chalicelib.kernel import health, now, queue
from chalicelib.kernel.mounting import mount
from chalicelib.kernel.settings import settings

app = Chalice(app_name="failing", configure_logs=False)
mount(app, {"/health": health.api}, {})


def note(name, line):
    with open(Path(os.environ["LOCAL_DATA"]) / name, "a") as file:
        file.write(line + "\\n")


@app.on_dynamodb_record(stream_arn=settings().cases_stream_arn, batch_size=10)
def relay(event):
    for record in event:
        if record.keys["pk"]["S"] == "BAD":
            raise RuntimeError("this one never")
        note("delivered", record.keys["pk"]["S"])
        queue.connect(settings().retry_queue).send(record.keys["pk"]["S"])


@app.on_sqs_message(queue=settings().retry_queue_name, batch_size=10)
def retry(event):
    failed = []
    for record in event:
        first = record.to_dict()["attributes"]["ApproximateReceiveCount"] == "1"
        if first and record.body.endswith("7"):
            failed.append({"itemIdentifier": record.to_dict()["messageId"]})
        else:
            note("retried", record.body)
    return {"batchItemFailures": failed}


@app.schedule("rate(1 hour)")
def hourly(event):
    note("fired", f"{event.time} {now.now():%Y-%m-%dT%H}")
'''


@pytest.fixture
def run(tmp_path):
    refuse_forgetful_engines()
    (tmp_path / "app.py").write_text(APP)
    for name in ("chalicelib", "infra", "local", "node_modules", "seeds"):
        (tmp_path / name).symlink_to(ROOT / name)
    with Run(cwd=tmp_path) as run:
        yield run


def noted(run, name):
    """What a function noted, but for the records that the seed writes: its documents and their numbers."""
    path = run.data / name
    lines = path.read_text().splitlines() if path.exists() else []
    return Counter(line for line in lines if not line.startswith(("DOCUMENT#", "NUMBER#")))


def test_whatever_is_killed_every_record_arrives_and_a_bad_one_holds_up_nobody(run):
    client = boto3.client("dynamodb", endpoint_url=f"http://127.0.0.1:{run.engine_port}", region_name="local")
    acknowledged = set()

    def write(name):
        client.put_item(TableName="yiciban-local-cases", Item={"pk": {"S": name}, "sk": {"S": "EVENT#000001"}})
        acknowledged.add(name)

    for number in range(120):
        if number == 30:
            write("BAD")
            acknowledged.discard("BAD")
        write(f"case-{number}")
        if number % 40 == 20:
            for word in ("local.pump", "dynoxide serve") if number == 60 else ("local.pump",):
                for pid in run.pids(word)[-1:]:
                    os.kill(pid, signal.SIGKILL)
            eventually(lambda: run.pids("dynoxide serve") and run.healthy())
        time.sleep(0.005)
    eventually(lambda: noted(run, "delivered").keys() >= acknowledged, 20)
    eventually(lambda: noted(run, "retried").keys() >= acknowledged, 20)
    assert noted(run, "delivered").keys() == noted(run, "retried").keys() == acknowledged
    parked = (run.data / "dead-letters" / "relay.jsonl").read_text()
    assert parked.count("\n") == 1 and '"BAD"' in parked
    assert run.ask("POST", "/local/clock", {"days": 2}).status == 200
    day = run.now().strftime("%Y-%m-%dT%H")
    (fired, times), = noted(run, "fired").items()         # two days missed, one firing: for the last hour of them
    assert times == 1 and fired.endswith(day)
