"""How a notice on holidays comes into the calendar, one method per use."""
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.kernel.calendar import Calendar, Notice, civil_day
from chalicelib.kernel.casework import Casework
from chalicelib.kernel.cursors import open_cursor, seal_cursor
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.moving import moves
from chalicelib.kernel.problems import Invalid, Refused, fault
from chalicelib.kernel.record import Case, Key, Summary
from chalicelib.kernel.table import Index, Item
from chalicelib.kernel.turns import Occasion
from chalicelib.kernel.views import Answer, File, shown

from .models import Effect, Move, Proposal, Propose, Shown
from .store import ProposalStore
from .workflow import NOTICES, keeps

SATURDAY = 5                               # as date.weekday() counts
WHOLE = Index(pk="")
"""A scan goes on after a whole key: no part of it is to be left out of the cursor."""


@dataclass
class Proposals(Casework[Proposal, Shown]):
    """The keepers' desk of the national calendar. Treaty: `fires(kind, clock)` of supervision, whether a card is raised
    when that clock of such a case runs out."""

    store: ProposalStore
    fires: Callable[[str, str], bool]

    workflow = NOTICES

    def view(self, case: Summary, who: Actor) -> Shown | None:
        return shown(Shown, case) if keeps(who) else None

    def desk_of(self, who: Actor) -> str:
        return who.area if keeps(who) else ""

    def propose(self, body: Propose, who: Actor, key: Key) -> Answer[File[Shown]]:
        """Enter a notice. Raise Forbidden, Refused, Invalid, Conflict."""
        case_id = self.store.id_for(who.person, key)
        if first := self.earlier(case_id, key, who):
            return first
        fields = body.model_dump() | {"makeup_days": tuple(sorted(set(body.makeup_days))), "area": who.area,
                                      "unit": who.unit, "opened_at": self.clock(),
                                      "title": f"{body.year}年节假日安排"}
        blank = Proposal(id=case_id, opened_at=fields["opened_at"])
        self.workflow.rule(blank, "propose", self.occasion(blank, who))
        number = self._taken(body.number) or self._pending(who, body)
        if errors := [*faults(body, self.reference.calendar()), *number]:
            raise Invalid("通知内容有误", errors=errors)
        return self.opened(blank, "propose", who, key, fields)

    def prepare(self, case: Proposal, act: str, details: dict[str, Any], now: Occasion) -> dict[str, Item]:
        """Before a notice is approved: no other of its number was meanwhile. Raise Invalid."""
        if act == "approve" and (errors := self._taken(case.number)):
            raise Invalid("该文号的通知已经公布", errors=errors)
        return {}

    def announce(self, case_id: str) -> None:
        """Put an approved notice in force, known since it was approved. Twice changes nothing.

        Of two that were approved under one number at the same moment the first stands; the other is void, and says so.
        """
        case = self.store.get(case_id)
        if case.state != "approved":
            return
        notice = noticed(case)
        self.reference.announce(notice)
        entered = self.reference.notice(notice.number)
        if entered and entered != notice.model_copy(update={"known_at": entered.known_at}):
            self.by_system(case, "void")

    def effect(self, case_id: str, who: Actor, limit: int, cursor: str | None) -> Effect:
        """Return what the notice would do to a page of the cases with a running clock.

        Raise Missing, Malformed; Refused once it is decided on: then each case tells itself what moved.
        """
        case, at = self._readable(case_id, who), self.clock()
        if case.state != "proposed":
            raise Refused(f"{self.workflow.words[case.state]}的通知不再试算；期限的变动见各事项的办理记录",
                          code="decided")
        bound = f"{who.person}|effect|{case_id}"
        page = self.store.waiting(limit, open_cursor(cursor, bound, at))
        before = self.reference.calendar()
        after = Calendar([*before.notices, noticed(case.model_copy(update={"approved_at": at}))])
        cases = [(item["pk"].partition("#")[0], Case.model_validate({**item, "id": item["pk"]})) for item in page.items]
        return Effect(moves=effects(cases, before, after, at, self.fires), cases=len(cases),
                      cursor=seal_cursor(page.last, WHOLE, bound, at), as_of=at)

    def _taken(self, number: str) -> list[dict[str, str]]:
        there = any(notice.number == number for notice in self.reference.calendar().notices)
        return [fault("/number", "taken", "该文号的通知已经公布；更正以新的通知作出")] if there else []

    def _pending(self, who: Actor, body: Propose) -> list[dict[str, str]]:
        """Return a fault where that number was entered before; two entered at the same moment are told apart later."""
        there = self.store.pending(who.area, body.number)
        return [fault("/number", "pending", "该文号的通知已经录入，尚待批准")] if there else []


def faults(body: Propose, calendar: Calendar) -> Iterator[dict[str, str]]:
    """Yield what is wrong with the days of a notice: all are of its year or the month before, none is named twice or is
    both off and worked, and none is made up for that is worked anyhow by the `calendar` in force.
    """
    for pointer, day in _pointed(body):
        if day.year != body.year and (day.year, day.month) != (body.year - 1, 12):
            yield fault(pointer, "beyond", f"{day}不在{body.year}年或上一年12月内")
    for place, day in enumerate(body.makeup_days):
        if day in body.holidays:
            yield fault(f"/makeup_days/{place}", "both", f"{day}既放假又上班")
        elif day in body.makeup_days[:place]:
            yield fault(f"/makeup_days/{place}", "twice", f"{day}重复")
        elif day.weekday() < SATURDAY and calendar.is_working(day):
            yield fault(f"/makeup_days/{place}", "worked", f"{day}本来就是工作日，不能补班")
    if not body.holidays and not body.makeup_days:
        yield fault("/holidays", "empty", "通知没有写明任何一日")


def _pointed(body: Propose) -> Iterator[tuple[str, date]]:
    """Yield each day of a notice with the pointer to it."""
    yield from ((f"/holidays/{day}", day) for day in body.holidays)
    yield from ((f"/makeup_days/{place}", day) for place, day in enumerate(body.makeup_days))


def noticed(case: Proposal) -> Notice:
    """Return the notice that a proposal, once approved, is."""
    return Notice.model_validate(dict(case) | {"known_at": case.approved_at})


def effects(cases: Iterable[tuple[str, Case]], before: Calendar, after: Calendar, at: datetime,
            fires: Callable[[str, str], bool]) -> list[Move]:
    """Return what `after` moves of the cases (kind, case), the like together: as many rows as differ, not as cases."""
    found: dict[tuple[Any, ...], list[tuple[bool, bool]]] = {}
    for kind, case in cases:
        for move in moves(case, lambda _: before, after, at):
            lapsed, over = case.clocks[move.clock].lapsed is not None, not move.held and move.after <= at
            carded = fires(kind, move.clock)
            last = [civil_day(due - timedelta(seconds=1)) for due in (move.before, move.after)]
            found.setdefault((kind, case.area, move.clock, *last, move.held), []).append(
                (carded and lapsed, carded and over))
    return [Move(kind=kind, area=area, clock=clock, before_on=old, after_on=new, held=held, cases=len(each),
                 cards_withdrawn=each.count((True, False)), cards_due=each.count((False, True)))
            for (kind, area, clock, old, new, held), each in sorted(found.items())]
