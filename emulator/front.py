"""A door before the emulator's gateway, so that the demonstration runs on it as on the one-machine run.

It forwards every request to API Gateway, and has what the demonstration needs besides: a token for any office (signed
with the deployment's own key), the clock of the functions, the public site. When the clock has moved, the schedules'
functions are called at once, as EventBridge would within the minute.
"""
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from chalicelib.kernel.problems import Problem
from local import clock, doors, exchange, uploads

UPLOAD = "/upload/"
SCHEDULES = ("Sweep", "Recount", "Publish", "Dispatch", "Keep")
FIRED = {"version": "0", "id": "0", "detail-type": "Scheduled Event", "source": "aws.events", "detail": {},
         "account": "000000000000", "region": "us-east-1", "resources": [], "time": "2026-01-01T00:00:00Z"}
"""What EventBridge says when a schedule fires. The functions take the time from their own clock."""
QUIET = 60                                 # seconds in which the queue of shards must have emptied


class Front:
    """What stands behind the door: the gateway's address, the clients of the emulator, the names in the stack."""

    def __init__(self, gateway: str, clients: Callable[[str], Any], names: dict[str, str], outputs: dict[str, str]):
        self.gateway, self.clients, self.names, self.outputs = gateway, clients, names, outputs
        self.door = ""

    def answer(self, environ: exchange.Environ) -> exchange.Answer:
        """Answer one request."""
        try:
            return self._answer(environ)
        except Problem as problem:
            return exchange.as_problem(problem)

    def _answer(self, environ: exchange.Environ) -> exchange.Answer:
        path = environ["PATH_INFO"]
        if path == "/local/sessions":
            return doors.open_session(environ)
        if path == "/local/clock":
            if environ["REQUEST_METHOD"] == "POST":
                move = doors._body(environ, doors.Move)
                clock.move(move.by, move.to)
                self.settle()
            return doors.read_clock(environ)
        if path.startswith("/site/"):
            return self._page(path.removeprefix("/site/"))
        if path.startswith(UPLOAD):
            return self._upload(environ)
        answer = self._forward(environ)
        store = self.clients("s3").meta.endpoint_url.encode()
        return exchange.Answer(answer.status, answer.body.replace(store, self.door.encode() + UPLOAD.encode()[:-1]),
                               answer.headers)

    def _upload(self, environ: exchange.Environ) -> exchange.Answer:
        """Store a posted file as S3 does, with the checksum of its form, which the emulator would drop."""
        fields, file = uploads.form(environ, int(environ["CONTENT_LENGTH"]))
        self.clients("s3").put_object(
            Bucket=self.outputs["ObjectsBucket"], Key=fields["key"], Body=file.read(),
            ContentType=fields["Content-Type"], ChecksumSHA256=fields["x-amz-checksum-sha256"])
        return exchange.Answer(204)

    def settle(self) -> None:
        """Run every schedule once and wait until all shards are swept."""
        for name in SCHEDULES:
            found = self.clients("lambda").invoke(FunctionName=self.names[name], Payload=json.dumps(FIRED))
            if "FunctionError" in found:
                raise AssertionError(f"{name}: {found['Payload'].read().decode()}")
        last = time.monotonic() + QUIET
        while any(self._waiting()):
            if time.monotonic() > last:
                raise AssertionError("the shards are not swept")
            time.sleep(0.1)

    def _waiting(self) -> list[int]:
        wanted = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        url = self.outputs["SweepDeadUrl"].removesuffix("-dead")
        found = self.clients("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=wanted)["Attributes"]
        return [int(found[name]) for name in wanted]

    def _page(self, key: str) -> exchange.Answer:
        try:
            found = self.clients("s3").get_object(Bucket=self.outputs["SiteBucket"],
                                                  Key=f"{key}index.html" if key.endswith("/") else key)
        except self.clients("s3").exceptions.NoSuchKey:
            return exchange.Answer(404)
        return exchange.Answer(200, found["Body"].read(), (("Content-Type", found["ContentType"]),))

    def _forward(self, environ: exchange.Environ) -> exchange.Answer:
        query = f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else ""
        asked = urllib.request.Request(self.gateway + environ["PATH_INFO"] + query, method=environ["REQUEST_METHOD"],
                                       data=exchange.read(environ, 10 << 20) or None, headers=environ["HEADERS"])
        try:
            with urllib.request.urlopen(asked, timeout=60) as found:
                return _answer(found.status, found)
        except urllib.error.HTTPError as error:
            return _answer(error.code, error)


def _answer(status: int, found: Any) -> exchange.Answer:
    return exchange.Answer(status, found.read(), tuple(
        (name, value) for name, value in found.headers.items()
        if name.lower() not in ("content-length", "connection", "transfer-encoding", "date", "server")))


@contextmanager
def serving(front: Front, port: int) -> Any:
    """Serve the door on `port`; yield its address."""
    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            path, _, query = self.path.partition("?")
            kept = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
            answer = front.answer({
                "REQUEST_METHOD": self.command, "PATH_INFO": path, "QUERY_STRING": query, "HEADERS": kept,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""), "wsgi.input": self.rfile,
                "CONTENT_LENGTH": self.headers.get("Content-Length", "")})
            self.send_response(answer.status)
            for name, value in (*answer.headers, ("Content-Length", str(len(answer.body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)
        do_GET = do_POST = _serve

        def log_message(self, *_: object) -> None:
            """Say nothing: the demonstration tells what happens."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    front.door = f"http://127.0.0.1:{port}"
    try:
        yield front.door
    finally:
        server.shutdown()
