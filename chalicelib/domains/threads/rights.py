"""What other domains may ask of a thread at once: whom to tell that it has been answered, and whether it has been."""
from collections import Counter

from chalicelib.kernel.casework import KINDS
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.table import Table

from .models import LINKABLE
from .store import ThreadStore
from .workflow import ANSWERED, FEWEST, THREADS


def about(cases: Table, thread: str, state: str) -> dict[str, str]:
    """Return what a message that it came into `state` may say: nothing of its members. Raise Missing.

    `person`: whose the lead is, if another member is theirs too; who has one case alone is told by that.
    """
    store = ThreadStore(cases)
    case, holders = store.get(thread), dict[str, str]()
    for member, item in store.states(case.members).items():
        field = LINKABLE[member.partition("#")[0]].holder
        holders[member] = str(item.get(field, "")) if field else ""
    whose = holders.get(case.lead, "")
    return {"number": "", "title": "", "state": THREADS.words[state],
            "person": whose if Counter(holders.values())[whose] >= FEWEST else ""}


def answered_by_another(cases: Table, member: str, who: Actor) -> bool:
    """Say whether a case, `<KIND>#<id>`, is in a thread in which another case has given the answer that `who` is shown,
    or that it names itself: of what they are not shown an answer tells nothing either.
    """
    store = ThreadStore(cases)
    thread = store.threads_of([member]).get(member)
    case = store.find(thread) if thread else None
    if case is None or case.state != ANSWERED or case.lead == member:
        return False
    kind, _, case_id = case.lead.partition("#")
    work = KINDS[kind]()
    named = getattr(KINDS[member.partition("#")[0]]().store.get(member.partition("#")[2]), "linked", "")
    return named == case.lead or work.view(work.store.get(case_id), who) is not None
