"""Where threads are kept, and how a case finds its own."""
from collections.abc import Iterable

from chalicelib.kernel.cases import CaseStore
from chalicelib.kernel.table import Item, Write

from .models import Thread

POINTER = "THREAD"


class ThreadStore(CaseStore[Thread]):
    """Beside the cases: pk `MEMBER#<KIND>#<id>`, sk `THREAD`: in which thread a case is. It is made with the act by
    which the case comes in, and only if there is none: so no case is in two threads, whoever links at the same time.
    """

    kind, model = "THREAD", Thread

    def ended(self, case: Thread) -> bool:
        return case.state == "closed"

    def threads_of(self, members: Iterable[str]) -> dict[str, str]:
        """Return by member the id of its thread; a case that is in none is left out."""
        items = self.table.get_many([(f"MEMBER#{member}", POINTER) for member in members])
        return {item["pk"].partition("#")[2]: item["thread"] for item in items}

    def pointers(self, thread: str, members: Iterable[str]) -> list[Write]:
        """Describe the writes by which cases come into a thread; they fail if one is in a thread already."""
        return [self.table.create({"pk": f"MEMBER#{member}", "sk": POINTER, "thread": thread}) for member in members]

    def released(self, members: Iterable[str]) -> list[Write]:
        """Describe the writes by which cases are in no thread any more."""
        return [self.table.delete(f"MEMBER#{member}", POINTER) for member in members]

    def states(self, members: Iterable[str]) -> dict[str, Item]:
        """Return by member its stored state; what there is not is left out."""
        return {item["pk"]: item for item in self.table.get_many([(member, "STATE") for member in members])}
