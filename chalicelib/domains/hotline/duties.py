"""Whose duty a matter is: the published table of duties, read for one order. Pure.

A row names what it fits (`category`, `words` of which one is in the order, `street` of its place; what it does not name
fits all) and the unit, with `co` the units that help. `city`: the unit is the city's, which leads before the county's
(WF24). `fallback`: it takes what no other row fits (属地兜底, BJ12).
"""
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import BaseModel


class Suggestion(BaseModel, frozen=True):
    """A unit to which an order may go, and why."""

    unit: str
    co_units: list[str]
    why: str


def suggested(rows: Iterable[Mapping[str, Any]], area: str, category: str, street: str, text: str,
              known: Callable[[str], bool]) -> list[Suggestion]:
    """Return the units of the area to which the order may go, the best first, each once.

    City before county; of rows alike the one that fits more closely; those of last resort at the end. Units are named
    without their area, and left out where there is none of that name (`known`).
    """
    fit = [(row, word) for row in rows
           if row.get("category", category) == category and row.get("street", street) == street
           and (word := _word(row, text)) is not None]
    fit.sort(key=lambda one: (bool(one[0].get("fallback")), not one[0].get("city"), -_closeness(one[0])))
    found = dict[str, Suggestion]()
    for row, word in fit:
        unit = f"{area}.{row['unit']}"
        if known(unit) and unit not in found:
            co = [f"{area}.{name}" for name in row.get("co", ()) if known(f"{area}.{name}")]
            found[unit] = Suggestion(unit=unit, co_units=co, why=_why(row, word))
    return list(found.values())


def _word(row: Mapping[str, Any], text: str) -> str | None:
    """Return the word by which the row fits, "" where it names none; None if it does not fit."""
    if "words" not in row:
        return ""
    return next((word for word in row["words"] if word in text), None)


def _closeness(row: Mapping[str, Any]) -> int:
    return 4 * ("words" in row) + 2 * ("street" in row) + ("category" in row)


def _why(row: Mapping[str, Any], word: str) -> str:
    if row.get("fallback"):
        return "属地兜底：职责不明，由事发地所在街道承办" if "street" in row else "属地兜底：职责不明、地点不明"
    what = f"职责表：{row['duty']}"
    what += f"（“{word}”）" if word else ""
    return what + ("；与县级部门职责交叉的，由市级部门牵头" if row.get("city") else "")
