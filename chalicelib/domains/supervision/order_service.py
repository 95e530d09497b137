"""What is done with a supervision order, one method per use."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.cases import CLOSED, PERSON
from chalicelib.kernel.casework import Casework
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.deskwork import serving
from chalicelib.kernel.identity import Actor, area_of
from chalicelib.kernel.problems import Invalid, Missing, Refused, fault
from chalicelib.kernel.record import Hands, Key, Summary
from chalicelib.kernel.reference import most_specific
from chalicelib.kernel.table import Item
from chalicelib.kernel.turns import Occasion
from chalicelib.kernel.views import Answer, File, Found, Row, shown

from .models import Which
from .order_models import Issue, Order, OrderShown, Words
from .order_workflow import HEAD, ORDERS, RECTIFIER, standing, title
from .periods import span_of
from .service import HandsOf, having, limits_of, not_readable
from .store import LIMITS, CardStore, OrderStore
from .workflow import SUPERVISOR, SYS, UNCONFIRMED, UNIT

DRAFT = "draft"                            # the clock of an application that was not submitted


@dataclass
class Orders(Casework[Order, OrderShown]):
    """Treaties: `serves(person, unit)` and `known(unit)` of accounts; `hands`, by kind, to find the case behind an
    order (Missing for what there is not). `cards` are of this same domain.
    """

    store: OrderStore
    cards: CardStore
    serves: Callable[[str, str], bool]
    known: Callable[[str], bool]
    hands: Mapping[str, HandsOf]

    workflow = ORDERS

    def view(self, case: Summary, who: Actor) -> OrderShown | None:
        return shown(OrderShown, case) if standing(case, who) else None

    def about_unit(self, row: Summary) -> str:
        return row.person                  # the unit ordered

    def limits(self, case: Order) -> Mapping[str, Limit]:
        return self.limits_at(case, case.level)

    def facts(self, case: Order, who: Actor, at: datetime) -> Mapping[str, Any]:
        """Return up to which level an order rises by itself."""
        if who.role != SYS:
            return {}
        rows = (row for row in self.reference.completed(LIMITS, case.terms) if row["name"] == "duban_raised_to")
        row = most_specific(rows, case.person, case.item)
        assert row is not None             # the seeds have it, and what an area publishes is checked against them
        return {"raised_to": int(row["number"])}

    def occasion(self, case: Order, who: Actor) -> Occasion:
        """Return all that the rules may look at; the one clock that the system starts is that of the next level."""
        now = super().occasion(case, who)
        rising = who.role == SYS and case.level < now.facts["raised_to"]
        return replace(now, limits=self.limits_at(case, case.level + 1)) if rising else now

    def bounded(self, case: Order, act: str, details: Mapping[str, Any], now: Occasion) -> Occasion:
        """Return the occasion with the limits of the level that the act gives."""
        return replace(now, limits=self.limits_at(case, details["level"])) if act == "raise_level" else now

    def prepare(self, case: Order, act: str, details: dict[str, Any], now: Occasion) -> dict[str, Item]:
        """An answer is a part; a level given is a higher one; who is handed an order serves in its unit. Raise Invalid.
        """
        match act:
            case "assign" | "hand_over":
                serving(self.serves, details, case.person)
                details["had"] = having(case.had, case.handler)
            case "raise_level":
                if details["level"] <= case.level:
                    raise Invalid("督办级别有误", errors=[fault("/level", "level", f"须高于现级别{case.level}")])
                details["title"] = title(details["level"])
            case "answer":
                part, details["answer"] = {"text": details.pop("text")}, f"ANSWER#{case.version + 1:06d}"
                return {details["answer"]: part}
        return {}

    def issue(self, body: Issue, who: Actor, key: Key) -> Answer[File[OrderShown]]:
        """Issue an order to the unit that has a case of the area, once per key; a case has one open order at a time.

        Raise Invalid, Forbidden, Refused, Conflict; Stale where another order on the case was issued at this moment.
        """
        case_id = self.store.id_for(who.person, key)
        if there := self.earlier(case_id, key, who):
            return there
        at, source = self.clock(), f"{body.kind}#{body.case_id}"
        fields = {"area": who.area, "unit": f"{who.area}.supervision", "person": body.unit, "title": title(body.level),
                  "opened_at": at, "level": body.level, "source": source, "card": body.card or "",
                  "terms": self.reference.in_force(LIMITS, who.area, civil_day(at))}
        blank = Order(id=case_id, **fields)
        self.workflow.rule(blank, "issue", self.occasion(blank, who))      # refuse before anything is looked up
        self._check(body, who, source)
        fields["number"] = self.store.next_number(who.area, "DB", f"{civil_day(at):%Y%m%d}", "A")
        return self.opened(blank, "issue", who, key, fields, {"TEXT": {"text": body.text}})

    def text(self, case_id: str, who: Actor) -> Words:
        """Return what is ordered. Raise Missing."""
        return Words.model_validate(self.store.part(self._readable(case_id, who).id, "TEXT"))

    def answer(self, case_id: str, who: Actor) -> Words:
        """Return what the unit answered last. Raise Missing."""
        case = self._readable(case_id, who)
        if not case.answer:
            raise Missing("该督办尚未答复")
        return Words.model_validate(self.store.part(case_id, case.answer))

    def listed_for(self, who: Actor, which: Which, limit: int, cursor: str | None) -> Found[Row]:
        """Return the desk: for the supervisor what is answered, for the head what the unit is to answer; an official's
        own, or what nobody has taken up. Of the supervisor's, `month` is that in which they ended; of a unit's, that
        in which they were issued. Raise Invalid for a unit that is not the reader's.
        """
        if which.unit and which.unit != who.unit and (not self._watches(who) or area_of(which.unit) != who.area):
            raise not_readable()
        span = span_of(which.month)
        if who.role in UNIT and who.unit:
            if who.role != HEAD or which.unclaimed:
                lane = self.store.lane(who.unit, who.role == RECTIFIER)
                mine = f"{lane}@{'' if which.unclaimed else who.person}"
                return self.listed(PERSON, mine, who, limit, cursor, True, span)
            if which.unit or which.month:
                return self.listed(PERSON, who.unit, who, limit, cursor, True, span)
            return self.desk(who, limit, cursor)
        self.at_desk(who)
        if which.unclaimed:
            return Found(items=[], as_of=self.clock())
        if which.unit:
            return self.listed(PERSON, which.unit, who, limit, cursor, True, span)
        if which.month:
            return self.listed(CLOSED, f"{self.desk_of(who)}#{which.month}", who, limit, cursor, True)
        return self.desk(who, limit, cursor)

    def desk_of(self, who: Actor) -> str:
        return f"{who.area}.supervision" if self._watches(who) else who.unit if who.role == HEAD else ""

    def _watches(self, who: Actor) -> bool:
        return who.role in (SUPERVISOR, "auditor") and bool(who.area)

    def limits_at(self, case: Order, level: int) -> Mapping[str, Limit]:
        """Return how long the unit has to sign, and to answer an order of a level."""
        found = limits_of(self.reference.completed(LIMITS, case.terms), case.person, case.item)
        return {"sign": found["duban_sign"], "answer": found[f"duban{level}"]}

    def _check(self, body: Issue, who: Actor, source: str) -> None:
        """Unit, case and card must be there, and be of the area; the card on that case, which goes on at that unit, or
        did when the card was fired. Raise Invalid; Refused where the case has an open order.
        """
        errors, card = [], self.cards.find(body.card) if body.card else None
        if area_of(body.unit) != who.area or not self.known(body.unit):
            errors.append(fault("/unit", "unit", "本行政区域没有该单位"))
        hands = self._behind(body, who)
        if hands is None:
            errors.append(fault("/case_id", "unknown", "本行政区域没有该事项"))
        elif hands.ended:
            errors.append(fault("/case_id", "ended", "该事项已经办结或者终止，不再督办"))
        if body.card and (card is None or card.source != source or card.area != who.area or card.state in UNCONFIRMED):
            errors.append(fault("/card", "unknown", "该事项没有这一张牌"))
        if hands and not errors and body.unit not in (hands.unit, card.person if card else ""):
            errors.append(fault("/unit", "not-theirs", f"该事项现由{hands.unit}承办，不由该单位承办"))
        if errors:
            raise Invalid("督办对象有误", errors=errors)
        if there := self.store.open_on(source):
            raise Refused(f"该事项已有督办在办：{there.number}；可以提高其级别", code="supervised",
                          errors=[fault("/case_id", "supervised", "该事项已有督办在办")])

    def _behind(self, body: Issue, who: Actor) -> Hands | None:
        """Return whose the case is; None where the area has none of that id, or it is a draft, its author's alone."""
        try:
            hands = self.hands[body.kind](body.case_id, 1)
        except Missing:
            return None
        return hands if hands.event.area == who.area and set(hands.clocks) != {DRAFT} else None
