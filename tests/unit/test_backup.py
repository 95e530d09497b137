"""Backup and restore where they cannot begin, and after one that was killed; the drill is in e2e/test_backup.py."""
import os

import pytest

from local import backup, restore
from local.folder import unfinished


@pytest.mark.parametrize("there, said", [
    ((), "there is no backup at {archive}; say where with FROM=<file>"),
    (("archive",), "there are no secrets of it at {archive}.secrets.json; say where with SECRETS=<file>")])
def test_a_restore_from_what_is_not_there_says_so_in_one_line(tmp_path, monkeypatch, capsys, there, said):
    archive = tmp_path / "monday.zip"
    monkeypatch.setenv("LOCAL_DATA", str(tmp_path / "data"))
    if there:
        archive.write_bytes(b"")
    assert restore.main([str(archive)]) == 2
    assert capsys.readouterr().out == f"restore: {said.format(archive=archive)}\n"
    assert not (tmp_path / "data.restoring").exists()


def test_a_backup_clears_what_a_killed_one_left_and_nothing_else(tmp_path, monkeypatch):
    gone, to = 2 ** 22 + 1, tmp_path / "monday[1].zip"             # no process has such a number
    left = [tmp_path / f"{to.name}={gone}.{end}" for end in ("new", "sqlite", "sqlite-journal")]
    kept = [tmp_path / f"tuesday.zip={gone}.new", tmp_path / f"{to.name}=notes.new", tmp_path / f"{to.name}={gone}.txt"]
    living = tmp_path / f"{to.name}={os.getppid()}.new"
    for path in (*left, *kept, living):
        path.write_bytes(b"half")
    data = tmp_path / "data"
    data.mkdir()
    (data / backup.DATABASE).write_bytes(b"")
    (data / backup.SECRETS).write_bytes(b"{}")
    monkeypatch.setenv("LOCAL_DATA", str(data))
    monkeypatch.setattr(backup, "_filled", lambda archive, scratch, secrets: archive.finish({}))
    backup.back_up(to)
    assert to.exists() and not any(path.exists() for path in (*left, unfinished(to)))
    assert all(path.exists() for path in (*kept, living))
