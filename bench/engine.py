"""A bureau to measure: the engine with its data in memory, the declared tables, the seeds; gone afterwards."""
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from local.engine import Engine, chosen
from local.environment import of_parts
from local.probe import answers

MEMORY = Path("/dev/shm")
PATIENCE = 15                              # seconds until the engine must answer
MIDNIGHT = datetime(2026, 3, 10, 16, tzinfo=UTC)
"""When a measurement begins by its own clock: 00:00 of 2026-03-11 in Shanghai, so that every year gives the same."""
PYTHON = (sys.executable, "-m")


def install(began: float) -> None:
    """Put the local run's stand-ins in place, and a clock on which it was MIDNIGHT at `began` (time.monotonic())."""
    from chalicelib.kernel import now
    from local.install import install as stand_in
    stand_in()
    now.now = lambda: MIDNIGHT + timedelta(seconds=int(time.monotonic() - began))


@contextmanager
def bureau(port: int) -> Iterator[Engine]:
    """Run the engine at `port` and put its environment in place of ours, for this process and those it starts."""
    folder = Path(tempfile.mkdtemp(prefix="yiciban-bench-", dir=MEMORY if MEMORY.is_dir() else None))
    os.environ["LOCAL_DATA"] = str(folder)
    engine = chosen(os.environ, port)
    process = subprocess.Popen(engine.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + PATIENCE
        while not answers(engine.url):
            if time.monotonic() > until:
                raise TimeoutError("the engine does not answer")
            time.sleep(0.05)
        os.environ.update(of_parts(os.environ, engine, f"http://127.0.0.1:{port}"))
        told = subprocess.run((*PYTHON, "local.tables", *([str(engine.database)] if engine.database else [])),
                              check=True, capture_output=True, text=True).stdout
        os.environ.update(line.split("=", 1) for line in told.splitlines())
        subprocess.run((*PYTHON, "local.seed"), check=True)
        yield engine
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)
