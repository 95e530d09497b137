"""What an order brings with it: its channel's number, the urgency of its words, where it is. Pure."""
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.kernel.problems import Invalid, fault

from .bodies import Ask, AtDesk, Location
from .models import RANK, Terms

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


def called_for(rows: Iterable[Mapping[str, Any]], text: str, urgency: str) -> tuple[str, str]:
    """Return the urgency that the words of an order call for, never less than the one given, and the emergency line
    ("" none) of the most urgent word.

    `rows` are the published words: `words`, `urgency`, and `transfer`, the line, where there is one.
    """
    line, rank = "", -1
    for row in rows:
        if any(word in text for word in row["words"]):
            urgency = max(urgency, row["urgency"], key=RANK.__getitem__)
            if row.get("transfer") and RANK[row["urgency"]] > rank:
                line, rank = row["transfer"], RANK[row["urgency"]]
    return urgency, line


def hides(terms: Terms, body: Ask | AtDesk) -> bool:
    """Return whether the reporter is hidden. Raise Invalid where that is asked for and not provided."""
    if body.hidden and not body.against and terms.hidden == "never":
        raise Invalid("填写内容有误", errors=[fault("/hidden", "value_error", "该类诉求不适用隐去反映人")])
    return terms.hidden == "always" or body.hidden or bool(body.against)


def written(location: Location | None) -> dict[str, dict[str, str]]:
    """Return a location as it is stored: by the system in which it was given, degrees as text; {} where there is none.
    """
    if location is None:
        return {}
    return {name: {axis: f"{degrees:.{FINE}f}" for axis, degrees in point.items()}
            for name, point in location.model_dump(exclude_none=True).items()}
