"""What is done with hotline orders, one method per use: registered, read, listed. Reads, asks the rules, saves."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.kernel.calendar import civil_day, start_of
from chalicelib.kernel.cases import DESK, instant
from chalicelib.kernel.identity import Actor, area_of, lies_in
from chalicelib.kernel.problems import Forbidden, Invalid, Missing, Refused, Stale, fault
from chalicelib.kernel.record import Event, Key, Summary
from chalicelib.kernel.views import Answer, Entry, File, Found, Row, shown

from .bodies import Ask, AtDesk, Reveal
from .duties import Suggestion, suggested
from .guards import CENTRE, HEAD, STAFF, centre_of
from .intake import called_for, numbered, written
from .models import Order, Terms
from .near import overlap, score, where
from .orders import Orders
from .spots import before
from .store import CHANNELS, DUTIES, LIMITS, LISTS, STREET, WORDS
from .views import Board, CentreView, HolderView, Near, Phone, Said, Seen, UnitView, WatchView, Words
from .workflow import note_is_for, standing

VIEWS: dict[str, type[Seen]] = {"holder": HolderView, "centre": CentreView, "unit": UnitView, "watch": WatchView}
ITEM = "12345"
"""What an order's number names where an application's names its item."""


@dataclass
class Hotline(Orders):
    """The hotline of every area."""

    def view(self, case: Summary, who: Actor) -> Seen | None:
        """Return what `who` is shown of the order: to units not whose it is, where the reporter is hidden."""
        quality = standing(case, who)
        if quality == "unit" and isinstance(case, Order) and case.hidden:
            quality = "watch"
        if not quality:
            return None
        party = {} if quality == "watch" else {"party": case.party or getattr(case, "reporter", "")}
        return shown(VIEWS[quality], case, **party)

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
                 "street": body.street or ""}
        given["urgency"], given["transfer"] = called_for(
            self._published(WORDS, area), f"{body.title}\n{body.content}", given.get("urgency", "ordinary"))
        blank = Order(id=case_id, **given)
        self.workflow.rule(blank, "register", self.occasion(blank, who))   # refuses before anything is stored
        if not self.known(blank.unit):
            raise Missing("该行政区域未开通12345热线")
        self.street(body.street, area)
        numbered(self._published(CHANNELS, area), blank.channel, blank.source_number)
        self._files(body.files, who)
        self._sent_before(blank)
        terms = self.terms(blank)
        given |= self._hiding(terms, body.hidden)
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

    def words(self, case_id: str, who: Actor) -> Words:
        """Return the words of the order; the officials' reasons to officials only. Raise Missing, also to those who
        only watch over it.
        """
        case = self._readable(case_id, who)
        quality = standing(case, who)
        if quality == "watch" or case.erased:
            raise Missing("未找到该事项")
        form = self.store.part(case_id, "FORM")
        inside = quality != "holder"
        return Words(content=form["content"], place=form["place"], location=form.get("location", {}),
                     files=form.get("materials", []), replies=self._said(case_id, "REPLY"),
                     reasons=self._said(case_id, "REASON") if inside else [],
                     reports=self._said(case_id, "REPORT") if inside else [])

    def entry(self, event: Event, who: Actor, case: Order) -> Entry:
        """Return a line of the timeline; its note only to those for whom it was written."""
        line = super().entry(event, who, case)
        return line if note_is_for(event.act, who) else line.model_copy(update={"note": ""})

    def told(self, event: Event, who: Actor) -> bool:
        """That an order was linked with a case is told to the centre alone: when that was may tell whose that case is.
        """
        return event.act != "link" or who.unit == centre_of(who.area)

    def desk_of(self, who: Actor) -> str:
        """The centre's seats and head work from its desk, officials of a unit from theirs."""
        here = who.unit == centre_of(who.area)
        return who.unit if who.role == CENTRE or who.role in STAFF and (not here or who.role == HEAD) else ""

    def listed_for(self, who: Actor, due: str, which: str, limit: int, cursor: str | None) -> Found[Row]:
        """Return the desk; of it what is `overdue`, or due `today` (时限清单); or one of the LISTS. Raise Forbidden."""
        if not (due or which):
            return self.desk(who, limit, cursor)
        unit, at = self.at_desk(who), self.clock()
        if which:
            return self.listed(DESK, f"{LISTS[which]}@{unit}", who, limit, cursor, False)
        span = ("", instant(at)) if due == "overdue" else (instant(at + timedelta(seconds=1)), instant(_tonight(at)))
        return self.listed(DESK, unit, who, limit, cursor, False, span)

    def board(self, unit: str, street: str, who: Actor) -> Board:
        """Return how much is open and overdue (动态清零) at a unit, one's own where none is named, or in a street.

        To the centre and the supervisor for all of the area, to a unit for itself. Raise Forbidden, Invalid.
        """
        if unit and street:
            raise Invalid("查询参数有误", errors=[fault("/street", "one-of", "单位与街道只填一项")])
        at, unit = self.clock(), unit or ("" if street else who.unit)
        watches = who.role == "supervisor" or self.desk_of(who) == centre_of(who.area)
        ours = area_of(unit) == who.area if unit else lies_in(street, who.area)
        if not who.area or not (watches and ours or unit and unit == self.desk_of(who)):
            raise Forbidden("动态清零情况由热线中心、监督人员和本单位查看")
        counted = self.store.counted(unit or f"{STREET}@{street}", at, _tonight(at))
        return Board(unit=unit, street=street, open=counted[0], overdue=counted[1], today=counted[2], more=counted[3])

    def suggestions(self, case_id: str, who: Actor) -> list[Suggestion]:
        """Return the units to which the order may go, and why, to the centre. Raise Missing, Forbidden."""
        case = self._of_the_centre(case_id, who)
        text = f"{case.title}\n{self.store.part(case_id, 'FORM')['content']}"
        return suggested(self._published(DUTIES, case.area), case.area, case.category, case.street, text, self.known)

    def near(self, case_id: str, who: Actor) -> list[Near]:
        """Return the orders that may be on the same matter, the likeliest first, to the centre."""
        case, at = self._of_the_centre(case_id, who), self.clock()
        form, days = self.store.part(case_id, "FORM"), self.terms(case).near
        there, found = where(form["place"], form.get("location", {})), []
        mine = self.spots.sketch(case, there, f"{case.title}\n{form['content']}")
        whose = self.spots.who(case, there, self._known_as(case.person))
        items = {item["order"]: item for item in self.spots.around(case, there, days, at)}
        for other in self.store.many(items):
            if not other.erased:
                likely = score(overlap(mine, items[other.id]["sketch"]), other.category == case.category,
                               other.opened_at - case.opened_at, timedelta(days=days))
                found.append(self._near(other, likely, bool(whose) and items[other.id]["who"] == whose))
        return sorted(found, key=lambda one: -one.score)

    def children(self, case_id: str, who: Actor) -> list[Near]:
        """Return the orders that were merged into one and still are, to the centre."""
        whose = self._known_as(self._of_the_centre(case_id, who).person)
        return [self._near(child, 0, bool(whose) and self._known_as(child.person) == whose)
                for child in self.store.many(self.store.children(case_id)) if child.main == case_id]

    def reveal(self, case_id: str, body: Reveal, who: Actor, key: Key) -> Answer[Phone]:
        """Return the telephone number of whose order it is, on record: to the centre, and to who handles it in the unit
        that has it, or its head, unless the reporter is hidden from the unit. Raise Missing, Forbidden.
        """
        case = self._readable(case_id, who)
        quality, mine = standing(case, who), who.role == HEAD or case.handler == who.person
        if quality != "centre" and not (quality == "unit" and who.unit == case.unit and mine and not case.hidden):
            raise Forbidden("联系电话由热线中心或者承办人员查看")
        if not case.person:
            raise Missing("匿名诉求没有联系电话")
        answer = self.phone(case.person, body.reason, f"ORDER#{case.id}", who, key)
        return Answer(Phone(phone=answer.result), replayed=answer.replayed)

    def _near(self, other: Order, likely: int, same_person: bool) -> Near:
        return shown(Near, other, score=likely, same_person=same_person, state_label=self.workflow.words[other.state])

    def _of_the_centre(self, case_id: str, who: Actor) -> Order:
        case = self._readable(case_id, who)
        if standing(case, who) != "centre":
            raise Forbidden("由热线中心办理")
        return case

    def _said(self, case_id: str, sort: str) -> list[Said]:
        return [Said(number=int(item["sk"].partition("#")[2]), files=item.get("materials", []),
                     **{name: item[name] for name in Said.model_fields if name in item})
                for item in self.store.said(case_id, sort)]

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

    def _hiding(self, terms: Terms, asked: bool) -> dict[str, bool]:
        """Return whether the reporter is hidden. Raise Invalid where that is asked for and not provided."""
        if asked and terms.hidden == "never":
            raise Invalid("填写内容有误", errors=[fault("/hidden", "value_error", "该类诉求不适用隐去反映人")])
        return {"hidden": terms.hidden == "always" or asked}

    def _number(self, case: Order) -> str:
        letter = self.letters[sum(case.id.encode()) % len(self.letters)]
        return self.store.next_number(case.area, ITEM, f"{civil_day(self.clock()):%Y%m%d}", letter)


def _tonight(at: datetime) -> datetime:
    """Return the end of an instant's civil day."""
    return start_of(civil_day(at) + timedelta(days=1))
