"""The doors of a deployment by name: a domain is imported when the first request, event or schedule for it comes.

So a function's cold start pays for the kernel and for what it was called for, not for every domain that there is.
"""
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from pkgutil import resolve_name
from threading import RLock
from typing import Any

from chalice.app import Chalice, Response
from pydantic_core import to_json

from . import observe
from .http import HEADERS, Api, described, doors, finished
from .identity import NOBODY
from .settings import settings

WITHIN = "chalicelib."


def named(where: str) -> Any:
    """Return what `module:name` within chalicelib names, importing the module if it is not there yet."""
    return resolve_name(WITHIN + where)


def late(where: str) -> Callable[..., Any]:
    """Return a function that calls what `module:name` names, importing it only then."""
    return lambda *given: named(where)(*given)


class Apis(Mapping[str, Api]):
    """Every Api by its prefix. `where`: what it is called, as `module:name` within chalicelib."""

    def __init__(self, where: Mapping[str, str]):
        self.where = where

    def __getitem__(self, prefix: str) -> Api:
        api: Api = named(self.where[prefix])
        return api

    def __iter__(self) -> Iterator[str]:
        return iter(self.where)

    def __len__(self) -> int:
        return len(self.where)


class Routes(dict[str, dict[str, Any]]):
    """Chalice's table of routes: a path that is asked for mounts the Api of its prefix, whoever lists them mounts all.
    """

    def __init__(self, there: Mapping[str, dict[str, Any]], prefixes: Iterable[str], register: Callable[[str], None]):
        super().__init__(there)
        self.waiting, self.register, self.lock, self.registering = set(prefixes), register, RLock(), ""

    def __contains__(self, path: object) -> bool:
        self._mount([prefix_of(str(path))])
        return super().__contains__(path)

    def __missing__(self, path: str) -> dict[str, Any]:
        """Mount the Api of the path; where that registers it just now, give it its methods."""
        self._mount([prefix_of(path)])
        return self.setdefault(path, {})

    def __iter__(self) -> Iterator[str]:
        self._mount(sorted(self.waiting))
        return super().__iter__()

    def keys(self) -> Any:
        self._mount(sorted(self.waiting))
        return super().keys()

    def items(self) -> Any:
        self._mount(sorted(self.waiting))
        return super().items()

    def _mount(self, prefixes: Iterable[str]) -> None:
        for prefix in prefixes:
            if prefix in self.waiting:
                with self.lock:            # a second request for it waits until all its routes are there
                    if prefix in self.waiting and prefix != self.registering:
                        self.registering = prefix
                        try:
                            self.register(prefix)
                            self.waiting.discard(prefix)
                        finally:
                            self.registering = ""


def prefix_of(path: str) -> str:
    """Return the part of a path under which an Api is mounted."""
    return "/" + path.split("/")[1] if path.startswith("/") else path


def mount(app: Chalice, apis: Mapping[str, Api], examples: Path) -> None:
    """Register the authorizer and the description at /openapi.json; have every Api registered when it is asked for."""
    observe.started()
    app.api.binary_types = []              # text only; spares a header match per request
    description = cache(lambda: to_json(described(apis, json.loads(examples.read_text("utf-8")))).decode())
    app.route("/openapi.json")(lambda: finished(
        Response(description(), headers={"Content-Type": "application/json"}), app.current_request, NOBODY))
    app.register_blueprint(doors)
    app.routes = Routes(app.routes, apis, lambda prefix: _register(app, prefix, apis[prefix]))
    if settings().initialization == "provisioned-concurrency":
        app.routes.keys()                  # a copy that is kept warm has all of its domains before the first request


def _register(app: Chalice, prefix: str, api: Api) -> None:
    """Register the operations of an Api, and a preflight for each of its paths."""
    app.register_blueprint(api, url_prefix=prefix)
    for path in dict.fromkeys(operation.path for operation in api.operations):
        app.route(prefix + path, methods=["OPTIONS"], content_types=["*/*"])(
            lambda **_: finished(Response("", status_code=204, headers={
                "Access-Control-Allow-Methods": "GET,POST,OPTIONS", "Access-Control-Allow-Headers": HEADERS,
                "Access-Control-Max-Age": "7200"}), app.current_request, NOBODY))
