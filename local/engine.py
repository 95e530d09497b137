"""Which DynamoDB the run uses: the embedded engine, another endpoint, or moto where there is no engine."""
import hashlib
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .folder import data

HERE = "127.0.0.1"
BINARY = Path("node_modules/@dynoxide/linux-x64/dynoxide")
DIGEST = "be909b7910d3fb552e85db10ef3c8ebae4bd35fee0f26dffdb6dfa5cc656426e"
"""SHA-256 of the binary in version 1.2.1: npm takes a wrong integrity of an optional package for no error at all."""
FORGETFUL = "moto stands in for the engine: it forgets everything on exit and loses concurrent updates"


class CannotRun(Exception):
    """The run cannot start or go on; the message is the one line to say so."""


@dataclass(frozen=True, slots=True)
class Engine:
    """`command` starts it (none: someone else runs it); `database` is its file, if it is one we may add to."""

    kind: str
    url: str
    command: tuple[str, ...] = ()
    database: Path | None = None

    @property
    def keeps(self) -> bool:
        """Whether it keeps every acknowledged write. Tests of the whole run refuse an engine that does not."""
        return self.kind != "moto"


def chosen(environment: Mapping[str, str], port: int) -> Engine:
    """Return the engine for this machine. Raise CannotRun if the pinned one is missing or another lies in its place."""
    url = f"http://{HERE}:{port}"
    if elsewhere := environment.get("DYNAMODB_ENDPOINT"):
        return Engine("elsewhere", elsewhere.rstrip("/"))
    moto = Engine("moto", url, (sys.executable, "-u", "-m", "local.moto_engine", str(port)))
    if environment.get("LOCAL_ENGINE") == "moto":
        return moto
    if not BINARY.exists() and not _supported():
        return moto
    if not BINARY.exists() or hashlib.sha256(BINARY.read_bytes()).hexdigest() != DIGEST:
        raise CannotRun("the engine is missing or not the pinned one; remove node_modules/ and run again")
    database = data() / "dynamodb.sqlite"
    return Engine("dynoxide", url, (str(BINARY), "serve", "--host", HERE, "--port", str(port),
                                    "--db-path", str(database)), database)


def _supported() -> bool:
    return sys.platform == "linux" and platform.machine() in ("x86_64", "AMD64")
