"""A run of its own for a test: free ports, a fresh folder, killed parts, no trace left."""
import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from local.engine import chosen
from local.objects import FolderObjects
from tests.support.tables import create_tables, forget_clients

ROOT = Path(__file__).parents[2]
MEMORY = Path("/dev/shm")
JSON = {"Content-Type": "application/json"}


def refuse_forgetful_engines():
    """Fail where the run would stand on an engine that loses acknowledged writes: nothing here would be proved."""
    if not chosen(os.environ, 0).keeps:
        pytest.fail("these tests need an engine that keeps what it acknowledged")


def folder():
    """A fresh folder, in memory where the machine has one."""
    return Path(tempfile.mkdtemp(prefix="yiciban-", dir=MEMORY if MEMORY.is_dir() else None))


@contextmanager
def tables_on_engine():
    """Let this process meet the engine of a run, with tables of its own, in place of moto."""
    refuse_forgetful_engines()
    with Run() as run:
        os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = f"http://127.0.0.1:{run.engine_port}"
        forget_clients()
        create_tables("test")
        yield
    del os.environ["AWS_ENDPOINT_URL_DYNAMODB"]
    forget_clients()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(what, seconds=15, pause=0.05):
    """Return the first true answer of `what`; fail if there is none in time."""
    until = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < until, f"not within {seconds} s: {what}"
        time.sleep(pause)
    return found


class Answer:
    """Status, headers (lower case) and body of an answer."""

    def __init__(self, status, headers, raw):
        self.status, self.raw = status, raw
        self.headers = {name.lower(): value for name, value in headers.items()}

    @property
    def json(self):
        return json.loads(self.raw)


class Run:
    """`python -m local` in `cwd`, on its own ports and folder; a context manager that leaves nothing."""

    def __init__(self, cwd=ROOT, **environment):
        self.cwd, self.data, self.environment = cwd, folder(), environment
        self.port, self.engine_port = free_port(), free_port()
        self.site = f"http://127.0.0.1:{self.port}"
        self.process = None

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        for pid in self.survivors():
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.data, ignore_errors=True)

    def command(self):
        """What starts the run, and its environment."""
        return {"args": [sys.executable, "-m", "local"], "cwd": self.cwd, "stdin": subprocess.DEVNULL,
                "env": {**os.environ, "LOCAL_DATA": str(self.data), "PORT": str(self.port),
                        "ENGINE_PORT": str(self.engine_port), **self.environment}}

    def start(self, seconds=30):
        """Start and wait until it says that it is ready; return how many seconds that took."""
        began = time.monotonic()
        with open(self.data / "log", "ab") as log:
            self.process = subprocess.Popen(**self.command(), stdout=log, stderr=log, start_new_session=True)
        while self.process.poll() is None and time.monotonic() - began < seconds:
            if "ready (docs" in self.said():
                return time.monotonic() - began
            time.sleep(0.05)
        pytest.fail(f"not ready after {seconds} s; it said:\n{self.said()}")

    def stop(self, how=signal.SIGINT):
        """Stop it; return its exit code, None if it was not running."""
        if self.process is None or self.process.poll() is not None:
            return None
        self.process.send_signal(how)
        code = self.process.wait(timeout=15)
        (self.data / "log").unlink(missing_ok=True)
        return code

    def said(self):
        """Return everything that the run has printed since it started."""
        return (self.data / "log").read_text("utf-8")

    def survivors(self):
        """Return the processes that know this run's folder."""
        mark, found = f"LOCAL_DATA={self.data}".encode(), []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0") and entry.name != str(os.getpid()):
                    found.append(int(entry.name))
            except OSError:
                continue
        return found

    def pids(self, word):
        """Return the processes of this run whose command line holds `word`, the oldest first."""
        held = []
        for pid in self.survivors():
            try:
                line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
                started = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
            except OSError:
                continue
            if word in line:
                held.append((started, pid))
        return [pid for _, pid in sorted(held)]

    def ask(self, method, path, content=None, headers=None):
        """Send a request; bytes as they are, anything else as JSON."""
        raw = content if content is None or isinstance(content, bytes) else json.dumps(content).encode()
        request = urllib.request.Request(path if path.startswith("http") else self.site + path, raw,
                                         headers if headers is not None else JSON, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as found:
                return Answer(found.status, found.headers, found.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def token(self, role, unit="", person="p-e2e", level=3):
        """Return headers that sign in as somebody in one office."""
        office = {"role": role, "unit": unit, "area": unit[:12]}
        given = self.ask("POST", "/local/sessions", {"person": person, "offices": [office], "level": level})
        return {"Authorization": f"Bearer {given.json['token']}", "Idempotency-Key": uuid.uuid4().hex, **JSON}

    def healthy(self):
        """Whether every part lives."""
        try:
            return self.ask("GET", "/health").status == 200
        except OSError:
            return False

    def objects(self):
        """Return the run's object store as its own server sees it."""
        kept = json.loads((self.data / "secrets.json").read_text())
        return FolderObjects(self.data / "objects", base64.b64decode(kept["DATA_KEY"]), self.site, self.now)

    def now(self):
        """Return what the run takes for the present."""
        return datetime.fromisoformat(self.ask("GET", "/local/clock").json["now"])


def form(fields, file):
    """Return the body and headers of multipart/form-data, the file last."""
    mark = uuid.uuid4().hex
    lines = b"".join(f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
                     for name, value in fields.items())
    lines += f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'.encode() + file
    return lines + f"\r\n--{mark}--\r\n".encode(), {"Content-Type": f"multipart/form-data; boundary={mark}"}
