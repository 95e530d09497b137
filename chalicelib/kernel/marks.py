"""Requests that make no case, each done once: the mark of its key is written together with its effect."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .cases import same
from .identity import Actor
from .problems import Problem
from .record import Key
from .table import Table, Write

KEPT = timedelta(days=30)
"""How long a key is remembered at least: longer than any client sends a request again."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Items: pk `KEY#<person>`, sk the digest of the key, with the digest of the request that came with it.

    Mark and effect stand in one transaction: after a crash there are both or neither, and of two at once one is done.
    """

    table: Table

    def once(self, who: Actor, key: Key, at: datetime, act: Callable[[Write], object]) -> bool:
        """Call `act`, which writes the mark it is given with all else it writes. False if this was done before.

        Raise Conflict if the key came with another request; what `act` raises, and then the key is free again.
        """
        if self._known(who, key):
            return False
        try:
            act(self.table.create({"pk": f"KEY#{who.person}", "sk": key.value, "digest": key.digest,
                                   "expires": int((at + KEPT).timestamp())}))
        except Problem:
            if self._known(who, key):      # the same request, sent twice, was done meanwhile
                return False
            raise
        return True

    def _known(self, who: Actor, key: Key) -> bool:
        item = self.table.get(f"KEY#{who.person}", key.value)
        if item is not None:
            same(item["digest"], key)
        return item is not None
