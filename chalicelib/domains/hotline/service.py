"""What is done with hotline orders, one method per use. Reads, asks the rules, saves; decides nothing itself."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.casework import Casework
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.deskwork import serving
from chalicelib.kernel.identity import Actor, area_of
from chalicelib.kernel.lengthening import measured
from chalicelib.kernel.problems import Invalid, Missing, fault
from chalicelib.kernel.record import Event, Key, Summary
from chalicelib.kernel.table import Item
from chalicelib.kernel.turns import Occasion
from chalicelib.kernel.views import Answer, Entry, File

from .lawful import lawful, longer
from .models import Ask, AtDesk, Order, Terms
from .store import LIMITS, OrderStore
from .views import CentreView, HolderView, Said, Seen, UnitView, WatchView, Words
from .workflow import CENTRE, HEAD, HOTLINE, STAFF, centre_of, note_is_for, standing, terms_for

VIEWS: dict[str, type[Seen]] = {"holder": HolderView, "centre": CentreView, "unit": UnitView, "watch": WatchView}
ITEM = "12345"
"""What an order's number names where an application's names its item."""


def classified(case: Order, details: Mapping[str, Any]) -> Order:
    """Return the order as `classify` makes it."""
    return case.model_copy(update={name: details[name] for name in ("category", "urgency", "intricate")
                                   if name in details})


@dataclass
class Hotline(Casework[Order, Seen]):
    """Treaties with accounts: `party(person)`, `caller(name, phone)` (the person a caller is entered as, and their
    masked name), `serves(person, unit)`, `known(unit)` (whether there is such a unit).
    """

    store: OrderStore
    party: Callable[[str], str]
    caller: Callable[[str, str], tuple[str, str]]
    serves: Callable[[str, str], bool]
    known: Callable[[str], bool]
    letters: str = "A"

    workflow = HOTLINE

    def view(self, case: Summary, who: Actor) -> Seen | None:
        """Return what `who` is shown of the order: to units not whose it is, where the reporter is hidden."""
        quality = standing(case, who)
        if quality == "unit" and isinstance(case, Order) and case.hidden:
            quality = "watch"
        if not quality:
            return None
        model, fields = VIEWS[quality], dict(case)
        fields["party"] = case.party or fields.get("reporter", "")
        return model.model_construct(**{name: value for name, value in fields.items() if name in model.model_fields})

    def ask(self, body: Ask, who: Actor, key: Key) -> Answer[File[Seen]]:
        """Register a request of the citizen's own, or under a mandate. Raise Missing, Forbidden, Invalid, Conflict."""
        return self._registered(body, body.area, {"channel": body.channel, "person": who.principal}, who, key,
                                lambda: (who.principal, self.party(who.principal)))

    def take(self, body: AtDesk, who: Actor, key: Key) -> Answer[File[Seen]]:
        """Register at the centre's desk what somebody tells. Raise as `ask` does."""
        def told() -> tuple[str, str]:
            if body.caller:
                return self.caller(body.caller.name, body.caller.phone)
            return (body.person, self.party(body.person)) if body.person else ("", "")
        fields = {"channel": body.channel, "urgency": body.urgency, "intricate": body.intricate,
                  "anonymous": not (body.caller or body.person), "called": bool(body.caller)}
        return self._registered(body, who.area, fields, who, key, told)

    def _registered(self, body: Ask | AtDesk, area: str, fields: Mapping[str, Any], who: Actor, key: Key,
                    told: Callable[[], tuple[str, str]]) -> Answer[File[Seen]]:
        case_id, at = self.store.id_for(who.person, key), self.clock()
        if first := self.earlier(case_id, key, who):
            return first
        given = {**fields, "area": area, "unit": centre_of(area), "title": body.title, "category": body.category,
                 "opened_at": at, "terms": self.reference.in_force(LIMITS, area, civil_day(at))}
        blank = Order(id=case_id, **given)
        self.workflow.rule(blank, "register", self.occasion(blank, who))   # refuses before anything is stored
        if not self.known(blank.unit):
            raise Missing("该行政区域未开通12345热线")
        given |= self._hiding(self._terms(blank), body.hidden)
        given["person"], party = told()
        given |= {"reporter" if given["hidden"] else "party": party, "number": self._number(blank)}
        return self.opened(blank, "register", who, key, given,
                           {"FORM": {"content": body.content, "place": body.place}})

    def prepare(self, case: Order, act: str, details: dict[str, Any], now: Occasion) -> dict[str, Item]:
        """Complete what an act needs: long texts become parts, units and days asked for are checked. Raise Invalid."""
        number = f"{case.version + 1:06d}"
        match act:
            case "classify":
                if details.get("intricate", case.intricate) is None:
                    del details["intricate"]
                terms = self._terms(classified(case, details))
                if terms.hidden == "always" and not case.hidden:
                    details |= {"hidden": True, "reporter": case.party, "party": ""}
            case "dispatch" | "designate":
                name = self._unit(case, details["unit"], "/unit").partition(".")[2]
                details["units"] = (*(unit for unit in case.units if unit != name), name)
            case "return":
                details["returned_for"] = details["reason"]
                suggested = details.pop("suggested", None)
                if suggested or details["reason"] == "not_ours":
                    self._unit(case, suggested or "", "/suggested")
                return {f"REASON#{number}": {"act": act, "code": details.pop("reason"), "text": details.pop("text"),
                                             "basis": details.pop("basis"), "suggested": suggested or ""}}
            case "answer" | "decline" | "reply":
                told = details.pop("told", None)
                if act == "reply" and not (told or case.anonymous or case.hidden):
                    raise Invalid("应先答复诉求人，再向平台反馈", errors=[
                        fault("/told", "missing", "请先答复诉求人，并选择答复方式：电话、短信、当面、信函或网上")])
                return {f"REPLY#{number}": {"act": act, "text": details.pop("text"), "code": details.get("result", ""),
                                            "told": told or ""}}
            case "send_back" | "rework":
                return {f"REASON#{number}": {"act": act, "text": details.pop("text")}}
            case "apply_law":
                limit, law, why = longer(case, details, now), details.pop("law"), details.pop("reason")
                details["note"] = f"依据{law}，自派单起{limit.count}{limit.unit.word}：{why}"
            case "ask_extension" | "approve_extension":
                measured(case, act, details, "reply")
            case "assign" | "hand_over":
                serving(self.serves, details, case.unit)
        return {}

    def bounded(self, case: Order, act: str, details: Mapping[str, Any], now: Occasion) -> Occasion:
        """An order that is classified is bound by the terms of what it is now, another by the law that the unit names.
        """
        if act == "classify":
            return replace(now, limits=self.limits(classified(case, details)))
        return replace(now, limits={**now.limits, "reply": lawful(details)}) if act == "apply_law" else now

    def limits(self, case: Order) -> Mapping[str, Limit]:
        return self._terms(case).limits

    def facts(self, case: Order, who: Actor, at: datetime) -> Mapping[str, Any]:
        """Return how often the order may come back, be done again, be called in vain."""
        terms = self._terms(case)
        return {"returns": terms.returns, "reworks": terms.reworks, "tries": terms.tries, "days": terms.days}

    def words(self, case_id: str, who: Actor) -> Words:
        """Return the words of the order; the officials' reasons to officials only. Raise Missing, also to those who
        only watch over it.
        """
        case = self._readable(case_id, who)
        quality = standing(case, who)
        if quality == "watch":
            raise Missing("未找到该事项")
        form = self.store.part(case_id, "FORM")
        reasons = [] if quality == "holder" else self._said(case_id, "REASON")
        return Words(content=form["content"], place=form["place"], replies=self._said(case_id, "REPLY"),
                     reasons=reasons)

    def entry(self, event: Event, who: Actor, case: Order) -> Entry:
        """Return a line of the timeline; its note only to those for whom it was written."""
        line = super().entry(event, who, case)
        return line if note_is_for(event.act, who) else line.model_copy(update={"note": ""})

    def desk_of(self, who: Actor) -> str:
        """The centre's seats and head work from its desk, officials of a unit from theirs."""
        here = who.unit == centre_of(who.area)
        return who.unit if who.role == CENTRE or who.role in STAFF and (not here or who.role == HEAD) else ""

    def _said(self, case_id: str, sort: str) -> list[Said]:
        return [Said(number=int(item["sk"].partition("#")[2]), act=item["act"], text=item["text"],
                     code=item.get("code", ""), basis=item.get("basis", ""), suggested=item.get("suggested", ""),
                     told=item.get("told", ""))
                for item in self.store.said(case_id, sort)]

    def _terms(self, case: Order) -> Terms:
        rows = self.reference.completed(LIMITS, case.terms)
        return terms_for(rows, case.category, case.urgency, case.intricate)

    def _hiding(self, terms: Terms, asked: bool) -> dict[str, bool]:
        """Return whether the reporter is hidden. Raise Invalid where that is asked for and not provided."""
        if asked and terms.hidden == "never":
            raise Invalid("填写内容有误", errors=[fault("/hidden", "value_error", "该类诉求不适用隐去反映人")])
        return {"hidden": terms.hidden == "always" or asked}

    def _unit(self, case: Order, unit: str, pointer: str) -> str:
        """Return the unit if an order of this area can go there. Raise Invalid."""
        if area_of(unit) != case.area or unit == centre_of(case.area) or not self.known(unit):
            raise Invalid("承办单位有误", errors=[fault(pointer, "unit", "本行政区域没有这一承办单位")])
        return unit

    def _number(self, case: Order) -> str:
        letter = self.letters[sum(case.id.encode()) % len(self.letters)]
        return self.store.next_number(case.area, ITEM, f"{civil_day(self.clock()):%Y%m%d}", letter)
