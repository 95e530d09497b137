"""A client of the running bureau, as the demonstration needs it: HTTP alone, no knowledge of the code."""
import hashlib
import json
import secrets
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

PATIENCE = 120                             # seconds for one answer: where the clock moves far, much falls due at once


class Failed(AssertionError):
    """An expectation of the demonstration was not met."""


@dataclass
class Answer:
    """What came back; header names in lower case, `body` parsed where it is JSON."""

    status: int
    headers: dict[str, str]
    body: Any


def ask(method: str, url: str, content: Any = None, headers: dict[str, str] | None = None) -> Answer:
    """Send one request and return the answer, a problem included. `content`: JSON, or bytes as they are."""
    empty = b"" if method == "POST" else None
    raw = content if isinstance(content, bytes) else empty if content is None else json.dumps(content).encode()
    given = {"Content-Type": "application/json", **(headers or {})}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, raw, given, method=method), timeout=PATIENCE) as found:
            status, head, text = found.status, found.headers, found.read()
    except urllib.error.HTTPError as error:
        status, head, text = error.code, error.headers, error.read()
    body = json.loads(text) if "json" in head.get("Content-Type", "") and text else text.decode()
    return Answer(status, {name.lower(): value for name, value in head.items()}, body)


@dataclass
class Person:
    """Somebody who uses the bureau: a person in one office, with a token as fresh as the clock asks for."""

    site: str
    word: str                              # how the demonstration calls them
    role: str
    unit: str = ""
    person: str = ""
    level: int = 3
    token: str = ""
    clocks: set[str] = field(default_factory=set)      # paths of the clocks of the cases that they were shown

    def send(self, method: str, path: str, content: Any = None, key: str = "", **headers: str) -> Answer:
        """Send a request with this person's token; without one they sign in first."""
        if not self.token:
            self.sign_in()
        sent = {"Authorization": f"Bearer {self.token}", **headers}
        if method == "POST":
            sent["Idempotency-Key"] = key or uuid.uuid4().hex
        answer = ask(method, f"{self.site}{path}", content, sent)
        self.note(path, answer.body)
        return answer

    def note(self, path: str, body: Any) -> None:
        """Remember the clocks of a case just shown under its own path, running ones and those that will have ended."""
        if isinstance(body, dict) and (case := body.get("case")) and "clocks" in body and f"/{case['id']}" in path:
            base = path[:path.index(case["id"])] + case["id"]
            self.clocks |= {f"{base}/clocks/{clock['name']}" for clock in body["clocks"]}

    def get(self, path: str) -> Any:
        return self.ok(self.send("GET", path), path)

    def post(self, path: str, content: Any, **headers: str) -> Any:
        return self.ok(self.send("POST", path, content, **headers), path)

    def sign_in(self) -> None:
        """Get a token for this office from the door that only a local run has."""
        area = self.unit[:12]
        office = {"role": self.role, "unit": self.unit, "area": area}
        made = ask("POST", f"{self.site}/local/sessions", {
            "person": self.person or f"demo-{self.role}-{self.unit[13:]}-{self.word}", "offices": [office],
            "level": self.level})
        self.token = self.ok(made, "/local/sessions")["token"]

    @staticmethod
    def ok(answer: Answer, path: str) -> Any:
        if answer.status >= 300:
            raise Failed(f"{path}: {answer.status} {answer.body}")
        return answer.body

    def upload(self, area: str, name: str, content: bytes, kind: str = "application/pdf", person: str = "") -> str:
        """Announce, upload and confirm a file; return the material's id."""
        body = {"area": area, "name": name, "content_type": kind, "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(), **({"person": person} if person else {})}
        reserved = self.post("/materials", body)
        post_form(reserved["upload"]["url"], reserved["upload"]["fields"], name, content, kind)
        self.post(f"/materials/{reserved['material']}/acts", {"act": "confirm"})
        return str(reserved["material"])


def post_form(url: str, fields: dict[str, str], name: str, content: bytes, kind: str) -> None:
    """Post a file as multipart/form-data, as a browser or the mini-program does. Raise Failed unless it is taken."""
    mark = secrets.token_hex(16)
    parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
             for field, value in fields.items()]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{quote(name)}"\r\nContent-Type: {kind}'
    body = b"".join(parts) + head.encode() + b"\r\n\r\n" + content + f"\r\n--{mark}--\r\n".encode()
    answer = ask("POST", url, body, {"Content-Type": f"multipart/form-data; boundary={mark}"})
    if answer.status >= 300:
        raise Failed(f"upload: {answer.status} {answer.body}")


def until(what: str, found: Callable[[], Any], seconds: float = 20) -> Any:
    """Ask until there is something: reactions follow events by moments."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := found():
            return result
        time.sleep(0.1)
    raise Failed(f"waited {seconds:.0f} s in vain for {what}")
