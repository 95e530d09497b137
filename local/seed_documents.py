"""A new bureau's first documents, through the three reviews that every document goes; the job publishes them.

Doing it twice changes nothing: each draft has the key of its file, and an act is done only in the state that asks
for it.
"""
import json
from datetime import datetime
from pathlib import Path

from chalicelib.domains.disclosure.models import Approve, Draft, Plain, Schedule
from chalicelib.domains.disclosure.wiring import disclosure
from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.identity import Actor, area_of
from chalicelib.kernel.record import Key
from chalicelib.kernel.vault import digest

ACTS = {"draft": ("author", "clerk", Plain(act="submit")), "first": ("head", "head", Approve(act="approve")),
        "second": ("publisher", "publisher", Approve(act="approve")),
        "final": ("leader", "leader", Schedule(act="schedule"))}


def publish(seeds: Path, at: datetime) -> None:
    """Put every document of the folder on its way, as of an instant."""
    for row in json.loads((seeds / "documents.json").read_text("utf-8")):
        unit = row.pop("unit")
        text = (seeds / "documents" / f"{row.pop('file')}.txt").read_text("utf-8")
        key = Key(digest("seed", row["reference"], length=10), "seed")
        made = disclosure().draft(Draft(**row, formed_on=civil_day(at), text=text), actor("author", "clerk", unit), key)
        case = made.result.case.id
        while (state := disclosure().store.get(case).state) in ACTS:
            person, role, body = ACTS[state]
            place = unit if state in ("draft", "first") else f"{area_of(unit)}.openness"
            disclosure().perform(case, body, actor(person, role, place), Key(f"{key.value}{state}", "seed"))


def actor(person: str, role: str, unit: str) -> Actor:
    """Return one of the four people who enter the first documents."""
    return Actor(person=f"seed-{person}", role=role, unit=unit, area=area_of(unit))
