"""`make backup TO=<file>`: one archive of all that a run keeps, taken while it runs.

The order makes it consistent. What says "this far it was done" (checkpoint, schedules, queues) is copied before the
tables: after a restore some of it is done again, which changes nothing. What the tables name (files, pages, the clock)
is copied after them: nothing that they name is missing. The tables are one snapshot of the engine's database.

`secrets.json` is no part of it: whoever finds the archive alone cannot open the sealed fields. It is copied beside the
archive, as <file>.secrets.json, to be kept elsewhere; without it a restore is refused.
"""
import contextlib
import glob
import hashlib
import json
import os
import re
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from . import clock
from .engine import CannotRun
from .environment import commit
from .folder import data, finish, unfinished

FORMAT = 1
MANIFEST, DATABASE, SECRETS = "manifest.json", "dynamodb.sqlite", "secrets.json"
PIECE = 1 << 20
LOOKS = 50                                 # at a folder whose files are renamed all the time, before giving up


class Archive:
    """An archive in the making: members and, for the manifest, what each is."""

    def __init__(self, file: Any):
        self.zip, self.members = ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1), dict[str, dict[str, Any]]()

    def add(self, name: str, source: Path) -> None:
        """Add a file. Raise FileNotFoundError, with nothing added, if it is gone."""
        size, digest = 0, hashlib.sha256()
        with open(source, "rb") as file, self.zip.open(name, "w", force_zip64=True) as member:
            while piece := file.read(PIECE):
                digest.update(piece)
                size += member.write(piece)
        self.members[name] = {"size": size, "sha256": digest.hexdigest()}

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest, the last member."""
        text = json.dumps({**manifest, "members": self.members}, ensure_ascii=False, indent=1)
        self.zip.writestr(MANIFEST, text)
        self.zip.close()


def back_up(to: Path) -> dict[str, Any]:
    """Write archive and secrets; return the manifest. Raise CannotRun if there is nothing to back up or `to` exists."""
    secrets = beside(to)
    if not (data() / DATABASE).exists():
        raise CannotRun(f"there is no database of the embedded engine in {data()}/")
    if to.exists():
        raise CannotRun(f"{to} is there already")
    held = (data() / SECRETS).read_bytes()
    if secrets.exists() and secrets.read_bytes() != held:
        raise CannotRun(f"{secrets} is there already, of another archive")
    to.parent.mkdir(parents=True, exist_ok=True)
    fresh = unfinished(to)
    _swept(to)
    try:
        with open(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            manifest = _filled(Archive(file), fresh.with_suffix(".sqlite"), held)
            file.flush()
            os.fsync(file.fileno())
        _write(secrets, held)
        finish(fresh, to)                  # last: an archive that is there is whole, and its secrets are beside it
    finally:
        fresh.unlink(missing_ok=True)
    return manifest


def _swept(to: Path) -> None:
    """Delete what a backup to the same place that was killed has left: the halves of processes that are no more."""
    for left in to.parent.glob(f"{glob.escape(to.name)}=*"):
        given = re.fullmatch(r"([0-9]+)\.(new|sqlite(-journal|-wal|-shm)?)", left.name.removeprefix(f"{to.name}="))
        if given and not Path(f"/proc/{given[1]}").exists():
            left.unlink(missing_ok=True)


def beside(archive: Path) -> Path:
    """Return where the secrets of an archive lie unless told otherwise."""
    return archive.with_name(f"{archive.name}.{SECRETS}")


def _filled(archive: Archive, scratch: Path, secrets: bytes) -> dict[str, Any]:
    taken_at = clock.real()
    for path in sorted(data().glob("*.checkpoint")) + sorted(data().glob("dead-letters/*.jsonl")):
        archive.add(_name(path), path)
    _if_there(archive, data() / "schedules.json")
    for folder in sorted(data().glob("queue/*/*")):
        _messages(archive, folder)
    try:
        tables = snapshot(data() / DATABASE, scratch)
        archive.add(DATABASE, scratch)
    finally:
        scratch.unlink(missing_ok=True)
    _if_there(archive, data() / "clock")
    for root in ("objects", "site"):
        for facts in sorted((data() / root).rglob("*=facts")):
            _object(archive, facts)
    manifest = {"format": FORMAT, "commit": commit(), "taken_at": taken_at.isoformat(),
                "clock": clock.now().isoformat(), "tables": tables,
                "secrets_sha256": hashlib.sha256(secrets).hexdigest()}
    archive.finish(manifest)
    return {**manifest, "members": archive.members}


def snapshot(database: Path, to: Path) -> dict[str, int]:
    """Copy a database as it stands at one instant, whoever writes to it; return the items of each table."""
    with contextlib.closing(sqlite3.connect(database, timeout=30)) as source, \
            contextlib.closing(sqlite3.connect(to)) as copy:
        source.backup(copy, pages=-1)      # in one step: it holds one reading of the write-ahead log
        return counted(copy)


def counted(connection: sqlite3.Connection) -> dict[str, int]:
    """Return the number of items of each table of the engine's database."""
    names = [name for name, in connection.execute("SELECT table_name FROM _tables ORDER BY table_name")]
    return {name: connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in names}


def _messages(archive: Archive, folder: Path) -> None:
    """Add the messages of a queue. One that is handed out meanwhile has a new name: look until nothing is new."""
    known, before = set[str](), -1
    for _ in range(LOOKS):
        if before == len(known):
            return
        before = len(known)
        for path in sorted(folder.glob("*.json")):
            if (message := path.stem.rpartition("-")[2]) not in known:
                with contextlib.suppress(FileNotFoundError):
                    archive.add(_name(path), path)
                    known.add(message)
    raise CannotRun(f"{folder} does not come to rest; try again")


def _object(archive: Archive, facts: Path) -> None:
    """Add an object's body and then its facts; one that is replaced meanwhile is looked at again."""
    for _ in range(LOOKS):
        try:
            text = facts.read_bytes()
            body = facts.with_name(f"{facts.name.removesuffix('facts')}{json.loads(text)['sha256'][:16]}")
            archive.add(_name(body), body)
        except FileNotFoundError:
            if not facts.exists():
                return
            continue
        if facts.read_bytes() == text:
            return archive.add(_name(facts), facts)
    raise CannotRun(f"{facts} does not come to rest; try again")


def _if_there(archive: Archive, path: Path) -> None:
    if path.exists():
        archive.add(_name(path), path)


def _name(path: Path) -> str:
    return path.relative_to(data()).as_posix()


def _write(to: Path, held: bytes) -> None:
    with open(os.open(to, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        file.write(held)
        file.flush()
        os.fsync(file.fileno())


def said(manifest: dict[str, Any]) -> Iterator[str]:
    """Yield the lines that tell of an archive."""
    files = sum(name.startswith(("objects/", "site/")) and name.endswith("=facts") for name in manifest["members"])
    yield f"taken at {manifest['taken_at']}, commit {manifest['commit'] or 'unknown'}, clock {manifest['clock']}"
    yield ", ".join(f"{count} items in {name}" for name, count in manifest["tables"].items())
    yield f"{files} files and pages, {len(manifest['members'])} members in all"


def main(arguments: list[str]) -> int:
    """Back up to the file named; say what is in it."""
    if len(arguments) != 1 or not arguments[0]:
        print("backup: say where, for example TO=backups/monday.zip")
        return 1
    os.umask(0o077)                        # the copy of the tables is for its owner alone, like the archive
    to = Path(arguments[0])
    try:
        manifest = back_up(to)
    except (CannotRun, OSError) as error:
        print(f"backup: {error}")
        return 1
    for line in said(manifest):
        print(f"backup: {line}")
    print(f"backup: {to} is written; its secrets are apart, in {beside(to)}: keep them elsewhere")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
