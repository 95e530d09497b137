"""What an act on an order needs beside its rule: what is looked up, checked and written with it."""
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.casework import Casework
from chalicelib.kernel.clocks import Limit, Unit
from chalicelib.kernel.deskwork import attached, serving
from chalicelib.kernel.identity import SYSTEM, Actor, area_of, lies_in
from chalicelib.kernel.law import cite
from chalicelib.kernel.lengthening import measured
from chalicelib.kernel.problems import Forbidden, Invalid, Missing, fault
from chalicelib.kernel.record import Key
from chalicelib.kernel.table import Item
from chalicelib.kernel.turns import Occasion
from chalicelib.kernel.views import Answer, File
from chalicelib.kernel.workflow import Step

from .crowds import leaving, taking
from .guards import CENTRE, HEAD, centre_of, for_the_head, kept_from
from .lawful import lawful, longer
from .models import SHELVED, Order, Terms
from .spots import Spots
from .store import LIMITS, OrderStore
from .terms import classified, helped, terms_for
from .views import Seen
from .workflow import AT_DESK, AT_UNIT, HOTLINE

WAITING = (*AT_DESK, *AT_UNIT)
"""The states of a main order that takes others in."""


@dataclass
class Orders(Casework[Order, Seen]):
    """Treaties. Of accounts: `party(person)`, `caller(name, phone)` (the person a caller is entered as, and their
    masked name), `known_as(person)` (a digest, the same of all who have one telephone), `serves(person, unit)`,
    `known(unit)` (whether there is such a unit), `phone(person, reason, case, who, key)` (in clear, on record). Of
    materials: `unreadable(files, who)`. Of the knowledge base: `edition(article, area)` of one that holds (raises
    Missing). `there(kind, id, area)`: whether there is such a case. Of threads: `told_in_thread(<KIND>#<id>, who)`,
    whether another case on the same matter, which `who` is shown or has named, has given the answer.
    """

    store: OrderStore
    party: Callable[[str], str]
    caller: Callable[[str, str], tuple[str, str]]
    known_as: Callable[[str], str]
    serves: Callable[[str, str], bool]
    known: Callable[[str], bool]
    phone: Callable[[str, str, str, Actor, Key], Answer[str]]
    unreadable: Callable[[Iterable[str], Actor, bool], list[str]]
    edition: Callable[[str, str], int]
    there: Callable[[str, str, str], bool]
    told_in_thread: Callable[[str, Actor], bool]
    spots: Spots
    letters: str = field(default="A")

    workflow = HOTLINE

    def prepare(self, case: Order, act: str, details: dict[str, Any], now: Occasion) -> dict[str, Item]:
        """Complete what an act needs: long texts become parts, units and days asked for are checked. Raise Invalid."""
        number = f"{case.version + 1:06d}"
        match act:
            case "classify":
                self._classify(case, details, now.who)
            case "dispatch" | "designate" | "invite":
                self._sent(case, act, details)
            case "return":
                details["returned_for"] = details["reason"]
                suggested = details.pop("suggested", None) or ""
                if suggested or details["reason"] == "not_ours":
                    self._suggested(case, suggested)
                return {f"REASON#{number}": {"act": act, "code": details.pop("reason"), "text": details.pop("text"),
                                             "basis": details.pop("basis"), "suggested": suggested}}
            case "answer" | "answer_by_thread" | "decline" | "reply":
                return {f"REPLY#{number}": self._reply(case, act, details, now)}
            case "send_back" | "rework":
                return {f"REASON#{number}": {"act": act, "text": details.pop("text")}}
            case "report":
                details["helpers"] = {**case.helpers, now.who.unit.partition(".")[2]: case.version + 1}
                return {f"REPORT#{number}": {"act": act, "text": details.pop("text"), "unit": now.who.unit}}
            case "transfer":
                code = f"{details.pop('direction', 'out')} {details.pop('line')}"
                return {f"REASON#{number}": {"act": act, "code": code, "text": details.pop("number")}}
            case "call_back" if case.hidden and details.get("contacted") is not None:
                raise Invalid("回访内容有误", errors=[
                    fault("/contacted", "hidden", "反映人已隐去，承办单位无从联系，不问是否联系")])
            case "merge":
                self._main(case, details["main"])
            case "link":
                kind, case_id = details.pop("kind"), details.pop("case_id")
                if not self.there(kind, case_id, case.area):
                    raise Invalid("关联事项有误", errors=[fault("/case_id", "unknown", "本行政区域没有该事项")])
                details["linked"] = f"{kind}#{case_id}"
            case "apply_law":
                limit, law, why = longer(case, details, now), details.pop("law"), details.pop("reason")
                details["note"] = f"依据{law}，自派单起{limit.count}{limit.unit.word}：{why}"
            case "ask_extension" | "approve_extension":
                measured(case, act, details, "reply")
            case "assign" | "hand_over":
                serving(self.serves, details, case.unit)
        return {}

    def bounded(self, case: Order, act: str, details: Mapping[str, Any], now: Occasion) -> Occasion:
        """An order that is classified is bound by the terms of what it is now, another by the law that the unit names,
        a shelved one by the day promised; the time to help begins where units are to help, and ends with the last.
        """
        if act == "classify":
            return replace(now, limits=self.limits(classified(case, details)))
        if act == "shelve":
            days = (datetime.fromisoformat(case.promised).date() - civil_day(now.at)).days
            promise = Limit(count=max(days, 1), unit=Unit.CALENDAR_DAYS, basis="JN24")
            return replace(now, limits={**now.limits, "promise": promise})
        if act == "apply_law":
            return replace(now, limits={**now.limits, "reply": lawful(details)})
        return replace(now, limits=helped(now.limits, act, details))

    def limits(self, case: Order) -> Mapping[str, Limit]:
        return self.terms(case).limits

    def facts(self, case: Order, who: Actor, at: datetime) -> Mapping[str, Any]:
        """Return how often the order may come back, be done again, be called in vain; for the centre, of a merged one
        whether its main order still waits for its reply, of one that waits itself whether another has answered.
        """
        terms = self.terms(case)
        facts = {"returns": terms.returns, "reworks": terms.reworks, "tries": terms.tries, "days": terms.days,
                 "shelvings": terms.shelvings}
        if case.state == "merged" and who.role == CENTRE:
            facts["main_waits"] = self.store.get(case.main).state in WAITING
        if case.state in WAITING and who.role == CENTRE:
            facts["thread_answered"] = self.told_in_thread(self.store.pk(case.id), who)
        return facts

    def saved(self, step: Step[Order], key: Key, parts: Mapping[str, Item], who: Actor) -> Answer[File[Seen]]:
        """Save an act; a merger, or its undoing, together with the act by which the main order is counted anew."""
        act = {"merge": "gather", "unmerge": "scatter"}.get(step.event.act)
        if act is None:
            return super().saved(step, key, parts, who)
        child, main = step.case, self.store.get(step.case.main or (step.before or step.case).main)
        others = [one for one in self.store.many(self.store.children(main.id))
                  if one.main == main.id and one.id != child.id]
        terms = self.terms(main)
        facts = (taking(child, self._persons(main, child, *others), terms) if act == "gather" else leaving(
            self.store.event(main.id, 1).changes, others, self._persons(main, *others), terms))
        counted = self._system_step(main, act, replace(self.occasion(main, SYSTEM), facts=facts))
        found = self.store.child(main.id, child.id, act == "gather")
        fresh = self.store.save(step, key, parts, (*self.store.writes(counted), found))
        return Answer(self.file(child if fresh else self.store.get(child.id), who), replayed=not fresh)

    def _persons(self, *orders: Order) -> int:
        """Return how many have turned to the hotline with these orders; who does not say who they are is one."""
        return len({self.known_as(person) if person else "" for person in {one.person for one in orders}})

    def _classify(self, case: Order, details: dict[str, Any], who: Actor) -> None:
        for name in ("intricate", "street", "against"):
            if details.get(name, "") is None:
                del details[name]
        if who.role != HEAD and for_the_head(case, details):
            raise Forbidden(f"举报件改作其他类别、改变被反映的单位，由热线中心负责人决定（{cite('GZ4')}）")
        if case.category == "report" != details["category"]:
            details["reported"] = self.store.event(case.id, 1).changes["category"] == "report"
        self.street(details.get("street"), case.area)
        against = details.get("against", "") and self._unit(case, details["against"], "/against")
        terms = self.terms(classified(case, details))
        if (against or terms.hidden == "always") and not case.hidden:
            details |= {"hidden": True, "reporter": case.party, "party": ""}

    def _sent(self, case: Order, act: str, details: dict[str, Any]) -> None:
        """Name the unit that leads, which an invitation leaves as it is, and those that help it."""
        asked = details.pop("co_units", [])
        names = [self._unit(case, unit, f"/co_units/{place}").partition(".")[2] for place, unit in enumerate(asked)]
        if names and case.category == "report":
            raise Invalid("协办单位有误", errors=[fault("/co_units", "report", "举报件不得交其他单位协办")])
        lies = {details.get("unit"): "/unit", **{unit: f"/co_units/{place}" for place, unit in enumerate(asked)}}
        if pointer := lies.get(kept_from(case)):
            raise Invalid("承办单位有误", errors=[fault(pointer, "complained-of", "举报件不得交被反映的单位办理")])
        if act != "invite":
            lead = self._unit(case, details["unit"], "/unit").partition(".")[2]
            details["units"] = (*(unit for unit in case.units if unit != lead), lead)
            helpers = dict.fromkeys(names, 0)
        else:
            lead, helpers = case.units[-1], {**dict.fromkeys(names, 0), **case.helpers}
        most = self.terms(case).helpers
        if lead in helpers or len(helpers) > most:
            raise Invalid("协办单位有误", errors=[
                fault("/co_units", "helpers", f"协办单位不含承办单位，最多{most}个")])
        if helpers or case.helpers:
            details["helpers"] = helpers

    def _reply(self, case: Order, act: str, details: dict[str, Any], now: Occasion) -> Item:
        """Return the part that tells the citizen; what is shelved says what will be done and until when."""
        told, files = details.pop("told", None), details.pop("files", [])
        if act == "reply" and not (told or case.anonymous or case.hidden):
            raise Invalid("应先答复诉求人，再向平台反馈", errors=[
                fault("/told", "missing", "请先答复诉求人，并选择答复方式：电话、短信、当面、信函或网上")])
        attached(files, self.unreadable(files, now.who, case.hidden))
        if article := details.pop("article", None):
            details["article"] = f"{article}/{self._edition(article, case.area)}"
        elif case.article:
            details["article"] = ""
        on, measures = details.pop("promised_on", None), details.pop("measures", None) or ""
        if details.get("result") == SHELVED:
            if case.shelvings >= self.terms(case).shelvings:
                raise Invalid("办理结果有误", errors=[
                    fault("/result", "shelvings", f"该工单已挂账{case.shelvings}次，不得再次挂账")])
            most = civil_day(now.at) + timedelta(days=self.terms(case).shelved)
            if not civil_day(now.at) < on <= most:
                raise Invalid("承诺日期有误", errors=[
                    fault("/promised_on", "out-of-range", f"承诺日期应当晚于今日，不晚于{most}")])
            details["promised"] = on.isoformat()
        elif case.promised:
            details["promised"] = ""
        return {"act": act, "text": details.pop("text"), "code": details.get("result", ""), "told": told or "",
                "measures": measures, "promised_on": details.get("promised", ""), "materials": files}

    def _edition(self, article: str, area: str) -> int:
        try:
            return self.edition(article, area)
        except Missing as missing:
            raise Invalid("引用的知识有误", errors=[fault("/article", "not-valid", missing.detail)]) from missing

    def _main(self, case: Order, main_id: str) -> Order:
        """Return the order into which this one may be merged. Raise Invalid."""
        main = self.store.find(main_id)
        if main is None or main.area != case.area or main.id == case.id or main.state not in WAITING:
            raise Invalid("主单有误", errors=[fault("/main", "unknown", "主单应当是本中心尚未答复的另一工单")])
        return main

    def terms(self, case: Order) -> Terms:
        """Return what bounds the order now."""
        rows = self.reference.completed(LIMITS, case.terms)
        return terms_for(rows, case.category, case.urgency, case.intricate)

    def street(self, street: str | None, area: str) -> None:
        """Raise Invalid where a street or town lies elsewhere."""
        if street and not lies_in(street, area):
            raise Invalid("街道有误", errors=[fault("/street", "elsewhere", "街道（乡镇）应当在本行政区域内")])

    def _suggested(self, case: Order, unit: str) -> None:
        """Raise Invalid unless another unit than the one that returns the order is named."""
        if wrong := {"": "请填写应由哪一单位承办", case.unit: "建议的承办单位不能是本单位"}.get(unit):
            raise Invalid("承办单位有误", errors=[fault("/suggested", "unit" if unit else "missing", wrong)])
        self._unit(case, unit, "/suggested")

    def _unit(self, case: Order, unit: str, pointer: str) -> str:
        """Return the unit if an order of this area can go there. Raise Invalid."""
        if area_of(unit) != case.area or unit == centre_of(case.area) or not self.known(unit):
            raise Invalid("承办单位有误", errors=[fault(pointer, "unit", "本行政区域没有这一承办单位")])
        return unit
