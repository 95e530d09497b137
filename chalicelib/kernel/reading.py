"""What is read of a case of any kind: its file, its ledgers, lists. A domain names its rules and its view."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel

from .calendar import Calendar
from .cases import CLOSED, DESK, PERSON, CaseStore
from .clocks import Ledger, Limit
from .cursors import open_cursor, seal_cursor
from .identity import Actor
from .observe import about, count
from .problems import Forbidden, Missing
from .record import C, Event, Summary
from .reference import Reference
from .table import Index, Item
from .turns import Occasion
from .views import Blocked, Entry, File, Found, Open, Row, face
from .workflow import Workflow

V = TypeVar("V", bound=BaseModel)
TIMELINE = 50


def no_list() -> Forbidden:
    """Return the refusal of a list to an office that has none of this kind."""
    return Forbidden("您的职务没有这类事项的列表，请以办理这类事项的职务查看（Acting-Office）", code="no-list")


@dataclass
class Reading(Generic[C, V]):
    """The one rule of who may know what: every answer about a case is made here, through `view`."""

    store: CaseStore[C]
    reference: Reference
    clock: Callable[[], datetime]

    workflow: ClassVar[Workflow[Any]]

    def view(self, case: Summary, who: Actor) -> V | None:
        """Return the case, or the row of a list, as `who` may see it; None if they may not know of it."""
        raise Missing()

    def limits(self, case: C) -> Mapping[str, Limit]:
        """Return the limits that bound the case, by clock name: those of the terms in force at receipt."""
        return {}

    def facts(self, case: C, who: Actor, at: datetime) -> Mapping[str, Any]:
        """Return what guards must know from elsewhere."""
        return {}

    def about_unit(self, row: Summary) -> str:
        """Return the unit that a case is about, for lists; "" where that is the one responsible, or no unit."""
        return ""

    def desk_of(self, who: Actor) -> str:
        """Return whose desk `who` works from; "" for those who have none (they list their own cases)."""
        return ""

    def read(self, case_id: str, who: Actor, cursor: str | None = None) -> File[V]:
        """Return the case with its clocks, open acts and a page of its timeline. Raise Missing, also to strangers."""
        case, at = self._readable(case_id, who), self.clock()
        bound = f"{who.person}|timeline|{self.store.kind}#{case_id}"
        events, last = self.store.events(case_id, TIMELINE, open_cursor(cursor, bound, at))
        lines = [self.entry(event, who, case) for event in events if self.told(event, who)]
        return self.file(case, who, lines, seal_cursor(last, Index(), bound, at))

    def ledger(self, case_id: str, name: str, who: Actor) -> Ledger:
        """Return how one clock of the case is counted, day by day. Raise Missing."""
        case = self._readable(case_id, who)
        clock = case.clocks.get(name)
        if clock is None and name in case.ended:
            clock = self.store.event(case_id, case.ended[name]).clocks[name]
        if clock is None:
            raise Missing("该事项没有这一期限")
        return clock.explain(self.reference.calendar(), name)

    def desk(self, who: Actor, limit: int, cursor: str | None) -> Found[Row]:
        """Return a page of an official's desk, the first due first; of a citizen's own cases. Raise Forbidden."""
        if who.role == "citizen" and any(who.role in rule.offices for rule in self.workflow.rules.values()):
            return self.listed(PERSON, who.principal, who, limit, cursor, newest_first=True)
        return self.listed(DESK, self.at_desk(who), who, limit, cursor, newest_first=False)

    def at_desk(self, who: Actor) -> str:
        """Return whose desk `who` works from. Raise Forbidden to those who have none here: an empty list would say that
        there is nothing.
        """
        if desk := self.desk_of(who):
            return desk
        raise no_list()

    def finished(self, who: Actor, month: str, limit: int, cursor: str | None) -> Found[Row]:
        """Return a page of what the actor's unit closed in a month (`2026-03`), newest first. Raise Forbidden."""
        self.at_desk(who)
        return self.listed(CLOSED, f"{who.unit}#{month}", who, limit, cursor, newest_first=True)

    def listed(self, index: Index, value: str, who: Actor, limit: int, cursor: str | None,
               newest_first: bool, span: tuple[str, str] = ("", "")) -> Found[Row]:
        """Return a page of one index partition (`span`: first and last sort key), as `who` may see it.

        Raise Malformed.
        """
        at, bound = self.clock(), f"{who.person}|{who.role}|{self.store.kind}|{index.name}|{value}|{span}"
        rows, page = self.store.page(index, value, limit, open_cursor(cursor, bound, at), newest_first, span)
        shown = [self._row(row, item) for row, item in zip(rows, page.items, strict=True) if self._visible(row, who)]
        return Found(items=shown, cursor=seal_cursor(page.last, index, bound, at), as_of=at)

    def file(self, case: C, who: Actor, timeline: list[Entry] | None = None, cursor: str | None = None) -> File[V]:
        """Return the case as `who` sees it now. Raise Missing to those who may not."""
        seen, now = self.view(case, who), self.occasion(case, who)
        if seen is None:
            raise Missing("未找到该事项")
        about(self.store.kind, case.id, last=True)
        words, weighed = self.workflow.words, self.workflow.weighed(case, now)
        acts = [Open(act=act, label=words[act], basis=self.workflow.rules[act, case.state].basis)
                for act, reason in weighed if not reason]
        blocked = [Blocked(act=act, label=words[act], reason=reason) for act, reason in weighed if reason]
        clocks = [face(name, clock, now.calendar, now.at) for name, clock in sorted(case.clocks.items())]
        return File(case=seen, state_label=self.workflow.words[case.state], version=case.version, clocks=clocks,
                    acts=acts, blocked=blocked, timeline=timeline or [], cursor=cursor, as_of=now.at)

    def told(self, event: Event, who: Actor) -> bool:
        """Say whether the timeline that `who` reads has a line of this event."""
        return True

    def entry(self, event: Event, who: Actor, case: C) -> Entry:
        """Return a line of the timeline as `who` sees it: offices instead of persons."""
        words = self.workflow.words
        return Entry(number=event.number, act=event.act, label=words[event.act], source=event.source,
                     target=event.target, at=event.at, office=words[event.by.role], unit=event.by.unit,
                     basis=event.basis, note=event.note, moved=list(event.moved))

    def occasion(self, case: C, who: Actor) -> Occasion:
        """Return all that the rules may look at when `who` acts on the case now."""
        at = self.clock()
        return Occasion(who, at, self.calendar(case), self.limits(case), self.facts(case, who, at))

    def calendar(self, case: C) -> Calendar:
        """Return the calendar in force, or a later one by which a clock of the case was counted."""
        return self.reference.calendar({clock.counted for clock in case.clocks.values()})

    def _readable(self, case_id: str, who: Actor) -> C:
        case = self.store.get(case_id)
        about(self.store.kind, case_id)
        if self.view(case, who) is None:
            raise Missing("未找到该事项")  # as if it did not exist: whose case it is may be sensitive
        return case

    def _visible(self, row: Summary, who: Actor) -> bool:
        if self.view(row, who) is not None:
            return True
        count("ListLeaks", kind=self.store.kind)   # the partition should have been the reader's right: a defect
        return False

    def _row(self, row: Summary, item: Item) -> Row:
        due = item.get("desk_at", "~")
        return Row(**row.model_dump(include=set(Row.model_fields) - {"claimed", "due_at", "about_unit"}),
                   claimed=bool(row.handler), about_unit=self.about_unit(row),
                   state_label=self.workflow.words[row.state],
                   due_at=None if due.startswith("~") else datetime.fromisoformat(due))
