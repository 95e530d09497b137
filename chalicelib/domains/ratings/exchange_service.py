"""The outbox to the province's 好差评: each rating is pushed as it is now, once per content, until there is a receipt.

Table `figures`: pk `EXCHANGE#<area>#<day of the rating>`, sk the rating, with `state`, `attempts`, `receipt`, a digest
of what was pushed last, and `turn`. It holds nothing of the rater. A push that fails is tried again by the retry queue.

pk `EXCHANGE-OPEN`, sk the rating: that it may still be without a receipt. It is written before a push and deleted after
its receipt, so that it names what the queue gave up, and what died in between (reconciling.py). Where another push of
the same rating may still be on the wire, and land last, its mark is not kept and it stays open: it is pushed once more.
"""
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_json

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.cases import instant
from chalicelib.kernel.cursors import open_cursor, seal_cursor
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.problems import Busy, Stale
from chalicelib.kernel.reading import no_list
from chalicelib.kernel.table import TABLE, Item, Table
from chalicelib.kernel.vault import digest
from chalicelib.kernel.views import Found

from .correction_service import WATCHERS, Corrections
from .exchange import key_of_push, pushed, sealed
from .models import Rating, sort_of
from .upstream import Upstream

RECEIVED, OUTSTANDING, FAILED = "received", "outstanding", "failed"
OPEN = "EXCHANGE-OPEN"
ON_THE_WIRE = timedelta(minutes=10)        # no push takes so long to land: a request waits seven seconds


class Push(BaseModel, frozen=True):
    """One line of the day's reconciliation. `project`, `service_number` and `channel` are the upstream's key."""

    rating: str
    project: str
    service_number: int
    channel: int
    state: str                             # received, outstanding (sent, and nothing heard), failed
    attempts: int
    receipt: str
    reason: str
    at: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """`upstream()`: the way there, None where there is none. Treaty: `rater(person)` of accounts, kind, name, number
    and phone in clear. `seal(text)` encrypts under the province's key; None where no key was given: then nothing of
    the rater is pushed at all.
    """

    table: Table
    corrections: Corrections
    upstream: Callable[[], Upstream | None]
    rater: Callable[[str], Mapping[str, str]]
    seal: Callable[[], Callable[[str], str] | None]

    def push(self, rating: str) -> None:
        """Push a rating as it is now, unless that was received. Raise Busy to be called again."""
        upstream = self.upstream()
        if upstream is None:
            return
        store, seal = self.corrections.ratings.store, self.seal()
        row = self._row(store.get(rating))
        case = store.get(rating)           # after its line: whoever pushes an older state of it loses the line
        if case.state != "rated" or sort_of(case) == "inspection" or case.erased:
            return
        fields = self._fields(case, seal is not None)
        mark = digest("exchange", to_json(fields).decode())
        if row.get("state") == RECEIVED and row.get("mark") == mark:
            return
        turn = (row.get("turn") or 0) + 1
        self.table.save(self.table.put({"pk": OPEN, "sk": rating, "turn": turn,
                                        "at": instant(self.corrections.clock())}))
        overtakes = row.get("state") == OUTSTANDING and row["at"] > instant(self.corrections.clock() - ON_THE_WIRE)
        row = self._written(row, state=OUTSTANDING, attempts=row.get("attempts", 0) + 1, mark=mark, reason="")
        try:
            receipt = upstream.push(":".join(map(str, key_of_push(case))), sealed(fields, seal or str), mark)
        except Busy as busy:
            self._written(row, state=FAILED, reason=busy.detail)
            raise
        self._written(row, state=RECEIVED, receipt=receipt, mark="" if overtakes else mark)
        if not overtakes:
            self.settle(rating, turn)

    def settle(self, rating: str, turn: int) -> None:
        """Let a rating be open no longer, unless another push of it has begun since `turn`."""
        with suppress(Stale):
            self.table.save(self.table.delete(OPEN, rating, "turn", turn))

    def day(self, on: date, who: Actor, limit: int, cursor: str | None) -> Found[Push]:
        """Return a page of what was pushed of a day's ratings of the area, and what came of it. Raise Forbidden."""
        if who.role not in WATCHERS:
            raise no_list()
        at, pk = self.corrections.clock(), f"EXCHANGE#{who.area}#{on}"
        bound = f"{who.person}|{pk}"
        page = self.table.page(pk, limit=limit, after=open_cursor(cursor, bound, at))
        items = [Push.model_validate({**item, "rating": item["sk"]}) for item in page.items]
        return Found(items=items, cursor=seal_cursor(page.last, TABLE, bound, at), as_of=at)

    def _fields(self, case: Rating, with_rater: bool) -> dict[str, Any]:
        ratings, correction = self.corrections.ratings, self.corrections.of_rating(case.id)
        rater = self.rater(case.person) if with_rater and case.person else {}
        reply = self.corrections.said(correction) if correction else ""
        return pushed(case, ratings.said(case), ratings.office(case.unit), rater, correction, reply)

    def _row(self, case: Rating) -> Item:
        pk = f"EXCHANGE#{case.area}#{civil_day(case.rated_at or case.opened_at)}"
        project, service, channel = key_of_push(case)
        return self.table.get(pk, case.id) or {"pk": pk, "sk": case.id, "project": project, "service_number": service,
                                               "channel": channel, "receipt": ""}

    def _written(self, row: Item, **changes: Any) -> Item:
        """Write a line as changed. Raise Busy if it was pushed elsewhere meanwhile: then it is looked at anew."""
        turn = row.get("turn")
        fresh = {**row, **changes, "at": instant(self.corrections.clock()), "turn": (turn or 0) + 1}
        try:
            self.table.save(self.table.replace(fresh, "turn", turn))
        except Stale as stale:
            raise Busy("同一评价正在推送", retry_after=5) from stale
        return fresh
