"""What is done with a case of any kind: perform an act, read, list, let the system act. A domain adds its own uses."""
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from .cases import same
from .identity import SYSTEM, Actor
from .moving import moves, named
from .observe import count
from .problems import Missing, Outdated, Problem, Stale
from .reading import Reading, V
from .record import C, Key
from .table import Item, Write
from .turns import Occasion
from .views import Answer, File
from .workflow import Step

MOST_TURNS = 8                             # system acts on one case in one sweep


@dataclass
class Casework(Reading[C, V]):
    """The uses every kind has. A domain names its rules and its view, and the limits and facts its rules look at."""

    def prepare(self, case: C, act: str, details: dict[str, Any], now: Occasion) -> dict[str, Item]:
        """Complete `details` from what is looked up; return the parts to write with the act. Raise problems."""
        return {}

    def bounded(self, case: C, act: str, details: Mapping[str, Any], now: Occasion) -> Occasion:
        """Return the occasion with the limits that hold for the case as the act makes it."""
        return now

    def perform(self, case_id: str, body: BaseModel, who: Actor, key: Key,
                if_match: int | None = None) -> Answer[File[V]]:
        """Do one act, once per key.

        Raise Missing, Outdated, Forbidden, Refused, Invalid, Conflict, Stale, TooLarge, Busy: then nothing is written.
        """
        case = self._readable(case_id, who)
        if self._done(case, key):
            return Answer(self.file(case, who), replayed=True)
        if if_match not in (None, case.version):
            raise Outdated(f"当前版本为{case.version}，请刷新后重试")
        details: dict[str, Any] = body.model_dump(exclude_unset=True)
        act = details.pop("act")
        try:
            case = self._settled(case)
            now = self.occasion(case, who)
            self.workflow.rule(case, act, now)     # refuse before anything is looked up for the act
            parts = self.prepare(case, act, details, now)
            step = self.workflow.advance(case, act, self.bounded(case, act, details, now), details, key)
            return self.saved(step, key, parts, who)
        except Problem as problem:
            count("Refusals", kind=self.store.kind, code=problem.kind)
            if isinstance(problem, Stale) and if_match is not None:
                raise Outdated("内容已被他人更新，请刷新后重试") from problem
            raise

    def saved(self, step: Step[C], key: Key, parts: Mapping[str, Item], who: Actor) -> Answer[File[V]]:
        """Save an act and return the case as `who` now sees it."""
        fresh = self.store.save(step, key, parts)
        case = step.case if fresh else self.store.get(step.case.id)
        return Answer(self.file(case, who), replayed=not fresh)

    def opened(self, case: C, act: str, who: Actor, key: Key, details: Mapping[str, Any],
               parts: Mapping[str, Item] | None = None, beside: Iterable[Write] = ()) -> Answer[File[V]]:
        """Create a case by its first act, once per key. `case` is blank but for its id; `beside`: what is written with
        it or not at all. Raise as `perform` does.
        """
        try:
            step = self.workflow.advance(case, act, self.occasion(case, who), details, key)
            fresh = self.store.create(step, key, parts, beside)
        except Problem as problem:
            count("Refusals", kind=self.store.kind, code=problem.kind)
            raise
        return Answer(self.file(step.case if fresh else self.store.get(case.id), who), replayed=not fresh)

    def earlier(self, case_id: str, key: Key, who: Actor) -> Answer[File[V]] | None:
        """Return the present view of what a create under this key made before; None if there is nothing."""
        case = self.store.find(case_id)
        if case is None:
            return None
        same(self.store.event(case_id, 1).digest, key)
        if self.view(case, who) is None:
            raise Missing("未找到该事项")
        return Answer(self.file(case, who), replayed=True)

    def lapse(self, case_id: str) -> int:
        """Do what the rules make the system do now; return how many acts that was. Raise Missing, Stale or Busy.

        One read, and a transaction for each act. What another has done meanwhile is read before anything further.
        """
        (case, wake), acts = self.store.woken(case_id), 0
        for turn in range(MOST_TURNS):
            try:
                case, before = self._counted(case), case.version
                acts += case.version > before
                now = self.occasion(case, SYSTEM)
                act = self.workflow.by_system(case, now)
                if act is None:            # or the calendar has moved since the case asked to be woken
                    return acts or (self.recount(case_id) if wake and wake <= now.at else 0)
                step = self._system_step(case, act, now)
                ours = self._by_system(step)
            except Stale:                  # a lost race
                if turn == MOST_TURNS - 1:
                    raise
                ours = False
            acts += ours
            case, wake = (step.case, None) if ours else self.store.woken(case_id)
        return acts

    def recount(self, case_id: str) -> int:
        """Count the case's deadlines by the calendar in force; save that if one moves, or the case's next instant.

        The event tells which moved, and names the notices that did it. Raise as `lapse`.
        """
        for turn in range(MOST_TURNS):
            step = self._recounted(self.store.get(case_id))
            if step is None or not step.event.moved and not self.store.moves(step):
                return 0
            try:
                return int(self._by_system(step))
            except Stale:                  # somebody acted meanwhile: what they did is counted too
                if turn == MOST_TURNS - 1:
                    raise
        return 0

    def _settled(self, case: C) -> C:
        """Return the case with all on which the system has to act first: a moved deadline, one that has passed."""
        for _ in range(MOST_TURNS):
            case = self._counted(case)
            if not self.workflow.run_out(case, self.calendar(case), self.clock()):
                break
            now = self.occasion(case, SYSTEM)
            if (act := self.workflow.by_system(case, now, lapses_only=True)) is None:
                break
            step = self._system_step(case, act, now)
            case = step.case if self._by_system(step) else self.store.get(case.id)
        return case

    def _counted(self, case: C) -> C:
        """Return the case counted by the calendar in force: where that moves a deadline, it is an act before any other.
        """
        version = self.calendar(case).version
        if all(clock.counted == version for clock in case.clocks.values()):
            return case
        step = self._recounted(case)
        if step is None or not step.event.moved:
            return case
        return step.case if self._by_system(step) else self.store.get(case.id)

    def _recounted(self, case: C) -> Step[C] | None:
        """Return the step that counts the case again; None where it has no clock that a calendar could move."""
        now = self.occasion(case, SYSTEM)
        if ("recount", case.state) not in self.workflow.rules:
            return None
        step = self._system_step(case, "recount", now)
        moved = tuple(moves(case, now.calendar.as_of, now.calendar, now.at, step.case.clocks))
        return replace(step, event=step.event.model_copy(update={"moved": moved, "note": named(case, now.calendar)}))

    def by_system(self, case: C, act: str) -> bool:
        """Let the system act on the case; False if that was done before. Raise Stale if somebody acted meanwhile."""
        return self._by_system(self._system_step(case, act, self.occasion(case, SYSTEM)))

    def _system_step(self, case: C, act: str, now: Occasion) -> Step[C]:
        return self.workflow.advance(case, act, now, {}, Key(f"system:{act}:{case.version}"))

    def _by_system(self, step: Step[C]) -> bool:
        """Save an act of the system; say whether it was this call that did it. Raise Stale, TooLarge, Busy."""
        return self.store.save(step, Key(step.event.key))

    def _done(self, case: C, key: Key) -> bool:
        known = [entry.split(":") for entry in case.done if entry.startswith(f"{key.value}:")]
        if known:
            same(known[0][1], key)
        return bool(known)


Works = Mapping[str, Callable[[], Casework[Any, Any]]]
"""By kind of case, what makes its service."""
KINDS: dict[str, Callable[[], Casework[Any, Any]]] = {}
"""Every kind that there is; app.py registers them."""
