"""Ratings that no case's node asks for: by a code that hangs out, of a visit, by a link, by a supervisor's inspection.

Beside service.py, whose Ratings keep them.
"""
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.identity import NOBODY, Actor, Level, area_of
from chalicelib.kernel.problems import Forbidden, Invalid, Missing, fault
from chalicelib.kernel.record import Key
from chalicelib.kernel.vault import digest
from chalicelib.kernel.views import Answer, File

from .models import LINK, Rating, RatingSeen, Traced
from .place_models import Asked, AtWindow, ByLink, ByTelephone, Inspect, LinkView, Place, PlaceCode, Received, Visit
from .rights import token_of
from .scores import COMPOSITE, CSAT, FORMULAS
from .service import Ratings, numbers_of
from .store import CHANNELS, LIMITS, NODES, SIGNS
from .views import FormulaView, Rules
from .workflow import CENTRE

POSTS = ("clerk", "reviewer", "head")      # who may ask for the code that hangs at a place of their unit
ID = 26                                    # characters of a case's id, with which a token begins


@dataclass(frozen=True, slots=True)
class Places:
    """Treaties: `at_desk(application, who)` of applications, whether the case lies on the actor's desk; `known(unit)`
    of accounts, whether there is such a unit; `offered(area, item)` of the catalogue, whether it has such an item.
    """

    ratings: Ratings
    at_desk: Callable[[str, Actor], bool]
    known: Callable[[str], bool]
    offered: Callable[[str, str], bool]

    def rate_at_window(self, body: AtWindow, source: str, key: Key) -> Received:
        """Take down what somebody says at a place, without a name. Raise Invalid, Conflict."""
        if body.code != place_code(body.unit, body):
            raise Invalid("窗口二维码无效", errors=[fault("/code", "code", "请重新扫描窗口的二维码")])
        details = self._marks(body, "general", {"source": source})
        fields = details | {"channel": body.channel, "handling": body.handling, "anonymous": True}
        parts = self.ratings.words_of(fields, "general", 1)
        ratings = self.ratings
        blank = Rating(id=ratings.store.id_for(source, key), area=area_of(body.unit), opened_at=ratings.clock())
        step = ratings.workflow.advance(blank, "rate_at_window", ratings.occasion(blank, NOBODY), fields, key)
        ratings.store.create(step, key, parts)
        return Received()

    def inspect(self, body: Inspect, who: Actor, key: Key) -> Answer[File[RatingSeen]]:
        """Enter what a supervisor, or a body commissioned, found. Raise Invalid, Forbidden, Conflict."""
        ratings = self.ratings
        rating = ratings.store.id_for(who.person, key)
        if done := ratings.earlier(rating, key, who):
            return done
        if area_of(body.unit) != who.area or not self.known(body.unit):
            raise Invalid("被评单位有误", errors=[fault("/unit", "unit", "本行政区域没有该单位")])
        if body.visited_on > civil_day(ratings.clock()):
            raise Invalid("查评日期有误", errors=[fault("/visited_on", "value_error", "不得晚于今日")])
        fields = self._marks(body, "inspection", {}) | {"anonymous": True, "channel": 0,
                                                        "commissioned": body.commissioned}
        parts = ratings.words_of(fields, "inspection", 1)
        blank = Rating(id=rating, area=who.area, opened_at=ratings.clock())
        return ratings.opened(blank, "inspect", who, key, fields, parts)

    def visited(self, body: Visit, who: Actor, key: Key) -> Answer[Asked]:
        """Ask whoever was served in a case to rate that visit; the official never gets what it can be rated with.

        Raise Missing where the case is not on the official's desk, Forbidden, Conflict.
        """
        ratings, source = self.ratings, f"APPLICATION#{body.application}"
        if not self.at_desk(body.application, who):
            raise Missing("未找到该事项")
        rating = ratings.store.id_for(who.person, key)
        if there := ratings.store.find(rating):
            return Answer(Asked(service_number=there.service_number), replayed=True)
        done = ratings.served["APPLICATION"](body.application)
        fields = ratings.asking(done, ratings.clock()) | {
            "unit": who.unit, "rated": (*(one for one in done["staff"] if one != who.person), who.person),
            "source": source, "sort": "visit", "window": body.window}
        blank = Rating(id=rating, **fields)
        ratings.workflow.rule(blank, "ask", ratings.occasion(blank, who))     # before a number is taken
        fields["service_number"] = number = ratings.store.next_visit(source, rating)
        step = ratings.workflow.advance(blank, "ask", ratings.occasion(blank, who), fields, key)
        ratings.store.create(step, key)
        return Answer(Asked(service_number=number))

    def behind_link(self, token: str) -> LinkView:
        """Return what a link asks to be rated. Raise Missing if it is not ours."""
        case = self._linked(token)
        return LinkView(title=case.title, office=self.ratings.office(case.unit), area=case.area, state=case.state,
                        state_label=self.ratings.workflow.words[case.state])

    def rate_by_link(self, body: ByLink, source: str, key: Key) -> Received:
        """Take down the rating of whoever holds the link that was sent to the person's own phone: as theirs, once.

        Raise Missing, Refused where it was rated or the time is over, Invalid, Conflict.
        """
        case = self._linked(body.token)
        who = Actor(person=case.person, role="citizen", level=Level.PHONE)
        given = body.model_dump(exclude_unset=True, exclude={"token"})
        self.ratings.perform(case.id, Traced(act="rate", channel=LINK, source=source, **given), who, key)
        return Received()

    def by_telephone(self, body: ByTelephone, who: Actor, key: Key) -> Received:
        """Take down what a rater says to a seat of the centre that called: as theirs, once.

        Raise Forbidden, Missing, Refused, Invalid, Conflict, Stale.
        """
        if who.role != CENTRE:
            raise Forbidden("电话评价由热线中心登记")
        case = self.ratings.asked_of(body.kind, body.case_id, who.area, body.service_number)
        if case is None:
            raise Missing("该事项没有邀请评价")
        self.ratings.take_down(case, body, who, key)
        return Received()

    def code(self, place: Place, who: Actor) -> PlaceCode:
        """Return what the code at a place of one's unit says. Raise Forbidden, Invalid."""
        if who.role not in POSTS:
            raise Forbidden("窗口评价码由窗口所属单位的工作人员打印")
        if place.item and not self.offered(who.area, place.item):
            raise Invalid("事项有误", errors=[fault("/item", "unknown", "本行政区域没有公布该事项")])
        return PlaceCode(unit=who.unit, window=place.window, item=place.item, code=place_code(who.unit, place))

    def most(self, area: str, name: str) -> int:
        """Return a configured number of an area's limits: how many ratings an address may give in a day, and so on."""
        reference = self.ratings.reference
        terms = reference.in_force(LIMITS, area, civil_day(self.ratings.clock()))
        return numbers_of(reference.completed(LIMITS, terms))[name]

    def rules(self, area: str) -> Rules:
        """Return by which rules ratings are asked for, counted and looked at in an area. Raise Missing."""
        reference, today = self.ratings.reference, civil_day(self.ratings.clock())
        nodes, channels, signs, limits = (
            reference.completed(name, reference.in_force(name, area, today))
            for name in (NODES, CHANNELS, SIGNS, LIMITS))
        return Rules(nodes=nodes, channels=channels, signals=signs, limits=limits, composite=COMPOSITE, csat=CSAT,
                     formulas=[FormulaView(**asdict(formula)) for formula in FORMULAS])

    def _linked(self, token: str) -> Rating:
        case = self.ratings.store.find(token[:ID])
        if case is None or not case.person or token != token_of(case.id):
            raise Missing("评价链接无效")
        return case

    def _marks(self, body: AtWindow | Inspect, sort: str, more: dict[str, Any]) -> dict[str, Any]:
        """Return the fields of a rating that is made by being given, its traces made."""
        at = self.ratings.clock()
        details: dict[str, Any] = body.model_dump(include={"level", "tags", "words", "device", "shown_at"}) | more
        self.ratings.trace(details, at)
        place = f"{body.window}号窗口" if body.window else "（事项）" if body.item else ""
        return details | {"area": area_of(body.unit), "unit": body.unit, "item": body.item, "window": body.window,
                          "title": f"{self.ratings.office(body.unit)}{place}", "sort": sort, "opened_at": at}


def place_code(unit: str, place: Place) -> str:
    """Return the code that follows from unit and place, and that nobody else can make."""
    sort, name = ("item", place.item) if place.item else ("window", place.window) if place.window else ("hall", "")
    return digest(f"rating {sort}", unit, *([name] if name else []), length=8)
