"""The end of the demonstration: a stranger counts every deadline of its cases again, from the published files alone."""
from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .client import ask

if TYPE_CHECKING:
    from .story import Story

VERIFIER = Path(__file__).parents[1] / "tools" / "verify_deadline.py"


def every_deadline(story: Story) -> None:
    """Verify each clock that somebody of the demonstration can see; then plant a wrong day and see it caught."""
    with TemporaryDirectory() as folder:
        checked, calendars, planted = 0, dict[str, Any](), dict[str, Any]()
        for path, ledger in ledgers(story):
            name = ledger["calendar"]
            if name not in calendars:
                calendars[name] = ask("GET", f"{story.site}/calendars/versions/{quote(name)}").body
            code, said = verdict(Path(folder), ledger, calendars[name])
            story.expect(code == 0, f"the verifier agrees with {path}, was: {said}")
            checked, planted = checked + 1, ledger if ledger["due_on"] and len(ledger["lines"]) > 2 else planted
        story.say("路人", "凭公开日历独立核对期限", f"{checked} 个期限全部一致")
        planted["lines"][1]["counted"] = not planted["lines"][1]["counted"]
        code, said = verdict(Path(folder), planted, calendars[planted["calendar"]])
        story.expect(code == 1 and planted["lines"][1]["day"] in said, f"a planted wrong day is caught, was: {said}")
        story.say("路人", "核对被改动一日的计算表", said)


def ledgers(story: Story) -> Iterator[tuple[str, Any]]:
    """Yield (path, ledger) of every clock that people of the demonstration have seen on a case and may read now."""
    done = set[str]()
    for person in story.people:
        for path in sorted(person.clocks - done):
            answer = person.send("GET", path)
            story.expect(answer.status in (200, 404), f"a ledger is there or hidden, was {answer.status} for {path}")
            if answer.status == 200:
                done.add(path)
                yield path, answer.body


def verdict(folder: Path, ledger: Any, calendar: Any) -> tuple[int, str]:
    """Run the verifier as anybody would: two files, no code of ours beside it. Return exit code and words."""
    files = [folder / "clock.json", folder / "calendar.json"]
    for file, content in zip(files, (ledger, calendar), strict=True):
        file.write_text(json.dumps(content), "utf-8")
    found = subprocess.run([sys.executable, "-I", VERIFIER, *files], capture_output=True, text=True, encoding="utf-8",
                           env={"PYTHONIOENCODING": "utf-8"}, check=False)
    return found.returncode, found.stdout.strip() or found.stderr.strip()
