"""Where threads are kept, and how a case finds its own."""
from collections.abc import Iterable

from chalicelib.kernel.cases import CaseStore
from chalicelib.kernel.table import Item, Write

from .models import Thread
from .workflow import CLOSED

POINTER, FORMER = "THREAD", "WAS#"


class ThreadStore(CaseStore[Thread]):
    """Beside the cases: pk `MEMBER#<KIND>#<id>`, sk `THREAD`: in which thread a case is. It is made with the act by
    which the case comes in, and only if there is none, or the one that it leaves: so no case is in two threads, whoever
    links at the same time. Under the same pk, sk `WAS#<thread>`: a thread that it is in no more, which still names it.
    """

    kind, model = "THREAD", Thread

    def ended(self, case: Thread) -> bool:
        return case.state == CLOSED

    def threads_of(self, members: Iterable[str]) -> dict[str, str]:
        """Return by member the id of its thread; a case that is in none is left out."""
        items = self.table.get_many([(f"MEMBER#{member}", POINTER) for member in members])
        return {item["pk"].partition("#")[2]: item["thread"] for item in items}

    def pointers(self, thread: str, members: Iterable[str]) -> list[Write]:
        """Describe the writes by which cases come into a thread; they fail if one is in a thread already."""
        return [self.table.create({"pk": f"MEMBER#{member}", "sk": POINTER, "thread": thread}) for member in members]

    def moved(self, thread: str, left: str, members: Iterable[str]) -> list[Write]:
        """Describe the writes by which cases come from one thread into another; they fail if one is not in the first.
        """
        return [write for member in members for write in (
            self.table.replace({"pk": f"MEMBER#{member}", "sk": POINTER, "thread": thread}, "thread", left),
            self.table.put({"pk": f"MEMBER#{member}", "sk": f"{FORMER}{left}", "thread": left}))]

    def released(self, thread: str, members: Iterable[str]) -> list[Write]:
        """Describe the writes by which cases are in a thread no more, which still names them."""
        return [write for member in members for write in (
            self.table.delete(f"MEMBER#{member}", POINTER),
            self.table.put({"pk": f"MEMBER#{member}", "sk": f"{FORMER}{thread}", "thread": thread}))]

    def forgotten(self, case: Thread, members: Iterable[str]) -> list[Write]:
        """Describe the writes by which nothing leads from cases to a thread that names them no more."""
        there = () if case.state == CLOSED else case.members
        return [self.table.delete(f"MEMBER#{member}", POINTER if member in there else f"{FORMER}{case.id}")
                for member in members]

    def naming(self, member: str) -> list[str]:
        """Return the threads that name a case: its own, and those that it was in."""
        return [item["thread"] for item in self.table.every(f"MEMBER#{member}")]

    def without(self, thread: str, member: str) -> list[Write]:
        """Describe the writes by which no event of a thread names a case any more."""
        writes = list[Write]()
        for item in self.table.every(self.pk(thread), prefix="EVENT#"):
            changes = dict(item.get("changes", {}))
            if member in changes.get("members", ()):
                changes["members"] = [one for one in changes["members"] if one != member]
            if changes.get("lead") == member:
                changes["lead"] = ""
            if changes != item.get("changes", {}):
                writes.append(self.table.put({**item, "changes": changes}))
        return writes

    def states(self, members: Iterable[str]) -> dict[str, Item]:
        """Return by member its stored state; what there is not is left out."""
        return {item["pk"]: item for item in self.table.get_many([(member, "STATE") for member in members])}
