"""What an order brings with it: its channel's number, the urgency of its words, where it is. Pure."""
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.kernel.problems import Invalid, fault

from .bodies import Location
from .models import RANK

FINE = 6
"""Decimals of a degree that are kept: a tenth of a metre."""


def numbered(rows: Iterable[Mapping[str, Any]], channel: str, number: str) -> None:
    """Raise Invalid unless the channel is one in use and the order has the number that its sending system must give.

    `rows` are the published channels: `code`, `name`, and `source_number`, whether one is demanded.
    """
    row = next((row for row in rows if row["code"] == channel), None)
    if row is None:
        raise Invalid("来源渠道有误", errors=[fault("/channel", "unknown", "本热线未开通这一来源渠道")])
    if row["source_number"] and not number:
        raise Invalid("缺少来源编号", errors=[
            fault("/source_number", "missing", f"来自{row['name']}的诉求须填写来源编号")])


def called_for(rows: Iterable[Mapping[str, Any]], text: str, category: str, urgency: str) -> tuple[str, str]:
    """Return the urgency that the words and the category of an order call for, never less than the one given, and the
    emergency line ("" none) of the most urgent row.

    `rows` are what is published: `words` of which one is said and `category`, of which a row names one or both;
    `urgency`, and `transfer`, the line, where there is one.
    """
    line, rank = "", -1
    for row in rows:
        said = any(word in text for word in row["words"]) if "words" in row else "category" in row
        if said and row.get("category", category) == category:
            urgency = max(urgency, row["urgency"], key=RANK.__getitem__)
            if row.get("transfer") and RANK[row["urgency"]] > rank:
                line, rank = row["transfer"], RANK[row["urgency"]]
    return urgency, line


def written(location: Location | None) -> dict[str, dict[str, str]]:
    """Return a location as it is stored: by the system in which it was given, degrees as text; {} where there is none.
    """
    if location is None:
        return {}
    return {name: {axis: f"{degrees:.{FINE}f}" for axis, degrees in point.items()}
            for name, point in location.model_dump(exclude_none=True).items()}
