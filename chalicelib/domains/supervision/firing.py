"""What cards do by themselves after events: fired, notified, withdrawn, counted, and the red card of a month."""
from dataclasses import dataclass, replace
from datetime import date

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.cases import instant
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.observe import count
from chalicelib.kernel.problems import Busy
from chalicelib.kernel.record import Key
from chalicelib.kernel.reference import most_specific
from chalicelib.kernel.relay import Notice

from .models import Card
from .models import Row as Rule
from .periods import month_of
from .rules import RECOUNT, Occurrence, carded, comes_due, fired, undeserved
from .service import Supervision
from .store import LIMITS
from .tally import TRIES, Tally, of_card

APPEAL, COUNT = "appeal", "count"
"""Why a card is withdrawn, else by a notice: an appeal upheld; or, of a red one of a month, fewer yellow ones."""


@dataclass(frozen=True, slots=True)
class Firing:
    """Each method is a reaction: done twice, or late, it changes nothing more."""

    cards: Supervision
    tally: Tally

    def react(self, notice: Notice) -> None:
        """Fire what an event of another kind tells of, and withdraw what a recount shows to be undeserved."""
        for one in fired(notice):
            self._fire(notice, one)
        for unit in comes_due(notice):
            self.tally.due(unit, month_of(notice.at), f"{notice.kind}#{notice.case_id}")
        if notice.act == RECOUNT:
            for one, by in undeserved(notice):
                self._withdraw(notice, one, by)

    def notify(self, case_id: str) -> None:
        """Begin the unit's time: the message about this act goes to its desk."""
        case = self.cards.store.get(case_id)
        if case.state == "fired" and self.cards.act(case, "notify", {}, {}):
            count("CardsFired", level=case.level, rule=case.rule)

    def count(self, case_id: str) -> None:
        """Count the card as it is now; three yellow ones in a month are a red one. Raise Busy."""
        case = self.cards.store.get(case_id)
        month = month_of(case.opened_at)
        self.tally.enter(case.person, month, f"CARD#{case.id}", of_card(case), case.version)
        for _ in range(TRIES):
            before = self.tally.sums(case.person, month).get("yellows", 0)
            self._settle(case, month, before)
            if self.tally.sums(case.person, month).get("yellows", 0) == before:
                return
        raise Busy("统计繁忙，请稍后重试", retry_after=1)

    def _fire(self, notice: Notice, one: Occurrence) -> None:
        """Open the card, once per case, rule and deadline version; one that a notice had withdrawn counts again."""
        unit = carded(notice, one.act)
        row = self.cards.row(notice.area, civil_day(one.at), notice.kind, one.act, unit, notice.item)
        if row:
            self._open(notice, one, row, "note" if row.level == "warning" else "fire", "")

    def _withdraw(self, notice: Notice, one: Occurrence, by: str) -> None:
        """Withdraw the card of a deadline; if its event is still on the way, open it withdrawn."""
        source, on = f"{notice.kind}#{notice.case_id}", civil_day(one.at)
        codes = {row.code for row in self.cards.rows(notice.area, on) if (row.kind, row.act) == (notice.kind, one.act)}
        cards = [self.cards.store.find(self.cards.store.id_of(source, code, one.clock, instant(one.at)))
                 for code in sorted(codes)]
        for card in filter(None, cards):
            if notice.number > card.source_event and ("withdraw", card.state) in self.cards.workflow.rules:
                self.cards.act(card, "withdraw", {"withdrawn": by, "source_event": notice.number}, {"undeserved": True})
        row = self.cards.row(notice.area, on, notice.kind, one.act, carded(notice, one.act), notice.item)
        if row and not any(cards):
            self._open(notice, one, row, "withdraw", by)

    def _open(self, notice: Notice, one: Occurrence, row: Rule, act: str, withdrawn: str) -> None:
        source = f"{notice.kind}#{notice.case_id}"
        case_id = self.cards.store.id_of(source, row.code, one.clock, instant(one.at))
        if there := self.cards.store.find(case_id):
            if act == "fire" and there.withdrawn not in ("", APPEAL) and notice.number > there.source_event:
                self.cards.act(there, "renew", {"source_event": notice.number}, {"deserved": True})
            return
        unit = carded(notice, one.act)
        hands = self.cards.hands[notice.kind](notice.case_id, notice.number)
        self._create(self.cards.store.blank(
            case_id, row, notice.at, area=notice.area, person=unit, item=notice.item, source=source,
            source_event=notice.number, clock=one.clock, deadline=instant(one.at), withdrawn=withdrawn,
            terms=self._terms(notice.area, civil_day(notice.at)),
            handler=hands.handler if unit == notice.unit else ""), act)

    def _settle(self, case: Card, month: str, yellows: int) -> None:
        """Let the red card of the unit and month be there, or not count, as the number of yellow ones has it (R4)."""
        on, store = civil_day(case.opened_at), self.cards.store
        row = self.cards.row(case.area, on, "CARD", "fire", case.person, case.item)
        if row is None:
            return
        there = store.find(case_id := store.id_of(f"UNIT#{case.person}", row.code, "", month))
        reached = yellows >= self._number("yellows", case)
        if reached and there is None:
            self._create(store.blank(case_id, row, case.opened_at, area=case.area, person=case.person,
                                     source=f"UNIT#{case.person}", deadline=month, terms=self._terms(case.area, on),
                                     behind=tuple(self.tally.yellows(case.person, month, yellows))),
                         "fire")
        elif reached and there and there.withdrawn == COUNT:
            self.cards.act(there, "renew", {}, {"deserved": True})
        elif not reached and there and ("withdraw", there.state) in self.cards.workflow.rules:
            self.cards.act(there, "withdraw", {"withdrawn": COUNT}, {"undeserved": True})

    def _number(self, name: str, case: Card) -> int:
        rows = self.cards.reference.completed(LIMITS, self._terms(case.area, civil_day(case.opened_at)))
        row = most_specific((row for row in rows if row["name"] == name), case.person, "")
        assert row is not None             # the seeds have it, and what an area publishes is checked against them
        return int(row["number"])

    def _terms(self, area: str, on: date) -> str:
        return self.cards.reference.in_force(LIMITS, area, on)

    def _create(self, card: Card, act: str) -> None:
        now = replace(self.cards.occasion(card, SYSTEM), facts={"undeserved": act == "withdraw"})
        key = Key(f"system:{act}:{card.id[:16]}")
        step = self.cards.workflow.advance(card, act, now, self.cards.store.fields(card), key)
        self.cards.store.create(step, key)
