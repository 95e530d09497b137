"""What threads do after the events of their members. Each method is a reaction: twice is once."""
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.kernel.erasure import let_go
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.problems import Refused
from chalicelib.kernel.record import Key
from chalicelib.kernel.relay import Notice
from chalicelib.kernel.table import Write, transact
from chalicelib.kernel.vault import digest

from .models import LINKABLE, Thread
from .service import Threads
from .workflow import FEWEST, OPEN

GONE: Mapping[str, bool] = {"erased": True}
MOST_CLEANED = 60                          # events of a thread that one transaction cleans


@dataclass(frozen=True, slots=True)
class Following:
    """What one member's event does to its thread."""

    threads: Threads

    def follow(self, notice: Notice) -> None:
        """Make the thread that the centre's `link` of an order asks for, which the case named leads, or a complaint's
        naming of the matter it is about, which the complaint leads; in the name of who did so. Twice is once.
        """
        event = self.threads.works[notice.kind]().store.event(notice.case_id, notice.number)
        mine, linked, matter = (f"{notice.kind}#{notice.case_id}", event.changes.get("linked", ""),
                                event.changes.get("matter", ""))
        if not (linked or matter):
            return
        pair = (linked, mine) if linked else (mine, matter)
        try:
            self.threads.joined(pair, notice.area, event.by, Key(digest("link", *pair, str(notice.number)), notice.act))
        except Refused:                    # their thread is full; the case still names the other
            return

    def answered(self, notice: Notice) -> None:
        """Have the thread answered whose lead was. Twice is once. Raise Stale."""
        names, (kind, field) = [f"{notice.kind}#{notice.case_id}"], LINKABLE[notice.kind].answer_of
        if kind:
            names.append(f"{kind}#{getattr(self.threads.works[notice.kind]().store.get(notice.case_id), field)}")
        for thread in set(self.threads.store.threads_of(names).values()):
            case = self.threads.store.get(thread)
            if case.lead in names:
                self._answer(case)

    def settle(self, thread: str) -> None:
        """Have a thread answered whose lead had been answered before it was linked; a lead that had ended without an
        answer leaves it. Raise Stale.
        """
        case = self.threads.store.get(thread)
        kind, _, case_id = case.lead.partition("#")
        acts = {event.act for event in self.threads.works[kind]().store.timeline(case_id)}
        if acts & LINKABLE[kind].answers:
            self._answer(case)
        elif acts & LINKABLE[kind].ends:
            self.left(case.lead)

    def left(self, member: str) -> None:
        """Let a case that has ended without an answer leave its thread, which another one leads from now on; the thread
        ends where none is left beside. Twice is once. Raise Stale.
        """
        for thread in self.threads.store.threads_of([member]).values():
            case = self.threads.store.get(thread)
            rest = tuple(one for one in case.members if one != member)
            if case.state == OPEN and len(rest) < FEWEST:
                self._gone(case, "end", {}, self.threads.store.released(thread, case.members))
            elif case.state == OPEN:
                self._gone(case, "leave", self._without(case, rest), self.threads.store.released(thread, [member]))

    def forget(self, member: str) -> None:
        """Let no thread name a case that names nobody any more, nor the thread itself where fewer than two are left.
        Twice is once. Raise Stale.
        """
        for thread in self.threads.store.naming(member):
            case = self.threads.store.get(thread)
            states = self.threads.store.states(case.members)
            rest = tuple(one for one in case.members if one != member)
            if sum(not states.get(one, GONE).get("erased") for one in rest) < FEWEST:
                let_go(self.threads, thread, self.threads.store.forgotten(case, case.members))
                continue
            writes = self.threads.store.without(thread, member)
            while len(writes) > MOST_CLEANED:
                transact(*writes[:MOST_CLEANED])
                writes = writes[MOST_CLEANED:]
            self._gone(case, "leave", self._without(case, rest), [
                *writes, *self.threads.store.forgotten(case, [member])])

    def _gone(self, case: Thread, act: str, details: dict[str, Any], beside: list[Write]) -> None:
        now = replace(self.threads.occasion(case, SYSTEM), facts={"gone": True})
        step = self.threads.workflow.advance(case, act, now, details, key := Key(f"system:{act}:{case.version}"))
        self.threads.store.save(step, key, beside=beside)

    @staticmethod
    def _without(case: Thread, rest: tuple[str, ...]) -> dict[str, Any]:
        return {"members": rest, "lead": case.lead if case.lead in rest else rest[0]}

    def _answer(self, case: Thread) -> None:
        if case.state == OPEN:
            now = replace(self.threads.occasion(case, SYSTEM), facts={"answered": True})
            step = self.threads.workflow.advance(case, "answer", now, {}, key := Key(f"system:answer:{case.version}"))
            self.threads.store.save(step, key)
