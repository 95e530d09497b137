"""What is done with applications, one method per use. Reads, asks the rules, saves; decides nothing itself."""
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.casework import Casework
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.deskwork import serving
from chalicelib.kernel.identity import SYSTEM, Actor
from chalicelib.kernel.lengthening import measured
from chalicelib.kernel.problems import Missing, Refused
from chalicelib.kernel.record import Key, Summary
from chalicelib.kernel.table import Item
from chalicelib.kernel.thresholds import overlaid
from chalicelib.kernel.turns import Occasion, published
from chalicelib.kernel.vault import digest
from chalicelib.kernel.views import Answer, File, face, shown

from .checks import (
    check_announcement,
    check_inspection,
    check_lacks,
    check_materials,
    check_procedure,
    check_renewal,
)
from .guards import GOVERNMENT
from .models import Application, AtWindow, Draft
from .offers import Offer
from .procedures import after, named, registered
from .receipt import Hours, early_enough, until_expiry
from .store import HOURS, LIMITS, ApplicationStore
from .views import DeskView, HolderView, Papers, Progress, Seen
from .workflow import APPLICATIONS, STAFF, standing


@dataclass
class Applications(Casework[Application, Seen]):
    """Treaties: `offer(area, code, version)` of the catalogue (version 0: in force), `unstored(person, materials)` of
    materials (entries whose file is not this person's stored file), `party(person)` and `serves(person, unit)` of
    accounts, `numbered(unit, act, day)` of notices: a fresh number for the notice that the act calls for. Each raises
    Missing for what there is not.
    """

    store: ApplicationStore
    offer: Callable[[str, str, int], Offer]
    unstored: Callable[[str, Mapping[str, str]], Iterable[str]]
    party: Callable[[str], str]
    serves: Callable[[str, str], bool]
    numbered: Callable[[str, str, date], str]
    letters: str = "A"

    workflow = APPLICATIONS

    def view(self, case: Summary, who: Actor) -> Seen | None:
        """Return what `who` is shown of the case; a row of a list gives a view without the fields it lacks."""
        quality = standing(case, who)
        if quality == "holder":
            return shown(HolderView, case, query_code=self.query_code(case.id))
        return shown(DeskView, case) if quality else None

    def draft(self, body: Draft, who: Actor, key: Key) -> Answer[File[Seen]]:
        """Open a draft for oneself, or under a mandate. Raise Missing, Refused, Forbidden, Invalid, Conflict."""
        case_id = self.store.id_for(who.person, key)
        if first := self.earlier(case_id, key, who):
            return first
        offer = self._open_offer(body.area, body.item)
        self._check(offer, body.materials, who.principal, whole=False)
        fields = self._fields(offer, who.principal, body) | {"channel": "online"}
        return self.opened(self._blank(case_id, fields), "open", who, key, fields,
                           {fields["form"]: {"form": body.form, "materials": body.materials}})

    def register(self, body: AtWindow, who: Actor, key: Key) -> Answer[File[Seen]]:
        """Take an application in at a window, where identity is checked on the spot. Raise as `draft` does."""
        case_id = self.store.id_for(who.person, key)
        if first := self.earlier(case_id, key, who):
            return first
        offer = self._open_offer(body.area, body.item)
        self._check(offer, body.materials, body.person, whole=True)
        fields = self._fields(offer, body.person, body) | {"channel": "window", "unit": offer.hall}
        blank = self._blank(case_id, fields)
        self.workflow.rule(blank, "register", self.occasion(blank, who))   # refuses before a number is taken
        fields["number"] = self._number(blank)
        return self.opened(blank, "register", who, key, fields,
                           {fields["form"]: {"form": body.form, "materials": body.materials}})

    def prepare(self, case: Application, act: str, details: dict[str, Any], now: Occasion) -> dict[str, Item]:
        """Complete what an act needs: numbers at submission, long texts as parts, the days asked for."""
        number = case.version + 1
        match act:
            case "revise" | "resubmit" | "supply" | "supply_owed":
                offer = self.offer(case.area, case.item, case.item_version)
                paper = {"form": details.pop("form"), "materials": details.pop("materials")}
                self._check(offer, paper["materials"], case.person, whole=act != "revise")
                details["form"] = f"FORM#{number:06d}"
                if act in ("resubmit", "supply"):
                    details["counted_from"] = self._counted_from(case.area, now.at)
                return {details["form"]: paper}
            case "submit":
                offer = self.offer(case.area, case.item, 0)
                self._check(offer, self.store.part(case.id, case.form)["materials"], case.person, whole=True)
                check_renewal(offer, case.renews)
                details |= {"number": self._number(case), "item_version": offer.version, "joint": offer.joint,
                            "first_review": offer.first_review, "inspection": offer.inspection,
                            "counted_from": self._counted_from(case.area, now.at),
                            "terms": self.reference.in_force(LIMITS, case.area, civil_day(now.at))}
            case "return" | "ask_correction" | "ask_owed":
                details["lacks"], lacks = f"LACKS#{number:06d}", details.pop("lacks")
                check_lacks(self.offer(case.area, case.item, case.item_version), lacks)
                return {details["lacks"]: {"lacks": lacks}}
            case "decline" | "refuse":
                reason = {"reason": details.pop("reason"), "basis": details["basis"]}
                details["note"] = f"依据：{details.pop('basis')}"
                return {f"REASON#{number:06d}": reason}
            case "suspend":
                check_procedure(case.suspended_for, details["reason"], going_on=False)
                details |= {"suspended_for": named(after(case, act, details, now)),
                            "notice": self.numbered(case.unit, act, civil_day(now.at))}
            case "end_procedure":
                check_procedure(case.suspended_for, details["reason"], going_on=True)
                details["suspended_for"] = named(after(case, act, details, now))
            case "resume":
                details["reason"] = case.suspended_for
            case "inspect":
                check_inspection(case, details["inspectors"], details["inspected_on"], civil_day(now.at), self.serves)
            case "announce_hearing":
                check_announcement(details["hearing_on"], civil_day(now.at),
                                   published(now.limits, "hearing_notice"), now.calendar)
            case "ask_extension" | "approve_extension":
                measured(case, act, details, "statutory")
            case "assign" | "hand_over":
                serving(self.serves, details, case.unit)
        return {}

    def bounded(self, case: Application, act: str, details: Mapping[str, Any], now: Occasion) -> Occasion:
        """Add the limit of the procedure that was told to end first."""
        if act not in ("suspend", "end_procedure"):
            return now
        first = after(case, act, details, now)[0]
        return replace(now, limits={**now.limits, "procedure": registered(first)})

    def limits(self, case: Application) -> Mapping[str, Limit]:
        """Return the area's published limits, with the item's own two in place of the general ones.

        While a renewal is being lodged, and early enough, also what is left of the licence.
        """
        terms = case.terms
        if case.state == "draft":
            terms = self.reference.in_force(LIMITS, case.area, civil_day(self.clock()))
        rows = {row["name"]: Limit.model_validate(row["limit"]) for row in self.reference.completed(LIMITS, terms)}
        if not case.inspection:
            rows.pop("inspection", None)
        offer = self.offer(case.area, case.item, case.item_version)
        rows |= offer.own_limits(rows)
        now = self.clock()
        if case.expires_on and case.state in ("new", "draft"):
            received = civil_day(now)
            lead = offer.lead or published(rows, "renewal")
            if early_enough(lead, received, case.expires_on, self.reference.calendar()):
                rows["expiry"] = until_expiry(received, case.expires_on, lead.basis)
        units = {"": offer.department, "notice": offer.hall, "precheck": offer.hall}
        return overlaid(rows, self.reference, self.store.kind, case.area, civil_day(case.received_at or now), units,
                        case.item)

    def facts(self, case: Application, who: Actor, at: datetime) -> Mapping[str, Any]:
        """Return, while the applicant still prepares: what is lacking by name, the level asked, and if it is open."""
        if case.state not in ("new", "draft") or who.role == SYSTEM.role:
            return {}
        offer = self.offer(case.area, case.item, case.item_version)
        if offer.published:
            offer = self.offer(case.area, case.item, 0)        # until it is submitted, the version in force counts
        given = self.store.part(case.id, case.form)["materials"] if case.version else {}
        lacking = [offer.called(one) for one, need in offer.checklist.items() if need and one not in given]
        return {"lacking": [] if case.state == "new" else lacking, "level": offer.level, "published": offer.published}

    def papers(self, case_id: str, who: Actor) -> Papers:
        """Return what was handed in and what is lacking. Raise Missing, also to the supervisor, who needs no papers."""
        case = self._readable(case_id, who)
        if standing(case, who) == "supervisor":
            raise Missing("未找到该事项")
        lacks = self.store.part(case_id, case.lacks)["lacks"] if case.lacks else []
        return Papers.model_validate({**self.store.part(case_id, case.form), "lacks": lacks})

    def track(self, number: str, code: str) -> Progress:
        """Return the progress of the case with this number, to one who also knows its query code. Raise Missing."""
        pointer = self.store.table.get(f"NUMBER#{number}", "CASE")
        if pointer is None or code != self.query_code(pointer["id"]):
            raise Missing("办件编号或查询码有误")
        case, at = self.store.get(pointer["id"]), self.clock()
        name = "statutory" if "statutory" in case.clocks else "notice"
        clock = case.clocks.get("promised", case.clocks.get(name))
        shown = face(name, clock, self.reference.calendar(), at) if clock else None
        return Progress(number=case.number, title=case.title, state=case.state, as_of=at,
                        state_label=self.workflow.words[case.state], received_at=case.received_at,
                        accepted_at=case.accepted_at, due_on=shown.due_on if shown else None,
                        paused=bool(shown and shown.paused))

    def query_code(self, case_id: str) -> str:
        """Return the six characters that follow from the case's id: not stored, and nobody's to guess."""
        return digest("query", case_id, length=6)

    def remember_number(self, case_id: str) -> None:
        """Make the case findable by its number. Twice changes nothing."""
        case = self.store.get(case_id)
        self.store.table.save(self.store.table.put({"pk": f"NUMBER#{case.number}", "sk": "CASE", "id": case_id}))

    def desk_of(self, who: Actor) -> str:
        return who.unit if who.role in (*STAFF, GOVERNMENT) else ""

    def _counted_from(self, area: str, at: datetime) -> datetime | None:
        try:
            version = self.reference.in_force(HOURS, area, civil_day(at))
        except Missing:                    # no area has a rule: a receipt is of the day on which it came in
            return None
        return Hours.model_validate(self.reference.rows(HOURS, version)[0]).counted_from(at, self.reference.calendar())

    def _blank(self, case_id: str, fields: Mapping[str, Any]) -> Application:
        return Application(id=case_id, **{name: value for name, value in fields.items() if name != "number"})

    def _fields(self, offer: Offer, person: str, body: Draft) -> dict[str, Any]:
        at, renews = self.clock(), body.renews
        check_renewal(offer, renews.licence if renews else "")
        told = {"renews": renews.licence, "expires_on": renews.expires_on} if renews else {}
        return told | {
            "area": offer.area, "item": offer.code, "item_version": offer.version, "title": offer.name,
            "joint": offer.joint, "first_review": offer.first_review, "inspection": offer.inspection,
            "hall": offer.hall, "department": offer.department, "unit": offer.hall,
            "person": person, "party": self.party(person), "opened_at": at, "form": "FORM#000001",
            "terms": self.reference.in_force(LIMITS, offer.area, civil_day(at))}

    def _open_offer(self, area: str, code: str) -> Offer:
        offer = self.offer(area, code, 0)
        if not offer.published:
            raise Refused(offer.why_not, code="not-applicable")
        return offer

    def _check(self, offer: Offer, materials: Mapping[str, str], person: str, whole: bool) -> None:
        check_materials(offer, materials, self.unstored(person, materials), whole)

    def _number(self, case: Application) -> str:
        letter = self.letters[sum(case.id.encode()) % len(self.letters)]
        return self.store.next_number(case.area, case.item, f"{civil_day(self.clock()):%Y%m%d}", letter)
