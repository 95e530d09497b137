"""What is done with threads, one method per use."""
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from chalicelib.kernel.casework import Casework, Works
from chalicelib.kernel.erasure import let_go
from chalicelib.kernel.identity import SYSTEM, Actor
from chalicelib.kernel.problems import Invalid, Missing, Refused, Stale, fault
from chalicelib.kernel.record import Event, Key, Summary
from chalicelib.kernel.relay import Notice
from chalicelib.kernel.table import Item
from chalicelib.kernel.turns import Occasion
from chalicelib.kernel.vault import digest
from chalicelib.kernel.views import Answer, Entry, File
from chalicelib.kernel.workflow import Step

from .models import LINKABLE, Link, MemberView, Thread, ThreadView
from .store import ThreadStore
from .workflow import CITIZEN, FEWEST, OPEN, THREADS, as_shown, timeline_of, told_by

TURNS = 4                                  # tries where somebody links the same cases at the same time


@dataclass
class Threads(Casework[Thread, ThreadView]):
    """`works`: the services of the kinds that are linked; of each only its own view is shown."""

    store: ThreadStore
    works: Works

    workflow = THREADS

    def view(self, case: Summary, who: Actor) -> ThreadView | None:
        """Return the thread of the members that `who` is shown; None where these are fewer than two."""
        shown = self.shown(case.members, who) if isinstance(case, Thread) else {}
        if len(shown) < FEWEST or not isinstance(case, Thread):
            return None
        seen = as_shown(case, shown)
        return ThreadView(id=seen.id, state=seen.state, area=seen.area, lead=seen.lead, opened_at=seen.opened_at,
                          answered_by=seen.lead if seen.answered_at else "", answered_at=seen.answered_at,
                          members=list(shown.values()))

    def shown(self, members: Iterable[str], who: Actor) -> dict[str, MemberView]:
        """Return those members that `who` is shown, as their own kinds show them."""
        found = dict[str, MemberView]()
        for member, item in self.store.states(members).items():
            kind, _, case_id = member.partition("#")
            work = self.works[kind]()
            case = work.store.model.model_validate({**item, "id": case_id})
            seen = work.view(case, who)
            if seen is not None and told_by(seen, who):
                fields = {name: str(getattr(seen, name, "")) for name in ("number", "title", "unit", "state")}
                found[member] = MemberView(kind=kind, label=LINKABLE[kind].label, id=case_id, **fields,
                                           path=f"{LINKABLE[kind].path}/{case_id}",
                                           state_label=work.workflow.words[case.state])
        return found

    def read(self, case_id: str, who: Actor, cursor: str | None = None) -> File[ThreadView]:
        """Return the thread with its whole timeline, of what `who` is shown. Raise Missing."""
        return self.file(self._readable(case_id, who), who, [])

    def read_of(self, kind: str, case_id: str, who: Actor) -> File[ThreadView]:
        """Return the thread of a case that `who` is shown in it. Raise Missing."""
        member = f"{kind}#{case_id}"
        there = self.store.threads_of([member]).get(member)
        if there is None or member not in self.shown([member], who):
            raise Missing("该事项没有您可以查看的关联事项")
        return self.read(there, who)

    def file(self, case: Thread, who: Actor, timeline: list[Entry] | None = None,
             cursor: str | None = None) -> File[ThreadView]:
        seen, told = self._as_shown(case, who, timeline is not None)
        return super().file(seen, who, [self.entry(event, who, seen) for event in reversed(told)])

    def entry(self, event: Event, who: Actor, case: Thread) -> Entry:
        """Return a line of the timeline; what officials note is theirs."""
        line = super().entry(event, who, case)
        return line.model_copy(update={"note": ""}) if who.role == CITIZEN else line

    def perform(self, case_id: str, body: BaseModel, who: Actor, key: Key,
                if_match: int | None = None) -> Answer[File[ThreadView]]:
        """Do one act, once per key; `if_match` is the version that `who` is shown. Raise as Casework does."""
        case = self._readable(case_id, who)
        if if_match is not None and if_match == self._as_shown(case, who)[0].version:
            if_match = case.version
        return super().perform(case_id, body, who, key, if_match)

    def prepare(self, case: Thread, act: str, details: dict[str, Any], now: Occasion) -> dict[str, Item]:
        """Look up the member that an act names. Raise Invalid."""
        if act == "join":
            member = details.pop("member")
            self._linkable({"/member": member}, case.area, now.who)
            if member in self.store.threads_of([member]):
                raise taken("/member")
            details["members"] = (*case.members, member)
        elif act == "lead":
            details["lead"] = details.pop("member")
            if details["lead"] not in self.shown(case.members, now.who):
                raise unknown(["/member"])
        return {}

    def saved(self, step: Step[Thread], key: Key, parts: Any, who: Actor) -> Answer[File[ThreadView]]:
        """Save an act; who comes in is pointed to the thread, who goes no more."""
        fresh = self._save(step, key)
        return Answer(self.file(step.case if fresh else self.store.get(step.case.id), who), replayed=not fresh)

    def link(self, body: Link, who: Actor, key: Key) -> Answer[File[ThreadView]]:
        """Put two cases into one thread, once. Raise Invalid, Refused, Forbidden, Conflict, Stale, Busy."""
        pair = (body.lead, body.other)
        if body.lead == body.other:
            raise Invalid("关联事项有误", errors=[fault("/other", "same", "不能与自身关联")])
        area = self._linkable({"/lead": body.lead, "/other": body.other}, "", who)
        case, fresh = self._linked(pair, area, who, key)
        return Answer(self.file(case, who), replayed=not fresh)

    def follow(self, notice: Notice) -> None:
        """Make the thread that the centre's `link` of an order asks for, in the name of who linked. Twice is once."""
        event = self.works[notice.kind]().store.event(notice.case_id, notice.number)
        pair = (event.changes["linked"], f"{notice.kind}#{notice.case_id}")
        try:
            self._linked(pair, notice.area, event.by, Key(digest("link", pair[1], str(notice.number)), notice.act))
        except (Invalid, Refused):         # both are in threads already, or theirs is full; the order still names it
            return

    def answered(self, notice: Notice) -> None:
        """Have the thread answered whose lead was. Twice is once. Raise Stale."""
        names, (kind, field) = [f"{notice.kind}#{notice.case_id}"], LINKABLE[notice.kind].answer_of
        if kind:
            names.append(f"{kind}#{getattr(self.works[notice.kind]().store.get(notice.case_id), field)}")
        for thread in set(self.store.threads_of(names).values()):
            case = self.store.get(thread)
            if case.lead in names:
                self._answer(case)

    def settle(self, thread: str) -> None:
        """Have a thread answered whose lead had been answered before it was linked. Raise Stale."""
        case = self.store.get(thread)
        kind, _, case_id = case.lead.partition("#")
        if any(event.act in LINKABLE[kind].answers for event in self.works[kind]().store.timeline(case_id)):
            self._answer(case)

    def forget(self, member: str) -> None:
        """Let the thread of a case name nobody once all its members do not."""
        for thread in self.store.threads_of([member]).values():
            if all(item.get("erased") for item in self.store.states(self.store.get(thread).members).values()):
                let_go(self, thread)

    def _answer(self, case: Thread) -> None:
        if case.state == OPEN:
            now = replace(self.occasion(case, SYSTEM), facts={"answered": True})
            self._save(self.workflow.advance(case, "answer", now, {}, key := Key(f"system:answer:{case.version}")), key)

    def _linked(self, pair: tuple[str, str], area: str, who: Actor, key: Key) -> tuple[Thread, bool]:
        """Return the thread that two cases are in from now on, and whether this call put them there."""
        for turn in range(TURNS):
            try:
                return self._link(pair, area, who, key)
            except Stale:                  # somebody links one of them at the same time
                if turn == TURNS - 1:
                    raise
        raise AssertionError

    def _link(self, pair: tuple[str, str], area: str, who: Actor, key: Key) -> tuple[Thread, bool]:
        there = self.store.threads_of(pair)
        if len(set(there.values())) == FEWEST:
            raise taken("/other")
        if there:
            case = self.store.get(next(iter(there.values())))
            if self._done(case, key) or len(there) == FEWEST:
                return case, False
            act, details = "join", dict[str, Any](members=(*case.members, *(one for one in pair if one not in there)))
        else:
            case = Thread(id=self.store.id_for(who.person, key), area=area, opened_at=self.clock())
            act, details = "open", {"area": area, "opened_at": case.opened_at, "members": pair, "lead": pair[0]}
        step = self.workflow.advance(case, act, self.occasion(case, who), details, key)
        fresh = self._save(step, key)
        return step.case if fresh else self.store.get(case.id), fresh

    def _save(self, step: Step[Thread], key: Key) -> bool:
        """Save an act with the pointers of the members that come and go. Raise Stale, Busy."""
        before = step.before.members if step.before else ()
        come = [member for member in step.case.members if member not in before]
        gone = step.case.members if step.event.act == "close" else ()
        return self.store.save(step, key, beside=(*self.store.pointers(step.case.id, come),
                                                  *self.store.released(gone)))

    def _linkable(self, members: dict[str, str], area: str, who: Actor) -> str:
        """Return the area of cases, by pointer, that `who` may link: those they are shown, all of one area. Raise
        Invalid.
        """
        known = {where: member for where, member in members.items() if member.partition("#")[0] in LINKABLE}
        shown, items = self.shown(known.values(), who), self.store.states(known.values())
        area = area or next((item["area"] for item in items.values()), "")
        if wrong := [where for where, member in members.items()
                     if member not in shown or items[member]["area"] != area]:
            raise unknown(wrong)
        return area

    def _as_shown(self, case: Thread, who: Actor, with_timeline: bool = False) -> tuple[Thread, list[Event]]:
        """Return the thread as `who` is shown it, and its timeline if that is asked for. Raise Missing where they are
        shown no thread.
        """
        shown = self.shown(case.members, who)
        if len(shown) < FEWEST:
            raise Missing("未找到该事项")
        whole = len(shown) == len(case.members)
        told = timeline_of(self.store.timeline(case.id), shown) if with_timeline or not whole else []
        seen = case if whole else as_shown(case, shown).model_copy(
            update={"version": len(told), "opened_at": told[0].at})
        return seen, told if with_timeline else []


def unknown(pointers: list[str]) -> Invalid:
    return Invalid("关联事项有误", errors=[fault(where, "unknown", "没有您可以关联的这一事项") for where in pointers])


def taken(pointer: str) -> Invalid:
    """Two threads are not made one: what their readers were told of each would be told of both."""
    return Invalid("关联事项有误", errors=[fault(pointer, "in-another", "该事项已有其他关联事项，不能合并")])
