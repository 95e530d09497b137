"""Joining a run from another process: what the run says of itself in `run.json`, and the environment of its parts."""
import json
import os
from dataclasses import dataclass
from typing import Any

from .engine import CannotRun, Engine
from .environment import of_parts
from .folder import data, replace


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it last started: whether its process still lives, its site and engine, its streams by variable."""

    site: str
    engine: Engine
    streams: dict[str, str]
    lives: bool


def announce(site: str, engine: Engine, streams: dict[str, str]) -> None:
    """Say what this run is."""
    replace(data() / "run.json", json.dumps({
        "pid": os.getpid(), "site": site, "kind": engine.kind, "url": engine.url, "streams": streams}))


def find() -> Run:
    """Return the run that uses the folder, or used it last. Raise CannotRun if none ever did."""
    path = data() / "run.json"
    if not path.exists():
        raise CannotRun(f"nothing has run in {data()}/ yet; start with make run")
    said: dict[str, Any] = json.loads(path.read_text())
    try:
        os.kill(said["pid"], 0)
        lives = True
    except ProcessLookupError:
        lives = False
    return Run(said["site"], Engine(said["kind"], said["url"]), said["streams"], lives)


def join() -> Run:
    """Take the environment of the run's parts. Raise CannotRun if there is no run."""
    run = find()
    if not run.lives:
        raise CannotRun("nothing runs; start with make run")
    os.environ.update(of_parts(os.environ, run.engine, run.site) | run.streams)
    return run
