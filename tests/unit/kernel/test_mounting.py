"""A function imports what it is called for, and no other domain."""
import json
import os
import subprocess
import sys
from pathlib import Path

from chalicelib.kernel.mounting import Routes, late

ROOT = Path(__file__).parents[3]
LOOK = """
import json, sys
from app import app
def loaded(): return sorted({name.split(".")[2] for name in sys.modules if name.startswith("chalicelib.domains.")})
found = [loaded()]
for path in ("/nowhere", "/maintenance"):
    found.append([path in app.routes, loaded()])
found.append([len(list(app.routes)) > 100, "disclosure" in loaded()])
print(json.dumps(found))
"""


def test_a_domain_is_imported_when_the_first_request_for_it_comes_and_all_when_the_routes_are_listed():
    done = subprocess.run([sys.executable, "-c", LOOK], cwd=ROOT, env=os.environ | {"STAGE": "prod"},
                          capture_output=True, text=True, check=True)
    nothing, nowhere, maintenance, everything = json.loads(done.stdout)
    assert nothing == [] and nowhere == [False, []] and everything == [True, True]
    assert maintenance[0] and "maintenance" in maintenance[1] and "disclosure" not in maintenance[1]


def test_a_copy_that_is_kept_warm_has_every_domain_before_its_first_request():
    look = "import sys, app; print(sum(name.endswith('.routes') for name in sys.modules))"
    warm = {"STAGE": "prod", "AWS_LAMBDA_INITIALIZATION_TYPE": "provisioned-concurrency"}
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, env=os.environ | warm, capture_output=True, text=True,
                          check=True)
    assert int(done.stdout.split()[-1]) >= 14


def test_an_api_is_registered_once_however_often_its_paths_are_asked_for():
    registered = []

    def register(prefix):
        registered.append(prefix)
        routes[f"{prefix}/things"]["GET"] = object()
    routes = Routes({}, ["/a", "/b"], register)
    assert routes["/a/things"] and "/a/things" in routes and "/a/things" in routes and "/a/others" not in routes
    assert registered == ["/a"]
    assert list(routes) == ["/a/things", "/b/things"] and registered == ["/a", "/b"]
    assert set(routes.keys()) == {path for path, _ in routes.items()}


def test_what_fails_to_be_registered_is_tried_again_at_the_next_request():
    tries = []

    def register(prefix):
        tries.append(prefix)
        if len(tries) == 1:
            raise ImportError
        routes["/a"]["GET"] = object()
    routes = Routes({}, ["/a"], register)
    try:
        found = "/a" in routes
    except ImportError:
        found = False
    assert not found and "/a" in routes and tries == ["/a", "/a"]


def test_a_late_name_is_what_it_names():
    assert late("kernel.identity:area_of")("430105000000.market") == "430105000000"
