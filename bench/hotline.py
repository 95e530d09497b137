"""`make bench-hotline`: how many orders a minute the engine bears, from intake to the closing, and what they cost.

    python -m bench.hotline [orders] [clients] [port]

Every client is a seat and a reviewer at once: it takes an order down, answers it or sends it on, signs, replies,
checks, calls back, closes. One order in ten is left where it is, at any step. At the end no order may be without a desk
or an end, and the events must tell the acts that the clients did. Of the reactions only the figures run, after the
others, and must be equal to a recount.
"""
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing import get_context
from typing import Any

from .engine import bureau, install
from .figures import equal
from .load import AREA
from .sweep import consumed

DEFAULTS = (10_000, 8, 8251)
PLACES, CALLERS = 2_000, 200
SORTS = ("help", "complaint", "consultation", "suggestion", "report")
WORDS = ("路灯不亮", "垃圾清运不及时", "下水道堵塞", "店铺噪音扰民", "停车占道", "楼道杂物")
HELPING = 500                              # orders after which what a client consumed is added up


def steps(sort: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield who does which act with which body, from the desk to the closing."""
    market = f"{AREA}.market"
    yield "seat", "dispatch", {"unit": market}
    yield "unit", "sign", {}
    yield "unit", "reply", {"told": "电话", "result": "solved", "text": "已派人处理完毕"}
    yield "seat", "pass", {}
    asked = {} if sort == "report" else {"contacted": True}     # whoever reports is hidden from the unit
    yield "seat", "call_back", {"satisfaction": 5, "solved": True, **asked}
    yield "seat", "close", {}


def work(began: float, number: int, orders: int, told: Any) -> None:
    """Play so many orders; tell how often each act was done and what that consumed."""
    install(began)
    from chalicelib.domains.hotline.bodies import Act, AtDesk
    from chalicelib.domains.hotline.wiring import hotline
    from chalicelib.kernel import table
    from chalicelib.kernel.bodies import adapter
    from chalicelib.kernel.identity import Actor
    from chalicelib.kernel.record import Key
    table.measure, done, used, rolled = True, Counter[str](), Counter[str](), random.Random(number)
    centre, act = hotline(), adapter(Act)
    who = {"seat": Actor(person=f"seat-{number}", role="centre", unit=f"{AREA}.hotline", area=AREA),
           "unit": Actor(person=f"reviewer-{number}", role="reviewer", unit=f"{AREA}.market", area=AREA)}
    for n in range(orders):
        words = rolled.choice(WORDS)
        sort = rolled.choice(SORTS)
        body = AtDesk(title=words, content=f"{words}，请尽快处理，编号{n}", category=sort,
                      place=f"示范路{rolled.randrange(PLACES)}号",
                      caller={"name": "演示来电人", "phone": f"139{rolled.randrange(CALLERS):08d}"})
        case = centre.take(body, who["seat"], Key(f"take{number:04d}{n:012d}", "d")).result.case.id
        done["register"] += 1
        left = rolled.randrange(7) if rolled.random() < 0.1 else 7
        plan = [("seat", "answer", {"text": "已当场答复"})] if rolled.random() < 0.05 else list(steps(sort))
        for turn, (role, name, fields) in enumerate(plan[:left]):
            centre.perform(case, act.validate_python({"act": name, **fields}), who[role],
                           Key(f"act{number:04d}{n:08d}{turn:04d}", "d"))
            done[name] += 1
        if n % HELPING == HELPING - 1 or n == orders - 1:
            used += consumed(table.spent)
            table.spent.clear()
    told.put((done, used))


def found() -> tuple[Counter[str], Counter[str], list[str]]:
    """Return the states of all orders, their acts as the events tell them, and those without a desk or an end."""
    from app import CASES
    from chalicelib.domains.hotline.workflow import ENDED
    states, acts, lost, after = Counter[str](), Counter[str](), list[str](), None
    while True:
        page = CASES.scan(1_000, after)
        for item in page.items:
            if item["pk"].startswith("ORDER#") and item["sk"] == "STATE":
                states[item["state"]] += 1
                if item["state"] not in ENDED and not (item.get("desk") and item.get("due")):
                    lost.append(item["pk"])
            elif item["pk"].startswith("ORDER#") and item["sk"].startswith("EVENT#"):
                acts[item["act"]] += 1
        if (after := page.last) is None:
            return states, acts, lost


def main(orders: int, clients: int, port: int) -> int:
    """Play, look, report; 1 where an order is lost or the events tell other acts than were done."""
    with bureau(port):
        began = time.monotonic()
        install(began)
        context = get_context("spawn")
        told = context.Queue()
        shares = [orders // clients + (n < orders % clients) for n in range(clients)]
        processes = [context.Process(target=work, args=(began, n, share, told)) for n, share in enumerate(shares)]
        start = time.perf_counter()
        for process in processes:
            process.start()
        done, units = Counter[str](), Counter[str]()
        for process in processes:
            process.join()
        for _ in (process for process in processes if process.exitcode == 0):
            acts, used = told.get()
            done, units = done + acts, units + used
        seconds = time.perf_counter() - start
        states, events, lost = found()
        same = equal(began, AREA)
    print(f"{orders} orders, {done.total()} acts in {seconds:.0f} s by {clients} clients:"
          f" {orders / seconds * 60:.0f} orders a minute, {done.total() / seconds:.0f} acts a second")
    print("  " + "、".join(f"{state} {count}" for state, count in sorted(states.items())))
    for name in sorted(units):
        print(f"  {name:<32}{units[name]:>12g}{units[name] / orders:>10.2f} an order")
    print(f"{len(lost)} orders without a desk or an end; the events {'tell' if events == done else 'DO NOT TELL'} "
          f"the acts that were done")
    return int(bool(lost) or events != done or states.total() != orders or not same
               or any(process.exitcode for process in processes))


if __name__ == "__main__":
    sys.exit(main(*(int(given) for given in sys.argv[1:]), *DEFAULTS[len(sys.argv) - 1:]))
