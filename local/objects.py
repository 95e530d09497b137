"""The object store in a folder, as the product's `kernel.objects` has it, with addresses signed by the data key.

Each object is two files: `<key>=<start of its SHA-256>`, the body, and `<key>=facts`, written last: an object is there
once its facts name its body, and replacing one never shows a reader the facts of one body and the bytes of another.
"""
import base64
import hmac
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote, urlencode

from chalicelib.kernel.objects import MINUTES, Stored, Upload

from . import clock
from .folder import data, finish, replace, settle, unfinished

DOOR = "/local/objects"


class Unacceptable(Exception):
    """An upload or download that was not signed so; `forged` if its signature or time does not hold."""

    def __init__(self, reason: str, forged: bool = False):
        super().__init__(reason)
        self.forged = forged


@dataclass(frozen=True)
class FolderObjects:
    """The objects under `root`; `site` is the address of the run, `secret` signs."""

    root: Path
    secret: bytes
    site: str
    clock: Callable[[], datetime] = clock.now

    @classmethod
    def of_run(cls) -> "FolderObjects":
        """Return the store of this run."""
        return cls._at("objects")

    @classmethod
    def of_site(cls) -> "FolderObjects":
        """Return the store of this run's public site."""
        return cls._at("site")

    @classmethod
    def _at(cls, folder: str) -> "FolderObjects":
        return cls(data() / folder, base64.b64decode(os.environ["DATA_KEY"]), os.environ["LOCAL_SITE"])

    def presign_upload(self, key: str, content_type: str, size: int, sha256: str) -> Upload:
        """Return a form that accepts exactly the file described, for MINUTES."""
        self._path(key)
        policy = base64.b64encode(json.dumps({
            "key": key, "content_type": content_type, "size": size, "sha256": sha256,
            "until": self._until()}).encode()).decode()
        return Upload(self.site + DOOR, {"key": key, "Content-Type": content_type, "policy": policy,
                                         "signature": self._sign("upload", policy)})

    def sign_download(self, key: str, name: str) -> str:
        """Return an address good for MINUTES that saves the object as a file called `name`."""
        until = self._until()
        signed = {"name": name, "until": until, "signature": self._sign("download", key, name, until)}
        return f"{self.site}{DOOR}/{quote(key)}?{urlencode(signed)}"

    def head(self, key: str) -> Stored | None:
        """Return what is stored under `key`, or None."""
        try:
            return Stored(**json.loads(self._facts(key).read_text()))
        except FileNotFoundError:
            return None

    def read(self, key: str, length: int) -> bytes:
        """Return the first `length` bytes. Raise KeyError if there is no such object."""
        return self._open(key, length)

    def get(self, key: str) -> bytes:
        """Return the whole object. Raise KeyError if there is none."""
        return self._open(key, -1)

    def put(self, key: str, body: bytes, content_type: str) -> None:
        """Write an object whole; the same key again replaces it."""
        stored = Stored(len(body), sha256(body).hexdigest(), content_type)
        target = self._body(key, stored)
        target.parent.mkdir(parents=True, exist_ok=True)
        replace(target, body, durable=True)
        self._name(key, stored)

    def delete(self, key: str) -> None:
        """Destroy an object: first the facts, then every body that was stored under the key."""
        path = self._path(key)
        self._facts(key).unlink(missing_ok=True)
        for body in path.parent.glob(f"{path.name}=*"):
            body.unlink(missing_ok=True)

    def accept(self, fields: dict[str, str], file: BinaryIO) -> None:
        """Store an uploaded file if its form was signed here and it is what was signed. Raise Unacceptable."""
        policy = fields.get("policy", "")
        self._check(fields.get("signature", ""), "upload", policy)
        given: dict[str, Any] = json.loads(base64.b64decode(policy))
        if self._late(given["until"]):
            raise Unacceptable("the form has expired", forged=True)
        if (fields.get("key"), fields.get("Content-Type")) != (given["key"], given["content_type"]):
            raise Unacceptable("key or type is not the one signed", forged=True)
        stored = Stored(given["size"], given["sha256"], given["content_type"])
        target = self._body(given["key"], stored)
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = unfinished(target)
        try:
            with open(fresh, "wb") as copy:
                if _copied(file, copy) != (stored.size, stored.sha256):
                    raise Unacceptable("size or SHA-256 is not the one signed")
                settle(copy)
            finish(fresh, target)
        finally:
            fresh.unlink(missing_ok=True)
        self._name(given["key"], stored)

    def permit(self, key: str, query: dict[str, str]) -> str:
        """Return the file name of a signed download. Raise Unacceptable if it was not signed here or is too late."""
        name, until = query.get("name", ""), query.get("until", "")
        self._check(query.get("signature", ""), "download", key, name, until)
        if self._late(until):
            raise Unacceptable("the address has expired", forged=True)
        return name

    def _open(self, key: str, length: int) -> bytes:
        for _ in range(2):                 # a body replaced between the two reads: the facts name the new one
            if (stored := self.head(key)) is None:
                break
            try:
                with open(self._body(key, stored), "rb") as file:
                    return file.read(length)
            except FileNotFoundError:
                continue
        raise KeyError(key)

    def _name(self, key: str, stored: Stored) -> None:
        """Let `key` be the body described, and drop the body that it was before."""
        before = self.head(key)
        replace(self._facts(key), json.dumps(asdict(stored)), durable=True)
        if before and before.sha256 != stored.sha256:
            self._body(key, before).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        steps = key.split("/")
        if any(step in ("", ".", "..") for step in steps):
            raise ValueError("a key is made of names and single strokes")
        return self.root.joinpath(*(quote(step, safe="") for step in steps))

    def _facts(self, key: str) -> Path:
        path = self._path(key)
        return path.with_name(f"{path.name}=facts")

    def _body(self, key: str, stored: Stored) -> Path:
        path = self._path(key)
        return path.with_name(f"{path.name}={stored.sha256[:16]}")

    def _sign(self, *parts: str) -> str:
        return hmac.new(self.secret, "\x1f".join(("local objects", *parts)).encode(), sha256).hexdigest()

    def _check(self, signature: str, *parts: str) -> None:
        if not hmac.compare_digest(self._sign(*parts).encode(), signature.encode()):
            raise Unacceptable("the signature is not ours", forged=True)

    def _until(self) -> str:
        return (self.clock() + timedelta(minutes=MINUTES)).isoformat()

    def _late(self, until: str) -> bool:
        return datetime.fromisoformat(until) < self.clock()


def _copied(file: BinaryIO, copy: BinaryIO) -> tuple[int, str]:
    """Copy a file; return its size and SHA-256 in hex."""
    size, digest = 0, sha256()
    while piece := file.read(1 << 16):
        size += copy.write(piece)
        digest.update(piece)
    return size, digest.hexdigest()
