"""A case's life declared as data: one Rule per lawful act, read top to bottom like a statute. Pure."""
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, NamedTuple

from .calendar import Calendar
from .clocks import STEP, Clock
from .law import cite
from .problems import Forbidden, Refused
from .record import C, Case, Event, Key, apply
from .turns import Guard, Occasion, Turn


class Wake(NamedTuple):
    """An instant at which the system has something to do. `by_day`: for a clock of days; one of hours or minutes is
    served first."""

    at: datetime
    by_day: bool = True


@dataclass(frozen=True, slots=True)
class Step(Generic[C]):
    """A case after an act together with the event that records it. Neither is saved alone; `before` is the case that
    was acted on.

    `due_at` (the first duty to run out) and `wake` (when the system has something to do next) are counted by the
    calendar of the act. They feed indexes and are never shown.
    """

    case: C
    event: Event
    due_at: datetime | None
    wake: Wake | None
    before: C | None = None

    @property
    def wake_at(self) -> datetime | None:
        return self.wake.at if self.wake else None


@dataclass(frozen=True, slots=True)
class Rule:
    """One of the offices `by` may do `act` on a case in `source`, moving it to `target`, on the strength of `basis`.

    `when`: every guard must be content. `sets`: fields to write; a function is called with (case, occasion).
    `clocks`: the turns the act gives to clocks. A tuple of sources stands for one row each.
    """

    act: str
    source: str | tuple[str, ...]
    target: str                            # "" keeps the state
    by: str | tuple[str, ...]
    basis: str
    when: tuple[Guard, ...] = ()
    sets: Mapping[str, Any] = field(default_factory=dict)
    clocks: tuple[Turn, ...] = ()

    @property
    def offices(self) -> tuple[str, ...]:
        return (self.by,) if isinstance(self.by, str) else self.by

    def rows(self) -> Iterator["Rule"]:
        """Yield one rule per source state, with its target spelled out."""
        for source in (self.source,) if isinstance(self.source, str) else self.source:
            yield Rule(self.act, source, self.target or source, self.by, self.basis, self.when, self.sets, self.clocks)

    def objection(self, case: Case, now: Occasion) -> str:
        """Return the first guard's reason to refuse; "" if there is none."""
        return next((reason for guard in self.when if (reason := guard(case, now))), "")

    def refusal(self, case: Case, now: Occasion) -> str:
        """Return the first guard's reason with the basis, as a refused act answers it; "" if there is none."""
        reason = self.objection(case, now)
        return f"{reason}（{cite(self.basis)}）" if reason else ""


class Workflow(Generic[C]):
    """A set of rules, at most one for each (act, source), with the Chinese words for acts, states and offices.

    A clock on whose lapse the system acts is a duty and makes a case due; any other is a window (the time for
    a return), of which only guards take notice.
    """

    def __init__(self, *rules: Rule, words: Mapping[str, str]):
        rows = [row for rule in rules for row in rule.rows()]
        self.rules: dict[tuple[str, str], Rule] = {(row.act, str(row.source)): row for row in rows}
        self.words = words
        if len(self.rules) != len(rows):
            raise ValueError("two rules govern the same act in the same state")
        self.duties: dict[str, frozenset[tuple[str, str]]] = {
            source: frozenset((turn.verb, turn.name) for (_, other), rule in self.rules.items() if other == source
                              for turn in rule.clocks if turn.verb in ("lapse", "warn", "remind"))
            for _, source in self.rules}
        self.follows = {turn.name: turn.after for row in rows for turn in row.clocks if turn.after}

    @property
    def names(self) -> frozenset[str]:
        """Every act that there is."""
        return frozenset(act for act, _ in self.rules)

    def acts(self, case: C, now: Occasion) -> list[str]:
        """Return the acts open now: buttons for a person, duties for the system."""
        return [act for act, reason in self.weighed(case, now) if not reason]

    def weighed(self, case: C, now: Occasion) -> list[tuple[str, str]]:
        """Return the acts of the actor's office in this state, each with the reason against it; "" if it is open."""
        return [(act, rule.refusal(case, now)) for (act, source), rule in self.rules.items()
                if source == case.state and now.who.role in rule.offices]

    def rule(self, case: C, act: str, now: Occasion) -> Rule:
        """Return the rule that allows `act` now. Raise Refused or Forbidden, citing the basis."""
        rule = self.rules.get((act, case.state))
        if rule is None:
            raise Refused(f"{self.words[case.state]}的事项不能{self.words.get(act, act)}", code="out-of-order")
        if now.who.role not in rule.offices:
            offices = "、".join(self.words[office] for office in rule.offices)
            raise Forbidden(f"{self.words[act]}由{offices}办理（{cite(rule.basis)}）")
        if reason := rule.refusal(case, now):
            raise Refused(reason)
        return rule

    def advance(self, case: C, act: str, now: Occasion, details: Mapping[str, Any] | None = None,
                key: Key | None = None) -> Step[C]:
        """Return the step that `act` makes; change nothing. Raise Refused or Forbidden.

        Of the `details`, `note` goes to the timeline, the case's own fields to the case, the rest to the turns.
        """
        rule, details, key = self.rule(case, act, now), details or {}, key or Key()
        own = {name: value for name, value in details.items() if name in type(case).model_fields}
        sets = {name: value(case, now) if isinstance(value, Callable) else value  # type: ignore[arg-type]
                for name, value in rule.sets.items()}
        changes = own | sets
        subject: C = case.model_copy(update=changes)
        clocks: dict[str, Clock] = {}
        for turn in self._turns(rule, case):
            clock = clocks.get(turn.name, case.clocks.get(turn.name))
            if not turn.idle(clock, now):
                clocks[turn.name] = turn.apply(subject, clock, act, now, details)
        event = Event(case_id=case.id, number=case.version + 1, act=act, source=case.state, target=rule.target,
                      by=now.who, at=now.at, basis=rule.basis, area=subject.area,
                      unit=case.unit or subject.unit, desk=subject.unit if subject.unit != case.unit else "",
                      item=subject.item, note=details.get("note", ""), changes=changes, clocks=clocks,
                      key=key.value, digest=key.digest)
        after = apply(event, case)
        return Step(after, event, self.due(after, now), self.wake(after, now), case)

    def _turns(self, rule: Rule, case: Case) -> Iterator[Turn]:
        """Yield the rule's turns; one on the clock `*` is one on every clock that runs."""
        for turn in rule.clocks:
            if turn.name == "*":
                yield from (Turn(turn.verb, name, after=self.follows.get(name, "")) for name in case.clocks)
            else:
                yield turn

    def run_out(self, case: C, calendar: Calendar, at: datetime) -> bool:
        """Say whether a deadline has passed on which the system has not acted yet."""
        return any(verb == "lapse" and (clock := case.clocks.get(name)) and not clock.lapsed
                   and (due := clock.due(calendar)) and due <= at for verb, name in self.duties.get(case.state, ()))

    def by_system(self, case: C, now: Occasion, lapses_only: bool = False) -> str | None:
        """Return the system's act whose deadline passed first, else a reminder that has come; None if there is none."""
        found: list[tuple[datetime, str]] = []
        for act in self.acts(case, now):
            dues = [due for turn in self.rules[act, case.state].clocks if turn.verb == "lapse"
                    and (due := case.clocks[turn.name].due(now.calendar))]
            if act != "recount" and (dues or not lapses_only):
                found.append((min(dues, default=now.at + timedelta(days=1)), act))
        return min(found, key=lambda one: one[0])[1] if found else None

    def due(self, case: C, now: Occasion) -> datetime | None:
        """Return when the first running duty is due; None if nothing is."""
        names = {name for verb, name in self.duties.get(case.state, ()) if verb == "lapse"}
        return min((at for name in names if name in case.clocks
                    and (at := case.clocks[name].due(now.calendar))), default=None)

    def wake(self, case: C, now: Occasion) -> Wake | None:
        """Return the next instant at which the system has something to do, never before `now.at`; None if never."""
        wakes: list[Wake] = []
        for verb, name in self.duties.get(case.state, ()):
            if clock := case.clocks.get(name):
                at = {"lapse": clock.due, "warn": clock.next_warning, "remind": clock.next_reminder}[verb](now.calendar)
                if at and not (verb == "lapse" and clock.lapsed):
                    wakes.append(Wake(max(at, now.at), clock.limit.unit not in STEP))
        return min(wakes, default=None)

    def diagram(self) -> str:
        """Return the workflow as a mermaid state diagram, for the documentation."""
        lines = (f"    {source} --> {rule.target}: {self.words[act]}"
                 f"（{'、'.join(self.words[office] for office in rule.offices)}）"
                 for (act, source), rule in self.rules.items())
        states = {state for (_, source), rule in self.rules.items() for state in (source, rule.target)}
        named = (f"    {state}: {self.words[state]}" for state in sorted(states))
        return "\n".join(["stateDiagram-v2", *named, *lines])
