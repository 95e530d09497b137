"""Signs of life of the parts that answer no requests: a small file each, `<part>.beat`."""
import json
import os
import time
from datetime import datetime

from .folder import data, replace

FRESH = 15                                 # seconds after which an idle part without a sign is taken for dead
LONGEST = 900                              # seconds a function may work, as in Lambda


def beat(part: str, settled: datetime | None = None, busy: str = "") -> None:
    """Say that `part` lives, which function it is in, and up to which instant its work is done."""
    replace(data() / f"{part}.beat", json.dumps(
        {"pid": os.getpid(), "busy": busy, "settled": settled.isoformat() if settled else ""}))


def alive(part: str) -> bool:
    """Return whether `part` runs and has given a sign lately."""
    path = data() / f"{part}.beat"
    try:
        found = json.loads(path.read_text())
        age = time.time_ns() / 1e9 - path.stat().st_mtime
        os.kill(found["pid"], 0)
    except (FileNotFoundError, ProcessLookupError):
        return False
    return bool(age < (LONGEST if found["busy"] else FRESH))


def settled(part: str) -> datetime | None:
    """Return the instant up to which `part` has done its work; None if it has not said."""
    path = data() / f"{part}.beat"
    said = json.loads(path.read_text())["settled"] if path.exists() else ""
    return datetime.fromisoformat(said) if said else None
