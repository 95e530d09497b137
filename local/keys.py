"""The keys of this run: made once, kept in `secrets.json`, readable by its owner alone.

`make rotate-keys STEP=...` changes those that sign; every process of the run meets the change with its next look.
"""
import base64
import json
import os
import secrets
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from chalicelib.kernel.secrets import Part
from infra.rotation import STEPS, Refused, first, ring, told

from . import clock
from .folder import data, finish, unfinished

AT_ONCE = timedelta()                      # every look is at the file
_seen: tuple[tuple[int, int], dict[str, str]] = ((0, 0), {})


def keys() -> dict[str, str]:
    """Return the members of `secrets.json`, which is made if there is none; one stat call when nothing has changed."""
    global _seen
    if not _file().exists():
        _write({"DATA_KEY": base64.b64encode(secrets.token_bytes(32)).decode(), **_members(*first().documents())})
    found = _file().stat()
    stamp = (found.st_mtime_ns, found.st_ino)
    if stamp != _seen[0]:
        _seen = (stamp, json.loads(_file().read_text()))
    return _seen[1]


def given(shape: type[Part]) -> dict[str, Any]:
    """Take the place of `kernel.secrets.given`: what outer services ask for comes from the environment."""
    known = {**os.environ, **keys()}
    return {name: known[name.upper()] for name in shape.model_fields if name.upper() in known}


def rotate(step: str) -> str:
    """Take a step of the rotation, or none (""); return one line on where it stands. Raise Refused."""
    kept = keys()
    lower = {name.lower(): value for name, value in kept.items()}
    before = ring(lower, {**lower, "coming": json.loads(kept["COMING"]) if "COMING" in kept else None})
    after = STEPS[step](before, clock.now(), AT_ONCE) if step else before
    if after != before:
        _write({"DATA_KEY": kept["DATA_KEY"], **_members(*after.documents())})
    return told(after)


def _members(*documents: dict[str, Any]) -> dict[str, str]:
    """Return documents as members of the file: named as variables are, anything but a text as JSON."""
    return {name.upper(): value if isinstance(value, str) else json.dumps(value)
            for document in documents for name, value in document.items()}


def _write(members: dict[str, str]) -> None:
    fresh = unfinished(_file())
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(members, file)
        file.flush()
        os.fsync(file.fileno())
    finish(fresh, _file())


def _file() -> Path:
    return data() / "secrets.json"


def main(arguments: list[str]) -> int:
    """Take the step named; say where the rotation stands."""
    step = arguments[0] if arguments else ""
    if step and step not in STEPS:
        print(f"rotate-keys: STEP is one of {', '.join(STEPS)}")
        return 1
    if not _file().exists():
        print(f"rotate-keys: nothing has run in {data()}/ yet; start with make run")
        return 1
    try:
        print(f"rotate-keys: {rotate(step)}")
    except Refused as refused:
        print(f"rotate-keys: {refused}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
