"""The run on one machine: it starts, says what is wrong, survives the death of its parts, and leaves nothing behind."""
import hashlib
import os
import signal
import subprocess
import sys

import pytest

from tests.e2e.running import ROOT, Run, eventually, form, free_port, refuse_forgetful_engines

AREA = "430199000000"
APPLICANT = {"kind": "natural", "name": "测试申请人", "number": "11010519491231002X", "phone": "13800000000"}
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


@pytest.fixture(scope="module")
def run():
    refuse_forgetful_engines()
    with Run() as run:
        yield run


def refused(run, **environment):
    """Start once more with other settings; return the exit code and what was said."""
    command = run.command()
    command["env"] |= environment
    ended = subprocess.run(**command, capture_output=True, text=True, timeout=20)
    return ended.returncode, (ended.stdout + ended.stderr).strip()


def test_health_names_the_commit_the_engine_and_the_parts(run):
    answer = run.ask("GET", "/health")
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    assert answer.status == 200
    assert answer.json["commit"] == commit.stdout.strip()
    assert answer.json["engine"] == {"kind": "dynoxide", "keeps": True}
    assert answer.json["parts"].items() >= dict.fromkeys(("engine", "server", "pump", "scheduler"), True).items()


def test_a_second_run_on_the_same_folder_is_one_clear_line(run):
    assert refused(run, PORT=str(free_port())) == (1, f"run: another run uses {run.data}/")


@pytest.mark.parametrize("name, other", [("PORT", "ENGINE_PORT"), ("ENGINE_PORT", "PORT")])
def test_a_taken_port_is_one_clear_line(run, tmp_path, name, other):
    code, said = refused(run, **{"LOCAL_DATA": str(tmp_path), name: str(run.port), other: str(free_port())})
    assert (code, said) == (1, f"run: port {run.port} is taken; choose another with {name}=...")


@pytest.mark.parametrize("ports", [{"PORT": "65535", "ENGINE_PORT": ""}, {"PORT": "65534", "ENGINE_PORT": "65534"}])
def test_no_port_left_for_the_engine_is_one_clear_line(run, tmp_path, ports):
    code, said = refused(run, LOCAL_DATA=str(tmp_path), **ports)
    assert (code, said) == (1, f"run: PORT={ports['PORT']} leaves no port for the engine; choose a lower one "
                               "or another ENGINE_PORT")


def test_a_missing_node_is_one_clear_line(run, tmp_path):
    for name in ("local", "chalicelib", "infra"):
        (tmp_path / name).symlink_to(ROOT / name)
    run = Run(cwd=tmp_path, PATH="/nowhere")
    try:
        assert refused(run) == (1, "run: Node 20 is needed and was not found")
    finally:
        run.__exit__()


def test_an_engine_that_is_not_the_pinned_one_is_refused(run, tmp_path):
    for name in ("local", "chalicelib", "infra"):
        (tmp_path / name).symlink_to(ROOT / name)
    binary = tmp_path / "node_modules" / "@dynoxide" / "linux-x64" / "dynoxide"
    binary.parent.mkdir(parents=True)
    binary.write_text("another")
    run = Run(cwd=tmp_path)
    try:
        code, said = refused(run)
        assert (code, said.count("\n")) == (1, 0) and "not the pinned one" in said
    finally:
        run.__exit__()


@pytest.mark.parametrize("part, word, place", [
    ("engine", "dynoxide serve", 0), ("pump", "local.pump", 0), ("scheduler", "local.scheduler", 0),
    ("server", "granian --interface", 0), ("worker", "granian --interface", -1)])
def test_a_killed_part_comes_back(run, part, word, place):
    eventually(run.healthy)
    killed = run.pids(word)[place]
    os.kill(killed, signal.SIGKILL)
    eventually(lambda: killed not in run.pids(word))
    eventually(lambda: run.pids(word) and run.healthy())
    assert run.process.poll() is None


def test_records_and_files_outlast_the_run_and_the_second_start_is_quick():
    refuse_forgetful_engines()
    with Run() as run:
        item = run.ask("GET", f"/catalogue/items?area={AREA}&limit=1").json["items"][0]
        entered = run.ask("POST", "/accounts/persons", APPLICANT, run.token("clerk", f"{AREA}.hall"))
        citizen = run.token("citizen", person=entered.json["id"])
        draft = run.ask("POST", "/applications", {"area": AREA, "item": item["code"]}, citizen)
        assert draft.status == 201, draft.raw.decode()
        case = draft.json["case"]["id"]
        file = b"%PDF-1.7 a file"
        upload = run.objects().presign_upload("430199000000/a/b", "application/pdf", len(file),
                                              hashlib.sha256(file).hexdigest())
        assert run.ask("POST", upload.url, *form(upload.fields, file)).status == 204
        assert run.stop() == 0
        assert run.survivors() == []
        assert run.start() < 10
        assert run.ask("GET", f"/applications/{case}", headers=citizen).json["case"]["id"] == case
        assert run.objects().get("430199000000/a/b") == file
        os.kill(run.process.pid, signal.SIGKILL)       # now without a word of farewell
        run.process.wait()
        eventually(lambda: run.survivors() == [], seconds=6)


def test_another_endpoint_may_hold_the_records(run):
    with Run(DYNAMODB_ENDPOINT=f"http://127.0.0.1:{run.engine_port}") as guest:
        assert guest.ask("GET", "/health").json["engine"] == {"kind": "elsewhere", "keeps": True}
        assert guest.pids("dynoxide serve") == []


def test_moto_stands_in_with_one_worker_and_a_warning():
    with Run(LOCAL_ENGINE="moto") as run:
        assert run.said().count("WARNING: moto stands in for the engine: it forgets everything on exit") == 1
        answer = run.ask("GET", "/health")
        assert (answer.status, answer.json["engine"]) == (200, {"kind": "moto", "keeps": False})
        assert run.ask("GET", f"/catalogue/items?area={AREA}&limit=1").json["items"]
    with pytest.raises(pytest.fail.Exception), pytest.MonkeyPatch.context() as environment:
        environment.setenv("LOCAL_ENGINE", "moto")
        refuse_forgetful_engines()
