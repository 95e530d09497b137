"""The emulator as a process: started on a free port, ended with the test, whatever happens."""
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
PYTHON = HERE.parent / ".venv-emulator" / "bin" / "python"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1",
               "AWS_EC2_METADATA_DISABLED": "true"}
START = 30                                 # seconds it may take to answer


@contextmanager
def emulator(port: int, folder: Path) -> Iterator[str]:
    """Run the emulator; yield its address. Its log is `folder`/emulator.log. Raise SystemExit if it does not start."""
    address = f"http://127.0.0.1:{port}"
    given = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | CREDENTIALS | {
        "GATEWAY_PORT": str(port), "MINISTACK_HOST": "127.0.0.1", "EMULATOR_CLOCK": str(folder / "clock"),
        "PYTHONPATH": str(HERE / "clock"), "PYTHONUTF8": "1",
        "AUTH": "true"}                # every call is held against the role of the function that makes it
    with open(folder / "emulator.log", "wb") as log:
        process = subprocess.Popen([PYTHON, "-m", "ministack"], cwd=folder, env=given, stdout=log, stderr=log,
                                   start_new_session=True)
        try:
            _wait(process, address)
            yield address
        except BaseException:
            print((folder / "emulator.log").read_text("utf-8", "replace")[-6000:], file=sys.stderr)
            raise
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", address: str) -> None:
    last = time.monotonic() + START
    while time.monotonic() < last and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_ministack/health", timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    sys.exit("emulator: it did not start; see its log")
