"""How an order comes to be: what it brings, which terms bound it, whether the matter is known, that it is one order."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.problems import Invalid, Missing, Refused, Stale, fault
from chalicelib.kernel.record import Key
from chalicelib.kernel.views import Answer, File

from .bodies import Ask, AtDesk
from .guards import centre_of
from .intake import called_for, numbered, written
from .models import Order, Terms
from .near import where
from .orders import Orders
from .spots import before
from .store import CHANNELS, LIMITS, WORDS
from .views import Seen

ITEM = "12345"
"""What an order's number names where an application's names its item."""


@dataclass
class Registering(Orders):
    """The registration of orders: by a citizen, by the centre for a caller or for another system."""

    def ask(self, body: Ask, who: Actor, key: Key) -> Answer[File[Seen]]:
        """Register a request of the citizen's own, or under a mandate. Raise Missing, Forbidden, Invalid, Conflict."""
        return self._registered(body, body.area, {"channel": body.channel, "person": who.principal}, who, key,
                                lambda: (who.principal, self.party(who.principal)))

    def take(self, body: AtDesk, who: Actor, key: Key) -> Answer[File[Seen]]:
        """Register at the centre's desk what somebody tells, or another system sends. Raise as `ask` does, and Refused
        where the channel's number is an order already.
        """
        def told() -> tuple[str, str]:
            if body.caller:
                return self.caller(body.caller.name, body.caller.phone)
            return (body.person, self.party(body.person)) if body.person else ("", "")
        fields = {"channel": body.channel, "urgency": body.urgency, "intricate": body.intricate,
                  "source_number": body.source_number or "", "anonymous": not (body.caller or body.person),
                  "called": bool(body.caller)}
        return self._registered(body, who.area, fields, who, key, told)

    def _registered(self, body: Ask | AtDesk, area: str, fields: Mapping[str, Any], who: Actor, key: Key,
                    told: Callable[[], tuple[str, str]]) -> Answer[File[Seen]]:
        case_id, at = self.store.id_for(who.person, key), self.clock()
        if first := self.earlier(case_id, key, who):
            return first
        given = {**fields, "area": area, "unit": centre_of(area), "title": body.title, "category": body.category,
                 "opened_at": at, "terms": self.reference.in_force(LIMITS, area, civil_day(at)),
                 "street": body.street or "", "against": body.against or ""}
        given["urgency"], given["transfer"] = called_for(
            self._published(WORDS, area), f"{body.title}\n{body.content}", body.category,
            given.get("urgency", "ordinary"))
        blank = Order(id=case_id, **given)
        self.workflow.rule(blank, "register", self.occasion(blank, who))   # refuses before anything is stored
        if not self.known(blank.unit):
            raise Missing("该行政区域未开通12345热线")
        self.street(body.street, area)
        if blank.against:
            self._unit(blank, blank.against, "/against")
        numbered(self._published(CHANNELS, area), blank.channel, blank.source_number)
        self._files(body.files, who)
        self._sent_before(blank)
        terms = self.terms(blank)
        given |= self._hiding(terms, body)
        given["person"], party = told()
        given |= {"reporter" if given["hidden"] else "party": party}
        location = written(body.location)
        form = {"content": body.content, "place": body.place, "location": location, "materials": body.files}
        there = where(body.place, location)
        whose = self.spots.who(blank, there, self._known_as(given["person"]))
        given |= self._matter(blank, there, whose, terms)
        given["number"] = self._number(blank)
        whole = blank.model_copy(update=given)
        beside = self.spots.entry(whole, there, whose, f"{body.title}\n{body.content}", terms.near)
        if blank.source_number:
            beside.append(self.store.claim(area, blank.channel, blank.source_number, case_id))
        try:
            return self.opened(blank, "register", who, key, given, {"FORM": form}, beside)
        except Stale:
            self._sent_before(blank)       # the same number, sent twice at this moment
            raise

    def _published(self, name: str, area: str) -> list[Any]:
        return self.reference.rows(name, self.reference.in_force(name, area, civil_day(self.clock())))

    def _sent_before(self, case: Order) -> None:
        """Raise Refused where what the channel calls by this number is another order already."""
        there = self.store.claimed_by(case.area, case.channel, case.source_number) if case.source_number else ""
        if there not in ("", case.id):     # its own: this same request, sent again while it was under way
            number = self.store.get(there).number
            raise Refused(f"该来源编号已登记为工单{number}", code="registered-before", order=there, errors=[
                fault("/source_number", "registered-before", f"该来源编号已登记为工单{number}")])

    def _known_as(self, person: str) -> str:
        return self.known_as(person) if person else ""

    def _matter(self, case: Order, there: str, whose: str, terms: Terms) -> dict[str, Any]:
        """Return whether the order repeats an earlier one, and whether the matter is one of many persons.

        Two that are registered at the same moment do not see each other, and neither counts the other; `near` shows
        both, and their merger counts anew (`gather`).
        """
        around = self.spots.around(case, there, terms.near, case.opened_at)
        found = before(around, whose, case.category)
        return {**found, "collective": found["crowd"] + 1 >= terms.crowd}

    def _hiding(self, terms: Terms, body: Ask | AtDesk) -> dict[str, bool]:
        """Return whether the reporter is hidden. Raise Invalid where that is asked for and not provided."""
        if body.hidden and not body.against and terms.hidden == "never":
            raise Invalid("填写内容有误", errors=[fault("/hidden", "value_error", "该类诉求不适用隐去反映人")])
        return {"hidden": terms.hidden == "always" or body.hidden or bool(body.against)}

    def _number(self, case: Order) -> str:
        letter = self.letters[sum(case.id.encode()) % len(self.letters)]
        return self.store.next_number(case.area, ITEM, f"{civil_day(self.clock()):%Y%m%d}", letter)
