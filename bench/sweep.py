"""`make bench-sweep`: how many lapses a second the engine bears, and what they cost, with a midnight's backlog.

    python -m bench.sweep [open cases] [due among them] [worker processes] [port]
"""
import sys
import time
from collections import Counter
from multiprocessing import get_context
from typing import Any

from .engine import bureau, install

DEFAULTS = (100_000, 20_000, 2, 8250)


def work(began: float, shards: Any, told: Any) -> None:
    """Sweep the shards that come, until None does; tell how many acts that was and what it consumed."""
    install(began)
    from app import SWEEP
    from chalicelib.kernel import table
    table.measure, acts = True, 0
    while (shard := shards.get()) is not None:
        done, left = SWEEP.shard(shard)
        acts += done
        if left:
            shards.put(shard)
        shards.task_done()
    told.put((acts, consumed(table.spent)))


def consumed(spent: list[Any]) -> Counter[str]:
    """Return the units by kind of call, and how many calls there were (`<call> calls`)."""
    total: Counter[str] = Counter()
    for operation, capacity in spent:
        total[f"{operation} calls"] += 1
        for one in (capacity if isinstance(capacity, list) else [capacity]):
            total[operation] += one["CapacityUnits"] if one else 0
    return total


def main(waiting: int, due: int, workers: int, port: int) -> None:
    """Load, sweep, report."""
    with bureau(port):
        midnight = time.monotonic()
        install(midnight)
        from app import CASES, SWEEP
        from bench.load import backlog
        from chalicelib.domains.applications.wiring import applications
        from chalicelib.kernel.cases import DUE, SHARDS
        began = time.perf_counter()
        loaded = backlog(applications(), due, waiting - due, SWEEP.clock())
        print(f"{loaded} open applications, {due} of them due, loaded in {time.perf_counter() - began:.0f} s",
              flush=True)
        context = get_context("spawn")
        shards, told = context.JoinableQueue(), context.Queue()
        processes = [context.Process(target=work, args=(midnight, shards, told)) for _ in range(workers)]
        for process in processes:
            process.start()
        began = time.perf_counter()
        for shard in range(SHARDS):
            shards.put(shard)
        shards.join()
        seconds = time.perf_counter() - began
        for _ in processes:
            shards.put(None)
        acts, units = 0, Counter[str]()
        for _ in processes:
            done, used = told.get()
            acts, units = acts + done, units + used
        for process in processes:
            process.join()
        left = sum(SWEEP.shard(shard)[0] for shard in range(SHARDS))
        held = sum(1 for _ in each(CASES, DUE))
    print(f"{acts} acts in {seconds:.1f} s by {workers} processes: {acts / seconds:.0f} a second;"
          f" {left} left undone; {held} cases wait for a later instant")
    for name in sorted(units):
        print(f"  {name:<32}{units[name]:>12g}{units[name] / max(acts, 1):>10.3f} an act")


def each(cases: Any, index: Any) -> Any:
    """Yield every entry of an index."""
    after = None
    while True:
        page = cases.scan(1_000, after, index)
        yield from page.items
        if (after := page.last) is None:
            return


if __name__ == "__main__":
    main(*(int(given) for given in sys.argv[1:]), *DEFAULTS[len(sys.argv) - 1:])
