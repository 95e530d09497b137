"""What is done with documents until they are scheduled, one method per use. publishing.py takes them from there."""
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.cases import DESK, PERSON
from chalicelib.kernel.casework import Casework
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.deskwork import serving
from chalicelib.kernel.identity import SYSTEM, Actor
from chalicelib.kernel.problems import Forbidden, Invalid, fault
from chalicelib.kernel.reading import no_list
from chalicelib.kernel.record import Key, Summary
from chalicelib.kernel.relay import Notice
from chalicelib.kernel.table import Item
from chalicelib.kernel.turns import Occasion
from chalicelib.kernel.vault import digest
from chalicelib.kernel.views import Answer, File, Found, Row, shown

from .models import Document, Draft, Licence, Shown, Spot, Text
from .site import address
from .store import COLUMNS, LIMITS, NUMBERS, DocumentStore, Turns, leader_of, queue_of
from .workflow import DOCUMENTS, LEADER, LICENCE, LICENCES, PUBLISHER, STAFF, standing

if TYPE_CHECKING:
    from .checks import Finding

BLANK = ("area", "unit", "person", "opened_at", "terms")    # what the rules look at before a document is stored
PRINTED = ("title", "reference", "issuer", "topic", "text")    # what people write and the site shows
FOUNDED = date(1949, 10, 1)                # no office of the People's Republic formed a document before
MOST = 100                                 # findings told of at once
FURTHEST = timedelta(days=366)             # how far ahead an hour may be set


@dataclass
class Disclosure(Casework[Document, Shown]):
    """Treaties: `office(unit)` (its name) and `serves(person, unit)` of accounts, `licence(application, event)` of
    applications and the catalogue: what the event granted."""

    store: DocumentStore
    turns: Turns
    office: Callable[[str], str]
    serves: Callable[[str, str], bool]
    licence: Callable[[str, int], Licence]

    workflow = DOCUMENTS

    def view(self, case: Summary, who: Actor) -> Shown | None:
        if not standing(case, who):
            return None
        more = dict[str, Any]()
        if isinstance(case, Document):
            more = {"confirmed": bool(case.confirmed and case.confirmed == case.text),
                    "address": address(case.column, case.serial) if case.serial else ""}
        return shown(Shown, case, **more)

    def draft(self, body: Draft, who: Actor, key: Key) -> Answer[File[Shown]]:
        """Open a draft of one's unit. Raise Forbidden, Refused, Invalid, Conflict."""
        case_id = self.store.id_for(who.person, key)
        if first := self.earlier(case_id, key, who):
            return first
        at = self.clock()
        if not FOUNDED <= body.formed_on <= civil_day(at):
            raise Invalid("成文日期有误", errors=[
                fault("/formed_on", "day", "成文日期不得早于1949年10月1日，也不得晚于今天")])
        fields = body.model_dump() | {"area": who.area, "unit": who.unit, "person": who.unit, "opened_at": at,
                                      "terms": self.reference.in_force(LIMITS, who.area, civil_day(at))}
        blank = Document(id=case_id, **{name: fields[name] for name in BLANK})
        self.workflow.rule(blank, "open", self.occasion(blank, who))       # refuses before a number is taken
        part = self._written(blank, fields, 1)
        fields["number"] = self._number(blank, at)
        return self.opened(blank, "open", who, key, fields, part)

    def enter(self, notice: Notice) -> None:
        """Put what an event granted into the queue if it is a licence: once per event, however often it is told."""
        key = licence_key(notice.kind, notice.case_id, notice.number)
        case_id = self.store.id_for(SYSTEM.person, key)
        if self.store.find(case_id):
            return
        told, at = self.licence(notice.case_id, notice.number), self.clock()
        if told.kind != LICENCE:
            return                         # who gets a benefit is nobody else's business
        self.turns.enter(told.area)
        lines = (f"许可事项：{told.title}", f"办件编号：{told.number}", f"被许可人：{told.party}",
                 f"许可决定日期：{told.granted_on}", f"许可机关：{told.office}")
        fields = {"area": told.area, "unit": f"{told.area}.openness", "person": told.unit, "opened_at": at, "hour": at,
                  "terms": self.reference.in_force(LIMITS, told.area, civil_day(at)), "column": LICENCES,
                  "title": f"{told.title}（{told.party}）准予许可", "formed_on": told.granted_on, "issuer": told.office,
                  "topic": "行政许可", "text": "TEXT#000001", "source": notice.case_id, "item": notice.item}
        blank = Document(id=case_id, **fields)
        fields["number"] = self._number(blank, at)
        step = self.workflow.advance(blank, "enter", self.occasion(blank, SYSTEM), fields, key)
        self.store.create(step, key, {"TEXT#000001": {"text": "\n".join(lines)}})

    def prepare(self, case: Document, act: str, details: dict[str, Any], now: Occasion) -> dict[str, Item]:
        """Complete what an act needs; hold back what may not be published. Raise Invalid."""
        match act:
            case "revise":
                return self._written(case, details, case.version + 1)
            case "submit":
                self._refuse_blocked(self._found(case))
            case "approve" | "schedule":
                self._judge(case, details)
                if act == "schedule":
                    details["hour"] = self._hour(details.get("hour") or now.at, now.at)
                    self.turns.enter(case.area)
            case "approve_withdrawal":
                self.turns.enter(case.area)
            case "retry":
                self.turns.try_again(case.id)
            case "assign" | "hand_over":
                serving(self.serves, details, case.unit)
        return {}

    def limits(self, case: Document) -> Mapping[str, Limit]:
        """Return the limits of the version in force when the document was drafted."""
        rows = self.reference.completed(LIMITS, case.terms)
        return {row["name"]: Limit.model_validate(row["limit"]) for row in rows}

    def text(self, case_id: str, who: Actor) -> Text:
        """Return the text and what is found in it now. Raise Missing."""
        case = self._readable(case_id, who)
        found = self._found(case)
        return Text(text=self.store.part(case.id, case.text)["text"], findings=[spot(one) for one in found[:MOST]],
                    total=len(found))

    def columns(self, area: str) -> dict[str, str]:
        """Return the columns of the area's site, in their order: code -> title."""
        version = self.reference.in_force(COLUMNS, area, civil_day(self.clock()))
        return {row["code"]: row["title"] for row in self.reference.rows(COLUMNS, version)}

    def queue(self, who: Actor, limit: int, cursor: str | None) -> Found[Row]:
        """Return a page of what waits to be published in the area, in its order, for those who may recall it."""
        if who.role not in (PUBLISHER, LEADER):
            raise Forbidden("待发布队列由政务公开工作人员和分管领导查看", code="no-list")
        return self.listed(DESK, queue_of(who.area), who, limit, cursor, newest_first=False)

    def own(self, who: Actor, limit: int, cursor: str | None) -> Found[Row]:
        """Return a page of the documents that the actor's unit wrote, newest first, wherever they are."""
        if who.role not in STAFF:
            raise no_list()
        return self.listed(PERSON, who.unit, who, limit, cursor, newest_first=True)

    def desk_of(self, who: Actor) -> str:
        if who.role == LEADER:
            return leader_of(who.area)
        return who.unit if who.role in STAFF else ""

    def _written(self, case: Document, details: dict[str, Any], number: int) -> dict[str, Item]:
        """Put the text into a part of its own and count what a reviewer will have to judge. Raise Invalid."""
        if details["column"] not in self.columns(case.area) or details["column"] == LICENCES:
            raise Invalid("栏目有误", errors=[fault("/column", "column", "没有这一栏目，或该栏目由系统发布")])
        text = details["text"]
        details["issuer"] = details.get("issuer") or self.office(case.person)
        found = self._findings(case.area, dict(case) | details)     # a revision names what it changes
        details |= {"text": f"TEXT#{number:06d}", "warnings": sum(one.level == "warn" for one in found)}
        return {details["text"]: {"text": text}}

    def _found(self, case: Document) -> "list[Finding]":
        return self._findings(case.area, dict(case) | self.store.part(case.id, case.text))

    def _findings(self, area: str, printed: Mapping[str, Any]) -> "list[Finding]":
        """Return what is found in each field that the site prints and people wrote."""
        from .checks import findings  # here: its patterns take long to compile
        today = civil_day(self.clock())
        rows = self.reference.rows(NUMBERS, self.reference.in_force(NUMBERS, area, today))
        numbers = [row["number"] for row in rows]
        return [one for field in PRINTED for one in findings(f"/{field}", printed[field], today, numbers)]

    def _judge(self, case: Document, details: dict[str, Any]) -> None:
        """Refuse what blocks; what warns must be judged once, by a reviewer who says so in a note. Raise Invalid."""
        found = self._found(case)
        self._refuse_blocked(found)
        confirmed = details.pop("confirm", False) and details.get("note")
        if found and not confirmed and case.confirmed != case.text:
            raise Invalid("文件中有需要审核人确认的内容，请核对后确认并说明（confirm、note）", errors=faults(found))
        details |= {"warnings": len(found)} | ({"confirmed": case.text} if found and confirmed else {})

    @staticmethod
    def _refuse_blocked(found: "Iterable[Finding]") -> None:
        if blocked := [one for one in found if one.level == "block"]:
            raise Invalid("文件含有不得公开的内容，请修改后再提交（政府信息公开条例第十四条、第十五条）",
                          errors=faults(blocked))

    @staticmethod
    def _hour(hour: datetime, at: datetime) -> datetime:
        if not at <= hour <= at + FURTHEST:
            raise Invalid("发布时点有误", errors=[fault("/hour", "hour", "发布时点不得早于现在，也不得晚于一年以后")])
        return hour

    def _number(self, case: Document, at: datetime) -> str:
        return self.store.next_number(case.area, "GK", f"{civil_day(at):%Y%m%d}", "A")


def licence_key(kind: str, case_id: str, number: int) -> Key:
    """Return the key under which the document of a licence is created: it follows from the event that granted it."""
    return Key(digest("licence", kind, case_id, str(number), length=10), "licence")


def spot(one: "Finding") -> Spot:
    """Return a finding as readers get it."""
    return Spot(kind=one.kind, level=one.level, pointer=one.pointer, line=one.line, column=one.column,
                excerpt=one.excerpt, detail=one.words)


def faults(found: "list[Finding]") -> list[dict[str, Any]]:
    """Return findings as the errors of a problem, each with its place; the first MOST of them."""
    return [fault(one.pointer, one.kind, one.words) | spot(one).model_dump(exclude={"pointer", "detail"})
            for one in found[:MOST]]
