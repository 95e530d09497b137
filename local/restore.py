"""`make restore FROM=<file>`: the data of a backup in a folder of this machine, checked before anybody sees it.

The archive is unpacked into <folder>.restoring; each member is compared with the manifest; an engine is started on it
and every case replayed from its events. Only then does it become the folder, in one renaming. Whatever ends a restore
before leaves the folder as it was: run it again. Data that is there is not touched unless OVERWRITE=yes is said, and
then it is moved aside, not deleted.
"""
import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile

from . import audit, clock
from .backup import DATABASE, FORMAT, MANIFEST, PIECE, SECRETS, beside, counted, said
from .engine import HERE, CannotRun, chosen
from .environment import of_parts
from .folder import data
from .parts import tied
from .probe import answers

WRONG = 2                                  # what the process ends with where nothing was restored


def restore(archive: Path, secrets: Path, to: Path, overwrite: bool) -> tuple[dict[str, Any], Counter[str]]:
    """Put a backup into the folder `to`; return its manifest and the cases replayed. Raise CannotRun, nothing done."""
    with _alone(to) as staging:
        _free(to, overwrite)
        manifest = unpack(archive, secrets, staging)
        right, wrong = replayed(staging)
        if wrong:
            raise CannotRun(f"{len(wrong)} cases are not what their events tell, the first {wrong[0]}")
        _free(to, overwrite)               # a run may have begun there while the cases were replayed
        if any(to.glob("*")):
            to.rename(to.with_name(f"{to.name}.before-{clock.real():%Y%m%dT%H%M%S}"))
        staging.rename(to)                 # over an empty folder, if there is one
    return manifest, right


def unpack(archive: Path, secrets: Path, to: Path) -> dict[str, Any]:
    """Write the members below the empty folder `to`; return the manifest. Raise CannotRun if anything is amiss."""
    try:
        with ZipFile(archive) as file:
            manifest = _manifest(file)
            for name, told in manifest["members"].items():
                _extract(file, name, told, to)
    except (BadZipFile, zlib.error, KeyError, ValueError, EOFError) as error:
        raise CannotRun(f"{archive} is no backup of ours, or is damaged: {error}") from None
    held = secrets.read_bytes()
    if hashlib.sha256(held).hexdigest() != manifest["secrets_sha256"]:
        raise CannotRun(f"{secrets} are not the secrets of this backup")
    with open(os.open(to / SECRETS, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as kept:
        kept.write(held)
    with contextlib.closing(sqlite3.connect(to / DATABASE)) as connection:
        if (found := counted(connection)) != manifest["tables"]:
            raise CannotRun(f"the tables hold {found}, the manifest says {manifest['tables']}")
    return manifest


def replayed(folder: Path) -> tuple[Counter[str], list[str]]:
    """Start an engine on the folder's data and replay every case; return those that are equal and those that are not.

    It changes this process's environment: call it once.
    """
    os.environ["LOCAL_DATA"] = str(folder)
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        port = probe.getsockname()[1]
    engine = chosen({}, port)
    if not engine.keeps:
        raise CannotRun("the pinned engine does not run on this machine, and another cannot read the data")
    os.environ.update(of_parts(os.environ, engine, f"http://{HERE}"))
    process = subprocess.Popen(engine.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=tied)
    try:
        until = time.monotonic() + 30
        while not answers(engine.url):
            if process.poll() is not None or time.monotonic() > until:
                raise CannotRun("the engine does not start on the data")
            time.sleep(0.05)
        from .tables import create  # here: the environment of the engine first
        os.environ.update(create())
        return audit.here()
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def _alone(to: Path) -> Iterator[Path]:
    """Give the empty folder in which the data is made ready, to one restore at a time."""
    staging = to.with_name(f"{to.name}.restoring")
    staging.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = os.open(staging, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        raise CannotRun(f"another restore to {to}/ is at work") from None
    try:
        _empty(staging)                    # of what a restore that was ended has left
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)     # a restore that was refused leaves nobody's files behind
        os.close(held)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _free(to: Path, overwrite: bool) -> None:
    if not any(to.glob("*")):
        return
    if (to / "lock").exists():
        with open(to / "lock") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise CannotRun(f"a run uses {to}/; stop it first") from None
    if not overwrite:
        raise CannotRun(f"there is data in {to}/; choose another LOCAL_DATA, or OVERWRITE=yes to move it aside")


def _manifest(file: ZipFile) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(file.read(MANIFEST))
    if manifest["format"] != FORMAT:
        raise CannotRun(f"the backup has format {manifest['format']}; this commit reads {FORMAT}")
    if odd := {*file.namelist()} ^ {MANIFEST, *manifest["members"]}:
        raise CannotRun(f"archive and manifest name different members, for example {min(odd)}")
    return manifest


def _extract(file: ZipFile, name: str, told: dict[str, Any], to: Path) -> None:
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts:
        raise CannotRun(f"the archive names a place outside: {name}")
    path = to.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    size, digest = 0, hashlib.sha256()
    with file.open(name) as member, open(path, "wb") as copy:
        while piece := member.read(PIECE):
            digest.update(piece)
            size += copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())
    if (size, digest.hexdigest()) != (told["size"], told["sha256"]):
        raise CannotRun(f"{name} is not what the manifest says")


def main(arguments: list[str]) -> int:
    """`<file> [secrets]`: restore into LOCAL_DATA; say what came back."""
    if not arguments or not arguments[0]:
        print("restore: say from where, for example FROM=backups/monday.zip")
        return WRONG
    os.umask(0o077)                        # what is unpacked is for its owner alone
    archive, to = Path(arguments[0]), data()
    secrets = Path(arguments[1]) if arguments[1:] and arguments[1] else beside(archive)
    for what, file, how in (("is no backup", archive, "FROM"), ("are no secrets of it", secrets, "SECRETS")):
        if not file.is_file():
            print(f"restore: there {what} at {file}; say where with {how}=<file>")
            return WRONG
    try:
        manifest, right = restore(archive, secrets, to, os.environ.get("OVERWRITE") == "yes")
    except CannotRun as error:
        print(f"restore: {error}")
        return WRONG
    except OSError as error:
        print(f"restore: {error.filename or to} cannot be read or written: {error.strerror}")
        return WRONG
    for line in (*said(manifest), *audit.report(right, [])):
        print(f"restore: {line}")
    print(f"restore: {to}/ is ready; start it with make run")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
