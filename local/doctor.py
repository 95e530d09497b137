"""`make doctor`: says what is stuck. Exit code 0 when nothing is, 1 otherwise."""
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3

from chalicelib.domains.disclosure.store import TRIES as PUBLISHING_TRIES
from chalicelib.domains.disclosure.store import UNPUBLISHED
from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.settings import settings
from chalicelib.kernel.sweep import ASIDE, TRIES
from chalicelib.kernel.table import Table

from . import clock
from .beat import alive
from .beside import join
from .dead_letters import folder, parked
from .engine import CannotRun
from .probe import answers
from .queue import FolderQueue
from .streams import Checkpoint, behind

NOTICE_MONTH = 12                          # by then the State Council has told next year's holidays
RUNBOOK = "docs/runbook.md"
WAIT = 1.5                                 # seconds in which a pump that works gets on


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    well: bool
    line: str
    note: bool = False                     # nothing is stuck, but somebody should know
    see: str = ""                          # section of docs/runbook.md

    @property
    def mark(self) -> str:
        return "STUCK" if not self.well else "note " if self.note else "ok   "

    @property
    def text(self) -> str:
        """The line, and where somebody reads what to do."""
        return self.line if self.well or not self.see else f"{self.line} (see {RUNBOOK}#{self.see})"


def parts(site: str, engine: str) -> Iterator[Finding]:
    """Which parts live."""
    lives = {"engine": answers(engine), "server": answers(f"{site}/health"),
             "pump": alive("pump"), "scheduler": alive("scheduler")}
    for part, well in lives.items():
        yield Finding(well, f"{part} {'lives' if well else 'does not answer'}")


def cases_aside(figures: Table) -> Iterator[Finding]:
    """Cases on which the system's own acts failed too often."""
    stuck = [item["sk"] for item in figures.every(ASIDE) if item["n"] >= TRIES]
    yield Finding(not stuck, f"{len(stuck)} cases put aside by the sweep", see="put-aside")
    yield from (Finding(False, f"  {sk}") for sk in stuck[:20])


def documents_aside(figures: Table) -> Iterator[Finding]:
    """Documents that the publishing job could not take to their end."""
    stuck = [item["sk"] for item in figures.every(UNPUBLISHED) if item["n"] >= PUBLISHING_TRIES]
    yield Finding(not stuck, f"{len(stuck)} documents put aside by the publishing job", see="put-aside")
    yield from (Finding(False, f"  DOCUMENT#{sk}") for sk in stuck[:20])


def letters(*queues: FolderQueue) -> Iterator[Finding]:
    """Messages that wait: reactions to be tried again, shards to be swept; and what was given up."""
    for queue in queues:
        waiting, dead = queue.count()
        yield Finding(True, f"{waiting} messages wait on queue {queue.name}")
        yield Finding(not dead, f"{dead} dead letters of queue {queue.name} (make redrive offers them again)",
                      see="dead-letters")
    for function, count in parked().items():
        yield Finding(False, f"{count} records put aside for {function} in {folder()}/{function}.jsonl",
                      see="dead-letters")


def lag(client: Any, arn: str, function: str) -> Finding:
    """How far a function is behind its stream; well when it is not, or is catching up."""
    checkpoint = Checkpoint(function, arn)
    at = checkpoint.read()
    before = behind(client, arn, at)
    if not before:
        return Finding(True, f"{function} is level with its stream")
    time.sleep(WAIT)
    moves = checkpoint.read() != at
    return Finding(moves, f"{function} is {before} records behind its stream{' and catching up' if moves else ''}",
                   see="relay-lag")


def calendar(reference: Reference) -> Finding:
    """Whether next year's holidays are published."""
    today = civil_day(clock.now())
    coming = today.year + 1
    known = any(notice.year == coming for notice in reference.calendar().notices)
    late = not known and today.month >= NOTICE_MONTH
    return Finding(not late, f"the calendar {'has' if known else 'lacks'} the notice for {coming}"
                             f"{'' if known else ' (its days are provisional)'}", note=not known)


def examine() -> Iterator[Finding]:
    """Look at everything. Raise CannotRun if nothing runs."""
    run = join()
    here = settings()
    yield from parts(run.site, run.engine.url)
    yield from cases_aside(Table(here.figures_table))
    yield from documents_aside(Table(here.figures_table))
    yield from letters(FolderQueue.at(here.retry_queue), FolderQueue.at(here.sweep_queue))
    yield lag(boto3.client("dynamodbstreams"), here.cases_stream_arn, "relay")
    yield calendar(Reference(Table(here.reference_table), clock.now))


def main() -> int:
    """Print the findings; return the exit code."""
    well = True
    try:
        for finding in examine():
            print(f"{finding.mark} {finding.text}", flush=True)
            well = well and finding.well
    except CannotRun as error:
        print(f"doctor: {error}")
        return 1
    except BrokenPipeError:                # whoever reads has seen enough (make doctor | head)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())     # the interpreter flushes on its way out
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
