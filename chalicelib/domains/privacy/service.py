"""What is done with requests about one's own data, one method per use. Reads, asks the rules, saves."""
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.casework import Casework
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.deskwork import serving
from chalicelib.kernel.identity import SYSTEM, Actor
from chalicelib.kernel.problems import Forbidden, Invalid, Missing, fault
from chalicelib.kernel.reading import no_list
from chalicelib.kernel.record import Key, Summary
from chalicelib.kernel.table import Item
from chalicelib.kernel.turns import Occasion
from chalicelib.kernel.vault import digest, open_sealed, seal
from chalicelib.kernel.views import Answer, File, Found, Row, shown

from .models import TITLES, Classes, DataClass, DeskView, HolderView, Lodge, Proposal, Request, Reveal, Shown
from .store import CLASSES, LIMITS, RequestStore
from .workflow import REGISTRAR, REQUESTS, SECURITY, office_of, standing

VIEWS: dict[str, type[Shown]] = {"holder": HolderView, "desk": DeskView, "watch": Shown}
ITEM = "GRXX"
"""What a request's number names where an application's names its item."""
FIELDS = ("name", "phone")


@dataclass
class Requests(Casework[Request, Shown]):
    """Treaties. Accounts: `party(person)`, `known(area)` (whether it has units), `serves(person, unit)`,
    `correct(person, fields)`, `masked(name, phone)`, `noted(person, fields, reason, case, who, key)` (records a
    reading). Materials: `unstored(person, files)`. Of this domain: `in_hand(person)`, and
    `remove(person)`, which tells what stays.
    """

    store: RequestStore
    party: Callable[[str], str]
    known: Callable[[str], bool]
    serves: Callable[[str, str], bool]
    correct: Callable[[str, Mapping[str, str]], None]
    masked: Callable[[str, str], tuple[str, str]]
    noted: Callable[[str, str, str, str, Actor, Key], bool]
    unstored: Callable[[str, Mapping[str, str]], list[str]]
    in_hand: Callable[[str], bool]
    remove: Callable[[str], tuple[str, ...]]

    workflow = REQUESTS

    def view(self, case: Summary, who: Actor) -> Shown | None:
        model = VIEWS.get(standing(case, who))
        if model is None:
            return None
        return shown(model, case)

    def desk(self, who: Actor, limit: int, cursor: str | None) -> Found[Row]:
        """Return a page of a desk, or of one's own requests. Raise Forbidden, also to who acts for another."""
        if who.mandate:
            raise no_list()
        return super().desk(who, limit, cursor)

    def desk_of(self, who: Actor) -> str:
        return who.unit if who.role in (REGISTRAR, SECURITY) else ""

    def limits(self, case: Request) -> Mapping[str, Limit]:
        version = self.reference.in_force(LIMITS, case.area, civil_day(case.opened_at))
        return {row["name"]: Limit.model_validate(row["limit"]) for row in self.reference.rows(LIMITS, version)}

    def facts(self, case: Request, who: Actor, at: Any) -> Mapping[str, Any]:
        """Return whether the person has a matter in hand, to who may decide that their data go."""
        asked = who.role == REGISTRAR and case.sort == "delete" and case.state == "lodged"
        return {"in_hand": self.in_hand(case.person)} if asked else {}

    def lodge(self, body: Lodge, who: Actor, key: Key) -> Answer[File[Shown]]:
        """Ask for one's own data to be corrected or deleted; for the same thing once at a time.

        Raise Forbidden, Missing, Invalid, Conflict, Refused; Stale where the same is asked for at this moment.
        """
        case_id, at = self.store.id_for(who.person, key), self.clock()
        if first := self.earlier(case_id, key, who):
            return first
        given = {"area": body.area, "unit": office_of(body.area), "person": who.person, "opened_at": at,
                 "sort": body.sort, "title": TITLES[body.sort], "materials": tuple(body.materials),
                 "fields": tuple(name for name in FIELDS if getattr(body, name))}
        blank = Request(id=case_id, **given)
        self.workflow.rule(blank, "lodge", self.occasion(blank, who))
        if not self.known(body.area):
            raise Missing("该行政区域未开通本系统")
        lacking = self.unstored(who.person, {str(place): one for place, one in enumerate(body.materials)})
        if lacking:
            raise Invalid("证明材料有误", errors=[fault(f"/materials/{one}", "missing", "文件未上传或者不属于本人")
                                            for one in lacking])
        given["asked"] = digest("asked", body.area, body.sort, body.name or "", body.phone or "", length=10)
        asking = self.store.asking(blank.model_copy(update={"asked": given["asked"]}))
        given |= {"party": self.party(who.person),
                  "number": self.store.next_number(body.area, ITEM, f"{civil_day(at):%Y%m%d}", "A")}
        return self.opened(blank, "lodge", who, key, given, {"FORM": {"sealed": seal(json.dumps(
            {"name": body.name or "", "phone": body.phone or "", "reason": body.reason}), self.store.pk(case_id))}},
            [asking])

    def prepare(self, case: Request, act: str, details: dict[str, Any], now: Occasion) -> dict[str, Item]:
        """Check to whom it goes, and that a refused deletion names the classes a law keeps. Raise Invalid."""
        if act in ("assign", "hand_over"):
            serving(self.serves, details, case.unit)
        if act == "refuse" and case.sort == "delete":
            known = {one.code for one in self.classes(case.area).items if not one.on_request}
            if not details.get("kept") or not set(details["kept"]) <= known:
                raise Invalid("须指明依法保存的信息类别", errors=[
                    fault("/kept", "class", f"可以是：{'、'.join(sorted(known))}（个人信息保护法第四十七条）")])
        return {}

    def proposal(self, case_id: str, who: Actor) -> Proposal:
        """Return what is to be right, masked, to the person and the office that decides. Raise Missing."""
        case = self._spoken(case_id, who)
        there = self._form(case)
        name, phone = self.masked(there["name"], there["phone"])
        return Proposal(name=name, phone=phone, reason=there["reason"])

    def reveal(self, case_id: str, body: Reveal, who: Actor, key: Key) -> Answer[Proposal]:
        """Return it in clear to the office that decides; the reading is recorded for the auditor. Raise Missing."""
        case = self._spoken(case_id, who)
        if standing(case, who) != "desk":
            raise Forbidden("更正内容由受理机构查阅")
        fresh = self.noted(case.person, "、".join(case.fields) or "—", body.reason, self.store.pk(case.id), who, key)
        return Answer(Proposal.model_validate(self._form(case)), replayed=not fresh)

    def carry_out(self, case_id: str) -> None:
        """Do what was granted, and note what stays. Twice is once; whoever died half-way is followed by the next."""
        case = self.store.get(case_id)
        if case.state != "granted" or case.carried_at:
            return
        kept: tuple[str, ...] = ()
        if case.sort == "delete":
            kept = self.remove(case.person)
        else:
            there = self._form(case)
            self.correct(case.person, {name: there[name] for name in FIELDS})
        now, key = replace(self.occasion(case, SYSTEM), facts={"carried": True}), Key("system:carry_out")
        self.store.save(self.workflow.advance(case, "carry_out", now, {"kept": kept}, key), key)

    def answered(self, case_id: str) -> None:
        """Let what an ended request asked for be asked for anew."""
        self.store.answered(self.store.get(case_id))

    def shown_classes(self, area: str) -> Classes:
        """Return the classes of data in force in an area that takes requests. Raise Missing."""
        if not self.known(area):
            raise Missing("该行政区域未开通本系统")
        return self.classes(area)

    def classes(self, area: str) -> Classes:
        """Return the classes of data in force in an area. Raise Missing."""
        version = self.reference.in_force(CLASSES, area, civil_day(self.clock()))
        rows = self.reference.rows(CLASSES, version)
        return Classes(version=version, items=[DataClass.model_validate(row) for row in rows])

    def _spoken(self, case_id: str, who: Actor) -> Request:
        """Return a request whose content `who` may read. Raise Missing, also to those who only watch."""
        case = self._readable(case_id, who)
        if standing(case, who) == "watch":
            raise Missing("未找到该事项")
        return case

    def _form(self, case: Request) -> dict[str, str]:
        part = self.store.part(case.id, "FORM")        # Missing once the account is gone
        there: dict[str, str] = json.loads(open_sealed(part["sealed"], self.store.pk(case.id)))
        return there
