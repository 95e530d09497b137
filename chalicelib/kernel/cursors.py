"""Where a list goes on: sealed, bound to reader, route and filter, good for a day, without the partition's value."""
import json
from datetime import datetime, timedelta

from .problems import Malformed
from .table import Index, Item
from .vault import open_sealed, seal

GOOD_FOR = timedelta(days=1)


def seal_cursor(last: Item | None, index: Index, bound: str, at: datetime) -> str | None:
    """Return the cursor of the page after the key `last`; None if there is none."""
    if last is None:
        return None
    rest = {name: value for name, value in last.items() if name != index.pk}
    return seal(json.dumps([int(at.timestamp()), rest], separators=(",", ":")), bound)


def open_cursor(cursor: str | None, bound: str, at: datetime) -> Item | None:
    """Return the key to go on from. Raise Malformed unless the cursor was given to this reader for this list today."""
    if cursor is None:
        return None
    try:
        made, rest = json.loads(open_sealed(cursor, bound))
    except ValueError as error:
        raise Malformed("翻页标记无效，请从第一页重新查询", code="cursor") from error
    if not 0 <= at.timestamp() - made <= GOOD_FOR.total_seconds():
        raise Malformed("翻页标记已过期，请从第一页重新查询", code="cursor")
    return dict(rest)
