"""`make package`: dist/ with the zip of the functions and the two templates that CloudFormation takes.

    dist/<name>.zip      the code; its name follows from its bytes
    dist/data.json       what is kept
    dist/compute.json    what runs; its CodeUri names the zip
    dist/parameters.json the stage's values, from infra/stages/<stage>.yaml
"""
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

from .archive import repack
from .template import composed

HERE = Path(__file__).parent
ROOT = HERE.parent
CODE = ("app.py", "chalicelib", "requirements.txt", ".chalice")
NAMELESS = {"STAGE": "package", "RETRY_QUEUE_NAME": "retry", "SWEEP_QUEUE_NAME": "sweep",
            "CASES_STREAM_ARN": "arn:aws:dynamodb:us-east-1:000000000000:table/cases/stream/0",
            **{f"{name}_TABLE": name for name in ("CASES", "REFERENCE", "FIGURES", "ACCOUNTS", "INBOX")},
            "OBJECTS_BUCKET": "objects", "SITE_BUCKET": "site", "RETRY_QUEUE": "https://queue", "SWEEP_QUEUE": "https://queue",
            "SECRETS": "package", "TOKEN_ISSUER": "https://package", "TOKEN_AUDIENCE": "package",
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}
"""Settings that let app.py be imported while Chalice looks at it. None of them reaches the package."""


def read(name: str) -> Any:
    """Return what a file of infra/ says."""
    return yaml.safe_load((HERE / name).read_text("utf-8"))


def package(stage: str, to: Path) -> None:
    """Fill the folder `to`. Raise SystemExit with a reason if the stage is unknown or app.py cannot be packaged."""
    if not (HERE / "stages" / f"{stage}.yaml").exists():
        raise SystemExit(f"package: no stage {stage}: there is no infra/stages/{stage}.yaml")
    values = read(f"stages/{stage}.yaml")
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        built = chalice(Path(folder))
        repack(built / "deployment.zip", to / "code.zip")
        packaged = json.loads((built / "sam.json").read_text("utf-8"))
    name = f"{hashlib.sha256((to / 'code.zip').read_bytes()).hexdigest()[:32]}.zip"
    (to / "code.zip").rename(to / name)
    made = composed(packaged, read("compute.yaml"), read("functions.yaml"), read("alarms.yaml"), name,
                    values.get("provisioned", 0))
    _write(to / "compute.json", made)
    _write(to / "data.json", read("data.yaml"))
    _write(to / "parameters.json", {**values["parameters"], "Stage": stage.partition("-")[0], "Commit": commit()})


def commit() -> str:
    """Return the short name of the commit that is packaged, "" outside a repository."""
    asked = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return asked.stdout.strip()


def chalice(work: Path) -> Path:
    """Run `chalice package` on a copy of the code that is committed to nothing else; return its folder."""
    for name in CODE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, work / name, ignore=shutil.ignore_patterns("__pycache__", "deploy*"))
        else:
            shutil.copy(source, work)
    command = [str(Path(sys.executable).with_name("chalice")), "package", "--stage", "prod", "built"]
    done = subprocess.run(command, cwd=work, env={**os.environ, **NAMELESS}, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"package: chalice failed\n{done.stdout}{done.stderr}")
    return work / "built"


def _write(to: Path, content: Any) -> None:
    to.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    package(sys.argv[1], ROOT / "dist")
    for path in sorted((ROOT / "dist").iterdir()):
        print(f"dist/{path.name}: {path.stat().st_size:,} bytes")
