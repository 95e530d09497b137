"""Every kind, every state that can be reached, every office: what the file offers succeeds, all else is refused.

From the scenes of each kind a walk does every act that anybody is offered, and lets the system act when its time has
come; each new situation is walked on from. Writes go to branches, so that all futures of a case have the same past.
"""
from contextlib import contextmanager

import pytest
from pydantic import BaseModel

from chalicelib.kernel.bodies import adapter
from chalicelib.kernel.identity import Mandate
from chalicelib.kernel.problems import Problem
from chalicelib.kernel.record import Key
from tests.support.branches import Branches
from tests.support.kinds import JOINED, readers, scene

KINDS = sorted(JOINED)
REMINDERS = 5                              # system acts after which nothing new is expected
REFUSALS = {403, 404, 409, 422}


class Bare(BaseModel):
    """A request for an act that has no body of its own: it creates a case, or is the system's."""

    act: str


def persons(workflow):
    """The acts on a stored case that some person may do: (act, state)."""
    return {(act, state) for (act, state), rule in workflow.rules.items()
            if state != "new" and rule.offices != ("system",)}


def body_model(app, kind):
    """The body of a kind's acts, as its route validates it."""
    return next(adapter(operation.body) for prefix, api in app.APIS.items() for operation in api.operations
                if prefix + operation.path == JOINED[kind].path + "/{case_id}/acts")


def acting(here):
    """The readers of kinds.py as actors."""
    return {name: who.acting("", Mandate(id=mandate, principal=here.citizen.person) if mandate else None)
            for name, (who, mandate) in readers(here).items()}


class Walk:
    """What was met on the way through a kind: situations, rows of the workflow done, refusals."""

    def __init__(self, here, kind, store, offices):
        self.here, self.kind, self.store, self.offices = here, kind, store, offices
        self.app, self.work = here.web.module, here.web.module.KINDS[kind]()
        self.model, self.keys, self.refused = body_model(self.app, kind), 0, 0
        self.done, self.seen, self.states, self.probed = set(), set(), set(), set()

    def body(self, act, case):
        make = JOINED[self.kind].bodies.get(act)
        return Bare(act=act) if make is None else self.model.validate_python({"act": act, **make(self.here, case)})

    def key(self):
        self.keys += 1
        return Key(f"walk{self.keys:012d}", "d")

    @contextmanager
    def future(self, branch, at):
        """From this past, at this instant, one thing is tried."""
        self.store.branch, self.here.web.hands.at = branch, at
        yield
        self.store.branch, self.here.web.hands.at = branch, at

    def go(self, starts):
        """Walk from the cases on, until nothing new is met."""
        waiting = [(case_id, self.store.branch, self.here.web.hands.at) for case_id in starts]
        while waiting:
            case_id, branch, at = waiting.pop(0)
            with self.future(branch, at):
                case = self.work.store.get(case_id)
            if (face := situation(case)) not in self.seen:
                self.seen.add(face)
                self.states.add(case.state)
                waiting += self.futures(case, branch, at)
                waiting += self.after_a_while(case, branch, at)
        return self

    def futures(self, case, branch, at):
        """Try every act from every office; return the pasts that follow."""
        found = []
        for who in self.offices.values():
            with self.future(branch, at):
                seen = self.work.view(case, who)
                offered = {one.act for one in self.work.file(case, who).acts} if seen else set()
            for act in offered:
                with self.future(branch, at):
                    self.work.perform(case.id, self.body(act, case), who, self.key())
                    assert self.work.store.get(case.id).version == case.version + 1, (act, case.state, who)
                    self.done.add((act, case.state))
                    found.append((case.id, self.store.branch, at))
            if (case.state, bool(case.handler), who) not in self.probed:
                self.probed.add((case.state, bool(case.handler), who))
                for act in self.work.workflow.names - offered:
                    self.refuse(case, act, who, branch, at)
        return found

    def refuse(self, case, act, who, branch, at):
        with self.future(branch, at):
            before = self.store.writes
            with pytest.raises(Problem) as problem:
                self.work.perform(case.id, self.body(act, case), who, self.key())
            assert problem.value.status in REFUSALS, (act, case.state, who)
            assert self.store.writes == before and self.store.branch is branch, "what is refused writes nothing"
            self.refused += 1

    def after_a_while(self, case, branch, at):
        """Let the system act at the next instants that the case asks for, until that leads to something new."""
        with self.future(branch, at):
            for _ in range(REMINDERS):
                wake = self.work.store.woken(case.id)[1]
                if wake is None:
                    return []
                self.here.web.hands.at = max(self.here.web.hands.at, wake)
                self.work.lapse(case.id)
                if situation(self.work.store.get(case.id)) not in self.seen:
                    break
            return [(case.id, self.store.branch, self.here.web.hands.at)]


def situation(case):
    """What tells two cases of a kind apart for the rules: the state, who has it, the marks, which clocks ran out."""
    late = frozenset((name, bool(clock.lapsed), bool(clock.paused)) for name, clock in case.clocks.items())
    marks = tuple((name, bool(value)) for name, value in sorted(dict(case).items())
                  if isinstance(value, bool | tuple | None) and name != "done")
    told = "、" in getattr(case, "suspended_for", ""), getattr(case, "accept_mode", ""), (
        case.state == "replied" and getattr(case, "result", "") == "shelved")
    return case.state, case.handler, marks, getattr(case, "asked_days", 0), late, told


@pytest.fixture
def here(web, monkeypatch):
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
    return scene(web).submitted()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_offered_succeeds_and_what_is_not_is_refused(here, monkeypatch, kind):
    starts = JOINED[kind].start(here)
    offices = acting(here)
    walk = Walk(here, kind, Branches(monkeypatch), offices).go(starts)
    workflow = walk.work.workflow
    print(f"{kind}: {len(walk.seen)} situations in {len(walk.states)} states, {len(walk.done)} rows done, "
          f"{walk.refused} refusals")
    assert persons(workflow) - walk.done == set(), "every lawful act of a person was done"
    assert {state for row in workflow.rules.values() for state in (row.source, row.target)} - walk.states <= {"new"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_act_of_a_person_has_a_body_here(web, kind):
    workflow = web.module.KINDS[kind]().workflow
    assert set(JOINED[kind].bodies) == {act for act, _ in persons(workflow)}


def test_every_kind_has_its_scene(web):
    assert set(web.module.KINDS) == set(JOINED)
