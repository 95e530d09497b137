"""What is done with threads, one method per use."""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from chalicelib.kernel.casework import Casework, Works
from chalicelib.kernel.identity import SYSTEM, Actor
from chalicelib.kernel.problems import Invalid, Missing, Refused, Stale, fault
from chalicelib.kernel.record import Event, Key, Summary
from chalicelib.kernel.table import Item, Write
from chalicelib.kernel.turns import Occasion
from chalicelib.kernel.views import Answer, Entry, File
from chalicelib.kernel.workflow import Step

from .models import LINKABLE, MOST, Link, MemberView, Thread, ThreadView
from .store import ThreadStore
from .workflow import ANSWERED, CITIZEN, FEWEST, FULL, STAFF, THREADS, as_shown, timeline_of, told_by

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
        try:
            if there is None or member not in self.shown([member], who):
                raise Missing()
            return self.read(there, who)
        except Missing as missing:         # in the same words, whether there is none or one that is not shown
            raise Missing("该事项没有您可以查看的关联事项") from missing

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

    def facts(self, case: Thread, who: Actor, at: datetime) -> Mapping[str, Any]:
        """Return, where the matter has been answered, whether that is nothing to `who`, who is not shown the lead."""
        return {"lead_unseen": case.state == ANSWERED and who.role in STAFF and not self.shown([case.lead], who)}

    def prepare(self, case: Thread, act: str, details: dict[str, Any], now: Occasion) -> dict[str, Item]:
        """Look up the member that an act names. Raise Invalid, Refused."""
        if act == "join":
            member = details.pop("member")
            self._linkable({"/member": member}, case.area, now.who)
            if member in case.members:
                raise Invalid("关联事项有误", errors=[fault("/member", "same", "该事项已在其中")])
            details["members"] = self._with(case, self.store.threads_of([member]).get(member, ""), (member,))
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
        case, fresh = self.joined(pair, area, who, key)
        return Answer(self.file(case, who), replayed=not fresh)

    def joined(self, pair: tuple[str, str], area: str, who: Actor, key: Key) -> tuple[Thread, bool]:
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
        if there:
            case = self.store.get(there.get(pair[0]) or there[pair[1]])
            if self._done(case, key) or all(one in case.members for one in pair):
                return case, False
            other = pair[1] if pair[0] in there else pair[0]
            act, details = "join", dict[str, Any](members=self._with(case, there.get(other, ""), (other,)))
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
        left = next(iter(self.store.threads_of(come).values()), "") if come else ""
        beside = self._over(left, step.case.id, come) if left else self.store.pointers(step.case.id, come)
        return self.store.save(step, key, beside=(*beside, *self.store.released(step.case.id, gone)))

    def _with(self, case: Thread, left: str, member: tuple[str, ...]) -> tuple[str, ...]:
        """Return the members of a thread with one more case, or with all of the thread `left` that it is in. Raise
        Refused.
        """
        members = (*case.members, *(self.store.get(left).members if left else member))
        if len(members) > MOST:
            raise Refused(FULL)
        return members

    def _over(self, left: str, thread: str, members: list[str]) -> list[Write]:
        """Return the writes by which all members of a thread go over into another; it ends. They fail if one has gone.
        """
        case = self.store.get(left)
        now = replace(self.occasion(case, SYSTEM), facts={"gone": True})
        ends = self.workflow.advance(case, "end", now, {}, Key(f"system:end:{case.version}"))
        return [*self.store.writes(ends), *self.store.moved(thread, left, members)]

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


