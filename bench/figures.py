"""Whether the figures are equal to a recount: relays that compete, events that come twice and in no order.

Every relay is told of every order, each in an order of its own, while the others are; then a new generation is counted
beside. All three must come to the same: the sums that were kept, the new ones, what the orders themselves add up to.
"""
import random
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing import get_context
from typing import Any

from .engine import install

RELAYS = 2


def orders_of(cases: Any) -> Iterator[str]:
    """Yield every order by its id."""
    page = cases.scan()
    while True:
        yield from (item["pk"].partition("#")[2] for item in page.items
                    if item["sk"] == "STATE" and item["pk"].startswith("ORDER#"))
        if page.last is None:
            return
        page = cases.scan(after=page.last)


def relay(began: float, number: int, told: Any) -> None:
    """Count every order, in an order of this relay's own; tell how many, and how often a race was lost for good."""
    install(began)
    from app import CASES
    from chalicelib.domains.figures.wiring import figures
    from chalicelib.kernel.problems import Busy
    ids = list(orders_of(CASES))
    random.Random(number).shuffle(ids)
    waiting, lost = ids, 0
    while waiting:                         # what the retry queue would give again
        late = []
        for case in waiting:
            try:
                figures().follow("ORDER", case)
            except Busy:
                late.append(case)
        waiting, lost = late, lost + len(late)
    told.put((len(ids), lost))


def added_up() -> Counter[tuple[str, str, str]]:
    """Return what the orders add up to, without the tally."""
    from app import CASES
    from chalicelib.domains.figures.wiring import figures
    total = Counter[tuple[str, str, str]]()
    for case in orders_of(CASES):
        total.update(figures().marks["ORDER"](case).marks)
    return total


def equal(began: float, area: str) -> bool:
    """Let relays compete, count anew, add up; say whether all come to the same."""
    from chalicelib.domains.figures.wiring import figures, rebuild
    context, start = get_context("spawn"), time.perf_counter()
    told = context.Queue()
    relays = [context.Process(target=relay, args=(began, number, told)) for number in range(RELAYS)]
    for one in relays:
        one.start()
    for one in relays:
        one.join()
    if any(one.exitcode for one in relays):
        return False
    orders, lost = (sum(each) for each in zip(*(told.get() for _ in relays), strict=True))
    seconds, expected = time.perf_counter() - start, added_up()
    months = {month for _, month, _ in expected}
    kept = Counter({(whose, month, name): n for month in months
                    for whose, sums in figures().tally.cells(area, month).items() for name, n in sums.items() if n})
    differences = rebuild(lambda line: print(f"  figures: {line}")).run()
    same = bool(expected) and kept == expected and not differences
    print(f"  figures: {orders} times an order was counted by {RELAYS} relays in {seconds:.0f} s, {lost} put off; "
          f"{len(expected)} sums {'equal' if same else 'DIFFER FROM'} a recount")
    return same
