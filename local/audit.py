"""`make audit`: replays every case of every kind from its events and compares it with the state that is stored."""
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.kernel.record import replay
from chalicelib.kernel.table import Item, Table

from .beside import join
from .engine import CannotRun

Kinds = Mapping[str, Any]
AGAIN = 3                                  # times that a case which moves meanwhile is read


def states(cases: Table) -> Iterator[tuple[str, str]]:
    """Yield kind and id of every case stored."""
    after: Item | None = None
    while True:
        page = cases.scan(after=after)
        for item in page.items:
            if item["sk"] == "STATE":
                kind, _, case_id = item["pk"].partition("#")
                yield kind, case_id
        if (after := page.last) is None:
            return


def equal(store: Any, case_id: str) -> bool:
    """Say whether a case is what its events tell; what cannot even be read is not."""
    for _ in range(AGAIN):
        try:
            if replay(store.model, store.timeline(case_id)) == store.get(case_id):
                return True
        except ValueError:                 # a state or an event that is not of its shape, or no event at all
            return False
    return False


def every_case(cases: Table, kinds: Kinds) -> tuple[Counter[str], list[str]]:
    """Return how many cases of each kind were replayed equal, and those that were not."""
    right, wrong = Counter[str](), list[str]()
    for kind, case_id in states(cases):
        if kind in kinds and equal(kinds[kind]().store, case_id):
            right[kind] += 1
        else:
            wrong.append(f"{kind}#{case_id}")
    return right, wrong


def report(right: Counter[str], wrong: list[str]) -> Iterator[str]:
    """Yield the lines that say what was found."""
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(right.items()))
    yield f"{right.total()} cases replayed equal ({kinds})"
    yield from (f"NOT EQUAL: {case}" for case in wrong)


def here() -> tuple[Counter[str], list[str]]:
    """Look at the cases of the run whose environment this process has."""
    from .install import install
    install()
    from app import CASES, KINDS  # here: the environment of the run first
    return every_case(CASES, KINDS)


def main() -> int:
    """Audit the run; the exit code is 0 when every case is what its events tell."""
    try:
        join()
    except CannotRun as error:
        print(f"audit: {error}")
        return 1
    right, wrong = here()
    for line in report(right, wrong):
        print(f"audit: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "WARNING")
    sys.exit(main())
