"""A drill: a run is backed up while it works, destroyed, restored elsewhere, and goes on as if nothing had been."""
import base64
import contextlib
import hashlib
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from local import keys
from local.engine import CannotRun
from local.restore import unpack
from tests.e2e.running import ROOT, Run, eventually, folder, refuse_forgetful_engines

AREA = "430199000000"
APPLICANT = {"kind": "natural", "name": "测试申请人", "number": "11010519491231002X", "phone": "13800000000"}
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


def command(module, *arguments, data, **environment):
    """Start `python -m local.<module>` on a folder."""
    return subprocess.Popen([sys.executable, "-m", f"local.{module}", *map(str, arguments)], cwd=ROOT, text=True,
                            env={**os.environ, "LOCAL_DATA": str(data), **environment},
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def said(module, *arguments, data, **environment):
    """Run it to its end; return the exit code and what it said."""
    process = command(module, *arguments, data=data, **environment)
    return (process.communicate(timeout=30)[0].strip(), process.returncode)[::-1]


class Lost:
    """What was backed up of a run that is no more: its archive, and what the citizen and their case were."""

    def __init__(self, place):
        self.archive = place / "backup.zip"
        with Run() as run:
            item = run.ask("GET", f"/catalogue/items?area={AREA}&limit=1").json["items"][0]["code"]
            person = run.ask("POST", "/accounts/persons", APPLICANT, run.token("clerk", f"{AREA}.hall")).json["id"]
            self.citizen = run.token("citizen", person=person)
            self.draft = run.ask("POST", "/applications", {"area": AREA, "item": item}, self.citizen).json["case"]
            run.objects().put("430199000000/a/b", b"a file", "text/plain")
            run.ask("POST", "/local/clock", {"hours": 1})
            self.said, self.again = (said("backup", self.archive, data=run.data) for _ in range(2))
            self.later = run.ask("POST", "/applications", {"area": AREA, "item": item},
                                 {**self.citizen, "Idempotency-Key": "after-the-backup"}).json["case"]
            self.now = run.now()


@pytest.fixture(scope="module")
def lost():
    refuse_forgetful_engines()
    place = folder()
    yield Lost(place)
    shutil.rmtree(place)


@pytest.fixture
def empty():
    """A folder that is not there yet, in memory."""
    place = folder()
    yield place / "data"
    shutil.rmtree(place)


def test_a_backup_tells_what_it_holds_and_keeps_the_secrets_apart(lost):
    code, lines = lost.said
    assert code == 0 and "items in yiciban-local-cases" in lines
    assert lost.again == (1, f"backup: {lost.archive} is there already")
    secrets = Path(f"{lost.archive}.secrets.json")
    assert {path.stat().st_mode & 0o777 for path in (lost.archive, secrets)} == {0o600}
    with ZipFile(lost.archive) as archive:
        assert "secrets.json" not in archive.namelist() and "relay.checkpoint" in archive.namelist()
    assert [path.name for path in sorted(lost.archive.parent.iterdir())] == [lost.archive.name, secrets.name]


def test_what_was_destroyed_goes_on_elsewhere_with_the_same_tokens(lost):
    run = Run()
    assert said("restore", lost.archive, data=run.data)[0] == 0
    with run:
        mine = f"/applications/{lost.draft['id']}"
        assert run.ask("GET", mine, headers=lost.citizen).json["case"] == lost.draft, "with the token of the lost run"
        assert run.ask("GET", f"/applications/{lost.later['id']}", headers=lost.citizen).status == 404, "came later"
        assert run.objects().get("430199000000/a/b") == b"a file"
        assert (run.now() - lost.now).total_seconds() < 60, "the clock stands where it stood"
        code, lines = said("audit", data=run.data)
        assert code == 0 and lines.startswith("audit: ") and "NOT EQUAL" not in lines
        another = run.ask("POST", "/applications", {"area": AREA, "item": lost.draft["item"]},
                          {**lost.citizen, "Idempotency-Key": "on-it-goes-00001"})
        assert another.status == 201, another.raw.decode()
        nobody_is_logged_out(run, lost)


def nobody_is_logged_out(run, lost):
    """Change the keys under the running server, step by step, with a token of each time in hand."""
    def good(headers):
        return run.ask("GET", f"/applications/{lost.draft['id']}", headers=headers).status == 200

    old = lost.citizen
    assert stepped("sign", run) == (1, "rotate-keys: no key is announced: announce one first")
    assert stepped("announce", run)[0] == stepped("sign", run)[0] == 0
    person = run.ask("GET", "/accounts/me", headers=old).json["id"]
    fresh = run.token("citizen", person=person)
    assert good(old) and good(fresh) and kid(old) != kid(fresh)
    code, why = stepped("retire", run)
    assert code == 1 and why.startswith("rotate-keys: too early: every token of the old key has ended at ")
    run.ask("POST", "/local/clock", {"hours": 1.5})
    assert not good(old) and good(fresh), "it had its two hours"
    run.ask("POST", "/local/clock", {"hours": 0.6})
    newest = run.token("citizen", person=person)
    assert stepped("retire", run)[0] == stepped("retire", run)[0] == 0
    assert good(newest)


def stepped(step, run):
    """Take a step of the rotation on the run's folder; return the exit code and what was said."""
    with pytest.MonkeyPatch.context() as environment, contextlib.redirect_stdout(io.StringIO()) as lines:
        environment.setenv("LOCAL_DATA", str(run.data))
        return keys.main([step]), lines.getvalue().strip()


def kid(headers):
    """The id of the key that signed a token."""
    head = headers["Authorization"].removeprefix("Bearer ").partition(".")[0]
    return json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))["kid"]


def test_a_restore_killed_half_way_changes_nothing_and_is_run_again(lost, empty):
    empty.mkdir()
    (empty / "precious").touch()
    assert said("restore", lost.archive, data=empty) == (
        2, f"restore: there is data in {empty}/; choose another LOCAL_DATA, or OVERWRITE=yes to move it aside")
    process = command("restore", lost.archive, data=empty, OVERWRITE="yes")
    eventually((empty.parent / "data.restoring" / "secrets.json").exists)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert [path.name for path in empty.iterdir()] == ["precious"]
    code, lines = said("restore", lost.archive, data=empty, OVERWRITE="yes")
    assert code == 0 and "cases replayed equal (APPLICATION 1" in lines
    assert not (empty.parent / "data.restoring").exists()
    aside, = empty.parent.glob("data.before-*")
    assert (aside / "precious").exists(), "moved aside, not deleted"


@pytest.mark.parametrize("spoil, why", [
    ("a bit", "{archive} is no backup of ours, or is damaged"), ("cut", "{archive} is no backup of ours"),
    ("secrets", "{archive}.secrets.json are not the secrets of this backup"),
    ("a member more", "archive and manifest name different members, for example objects/more")])
def test_an_archive_that_is_not_what_was_written_is_refused_in_one_line(lost, tmp_path, spoil, why):
    archive, secrets = tmp_path / "spoilt.zip", tmp_path / "spoilt.zip.secrets.json"
    written, held = bytearray(lost.archive.read_bytes()), Path(f"{lost.archive}.secrets.json").read_bytes()
    if spoil == "a bit":
        written[len(written) // 2] ^= 1
    archive.write_bytes(written[:-30] if spoil == "cut" else written)
    if spoil == "a member more":
        with ZipFile(archive, "a") as file:
            file.writestr("objects/more", b"")
    secrets.write_bytes(held[:-1] if spoil == "secrets" else held)
    with pytest.raises(CannotRun) as refused:
        unpack(archive, secrets, tmp_path)
    assert str(refused.value).startswith(why.format(archive=archive)) and "\n" not in str(refused.value)


def test_a_backup_without_its_secrets_is_refused_before_anything_is_unpacked_in_place(lost, empty):
    bare = empty.with_name("bare.zip")
    shutil.copy(lost.archive, bare)
    assert said("restore", bare, data=empty) == (
        2, f"restore: there are no secrets of it at {bare}.secrets.json; say where with SECRETS=<file>")
    assert not empty.exists()


def test_a_state_that_its_events_do_not_tell_is_named_and_the_restore_refused(lost, empty):
    odd = empty.with_name("odd.zip")
    shutil.copy(f"{lost.archive}.secrets.json", f"{odd}.secrets.json")
    rewrite(lost.archive, odd)
    code, lines = said("restore", odd, data=empty)
    assert (code, lines) == (2, "restore: 1 cases are not what their events tell, the first "
                                f"APPLICATION#{lost.draft['id']}")
    assert not empty.exists()


def rewrite(archive, to):
    """Copy an archive whose manifest is right, but in which one state was changed by hand."""
    with ZipFile(archive) as file:
        members = {name: file.read(name) for name in file.namelist()}
    database = to.with_suffix(".sqlite")
    database.write_bytes(members["dynamodb.sqlite"])
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("""UPDATE "yiciban-local-cases" SET item_json = replace(item_json, '"draft"', '"granted"')
                              WHERE sk = 'S:STATE' AND pk LIKE 'S:APPLICATION#%'""")
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    members["dynamodb.sqlite"] = database.read_bytes()
    manifest = json.loads(members["manifest.json"])
    manifest["members"]["dynamodb.sqlite"] = {
        "size": len(members["dynamodb.sqlite"]), "sha256": hashlib.sha256(members["dynamodb.sqlite"]).hexdigest()}
    members["manifest.json"] = json.dumps(manifest).encode()
    with ZipFile(to, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
