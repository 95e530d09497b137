"""`make bench-cold`: how long the packaged API function takes to import, beside bare Python with botocore's client.

The API function imports the kernel at once and a domain when the first request for it comes: both are told. Interleaved
runs, each a fresh process without site-packages; CPU seconds, medians. The unit is what any function in
Python pays that speaks to DynamoDB: `botocore.session.get_session().create_client("dynamodb")`.
"""
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
RUNS = 10
SPENT = "; import time; print(time.process_time())"
UNIT = 'import botocore.session; botocore.session.get_session().create_client("dynamodb", region_name="us-east-1")'
API = "import app"
FIRST = API + "; assert app.app.routes[{path!r}]"
PATHS = ("/applications", "/hotline/orders", "/ratings", "/supervision/cards", "/privacy/requests", "/complaints",
         "/figures/ranking")
"""Doors whose domain a first request imports as well, with all that its wiring rests on."""


def environment() -> dict[str, str]:
    """Return the variables that infra/compute.yaml gives the functions, as far as an import needs them."""
    from infra.package import NAMELESS
    return NAMELESS | {"PYDANTIC_DISABLE_PLUGINS": "1", "TOKEN_ISSUER": "https://api.example.org",
                       "PATH": os.environ["PATH"]}


def spent(tree: Path, what: str) -> float:
    """Return the CPU seconds of one fresh process that does `what` with the package in `tree`."""
    begin = f"import sys; sys.path.insert(0, {str(tree)!r}); "
    done = subprocess.run([sys.executable, "-S", "-B", "-c", begin + what + SPENT], env=environment(), cwd="/",
                          capture_output=True, text=True, check=True)
    return float(done.stdout.splitlines()[-1])


def main() -> None:
    """Print medians and ratios, and the same without byte-code."""
    code, = (ROOT / "dist").glob("*.zip")
    with tempfile.TemporaryDirectory() as folder:
        whole, bare = Path(folder) / "whole", Path(folder) / "bare"
        zipfile.ZipFile(code).extractall(whole)
        source(bare)
        runs = {"unit": (whole, UNIT), "api": (whole, API), "api without byte-code": (bare, API)} | {
            f"api and {path}": (whole, FIRST.format(path=path)) for path in PATHS}
        found: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(RUNS):
            for name, (tree, what) in runs.items():
                found[name].append(spent(tree, what))
    medians = {name: median(times) for name, times in found.items()}
    print(json.dumps({"runs": RUNS, "zip_bytes": code.stat().st_size,
                      "cpu_seconds": {name: round(time, 3) for name, time in medians.items()},
                      "ratio": {name: round(time / medians["unit"], 2) for name, time in medians.items()}}, indent=1))


def source(to: Path) -> None:
    """Lay out the package as Chalice builds it, without byte-code."""
    from infra.archive import trim
    from infra.package import chalice
    with tempfile.TemporaryDirectory() as work:
        zipfile.ZipFile(chalice(Path(work)) / "deployment.zip").extractall(to)
    trim(to)


if __name__ == "__main__":
    main()
