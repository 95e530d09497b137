"""`make redrive`: tries again what was given up: dead letters of the queue, and what sweep and publishing put aside."""
import os
import sys
from contextlib import suppress

from .beside import join
from .engine import CannotRun
from .folder import data
from .queue import FolderQueue


def cases() -> None:
    """Let the system act once more on each case put aside; say which still fail."""
    join()
    from .install import install

    install()
    from app import SWEEP  # here: the environment of the run and its clock first
    from chalicelib.kernel.sweep import ASIDE, TRIES

    for item in list(SWEEP.figures.every(ASIDE)):
        if item["n"] >= TRIES:
            try:
                print(f"redrive: {item['sk']}: {SWEEP.retry(item['sk'])} acts")
            except Exception as error:
                print(f"redrive: {item['sk']} still fails: {type(error).__name__}")


def documents() -> None:
    """Let the publishing job's next run try each document put aside."""
    join()
    from infra import mend  # here: the environment of the run first

    print(f"redrive: {mend.documents()} documents put aside are tried by the next run of the publishing job")


def main() -> int:
    """Put every queue's dead letters back, then try the cases and documents put aside; say how many."""
    for folder in sorted((data() / "queue").glob("*")):
        queue = FolderQueue(folder.name)
        letters = sorted(queue.dead.glob("*.json"))
        for letter in letters:
            with suppress(FileNotFoundError):      # another redrive was quicker
                os.replace(letter, queue.waiting / letter.name)
        print(f"redrive: {len(letters)} messages of queue {queue.name} are tried again")
    try:
        cases()
        documents()
    except CannotRun as error:
        print(f"redrive: cases put aside are not tried: {error}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
