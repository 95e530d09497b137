"""What comes in and goes out over WSGI: reading a body within limits, and answers, problems among them."""
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from chalicelib.kernel.problems import Problem, TooLarge

Environ = dict[str, Any]
Start = Callable[[str, list[tuple[str, str]]], Any]
DRAIN = 256 * 1024 * 1024                  # bytes of a refused body still read, so that its sender hears why


class BadGateway(Problem):
    """The function failed without an answer."""

    status, code, title = 502, "internal", "系统故障"


class TooSlow(Problem):
    """A part of the run did not do in time what was asked of it."""

    status, code, title = 504, "timeout", "处理超时"


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, body and headers of an answer."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = field(default=())

    def send(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Give the answer to WSGI."""
        try:
            phrase = HTTPStatus(self.status).phrase
        except ValueError:
            phrase = "Unknown"
        start(f"{self.status} {phrase}", [*self.headers, ("Content-Length", str(len(self.body)))])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else self.body]

    def with_headers(self, *headers: tuple[str, str]) -> "Answer":
        """Return the answer with further headers."""
        return Answer(self.status, self.body, (*self.headers, *headers))


def as_json(content: Any, status: int = 200) -> Answer:
    """Return an answer of JSON, which nobody keeps."""
    return Answer(status, json.dumps(content, ensure_ascii=False).encode(),
                  (("Content-Type", "application/json"), ("Cache-Control", "no-store")))


def as_problem(problem: Problem) -> Answer:
    """Return a problem as RFC 9457 has it."""
    body = json.dumps(problem.document(), ensure_ascii=False).encode()
    closing = (("Connection", "close"),) if problem.status == TooLarge.status else ()
    return Answer(problem.status, body, (("Content-Type", "application/problem+json"), ("Cache-Control", "no-store"),
                                         ("X-Content-Type-Options", "nosniff"), *closing))


def read(environ: Environ, most: int) -> bytes:
    """Return the body. Raise TooLarge for one of more than `most` bytes, having read it to its end."""
    stream, length = environ["wsgi.input"], environ.get("CONTENT_LENGTH")
    if length and int(length) <= most:
        return bytes(stream.read(int(length)))
    if not length and "HTTP_TRANSFER_ENCODING" not in environ:
        return b""
    body = b"" if length else bytes(stream.read(most + 1))
    if length or len(body) > most:
        drain(environ)
        raise TooLarge(f"请求体不得超过{most // (1024 * 1024)}兆字节")
    return body


def drain(environ: Environ) -> None:
    """Read the rest of the body and forget it: a client still sending would not read the answer."""
    left = DRAIN
    while left > 0 and (piece := environ["wsgi.input"].read(min(left, 1 << 16))):
        left -= len(piece)
