"""What an act on a complaint needs beside its rule: what is looked up, checked and written with it."""
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.casework import Casework
from chalicelib.kernel.clocks import Limit, Unit
from chalicelib.kernel.deskwork import attached, serving
from chalicelib.kernel.identity import Actor, area_of
from chalicelib.kernel.law import cite
from chalicelib.kernel.lengthening import measured
from chalicelib.kernel.problems import Invalid, fault
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.table import Item
from chalicelib.kernel.turns import Occasion

from .guards import IN_HAND, SUPERVISOR, desk_of
from .models import Complaint, Remedy, Seen
from .store import CAUSES, LIMITS, REMEDIES, ComplaintStore
from .workflow import COMPLAINTS


@dataclass
class Handling(Casework[Complaint, Seen]):
    """Treaties. Of accounts: `party(person)`, `caller(name, phone)` (the person somebody is entered as, and their
    masked name), `serves(person, unit)`, `known(unit)` (whether there is such a unit), `offices(person)`. Of materials:
    `unreadable(files, who)`. `matters[kind](id)` of the domains whose cases may be named: `area`, `person` and `staff`
    (ids of the officials who acted); raises Missing. Of threads: `told_in_thread(<KIND>#<id>, who)`, whether another
    case on the same matter, which `who` is shown, has given the answer.
    """

    store: ComplaintStore
    party: Callable[[str], str]
    caller: Callable[[str, str], tuple[str, str]]
    serves: Callable[[str, str], bool]
    known: Callable[[str], bool]
    offices: Callable[[str], list[dict[str, str]]]
    unreadable: Callable[[Iterable[str], Actor, bool], list[str]]
    matters: Mapping[str, Callable[[str], Mapping[str, Any]]]
    told_in_thread: Callable[[str, Actor], bool]

    workflow = COMPLAINTS

    def prepare(self, case: Complaint, act: str, details: dict[str, Any], now: Occasion) -> dict[str, Item]:
        """Complete what an act needs: long texts become parts, units, codes and days are checked. Raise Invalid."""
        number = f"{case.version + 1:06d}"
        match act:
            case "classify" | "redirect":
                self._unit(case, details["unit"])
                against = details.pop("against", [])
                self.officials(case, against)
                details["involved"] = tuple(sorted({*case.involved, *against, *self.acted(case)}))
            case "explain" | "answer_by_thread" | "decline" | "answer":
                if act == "decline":
                    self.remedy(case.model_copy(update={"remedy": details["remedy"]}))
                files = details.pop("files", [])
                attached(files, self.unreadable(files, now.who, case.hidden))
                return {f"ANSWER#{number}": {"act": act, "text": details.pop("text"), "materials": files}}
            case "return" | "send_back" | "rework":
                return {f"REASON#{number}": {"act": act, "text": details.pop("text")}}
            case "attribute":
                if details["cause"] not in {row["code"] for row in self._published(CAUSES, case, now.at)}:
                    raise Invalid("原因有误", errors=[fault("/cause", "unknown", "原因应为公布的归因代码之一")])
            case "plan":
                self._unit(case, details["unit"])
                details["measure_by"] = self._by(case, details["measure_by"], now)
                details["measure"] = f"MEASURE#{number}"
                return {details["measure"]: {"act": act, "text": details.pop("text")}}
            case "improve":
                return {f"MEASURE#{number}": {"act": act, "text": details.pop("text")}}
            case "ask_extension" | "approve_extension":
                measured(case, act, details, "answer")
            case "assign" | "hand_over":
                serving(self.serves, details, case.unit)
                if details["handler"] in case.involved:
                    raise Invalid("移交对象有误", errors=[
                        fault("/handler", "handler", "被反映人员、参与原事项办理和在窗口记录举报的人员应当回避")])
        return {}

    def bounded(self, case: Complaint, act: str, details: Mapping[str, Any], now: Occasion) -> Occasion:
        """What is classified is bound by the limits of its course, an improvement by the day that was set."""
        if act in ("classify", "redirect"):
            return replace(now, limits=self.limits(case.model_copy(update={"course": details["course"]})))
        if act == "plan":
            days = (date.fromisoformat(details["measure_by"]) - civil_day(now.at)).days
            return replace(now, limits={**now.limits, "improve": Limit(
                count=days, unit=Unit.CALENDAR_DAYS, basis="GZ6")})
        return now

    def limits(self, case: Complaint) -> Mapping[str, Limit]:
        """Return the limits of the terms in force at receipt; of those for one course only its own."""
        return {row["name"]: Limit.model_validate(row["limit"]) for row in self._rows(case)
                if "limit" in row and row.get("course", case.course) == case.course}

    def facts(self, case: Complaint, who: Actor, at: datetime) -> Mapping[str, Any]:
        """Return after how many calls, on how many days, somebody counts as out of reach; for the desk, whether a case
        in hand is answered by another on the same matter.
        """
        asked = who.role == SUPERVISOR and case.state in IN_HAND
        return {**self._numbers(case), "thread_answered": asked and self.told_in_thread(
            self.store.pk(case.id), who)}

    def remedy(self, case: Complaint) -> Remedy:
        """Return where a declined matter belongs: the body, the time and the law, as published. Raise Invalid."""
        row = next((row for row in self._published(REMEDIES, case, self.clock()) if row["code"] == case.remedy), None)
        if row is None:
            raise Invalid("指引的渠道有误", errors=[fault("/remedy", "unknown", "渠道应为公布的代码之一")])
        limit = Limit.model_validate(row["within"]) if row.get("within") else None
        return Remedy(code=row["code"], name=row["name"], body=row["body"],
                      within=f"{limit.count}{limit.unit.word}" if limit else "",
                      basis=cite(limit.basis) if limit else "")

    def _rows(self, case: Complaint) -> list[dict[str, Any]]:
        return self.reference.completed(LIMITS, case.terms)

    def _numbers(self, case: Complaint) -> dict[str, int]:
        return {row["name"]: row["number"] for row in self._rows(case) if "number" in row}

    def _published(self, name: str, case: Complaint, at: datetime) -> list[dict[str, Any]]:
        return published(self.reference, name, case.area, civil_day(at))

    def _unit(self, case: Complaint, unit: str) -> None:
        """Raise Invalid unless a case of this area can go to the unit."""
        if area_of(unit) != case.area or unit == desk_of(case.area) or not self.known(unit):
            raise Invalid("承办单位有误", errors=[fault("/unit", "unit", "本行政区域没有这一承办单位")])

    def officials(self, case: Complaint, against: list[str]) -> None:
        """Raise Invalid where somebody is named who is no official of this area, or whoever brought it."""
        wrong = [place for place, one in enumerate(against) if one == case.person or not any(
            area_of(office["unit"]) == case.area for office in self.offices(one))]
        if wrong:
            raise Invalid("被反映人员有误", errors=[
                fault(f"/against/{place}", "handler", "不是本行政区域的工作人员，或者是反映人本人") for place in wrong])

    def acted(self, case: Complaint) -> Iterable[str]:
        """Return the officials who have acted in the matter named so far."""
        kind, _, case_id = case.matter.partition("#")
        return self.matters[kind](case_id)["staff"] if kind else ()

    def _by(self, case: Complaint, on: date, now: Occasion) -> str:
        """Return the day by which something is to change. Raise Invalid unless it lies ahead, and not too far."""
        days, most = (on - civil_day(now.at)).days, self._numbers(case)["horizon"]
        if not 1 <= days <= most:
            raise Invalid("改进日期有误", errors=[
                fault("/measure_by", "out-of-range", f"改进日期应当晚于今日，在{most}日以内")])
        return on.isoformat()


def published(reference: Reference, name: str, area: str, on: date) -> list[dict[str, Any]]:
    """Return the rows of a table that are in force in an area on a day. Raise Missing."""
    return reference.rows(name, reference.in_force(name, area, on))
