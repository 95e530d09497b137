"""What is done with signs of gaming, one method per use.

Table `figures`: pk `TRACE#<digest of what is alike>`, sk the rating; they vanish by themselves. The digests are keyed
and bound to a day or a month: nobody can be followed by them, and no address, device or text can be read from them.
"""
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.kernel.calendar import CIVIL, civil_day
from chalicelib.kernel.casework import Casework
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.identity import SYSTEM, Actor
from chalicelib.kernel.record import Key, Summary
from chalicelib.kernel.table import Table
from chalicelib.kernel.vault import digest
from chalicelib.kernel.views import shown

from .measures import counted, month_of
from .models import Rating
from .service import Ratings, limits_of
from .signal_models import Signal, SignalView, WatchSignal
from .signal_workflow import SIGNALS, STAFF, SUPERVISOR, standing
from .store import LIMITS, SIGNS, SignalStore

A_DAY, A_MONTH = timedelta(days=3), timedelta(days=40)     # how long what is alike in a day, a month, is kept
OF_PLACE = ("praise", "rush")
"""The rules that are about a place, and no single rating: what comes of them keeps no rating out of the scores."""
GAMING = "gaming"
"""Why a rating that a signal was upheld about does not count."""


@dataclass(frozen=True, slots=True)
class Traces:
    """Which ratings are alike in something."""

    figures: Table
    clock: Callable[[], Any]

    def enter(self, rating: str, most: int, kept: timedelta, *what: str) -> int:
        """Enter a rating among those alike; return how many there are, counted up to one more than `most`."""
        pk, expires = f"TRACE#{digest('trace', *what)}", int((self.clock() + kept).timestamp())
        self.figures.save(self.figures.put({"pk": pk, "sk": rating, "expires": expires}))
        return len(self.figures.page(pk, limit=most + 1).items)

    def none(self, *what: str) -> bool:
        return not self.figures.page(f"TRACE#{digest('trace', *what)}", limit=1).items


@dataclass
class Signals(Casework[Signal, SignalView]):
    """Treaty: `offices(person)` of accounts, the offices a person holds. `ratings` are of this same domain."""

    store: SignalStore
    ratings: Ratings
    traces: Traces
    offices: Callable[[str], list[dict[str, str]]]

    workflow = SIGNALS

    def view(self, case: Summary, who: Actor) -> SignalView | None:
        models: dict[str, type[SignalView]] = {"unit": SignalView, "watch": WatchSignal}
        if (model := models.get(standing(case, who))) is None:
            return None
        return shown(model, case)

    def limits(self, case: Signal) -> Mapping[str, Limit]:
        return limits_of(self.reference.completed(LIMITS, case.terms))

    def facts(self, case: Signal, who: Actor, at: datetime) -> Mapping[str, Any]:
        """Return whether who judges serves in the unit that it is about."""
        return {"of_unit": self.ratings.serves(who.person, case.unit)} if who.role == SUPERVISOR else {}

    def desk_of(self, who: Actor) -> str:
        if who.role in ("supervisor", "auditor"):
            return f"{who.area}.supervision"
        return who.unit if who.role in STAFF else ""

    def look(self, rating: str) -> None:
        """Look at what was said by the rules in force; raise each sign once, however often it is told."""
        case = self.ratings.store.get(rating)
        if not counted(case):
            return
        at = case.rated_at or case.opened_at
        version = self.reference.in_force(SIGNS, case.area, civil_day(at))
        rules = {row["name"]: row for row in self.reference.completed(SIGNS, version) if row["watched"]}
        for name, found, broken in self._found(case, rules):
            if broken:
                self._raise(case, rules[name], found)

    def judged(self, case_id: str, number: int) -> None:
        """Keep the rating that a signal was upheld about out of the scores."""
        case = self.store.get(case_id)
        if case.rating and case.state == "upheld":
            self.ratings.exclude(case.rating, GAMING, Key(f"signal-{case_id[:16]}-{number}"))

    def _found(self, case: Rating, rules: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, int, bool]]:
        """Yield by rule how much was found of it, and whether the rule is broken."""
        at = case.rated_at or case.opened_at
        day, month = civil_day(at).isoformat(), month_of(at)
        alike: dict[str, tuple[Any, ...]] = {sort: (case.id, A_DAY, sort, value) for sort, _, value in (
            trace.partition(":") for trace in case.traces)}
        if case.person:
            alike["person"] = (case.id, A_DAY, "person", case.person, day)
        if (words := "".join(self.ratings.said(case).split())) and len(words) >= rules.get("text", {}).get("least", 0):
            alike["text"] = (case.id, A_MONTH, "text", case.unit, month, words)
        for name, (rating, kept, *what) in alike.items():
            if name in rules and case.channel in rules[name].get("channels", (case.channel,)):
                most = rules[name]["number"]
                n = self.traces.enter(rating, most, kept, *what)
                yield name, n, n > most
        if "rush" in rules and case.channel in rules["rush"]["channels"] and not case.source:
            most = rules["rush"]["number"]
            n = self.traces.enter(case.id, most, A_DAY, "rush", *_rush(case, rules["rush"]))
            yield "rush", n, n > most
        if case.seconds is not None and "quick" in rules:
            yield "quick", case.seconds, case.seconds < rules["quick"]["number"]
        if case.person and "staff" in rules:
            yield "staff", 0, bool(self.offices(case.person))
        if "praise" in rules:
            n = self._praise(case, rules["praise"]["number"], month)
            yield "praise", n, n > rules["praise"]["number"]

    def _praise(self, case: Rating, most: int, month: str) -> int:
        """Return how many ratings of a window's month are of the best level, where all are; else none."""
        five, other = (("praise", side, case.unit, case.window, month) for side in ("five", "other"))
        n = self.traces.enter(case.id, most, A_MONTH, *(five if case.level == 5 else other))
        return n if case.level == 5 and self.traces.none(*other) else 0

    def _raise(self, case: Rating, rule: Mapping[str, Any], found: int) -> None:
        month, of_window = month_of(case.rated_at or case.opened_at), rule["name"] in OF_PLACE
        about = (_rush(case, rule) if rule["name"] == "rush" else (case.unit, case.window, month) if of_window
                 else (case.id,))
        key = Key(digest("signal", rule["name"], *about, length=10), "RATING")
        signal, at = self.store.id_for(SYSTEM.person, key), self.clock()
        if self.store.find(signal):
            return
        fields = {"area": case.area, "unit": case.unit, "title": rule["word"], "opened_at": at, "rule": rule["name"],
                  "rating": "" if of_window else case.id, "rated": () if of_window else case.rated,
                  "window": case.window, "month": month, "found": found,
                  "threshold": rule["number"], "terms": self.reference.in_force(LIMITS, case.area, civil_day(at))}
        blank = Signal(id=signal, **fields)
        fields["number"] = self.store.next_number(case.area, "SG", f"{civil_day(at):%Y%m%d}", "A")
        self.store.create(self.workflow.advance(blank, "raise", self.occasion(blank, SYSTEM), fields, key), key)


def _rush(case: Rating, rule: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a place and the span of so many minutes, counted from midnight, in which a rating was given there."""
    at = (case.rated_at or case.opened_at).astimezone(CIVIL)
    span = (at.hour * 60 + at.minute) // int(rule["minutes"])
    return case.unit, case.window, case.item, at.date().isoformat(), str(span)
