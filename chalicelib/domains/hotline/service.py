"""What is done with hotline orders, one method per use: registered, read, listed. Reads, asks the rules, saves."""
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.kernel.calendar import civil_day, start_of
from chalicelib.kernel.cases import DESK, instant
from chalicelib.kernel.identity import Actor, area_of, lies_in
from chalicelib.kernel.problems import Forbidden, Invalid, Missing, fault
from chalicelib.kernel.reading import no_list
from chalicelib.kernel.record import Event, Key, Summary
from chalicelib.kernel.views import Answer, Entry, Found, Row, shown

from .bodies import Reveal
from .duties import Suggestion, suggested
from .guards import CENTRE, HEAD, STAFF, centre_of, kept_from
from .models import Order
from .near import overlap, score, where
from .registering import Registering
from .store import DUTIES, LISTS, OF_THE_CENTRE, STREET
from .views import Board, CentreView, HolderView, Near, Phone, Said, Seen, UnitView, WatchView, Words
from .workflow import note_is_for, standing

VIEWS: dict[str, type[Seen]] = {"holder": HolderView, "centre": CentreView, "unit": UnitView, "watch": WatchView}


@dataclass
class Hotline(Registering):
    """The hotline of every area."""

    def view(self, case: Summary, who: Actor) -> Seen | None:
        """Return what `who` is shown of the order: to units not whose it is, where the reporter is hidden.

        It is hidden from all units alike: orders go to units of their own area only, so to none of a street or town by
        its area code, and what a unit is called does not tell its level.
        """
        quality = standing(case, who)
        if quality == "unit" and isinstance(case, Order) and case.hidden:
            quality = "watch"
        if not quality:
            return None
        party = {} if quality == "watch" else {"party": case.party or getattr(case, "reporter", "")}
        return shown(VIEWS[quality], case, **party)

    def words(self, case_id: str, who: Actor) -> Words:
        """Return the words of the order; the officials' reasons to officials only, an emergency line's record to the
        centre only: by its number whoever called can be found. Raise Missing, also to those who only watch over it, and
        Forbidden to who has to take it up first.
        """
        case = self._readable(case_id, who)
        quality = standing(case, who)
        if quality == "watch" and self._unclaimed(case, who):
            raise Forbidden("举报件由承办人员和单位负责人查看，请先认领该工单")
        if quality == "watch" or case.erased:
            raise Missing("未找到该事项")
        form = self.store.part(case_id, "FORM")
        inside = quality != "holder"
        reasons = [one for one in self._said(case_id, "REASON") if one.act != "transfer" or quality == "centre"]
        return Words(content=form["content"], place=form["place"], location=form.get("location", {}),
                     files=form.get("materials", []), replies=self._said(case_id, "REPLY"),
                     reasons=reasons if inside else [],
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
            if which in OF_THE_CENTRE and unit != centre_of(who.area):
                raise no_list()
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
        return suggested(self._published(DUTIES, case.area), case.area, case.category, case.street, text,
                         lambda unit: unit != kept_from(case) and self.known(unit))

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
            told = "该诉求已隐去反映人，" if case.hidden and who.role in STAFF else ""
            first = "，请先认领该工单" if not told and self._unclaimed(case, who) else ""
            raise Forbidden(f"{told}联系电话由热线中心或者承办人员查看{first}")
        if not case.person:
            raise Missing("匿名诉求没有联系电话")
        answer = self.phone(case.person, body.reason, f"ORDER#{case.id}", who, key)
        if not answer.result:
            raise Missing("诉求人没有登记联系电话")
        return Answer(Phone(phone=answer.result), replayed=answer.replayed)

    def _unclaimed(self, case: Order, who: Actor) -> bool:
        """Say whether `who` may take the order up, as nobody of their unit has."""
        return "claim" in self.workflow.acts(case, self.occasion(case, who))

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



def _tonight(at: datetime) -> datetime:
    """Return the end of an instant's civil day."""
    return start_of(civil_day(at) + timedelta(days=1))
