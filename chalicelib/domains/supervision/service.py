"""What is done with a card, one method per use."""
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.cases import CLOSED, PERSON, instant, same
from chalicelib.kernel.casework import Casework
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.deskwork import serving
from chalicelib.kernel.identity import SYSTEM, Actor, area_of
from chalicelib.kernel.problems import Invalid, Missing, Refused, fault
from chalicelib.kernel.record import Hands, Key, Summary
from chalicelib.kernel.reference import most_specific
from chalicelib.kernel.table import Item
from chalicelib.kernel.turns import Occasion
from chalicelib.kernel.views import Answer, File, Found, Row, shown

from .models import Appealed, Card, Finding, Shown, Which, watching
from .models import Row as Rule
from .periods import span_of
from .store import LIMITS, RULES, CardStore
from .workflow import APPEALED, CARDS, LEADER, SUPERVISOR, SYS, UNIT, VOID, WATCHING, standing

APPEALING = "申诉"
KEPT = 10                                  # officials who had a card or an order, as many as it remembers
HandsOf = Callable[[str, int], Hands]


def limits_of(rows: Iterable[Item], unit: str, item: str) -> dict[str, Limit]:
    """Return the limits among the rows of a version, by name: of each the one that fits unit and item best."""
    limits = [row for row in rows if "limit" in row]
    return {name: Limit.model_validate(row["limit"]) for name in {row["name"] for row in limits}
            if (row := most_specific((row for row in limits if row["name"] == name), unit, item))}


def not_readable() -> Invalid:
    """Return the refusal of a list of another unit than the reader's own, or than those of their area."""
    return Invalid("查询条件有误", errors=[fault("/unit", "unit", "没有该单位，或者不是您可以查看的单位")])


def having(had: tuple[str, ...], handler: str) -> tuple[str, ...]:
    """Return who had a case before it is handed on, as many as it remembers: they keep seeing it."""
    return tuple(dict.fromkeys(filter(None, (*had, handler))))[-KEPT:]


@dataclass
class Supervision(Casework[Card, Shown]):
    """Treaties: `serves(person, unit)` of accounts; `hands`, by kind: whose a case was at an event, and who acted on it
    (Missing for what there is not); `unreadable(materials, who)` of materials: those that are no stored file that `who`
    may read; `personal(text)` of disclosure: the numbers of persons in a text, each with its place, in words.
    """

    store: CardStore
    serves: Callable[[str, str], bool]
    hands: Mapping[str, HandsOf]
    unreadable: Callable[[Iterable[str], Actor], Collection[str]]
    personal: Callable[[str], Iterable[str]]

    workflow = CARDS

    def view(self, case: Summary, who: Actor) -> Shown | None:
        return shown(Shown, case) if standing(case, who) else None

    def about_unit(self, row: Summary) -> str:
        return row.person                  # the unit carded

    def limits(self, case: Card) -> Mapping[str, Limit]:
        """Return how long the unit carded has for each step, by the terms in force when the card was fired."""
        return limits_of(self.reference.completed(LIMITS, case.terms), case.person, case.item) if case.terms else {}

    def facts(self, case: Card, who: Actor, at: datetime) -> Mapping[str, Any]:
        """Return whether a supervisor has had a hand in what an appeal is about; whether a yellow card grows red."""
        if case.state in APPEALED.values() and who.role in WATCHING:
            return {"involved": who.person in self._involved(case)}
        if case.state in APPEALED and who.role == SYS:
            row = self.row(case.area, civil_day(at), "CARD", "escalate", case.person, case.item)
            return {"escalates": row is not None}
        return {}

    def prepare(self, case: Card, act: str, details: dict[str, Any], now: Occasion) -> dict[str, Item]:
        """An appeal is a part of its own; whom a card is handed to must serve in the unit carded. Raise Invalid."""
        if act in ("assign", "hand_over"):
            serving(self.serves, details, case.person)
            details["had"] = having(case.had, case.handler)
        if act == "appeal":
            self._check(details, now.who)
            part = {"text": details.pop("text"), "materials": list(details.pop("materials", ()))}
            details |= {"appeal": f"APPEAL#{case.version + 1:06d}", "reason": APPEALING}
            return {details["appeal"]: part}
        return {}

    def _check(self, details: Mapping[str, Any], who: Actor) -> None:
        """An appeal names files that the unit can read, and tells no number of a person. Raise Invalid."""
        unread = self.unreadable(details.get("materials", ()), who)
        errors = [fault(f"/materials/{place}", "unknown", "没有该文件，或者本单位不能查看")
                  for place, one in enumerate(details.get("materials", ())) if one in unread]
        errors += [fault("/text", "personal", words) for words in self.personal(details["text"])]
        if errors:
            raise Invalid("申诉内容有误，请按提示修改", errors=errors)

    def find(self, body: Finding, who: Actor, key: Key) -> Answer[File[Shown]]:
        """Fire a card by hand, for what an event of a case shows: yellow at once, red when another has confirmed it.

        Once while the card stands; after it was not confirmed, or annulled, it can be found anew. Raise Invalid,
        Forbidden, Refused, Conflict.
        """
        at = self.clock()
        blank = Card(id="new", level="yellow", rule=body.rule, source=body.kind, area=who.area, opened_at=at)
        self.workflow.rule(blank, "find", self.occasion(blank, who))   # before anything is told of the case
        hands = self._found_in(body, who)
        event, source = hands.event, f"{body.kind}#{body.case_id}"
        row = self._by_hand(who.area, civil_day(at), body, event.unit, event.item)
        case_id = self.store.id_of(source, row.code, "", deadline := f"EVENT#{body.event}")
        while there := self.store.find(case_id):
            first = self.store.event(case_id, 1)
            if first.key == key.value:
                same(first.digest, key)
                return Answer(self.file(there, who), replayed=True)
            if there.state not in VOID:
                raise Refused(f"该行为已经亮牌：{there.number}")
            case_id = self.store.id_of(source, row.code, "", f"{deadline} after {case_id}")
        card = self.store.blank(case_id, row, at, area=who.area, person=event.unit, item=event.item,
                                source=source, source_event=body.event, handler=hands.handler,
                                deadline=deadline, found_by=who.person,
                                terms=self.reference.in_force(LIMITS, who.area, civil_day(at)))
        act = "propose" if row.level == "red" else "find"
        return self.opened(card, act, who, key, self.store.fields(card) | {"note": body.note})

    def _found_in(self, body: Finding, who: Actor) -> Hands:
        """Return whose the case was at the event in which something was found. Raise Invalid."""
        pointer, words = "/case_id", "本行政区域没有该事项"
        try:
            if who.area and self.hands[body.kind](body.case_id, 1).event.area == who.area:
                pointer, words = "/event", "该事项没有这一条办理记录"
                return self.hands[body.kind](body.case_id, body.event)
        except Missing:
            pass                           # no such case, or no such event of it
        raise Invalid("亮牌对象有误", errors=[fault(pointer, "unknown", words)])

    def appealed(self, case_id: str, who: Actor) -> Appealed:
        """Return what the unit says against the card. Raise Missing."""
        case = self._readable(case_id, who)
        if not case.appeal:
            raise Missing("该牌没有申诉")
        return Appealed.model_validate(self.store.part(case_id, case.appeal))

    def listed_for(self, who: Actor, which: Which, limit: int, cursor: str | None) -> Found[Row]:
        """Return the supervisor's desk, a unit's cards, or those ended in a month; for an official, their own; for
        the leader also those of the supervision itself.

        Of a unit's, `month` is that in which they were fired. Raise Invalid for a unit that is not the reader's.
        """
        if who.role == LEADER and which.unit == watching(who.area):
            return self.listed(PERSON, which.unit, who, limit, cursor, True, span_of(which.month))
        if who.role in UNIT and who.unit:
            if which.unit not in (None, who.unit):
                raise not_readable()
            taken = "" if which.unclaimed else who.person
            mine = who.unit if who.role == "head" and not which.unclaimed else f"{who.unit}@{taken}"
            return self.listed(PERSON, mine, who, limit, cursor, True, span_of(which.month))
        desk = self.at_desk(who)
        if which.unclaimed:
            return Found(items=[], as_of=self.clock())
        if which.unit:
            if area_of(which.unit) != who.area:
                raise not_readable()
            return self.listed(PERSON, which.unit, who, limit, cursor, True, span_of(which.month))
        if which.month:
            return self.listed(CLOSED, f"{desk}#{which.month}", who, limit, cursor, True)
        return self.desk(who, limit, cursor)

    def desk_of(self, who: Actor) -> str:
        return f"{who.area}.supervision" if who.role in (SUPERVISOR, "auditor") else ""

    def rows(self, area: str, on: date) -> list[Rule]:
        """Return the rule table in force in an area on a day."""
        version = self.reference.in_force(RULES, area, on)
        return [Rule.model_validate(row) for row in self.reference.rows(RULES, version)]

    def row(self, area: str, on: date, kind: str, act: str, unit: str, item: str) -> Rule | None:
        """Return the row that an event of the system stands for; None where it fires nothing."""
        fit = [dict(row) for row in self.rows(area, on) if (row.kind, row.act, row.by) == (kind, act, SYS)]
        found = most_specific(fit, unit, item)
        return Rule.model_validate(found) if found and not found["off"] else None

    def _by_hand(self, area: str, on: date, body: Finding, unit: str, item: str) -> Rule:
        """Return the row under which a supervisor fires. Raise Invalid."""
        fit = [dict(row) for row in self.rows(area, on)
               if (row.code, row.kind, row.by) == (body.rule, body.kind, SUPERVISOR)]
        found = most_specific(fit, unit, item)
        if found is None or found["off"]:
            raise Invalid("亮牌规则有误", errors=[
                fault("/rule", "unknown", "该规则不由监督人员人工亮牌，或者对该单位、事项停用")])
        return Rule.model_validate(found)

    def recount(self, case_id: str) -> int:
        """Count the card's own deadlines again; withdraw it if the ended one that it is about was met after all."""
        acts, card = super().recount(case_id), self.store.get(case_id)
        kind, _, source = card.source.partition("#")
        clock = self.hands[kind](source, 1).clocks.get(card.clock) if card.clock and kind in self.hands else None
        if not clock or not clock.stopped or not clock.lapsed or instant(clock.lapsed) != card.deadline:
            return acts                    # while it runs, the recount of its case tells
        calendar = self.calendar(card)
        due = clock.due(calendar)
        if due and due > clock.stopped and ("withdraw", card.state) in self.workflow.rules:
            acts += self.act(card, "withdraw", {"withdrawn": calendar.version}, {"undeserved": True})
        return acts

    def act(self, card: Card, act: str, details: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
        """Let the system do what only counting shows (`facts`), once per version; False if it was done. Raise Stale."""
        now, key = replace(self.occasion(card, SYSTEM), facts=facts), Key(f"system:{act}:{card.version}")
        return self.store.save(self.workflow.advance(card, act, now, details, key), key)

    def _involved(self, case: Card) -> frozenset[str]:
        """Return who fired, confirmed or acted on the card, or on the case or the yellow cards behind it."""
        kind, _, source = case.source.partition("#")
        behind = self.hands[kind](source, 1).acted if kind in self.hands else frozenset()
        yellows = (self._involved(self.store.get(one)) for one in case.behind)
        return behind.union({event.by.person for event in self.store.timeline(case.id)}, *yellows)
