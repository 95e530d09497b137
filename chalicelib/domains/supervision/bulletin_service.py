"""What is done with the monthly bulletin: read it, and trace each number to what it was counted from."""
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.cursors import open_cursor, seal_cursor
from chalicelib.kernel.identity import Actor, area_of
from chalicelib.kernel.problems import Forbidden, Missing
from chalicelib.kernel.table import TABLE
from chalicelib.kernel.views import MONTH, Found

from .bulletin_models import Bulletin, Counted, line
from .tally import Tally


@dataclass(frozen=True, slots=True)
class Bulletins:
    """Nothing is counted here: the sums are kept by the tally as cards and cases go on."""

    tally: Tally
    clock: Callable[[], datetime]

    def read(self, who: Actor, month: str) -> Bulletin:
        """Return the reader's area in a month, for a head their own unit. Raise Forbidden to all others."""
        items = [line(unit, month, sums) for unit, sums in self.tally.of_area(_area(who), month) if reads(who, unit)]
        return Bulletin(area=who.area, month=month, items=items, as_of=self.clock())

    def counted(self, who: Actor, month: str, unit: str, limit: int, cursor: str | None) -> Found[Counted]:
        """Return a page of what a unit's numbers were counted from. Raise Forbidden, Missing, Malformed."""
        if area_of(unit) != _area(who) or not reads(who, unit) or not re.fullmatch(MONTH, month):
            raise Missing("未找到该单位当月的统计")
        at, bound = self.clock(), f"{who.person}|bulletin|{unit}|{month}"
        page = self.tally.counted(unit, month, limit, open_cursor(cursor, bound, at))
        items = [Counted(case=item["sk"], sums=item["sums"]) for item in page.items]
        return Found(items=items, cursor=seal_cursor(page.last, TABLE, bound, at), as_of=at)


def reads(who: Actor, unit: str) -> bool:
    """Say whether `who` may know of the numbers of a unit of their area: the head of those of their own."""
    return who.role in ("supervisor", "auditor") or who.role == "head" and bool(unit) and who.unit == unit


def _area(who: Actor) -> str:
    """Return whose bulletin it is. Raise Forbidden to those who have none to read."""
    if who.role not in ("supervisor", "auditor", "head"):
        raise Forbidden("红黄牌通报由效能监督人员、审计管理员和单位负责人查看")
    return who.area
