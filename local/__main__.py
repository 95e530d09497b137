"""`make run`: engine, then tables and seeds, then server, pump and scheduler, until Ctrl-C. Leaves nothing running."""
import asyncio
import fcntl
import importlib.util
import os
import re
import shutil
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from .beside import announce
from .engine import FORGETFUL, HERE, CannotRun, Engine, chosen
from .environment import of_parts
from .folder import data
from .parts import Parts, say, tied
from .probe import answers, well

PYTHON = (sys.executable, "-u", "-m")
CODE = ("server", "pump", "scheduler")
NODE_MODULES = Path("node_modules")
MOST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Place:
    """Where the run lives: port and workers of its server, its engine, and the lock on its folder."""

    port: int
    workers: int
    engine: Engine
    lock: TextIO

    @property
    def site(self) -> str:
        return f"http://{HERE}:{self.port}"


def place() -> Place:
    """Take the folder and look at ports and engine. Raise CannotRun with the one line that says what is wrong."""
    port = _number("PORT", 8000, MOST_PORT)
    engine_port = _number("ENGINE_PORT", port + 1, MOST_PORT)
    data().mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = open(data() / "lock", "w")      # noqa: SIM115 (held until the process ends)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)       # the engine would let two processes open one database
    except OSError:
        raise CannotRun(f"another run uses {data()}/") from None
    if not NODE_MODULES.exists():
        if shutil.which("node") is None:
            raise CannotRun("Node 20 is needed and was not found")
        raise CannotRun("node_modules/ is missing; start with make run")
    engine = chosen(os.environ, engine_port)
    _free(port, "PORT")
    if engine.command:
        if engine_port > MOST_PORT or engine_port == port:
            raise CannotRun(f"PORT={port} leaves no port for the engine; choose a lower one or another ENGINE_PORT")
        _free(engine_port, "ENGINE_PORT")
    return Place(port, _number("WORKERS", 2, 64) if engine.keeps else 1, engine, lock)


def _number(name: str, default: int, most: int) -> int:
    given = os.environ.get(name, "")
    if given and not (re.fullmatch("[0-9]{1,9}", given) and 0 < int(given) <= most):
        raise CannotRun(f"{name} is to be a number from 1 to {most}")
    return int(given or default)


def _free(port: int, name: str) -> None:
    with socket.socket() as probe:
        if probe.connect_ex((HERE, port)) == 0:
            raise CannotRun(f"port {port} is taken; choose another with {name}=...")


def server(port: int, workers: int) -> tuple[str, ...]:
    """Return the command of the server: workers that take one event at a time, as Lambda does."""
    return (*PYTHON, "granian", "--interface", "wsgi", "--host", HERE, "--port", str(port), "--workers", str(workers),
            "--blocking-threads", "1", "--no-ws", "--log-level", "warning", "--workers-kill-timeout", "2",
            "--respawn-failed-workers", "--respawn-interval", "0.2", "local.server:application")


async def run(here: Place) -> int:
    """Run until a signal, or until a part cannot be kept alive; return the exit code."""
    environment = of_parts(os.environ, here.engine, here.site)
    parts = Parts(environment)
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(name, parts.stopping.set)
    parts.follow(_start(parts, here, environment))
    await parts.stopping.wait()
    if parts.fault:
        say("run", f"{parts.fault}; stopping all")
    await parts.end("tables", "seed", *CODE)
    await parts.end("engine")
    await asyncio.wait(parts.tasks, timeout=3)
    return 1 if parts.fault else 0


async def _start(parts: Parts, here: Place, environment: dict[str, str]) -> None:
    """Start the parts in order, each when the one before it is ready."""
    if here.engine.command:
        parts.start("engine", here.engine.command)
    await parts.until(lambda: answers(here.engine.url), "the engine does not answer")
    if not here.engine.keeps:
        say("run", f"WARNING: {FORGETFUL}")
    if parts.stopping.is_set():
        return
    database = [str(here.engine.database)] if here.engine.database else []
    printed = await parts.once("tables", (*PYTHON, "local.tables", *database))
    streams = dict(_pair(line) for line in printed.splitlines())
    environment.update(streams)
    announce(here.site, here.engine, streams)
    if not parts.stopping.is_set() and importlib.util.find_spec("local.seed"):
        for line in (await parts.once("seed", (*PYTHON, "local.seed"))).splitlines():
            say("seed", line)
    if parts.stopping.is_set():
        return
    parts.start("server", server(here.port, here.workers))
    for part in ("pump", "scheduler"):
        parts.start(part, (*PYTHON, f"local.{part}"))
    await parts.until(lambda: well(f"{here.site}/health"), "the parts do not come to life")
    if not parts.stopping.is_set():
        parts.up = True
        say("run", f"{here.site} ready (docs: /docs; Ctrl-C stops)")


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.partition("=")
    return name, value


def main() -> int:
    """Return the exit code: 0 when the user ended the run, 1 when it could not start or go on."""
    tied()
    try:
        return asyncio.run(run(place()))
    except CannotRun as error:
        say("run", str(error))
        return 1
    except KeyboardInterrupt:              # before there was anything to stop
        return 0


if __name__ == "__main__":
    sys.exit(main())
