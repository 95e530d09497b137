"""`make redrive`: puts the dead letters of the retry queue back, to be tried five times more."""
import os
import sys
from contextlib import suppress

from .folder import data
from .queue import FolderQueue


def main() -> int:
    """Put every queue's dead letters back; say how many."""
    for folder in sorted((data() / "queue").glob("*")):
        queue = FolderQueue(folder.name)
        letters = sorted(queue.dead.glob("*.json"))
        for letter in letters:
            with suppress(FileNotFoundError):      # another redrive was quicker
                os.replace(letter, queue.waiting / letter.name)
        print(f"redrive: {len(letters)} messages of queue {queue.name} are tried again")
    return 0


if __name__ == "__main__":
    sys.exit(main())
