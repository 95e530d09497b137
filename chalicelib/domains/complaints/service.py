"""What is done with complaints, one method per use: brought, read, listed. Reads, asks the rules, saves."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.cases import DESK
from chalicelib.kernel.cursors import open_cursor, seal_cursor
from chalicelib.kernel.deskwork import attached
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.problems import Invalid, Missing, fault
from chalicelib.kernel.reading import no_list
from chalicelib.kernel.record import Event, Key, Summary
from chalicelib.kernel.views import Answer, Entry, File, Found, Row, shown

from .bodies import AtDesk, Bring
from .guards import CLERK, LEADERS, STAFF, WATCHERS, desk_of
from .handling import Handling, published
from .models import (
    TITLES,
    Complaint,
    DeskView,
    HiddenView,
    HolderView,
    Line,
    Said,
    Seen,
    UnitView,
    WatchView,
    Words,
)
from .store import CAUSES, LIMITS
from .workflow import note_is_for, standing

VIEWS: dict[str, type[Seen]] = {"holder": HolderView, "desk": DeskView, "unit": UnitView, "hidden": HiddenView,
                                "watch": WatchView}
SERIES = "TS"                              # what a complaint's number names where an application's names its item


@dataclass
class Complaints(Handling):
    """The complaints of every area."""

    def view(self, case: Summary, who: Actor) -> Seen | None:
        if (model := VIEWS.get(standing(case, who))) is None:
            return None
        return shown(model, case)

    def bring(self, body: Bring, who: Actor, key: Key) -> Answer[File[Seen]]:
        """Register what a citizen brings, or somebody under their mandate. Raise Missing, Forbidden, Invalid, Conflict.
        """
        return self._registered(body, body.area, {"person": who.principal}, who, key,
                                lambda: (who.principal, self.party(who.principal)))

    def take(self, body: AtDesk, who: Actor, key: Key) -> Answer[File[Seen]]:
        """Register at a window or the desk what somebody tells, or the suggestion box held. Raise as `bring` does."""
        def told() -> tuple[str, str]:
            if body.caller:
                return self.caller(body.caller.name, body.caller.phone)
            return (body.person, self.party(body.person)) if body.person else ("", "")
        fields = {"channel": body.channel, "anonymous": not (body.caller or body.person), "called": bool(body.caller),
                  "window": who.unit if who.role == CLERK else ""}
        return self._registered(body, who.area, fields, who, key, told)

    def _registered(self, body: Bring | AtDesk, area: str, fields: Mapping[str, Any], who: Actor, key: Key,
                    told: Callable[[], tuple[str, str]]) -> Answer[File[Seen]]:
        case_id, at = self.store.id_for(who.person, key), self.clock()
        if first := self.earlier(case_id, key, who):
            return first
        given = {**fields, "area": area, "unit": desk_of(area), "title": TITLES[body.sort], "sort": body.sort,
                 "subject": body.subject, "hidden": body.hidden or body.sort == "report", "opened_at": at,
                 "matter": body.matter or "", "terms": self.reference.in_force(LIMITS, area, civil_day(at))}
        blank = Complaint(id=case_id, **given)
        self.workflow.rule(blank, "register", self.occasion(blank, who))   # refuses before anything is stored
        if not self.known(blank.unit):
            raise Missing("该行政区域未开通投诉举报渠道")
        attached(body.files, self.unreadable(body.files, who, blank.hidden))
        self.officials(blank, body.against)
        heard = {who.person} if blank.window and blank.sort == "report" else set()
        given["involved"] = tuple(sorted({*body.against, *self._involved(blank, who), *heard}))
        given["person"], given["reporter"] = told()
        given["number"] = self.store.next_number(area, SERIES, f"{civil_day(at):%Y%m%d}", "A")
        return self.opened(blank, "register", who, key, given, {
            "FORM": {"content": body.content, "materials": body.files}})

    def _involved(self, case: Complaint, who: Actor) -> tuple[str, ...]:
        """Return the officials who acted in the matter named. Raise Invalid unless it is one of this area, and of a
        citizen their own.
        """
        kind, _, case_id = case.matter.partition("#")
        if not kind:
            return ()
        try:
            known = self.matters[kind](case_id) if kind in self.matters else None
        except Missing:
            known = None
        own = known and (who.role != "citizen" or known["person"] == who.principal)
        if not known or not own or known["area"] != case.area:
            raise Invalid("所涉事项有误", errors=[fault("/matter", "unknown", "没有这一事项，或者不是您的事项")])
        return tuple(sorted(known["staff"]))

    def words(self, case_id: str, who: Actor) -> Words:
        """Return what was said and answered; the officials' reasons to officials only. Raise Missing, also to those who
        only watch.
        """
        case = self._readable(case_id, who)
        quality = standing(case, who)
        if quality == "watch" or case.erased:
            raise Missing("未找到该事项")
        form, inside = self.store.part(case_id, "FORM"), quality != "holder"
        return Words(content=form["content"], files=form["materials"], answers=self._said(case_id, "ANSWER"),
                     reasons=self._said(case_id, "REASON") if inside else [],
                     measures=self._said(case_id, "MEASURE") if inside else [],
                     remedy=self.remedy(case) if case.remedy else None)

    def measures(self, case_id: str, who: Actor) -> list[Said]:
        """Return what is to change and what was changed, to every official who may know of the case. Raise Missing."""
        case = self._readable(case_id, who)
        if who.role == "citizen" or case.erased:
            raise Missing("未找到该事项")
        return self._said(case_id, "MEASURE")

    def _said(self, case_id: str, sort: str) -> list[Said]:
        return [Said(number=int(item["sk"].partition("#")[2]), act=item["act"], text=item["text"])
                for item in self.store.said(case_id, sort)]

    def entry(self, event: Event, who: Actor, case: Complaint) -> Entry:
        """Return a line of the timeline; its note only to those for whom it was written."""
        line = super().entry(event, who, case)
        return line if note_is_for(event.act, standing(case, who)) else line.model_copy(update={"note": ""})

    def desk_of(self, who: Actor) -> str:
        return desk_of(who.area) if who.role in WATCHERS else who.unit if who.role in STAFF else ""

    def finished(self, who: Actor, month: str, limit: int, cursor: str | None) -> Found[Row]:
        """Return a page of what the unit ended in a month; the desk's is the ledger. Raise Forbidden."""
        if who.role not in STAFF:
            raise no_list()
        return super().finished(who, month, limit, cursor)

    def ledger_lines(self, month: str, sort: str, who: Actor, limit: int, cursor: str | None) -> Found[Line]:
        """Return a page of what came in a month, open and closed, to who watches over the area. Raise Forbidden."""
        if who.role not in LEADERS:
            raise no_list()
        at, bound = self.clock(), f"{who.person}|ledger|{who.area}|{month}|{sort}"
        cases, page = self.store.ledger(who.area, month, sort, limit, open_cursor(cursor, bound, at))
        names = {row["code"]: row["name"] for row in published(self.reference, CAUSES, who.area, civil_day(at))}
        lines = [shown(Line, case, state_label=self.workflow.words[case.state], opened_on=civil_day(case.opened_at),
                       cause_name=names.get(case.cause, "")) for case in cases]
        return Found(items=lines, cursor=seal_cursor(page.last, DESK, bound, at), as_of=at)
