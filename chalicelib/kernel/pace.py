"""How often something may be asked: counters by window, in the table `figures`."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from .problems import TooMany
from .table import Table
from .vault import digest


@dataclass(frozen=True, slots=True)
class Pace:
    """Items: pk `PACE#<what>#<digest of whom>`, sk the window's beginning; they vanish a day later by themselves."""

    figures: Table
    clock: Callable[[], datetime]

    def allow(self, what: str, whom: str, most: int, seconds: int, words: str = "查询过于频繁，请稍后再试") -> None:
        """Count one; raise TooMany, in these words, if `whom` has asked more than `most` times in this window."""
        now = int(self.clock().timestamp())
        window = now - now % seconds
        asked = self.figures.count_up(f"PACE#{what}#{digest('pace', whom, length=16)}", str(window), window + 86_400)
        if asked > most:
            raise TooMany(words, retry_after=window + seconds - now)
