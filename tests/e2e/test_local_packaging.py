"""The doors of the local run exist in no packaged stage."""
import json
import os
import shutil
import subprocess
import sys
import zipfile

import pytest
from chalice.deploy.packager import AppOnlyDeploymentPackager, DependencyBuilder
from chalice.utils import UI, OSUtils

from tests.e2e.running import ROOT

LOOK = "import json, sys; from app import app; print(json.dumps([sorted(app.routes), sorted(sys.modules)]))"


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """What `chalice package` puts into the zip of the functions, unpacked."""
    project, unpacked = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("unpacked")
    shutil.copy(ROOT / "app.py", project)
    for name in ("chalicelib", "local"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    system = OSUtils()
    made = AppOnlyDeploymentPackager(system, DependencyBuilder(system), UI()).create_deployment_package(
        str(project), "python3.11")
    with zipfile.ZipFile(made) as archive:
        archive.extractall(unpacked)
    return unpacked


def test_the_package_holds_the_app_and_nothing_of_the_local_run(package):
    assert sorted(path.name for path in package.iterdir()) == ["app.py", "chalice", "chalicelib"]


def test_the_packaged_app_starts_without_the_local_run_and_has_none_of_its_doors(package):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"STAGE": "prod"}
    seen = subprocess.run([sys.executable, "-c", LOOK], cwd=package, env=environment, capture_output=True, text=True)
    assert seen.returncode == 0, seen.stderr
    routes, modules = json.loads(seen.stdout.splitlines()[-1])
    assert "/applications" in routes
    assert not [path for path in routes if path.startswith(("/local", "/docs"))]
    assert not [name for name in modules if name.partition(".")[0] in ("local", "granian", "aws_croniter")]
