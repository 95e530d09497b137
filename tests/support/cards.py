"""Supervision over tables in moto, with events of other kinds made up by hand."""
from dataclasses import dataclass, field
from datetime import UTC, datetime

from chalicelib.domains.supervision.firing import Firing
from chalicelib.domains.supervision.models import Appeal, Finding, Reasoned
from chalicelib.domains.supervision.reactions import COUNTED, FIRED
from chalicelib.domains.supervision.service import Supervision
from chalicelib.domains.supervision.store import CardStore
from chalicelib.domains.supervision.tally import Tally
from chalicelib.kernel.clocks import Clock
from chalicelib.kernel.problems import Missing
from chalicelib.kernel.record import Event, Hands, Moved
from chalicelib.kernel.relay import Notice
from chalicelib.kernel.table import Table
from tests.support.town import AREA, MARKET, REVIEWER, actor, key, publish_basics
from tests.support.town import Hands as Time

SUPERVISOR = actor("supervisor", f"{AREA}.supervision")
SUPERVISOR2 = actor("supervisor", f"{AREA}.supervision", "supervisor-two")
CASE = "a" * 26


def at(day, hour=0):
    """An hour of a day in Shanghai."""
    return datetime.fromisoformat(f"{day}T{hour:02d}:00:00+08:00").astimezone(UTC)


def clock(due_zero="2026-03-02", limit="5wd@XKF42", **more):
    """A clock whose day zero is a day of March 2026."""
    return Clock(limit=limit, zero=at(due_zero, 10), because="accept", counted="2026", **more)


def notice(act="overdue_promised", number=7, unit=MARKET, area=AREA, case_id=CASE, kind="APPLICATION", name="promised",
           lapsed="2026-03-10", warned=None, when=None, moved=(), counted="2026", item="item", **clocks):
    """An event of a case; by default the sweep's on a deadline missed on 10 March 2026, 00:00."""
    own = clock(lapsed=at(lapsed) if lapsed else None, warned=at(warned) if warned else None)
    return Notice(kind=kind, case_id=case_id, number=number, act=act, source="reviewing", target="reviewing", area=area,
                  unit=unit, item=item, at=when or at(lapsed or warned or "2026-03-10"), basis="YSHJ36", moved=moved,
                  clocks=clocks or {name: own.model_copy(update={"counted": counted})})


def recounted(lapsed="2026-03-10", after="2026-03-17", when="2026-03-12", number=9, **more):
    """A recount on a day: the deadline missed on one day lies on another now, passed by then or not."""
    undone = at(after) > at(when, 10)
    moved = Moved(clock="promised", before=at(lapsed), after=at(after), lapsed=at(lapsed) if undone else None)
    return notice("recount", number=number, lapsed=None if undone else lapsed, when=at(when, 10), moved=(moved,),
                  counted="临时通知", **more)


def finding(rule="Y4", event=3, note="投诉核实"):
    return Finding(rule=rule, kind="APPLICATION", case_id=CASE, event=event, note=note)


def personal(text):
    """What an appeal must not tell, for these tests."""
    return ["第1行第1字：居民身份证号码"] if "11010519491231002X" in text else []


@dataclass
class Desk:
    """`told(event)` reacts to it, and then to what the cards do, once each, as the stream would."""

    hands: dict = field(default_factory=dict)      # case id -> (handler, who acted)
    ended: dict = field(default_factory=dict)      # the clocks of the cases behind the cards, as they ended
    over: set = field(default_factory=set)         # ids of the cases that came to their end
    files: set = field(default_factory=set)        # ids of the materials that a unit can read

    def __post_init__(self):
        self.time = Time(at("2026-03-10", 10))
        reference = publish_basics(self.time)
        self.cards = Supervision(CardStore(Table("yiciban-test-cases")), reference, self.time,
                                 lambda person, unit: person.startswith(("clerk", "reviewer", "head")),
                                 dict.fromkeys(
                                     ("APPLICATION", "ORDER", "CORRECTION", "COMPLAINT", "DOCUMENT", "SIGNAL",
                                     "SUBJECT"),
                                     self._hands), lambda given, who: set(given) - self.files, personal)
        self.firing, self.seen = Firing(self.cards, Tally(Table("yiciban-test-figures"))), set()

    def _hands(self, case_id, number):
        if number > 20:
            raise Missing("未找到该事项")
        handler, acted = self.hands.get(case_id, ("", ()))
        event = Event(case_id=case_id, number=number, act="suspend", source="reviewing", target="suspended",
                      by=REVIEWER, at=at("2026-03-10"), basis="XKF45", area=AREA, unit=MARKET, item="item")
        return Hands(event, handler, frozenset(acted), self.ended, MARKET, case_id in self.over)

    def told(self, *events):
        for event in events:
            self.firing.react(event)
        self.settle()
        return self

    def settle(self):
        """React to what the cards did since the last time."""
        while fresh := [(card, event) for card in self.all() for event in self.cards.store.timeline(card.id)
                        if (card.id, event.number) not in self.seen]:
            for card, event in fresh:
                self.seen.add((card.id, event.number))
                if event.act in FIRED:
                    self.firing.notify(card.id)
                if event.act in COUNTED:
                    self.firing.count(card.id)

    def all(self, code=None):
        """Every card, or those whose number begins with a code."""
        items, after = [], None
        while True:
            page = self.cards.store.table.scan(after=after)
            items += [item["pk"].partition("#")[2] for item in page.items
                      if item["pk"].startswith("CARD#") and item["sk"] == "STATE"]
            if not (after := page.last):
                break
        cards = [self.cards.store.get(case_id) for case_id in items]
        return [card for card in cards if code is None or card.number.startswith(code)]

    def one(self, code=None):
        card, = self.all(code)
        return card

    def do(self, who, act, code=None, note="已补办，原因见说明"):
        body = Appeal(act=act, text="系统停电，有供电通知为证") if act == "appeal" else Reasoned(act=act, note=note)
        done = self.cards.perform(self.one(code).id, body, who, key()).result
        self.settle()
        return done

    def sweep(self, day, hour=0):
        """Let the system act on every card at an hour of a day."""
        self.time.at = at(day, hour)
        for card in self.all():
            self.cards.lapse(card.id)
        self.settle()

    def acts(self, code=None):
        return [event.act for event in self.cards.store.timeline(self.one(code).id)]
