"""Many cases at once: applications taken in at a window, written as the store writes them, but in batches."""
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from chalicelib.domains.applications.models import Application
from chalicelib.domains.applications.service import Applications
from chalicelib.domains.applications.store import LIMITS
from chalicelib.kernel import table
from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.record import Key
from chalicelib.kernel.turns import Occasion
from chalicelib.kernel.workflow import Step

BATCH = 25                                 # what DynamoDB takes in one call
AREA = "430199000000"
ITEM = "11430199MBDEM0015J4430101001000"   # of the seeds


def received(work: Applications, at: datetime, item: str = ITEM) -> Step[Application]:
    """Return the step that takes an application in at an instant, as `register` would have made it then."""
    offer = work.offer(AREA, item, 0)
    fields = {"area": AREA, "item": item, "item_version": offer.version, "title": offer.name, "hall": offer.hall,
              "department": offer.department, "unit": offer.hall, "person": "p" * 26, "party": "张*例",
              "opened_at": at, "form": "FORM#000001", "channel": "window", "number": f"430199{item}20260302A0001",
              "terms": work.reference.in_force(LIMITS, AREA, civil_day(at))}
    blank = Application(id="a" * 26, **{name: value for name, value in fields.items() if name != "number"})
    clerk = Actor(person="clerk-one", role="clerk", unit=offer.hall, area=AREA)
    occasion = Occasion(clerk, at, work.reference.calendar(), work.limits(blank))
    return work.workflow.advance(blank, "register", occasion, fields, Key("bench" * 4, "digest"))


def many(work: Applications, step: Step[Application], numbers: Iterable[int]) -> Iterator[Step[Application]]:
    """Yield the step for one case after another, each with an id, a number and a person of its own."""
    for n in numbers:
        own = {"number": f"{step.case.number[:-4]}{n:07d}", "person": f"p{n:025d}"}
        case_id = work.store.id_for("bench", Key(str(n)))
        yield replace(step, case=step.case.model_copy(update={"id": case_id, **own}),
                      event=step.event.model_copy(update={"case_id": case_id, "changes": step.event.changes | own}))


def load(work: Applications, steps: Iterable[Step[Application]]) -> int:
    """Write new cases; return how many. Their parts are left out: no clock needs them."""
    puts = ({"PutRequest": {"Item": write["Put"]["Item"]}} for step in steps for write in work.store.writes(step))
    written = 0
    while batch := list(islice(puts, BATCH)):
        written += len(batch)
        while batch:
            answer = table.send("batch_write_item", RequestItems={work.store.table.name: batch})
            batch = answer.get("UnprocessedItems", {}).get(work.store.table.name, [])
    return written // 2


def backlog(work: Applications, due: int, waiting: int, now: datetime) -> int:
    """Write `due` applications on which nobody acted for five working days, and `waiting` that came a day ago."""
    late, fresh = received(work, now - timedelta(days=8)), received(work, now - timedelta(days=1))
    return load(work, many(work, late, range(due))) + load(work, many(work, fresh, range(due, due + waiting)))
