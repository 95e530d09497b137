"""The folder in which a run keeps everything (`LOCAL_DATA`, `.data/` unless set), and writing that survives a kill."""
import os
from pathlib import Path
from typing import BinaryIO


def data() -> Path:
    """Return the run's folder."""
    return Path(os.environ.get("LOCAL_DATA", ".data"))


def replace(path: Path, content: str | bytes, durable: bool = False) -> None:
    """Write a file so that neither a reader nor a kill meets half of it. `durable` outlasts a power cut too."""
    fresh = unfinished(path)
    with open(fresh, "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        if durable:
            settle(file)
    finish(fresh, path, durable)


def unfinished(path: Path) -> Path:
    """Return where this process writes what is to become `path`; nobody takes it for the thing itself."""
    return path.with_name(f"{path.name}={os.getpid()}.new")


def finish(fresh: Path, path: Path, durable: bool = True) -> None:
    """Let the finished file `fresh` take its place as `path`."""
    os.replace(fresh, path)
    if durable:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def settle(file: BinaryIO) -> None:
    """Wait until what was written to `file` lies on the disk."""
    file.flush()
    os.fsync(file.fileno())
