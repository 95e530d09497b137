"""The server's WSGI application: the doors that only a local run has, and behind them the gateway."""
import os
import sys
import traceback
from collections.abc import Callable, Iterable

from .install import install

install()

from app import app  # noqa: E402 (what install replaces must be replaced before)
from chalicelib.kernel.problems import Forbidden, Problem  # noqa: E402

from . import doors, reference_page, site, uploads  # noqa: E402
from .exchange import Answer, Environ, Start, as_problem  # noqa: E402
from .gateway import Gateway  # noqa: E402
from .objects import DOOR  # noqa: E402

GATEWAY = Gateway(app)
HOSTS = {os.environ["LOCAL_SITE"].removeprefix("http://").replace("127.0.0.1", name)
         for name in ("127.0.0.1", "localhost")}
DOORS: dict[tuple[str, str], Callable[[Environ], Answer]] = {
    ("GET", "/local/clock"): doors.read_clock,
    ("POST", "/local/clock"): doors.move_clock,
    ("POST", "/local/sessions"): doors.open_session,
    ("POST", DOOR): uploads.upload,
    ("GET", "/health"): lambda environ: doors.health(environ, GATEWAY.answer),
    **{("GET", path): reference_page.page for path in reference_page.PATHS},
}


def application(environ: Environ, start: Start) -> Iterable[bytes]:
    """Answer one request."""
    try:
        answer = _answer(environ)
    except Problem as problem:
        answer = as_problem(problem)
    except Exception:
        traceback.print_exc(file=sys.stderr)
        answer = as_problem(Problem())
    return answer.send(environ, start)


def _answer(environ: Environ) -> Answer:
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    door = DOORS.get(("GET" if method == "HEAD" else method, path))
    if door is None and method in ("GET", "HEAD") and path.startswith(f"{DOOR}/"):
        door = uploads.download
    if door is None and method in ("GET", "HEAD") and path.startswith(f"{site.DOOR}/"):
        door = site.page
    if door is None:
        return GATEWAY.answer(environ)
    if path.startswith("/local/") and environ.get("HTTP_HOST") not in HOSTS:
        raise Forbidden("本机入口只接受本机地址")       # another site's page that has its name point here
    return door(environ)
