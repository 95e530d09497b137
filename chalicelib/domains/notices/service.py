"""What is done with notices, one method per use."""
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.cases import PERSON
from chalicelib.kernel.casework import Casework
from chalicelib.kernel.erasure import let_go
from chalicelib.kernel.identity import SYSTEM, Actor
from chalicelib.kernel.law import cite
from chalicelib.kernel.problems import Forbidden, Missing
from chalicelib.kernel.record import Key, Summary
from chalicelib.kernel.relay import Notice
from chalicelib.kernel.vault import digest
from chalicelib.kernel.views import Found, Row, shown

from .models import Paper, Shown, Verified
from .store import PaperStore
from .workflow import BY_ACT, PAPERS, Sort, seen_by


class Content(Protocol):
    """What an event gives a notice to say. `lines` are the list or the reasons, in full; `facts` named values.

    `taken` is the number that the act has taken for its notice, "" if the notice takes one itself.
    """

    @property
    def number(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def person(self) -> str: ...
    @property
    def party(self) -> str: ...
    @property
    def area(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def basis(self) -> str: ...
    @property
    def lines(self) -> tuple[str, ...]: ...
    @property
    def taken(self) -> str: ...
    @property
    def facts(self) -> tuple[tuple[str, str], ...]: ...


@dataclass
class Notices(Casework[Paper, Shown]):
    """Treaties: `content(application, event number)`, `standing(application, who)` and `acts(application)` (number and
    act of each event) of applications, `office(unit)` of accounts: the unit's name.

    A notice is found by its number and code at pk `NUMBER#<number>`, sk `NOTICE#<code>`: two offices of one name may
    give the same number.
    """

    store: PaperStore
    content: Callable[[str, int], Content]
    standing: Callable[[str, Actor], str]
    acts: Callable[[str], Iterable[tuple[int, str]]]
    office: Callable[[str], str]

    workflow = PAPERS

    def view(self, case: Summary, who: Actor) -> Shown | None:
        standing = "" if who.role == "citizen" or not isinstance(case, Paper) else self.standing(case.source, who)
        if not seen_by(case, who, standing):
            return None
        return shown(Shown, case, check_code=check_code(case.id))

    def issue(self, notice: Notice) -> None:
        """Make the notice that an event calls for, and enter its number: once per event, however often it is told."""
        sort = BY_ACT[notice.act]
        key = key_of(notice.case_id, notice.number, sort)
        paper = self.store.find(self.store.id_for(SYSTEM.person, key)) or self._issued(notice, sort, key)
        self.store.table.save(self.store.table.put({"pk": f"NUMBER#{paper.number}",
                                                    "sk": f"NOTICE#{check_code(paper.id)}", "id": paper.id}))

    def _issued(self, notice: Notice, sort: Sort, key: Key) -> Paper:
        case_id = self.store.id_for(SYSTEM.person, key)
        content, dated = self.content(notice.case_id, notice.number), civil_day(notice.at)
        office = self.office(content.unit)
        number = content.taken or self.store.take(content.unit, office, notice.act, dated)
        fields = {"number": number, "title": sort.title, "area": content.area, "unit": content.unit,
                  "person": content.person, "party": content.party, "opened_at": notice.at, "item": notice.item,
                  "sort": sort.code, "source": notice.case_id, "source_event": notice.number, "dated": dated}
        blank = Paper(id=case_id, **fields)
        page = _page().render(title=sort.title, number=number, text=sort.text, party=content.party, lines=content.lines,
                           case_number=content.number, case_title=content.title, facts=content.facts,
                           basis=cite(content.basis), remedy=sort.remedy, office=office, code=check_code(case_id),
                           dated=f"{dated.year}年{dated.month}月{dated.day}日")
        step = self.workflow.advance(blank, "issue", self.occasion(blank, SYSTEM), fields, key)
        return step.case if self.store.create(step, key, {"PAGE": {"html": page}}) else self.store.get(case_id)

    def page(self, case_id: str, who: Actor) -> str:
        """Return the notice as it was issued. Raise Missing."""
        self._readable(case_id, who)
        return str(self.store.part(case_id, "PAGE")["html"])

    def of_person(self, who: Actor, limit: int, cursor: str | None) -> Found[Row]:
        """Return a page of the notices addressed to a citizen, newest first."""
        if who.role != "citizen":
            raise Forbidden("公职人员在办件中查看文书", code="no-list")
        return self.listed(PERSON, who.principal, who, limit, cursor, newest_first=True)

    def of_application(self, application: str, who: Actor) -> Found[Row]:
        """Return all notices of an application, newest first. Raise Missing to those who may not see it.

        No index is read: the id of each notice follows from the event that called for it.
        """
        if not self.standing(application, who):
            raise Missing("未找到该事项")
        papers = self._of(application)[::-1]
        return Found(items=[self._row(paper, {}) for paper in papers if self._visible(paper, who)], as_of=self.clock())

    def destroy_of(self, application: str) -> None:
        """Let the notices of an application whose time is over name nobody, but what a hold keeps. Twice is once."""
        for paper in self._of(application):
            let_go(self, paper.id)

    def _of(self, application: str) -> list[Paper]:
        ids = [self.store.id_for(SYSTEM.person, key_of(application, number, BY_ACT[act]))
               for number, act in self.acts(application) if act in BY_ACT]
        return [paper for case_id in ids if (paper := self.store.find(case_id))]

    def verify(self, number: str, code: str) -> Verified:
        """Say whether a notice is genuine and still stands, to one who knows number and code. Raise Missing."""
        pointer = self.store.table.get(f"NUMBER#{number}", f"NOTICE#{code}")
        if pointer is None or code != check_code(pointer["id"]):
            raise Missing("文书编号或核验码有误")
        case = self.store.get(pointer["id"])
        return Verified(number=case.number, title=case.title, dated=case.dated, stands=case.state != "annulled")


def key_of(application: str, number: int, sort: Sort) -> Key:
    """Return the key under which the notice of a sort on an event of an application is created."""
    return Key(digest("notice", "APPLICATION", application, str(number), length=10), sort.code)


def check_code(case_id: str) -> str:
    """Return the code that follows from the notice's id: not stored, and nobody's to guess."""
    return digest("check", case_id, length=8)


@cache
def _page() -> Any:
    """Return the template of a printed notice."""
    from jinja2 import Environment, StrictUndefined  # here: only a notice pays for it
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(
        Path(__file__).with_name("page.html").read_text("utf-8"))
