"""The bureau on its engine: the demonstration, fifty at once, a part killed in the middle, and the records after."""
import json
import os
import signal
import socket
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest

import app
from chalicelib.kernel.record import Event, replay
from chalicelib.kernel.table import from_wire
from local.client import Person
from tests.e2e.running import ROOT, Run, eventually, refuse_forgetful_engines

AREA = "430199000000"
HALL = f"{AREA}.hall"
CLIENTS = 50


@pytest.fixture(scope="module")
def run():
    refuse_forgetful_engines()
    with Run() as made:
        yield made


def demo(run, *more):
    return subprocess.run([sys.executable, "-m", "local.demo", *more], cwd=ROOT, capture_output=True, text=True,
                          timeout=120, env={**os.environ, "SITE": run.site})


def records(run):
    """Every item of the table of cases, by partition."""
    client = boto3.client("dynamodb", endpoint_url=f"http://127.0.0.1:{run.engine_port}", region_name="local",
                          aws_access_key_id="x", aws_secret_access_key="x")
    found = {}
    for page in client.get_paginator("scan").paginate(TableName="yiciban-local-cases"):
        for item in map(from_wire, page["Items"]):
            found.setdefault(item["pk"], {})[item["sk"]] = item
    return found


def audit(run):
    """Every number once, replay equal to state, for every case; return how many cases there are."""
    audited = 0
    for pk, items in records(run).items():
        if "STATE" not in items:
            continue
        events = [Event.model_validate(items[sk]) for sk in sorted(items) if sk.startswith("EVENT#")]
        assert [event.number for event in events] == list(range(1, items["STATE"]["version"] + 1)), pk
        kind, _, case_id = pk.partition("#")
        model = app.KINDS[kind]().store.model
        assert replay(model, events) == model.model_validate({**items["STATE"], "id": case_id}), pk
        audited += 1
    return audited


def at_once(deed):
    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(deed, range(CLIENTS)))


def citizen(run):
    clerk = Person(run.site, "窗口", "clerk", HALL)
    number = "11010519491231002X"
    entered = clerk.post("/accounts/persons", {"kind": "natural", "name": "示例", "number": number})
    return Person(run.site, "申请人", "citizen", person=entered["id"])


def an_item(run):
    return run.ask("GET", f"/catalogue/items?area={AREA}&q=spjyxk").json["items"][0]["code"]


def test_the_demonstration_passes_twice_on_the_same_data(run):
    for _ in range(2):
        played = demo(run)
        assert played.returncode == 0, played.stdout[-2000:] + played.stderr
    assert audit(run) > 10


def test_fifty_clients_with_one_key_open_one_case(run):
    who, key, item = citizen(run), uuid.uuid4().hex, an_item(run)
    who.sign_in()
    answers = at_once(lambda _: who.send("POST", "/applications", {"area": AREA, "item": item}, key=key))
    assert {answer.status for answer in answers} <= {201, 503} and len(
        {answer.body["case"]["id"] for answer in answers if answer.status == 201}) == 1
    assert sum(answer.headers.get("idempotent-replayed") != "true" for answer in answers if answer.status == 201) == 1
    audit(run)


def test_fifty_acts_on_one_case_at_once_take_each_number_once(run):
    who, item = citizen(run), an_item(run)
    case = who.post("/applications", {"area": AREA, "item": item})["case"]["id"]
    path = f"/applications/{case}"
    answers = at_once(lambda n: who.send("POST", f"{path}/acts", {"act": "revise", "form": {"n": str(n)},
                                                                  "materials": {}}))
    done = sum(answer.status == 200 for answer in answers)
    assert {answer.status for answer in answers} <= {200, 409, 503} and done >= 1
    assert who.get(path)["version"] == 1 + done
    audit(run)


def test_of_two_clerks_with_the_same_version_one_wins(run):
    who, item = citizen(run), an_item(run)
    made = who.post("/applications", {"area": AREA, "item": item})
    path = f"/applications/{made['case']['id']}/acts"
    answers = at_once(lambda n: who.send("POST", path, {"act": "revise", "form": {"n": str(n)}, "materials": {}},
                                         **{"If-Match": '"1"'}))
    assert sorted({answer.status for answer in answers} - {503}) in ([200, 412], [200, 409, 412], [200, 409])
    assert sum(answer.status == 200 for answer in answers) == 1


@pytest.mark.parametrize("part", ["dynoxide", "granian", "local.pump", "local.scheduler"])
def test_a_part_killed_in_the_middle_loses_no_acknowledged_act_and_doubles_none(run, part):
    who, item = citizen(run), an_item(run)
    case = who.post("/applications", {"area": AREA, "item": item})["case"]["id"]
    path, acknowledged = f"/applications/{case}", set()

    def revise(n):
        body, key = {"act": "revise", "form": {"n": str(n)}, "materials": {}}, uuid.uuid4().hex
        if n == 10:
            for pid in run.pids(part)[:1]:
                os.kill(pid, signal.SIGKILL)

        def again():
            try:
                answer = who.send("POST", f"{path}/acts", body, key=key)
            except (OSError, ValueError):
                return None
            return answer if answer.status not in (502, 503, 500, 409) else None
        answer = eventually(again, 30, 0.2)
        assert answer.status == 200, answer.body
        acknowledged.add(answer.body["version"])

    for n in range(20):
        revise(n)
    eventually(run.healthy, 20)
    forms = [sk for sk in records(run)[f"APPLICATION#{case}"] if sk.startswith("FORM#")]
    assert len(forms) == 21 == who.get(path)["version"] and len(acknowledged) == 20
    audit(run)


def test_every_reaction_happened_for_all_of_that(run):
    events = [item for items in records(run).values() for sk, item in items.items()
              if sk.startswith("EVENT#") and item["pk"].startswith("APPLICATION#")]
    submitted = {(item["case_id"], item["number"]) for item in events if item["act"] in ("submit", "register")}

    def receipts():
        issued = [(item["changes"]["source"], item["changes"]["source_event"])
                  for items in records(run).values() for sk, item in items.items()
                  if sk == "EVENT#000001" and item["pk"].startswith("NOTICE#") and item["changes"]["sort"] == "receipt"]
        assert len(issued) == len(set(issued))
        return set(issued) == submitted
    eventually(receipts, 20)
    assert json.loads(run.ask("GET", "/health").raw)["engine"]["keeps"]


def test_a_search_in_plain_characters_finds_what_the_encoded_one_finds(run):
    with socket.create_connection(("127.0.0.1", run.port)) as line:
        asked = f"GET /catalogue/items?area={AREA}&q=食品 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        line.sendall(asked.encode())
        told = b"".join(iter(lambda: line.recv(65536), b""))
    encoded = run.ask("GET", f"/catalogue/items?area={AREA}&q=%E9%A3%9F%E5%93%81").json
    assert encoded["total"] > 0 and json.loads(told.partition(b"\r\n\r\n")[2])["total"] == encoded["total"]
