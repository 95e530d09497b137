"""The end of a case's keeping (期满匿名化): state, events and parts lose what names a person; what was done stays."""
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pydantic_core import to_jsonable_python

from .casework import Casework
from .identity import SYSTEM
from .problems import Refused, Stale
from .record import Key
from .settings import settings
from .table import Item, Table, Write, transact

KEY = Key("system:anonymise")
MOST = 80                                  # items of the case beside its step: a transaction holds a hundred
RELEASED = "released_at"                   # what a hold has that stands no more


class Held(Refused):
    """A legal hold keeps the case as it is."""

    code = "held"


def erase(work: Casework[Any, Any], case_id: str, beside: Iterable[Write] = ()) -> bool:
    """Let a case name nobody any more. False if that was done before. Raise Missing, Held, Refused, Stale or Busy.

    The act, the cleaned events and the parts that go stand in one transaction with `beside`, and with the check that no
    hold stands: one placed meanwhile wins. Of a case with more than MOST items the oldest are cleaned first, under the
    same check; whoever dies in between is followed by one who begins anew. What lies outside the table of cases (a
    file) is destroyed by a reaction to the act, when no hold can come any more.
    """
    store, case = work.store, work.store.get(case_id)
    if case.erased:
        return False
    place = hold_of(case.area, store.pk(case_id))
    unheld = _register().check(*place, "attribute_not_exists(pk) OR attribute_exists(#f)", RELEASED)
    now = replace(work.occasion(case, SYSTEM), facts={"over": True})
    step = work.workflow.advance(case, "anonymise", now, dict(case.personal), KEY)
    writes = [write for item in store.table.every(store.pk(case_id))
              if (write := _cleaned(store.table, item, case.personal))]
    also = tuple(beside)
    try:
        while len(writes) > MOST - len(also):
            transact(unheld, *writes[:MOST])
            writes = writes[MOST:]
        return store.save(step, KEY, beside=(*writes, unheld, *also))
    except Stale as stale:
        hold = _register().get(*place)
        if hold is None or RELEASED in hold:
            raise
        raise Held("该事项已被保全") from stale


def let_go(work: Casework[Any, Any], case_id: str, beside: Iterable[Write] = ()) -> bool:
    """Let a case name nobody any more, unless a hold keeps it. Say whether it now names nobody. Raise as `erase`."""
    try:
        erase(work, case_id, beside)
    except Held:
        return False
    return True


def hold_of(area: str, case: str) -> tuple[str, str]:
    """Return the key, in the table `figures`, of the hold on a case `<KIND>#<id>` of an area."""
    return f"HOLDS#{area}", case


def _register() -> Table:
    return Table(settings().figures_table)


def _cleaned(table: Table, item: Item, personal: Mapping[str, Any]) -> Write | None:
    """Return what becomes of an item of the case: events are cleaned, parts go; a list of files stays, to destroy them.
    """
    if item["sk"] == "STATE":
        return None
    if item["sk"].startswith("EVENT#"):
        return table.put(nameless(item, personal))
    if item.get("materials"):
        return table.put({"pk": item["pk"], "sk": item["sk"], "form": {}, "materials": item["materials"]})
    return table.delete(item["pk"], item["sk"])


def nameless(event: Item, personal: Mapping[str, Any]) -> Item:
    """Return a stored event without note, person and masked name; an official who acted stays, who is on record."""
    by = event["by"] if event["by"].get("unit") else {**event["by"], "person": ""}
    blank = to_jsonable_python(dict(personal))
    changes = {name: blank.get(name, value) for name, value in event.get("changes", {}).items()}
    kept = {name: value for name, value in event.items() if name != "note"}
    return {**kept, "changes": changes, "by": {name: value for name, value in by.items()
                                              if name not in ("mandate", "session")}}
