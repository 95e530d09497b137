"""What could not be delivered in any way, kept for a person to look at: `dead-letters/<function>.jsonl`."""
import json
import os
from pathlib import Path
from typing import Any

from .folder import data


def folder() -> Path:
    """Return where the files lie."""
    return data() / "dead-letters"


def park(function: str, event: Any) -> None:
    """Put aside what `function` could not take."""
    folder().mkdir(exist_ok=True)
    with open(folder() / f"{function}.jsonl", "a", encoding="utf-8") as file:
        file.write(json.dumps(event, ensure_ascii=False, default=str) + "\n")
        file.flush()
        os.fsync(file.fileno())


def parked() -> dict[str, int]:
    """Return how many letters lie there, by function."""
    return {path.stem: len(path.read_text("utf-8").splitlines()) for path in sorted(folder().glob("*.jsonl"))}
