"""The package as Lambda gets it: what is in it, what it can do without anything beside it, twice the same bytes."""
import json
import os
import re
import subprocess
import sys
import zipfile

import pytest

from infra.archive import SERVICES, repack
from infra.package import NAMELESS, chalice, read
from tests.e2e.running import ROOT

LIMIT = 12_000_000                         # bytes
EVERYTHING = "import sys, json; sys.path.insert(0, sys.argv[1]); import app\n" \
             "from chalicelib.kernel.mounting import named\n" \
             "kinds = [made().store.kind for made in app.KINDS.values()]\n" \
             "jobs = [callable(named(one)) for one in sys.argv[2:]]\n" \
             "print(json.dumps([len(list(app.app.routes)), kinds == list(app.KINDS), len(app.RELAY.reactions), jobs]))"
CLIENTS = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
os.environ |= {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "cn-north-1"}
from io import BytesIO
from botocore.awsrequest import AWSResponse
from chalicelib.kernel import aws
CALLS = {"dynamodb": ("list_tables", b'{"TableNames": ["a"]}'), "sqs": ("list_queues", b'{"QueueUrls": ["a"]}'),
         "secretsmanager": ("list_secrets", b'{"SecretList": [{"Name": "a"}]}'),
         "s3": ("list_buckets", b"<R><Buckets><Bucket><Name>a</Name></Bucket></Buckets></R>")}
class Raw(BytesIO):
    def stream(self): yield self.read()
answered = []
for name in sys.argv[2:]:
    client, (verb, body) = aws.client(name), CALLS[name]
    client.meta.events.register("before-send", lambda request, **_: AWSResponse(request.url, 200, {}, Raw(body)))
    answered += [name] if '"a"' in json.dumps(getattr(client, verb)(), default=str) else []
print(json.dumps(sorted(answered)))
"""
DOORS = "import sys, json, importlib; sys.path.insert(0, sys.argv[1]); from chalicelib.kernel.doors import Doors\n" \
        "before = Doors.ended\n" \
        "found = [callable(getattr(importlib.import_module(one.rpartition('.')[0]), one.rpartition('.')[2]))" \
        " for one in sys.argv[2:]]\n" \
        "print(json.dumps([found, Doors.ended is not before]))"


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """(the zip, unpacked) as `make package` makes them, but by the Python of the tests."""
    built, to = chalice(tmp_path_factory.mktemp("work")), tmp_path_factory.mktemp("package")
    repack(built / "deployment.zip", to / "one.zip")
    repack(built / "deployment.zip", to / "two.zip")
    with zipfile.ZipFile(to / "one.zip") as archive:
        archive.extractall(to / "tree")
    return to


def alone(package, script, *arguments):
    """What a process says that has nothing but the package: no site-packages."""
    done = subprocess.run([sys.executable, "-S", "-c", script, str(package / "tree"), *arguments], cwd="/",
                          env=NAMELESS | {"PATH": os.environ["PATH"]}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_same_code_makes_the_same_bytes_and_few_of_them(package):
    one, two = ((package / f"{name}.zip").read_bytes() for name in ("one", "two"))
    assert one == two and len(one) <= LIMIT


def test_nothing_of_the_one_machine_run_the_tests_or_other_services_is_in_it(package):
    names = zipfile.ZipFile(package / "one.zip").namelist()
    assert not [name for name in names if name.partition("/")[0] in ("local", "tests", "infra", "seeds", "emulator")]
    services = {name.split("/")[2] for name in names if name.startswith("botocore/data/") and name.count("/") > 2}
    assert services == SERVICES
    assert not [name for name in names if name.endswith(".py")]


def test_every_client_that_the_functions_make_is_called_from_the_package_alone(package):
    assert alone(package, CLIENTS, *sorted(SERVICES)) == sorted(SERVICES)


def test_every_domain_kind_reaction_and_job_is_imported_from_the_package_alone(package):
    source = (ROOT / "app.py").read_text("utf-8")
    jobs = re.findall(r'"(domains\.\w+\.jobs:\w+)"', source)
    routes, kinds, reactions, found = alone(package, EVERYTHING, *jobs)
    assert routes > 100 and kinds and reactions > 20 and len(jobs) >= 3 and all(found)


def test_every_handler_is_there_and_the_authorizer_knows_of_ended_sessions(package):
    handlers = [row["handler"] for row in read("functions.yaml").values()]
    assert alone(package, DOORS, *handlers) == [[True] * len(handlers), True]
