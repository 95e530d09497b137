"""Figures of the month, compared with the lists and with the cases that each was counted from."""
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from .client import until
from .story import Person, Story


def paged(who: Person, path: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of all pages of a list."""
    cursor = ""
    while cursor is not None:
        page = who.get(f"{path}&limit=100" + (f"&cursor={cursor}" if cursor else ""))
        yield from page["items"]
        cursor = page["cursor"]


def a_month(story: Story) -> None:
    """The head reads the unit's month: as many closed as its list has, each sum as many as its cases; then the public.
    """
    head, month = story.head, f"{story.now():%Y-%m}"

    def shown() -> dict[str, Any]:
        items = head.get(f"/figures/indicators?month={month}")["items"]
        return {one["code"]: one for one in items}

    def closed() -> int:
        return sum(row["state"] == "closed" for row in paged(head, f"/hotline/orders/closed?month={month}"))
    found = until("as many closed in the figures as in the list", lambda: (
        now := shown())["callback_rate"]["denominator"] == closed() and now)
    for one in found.values():
        story.say("单位负责人", one["title"], f"{one['numerator']}/{one['denominator']} = {one['value']}")
    for measure, there in (("sent", found["signed_in_time_rate"]["denominator"]),
                           ("done_in_time", found["done_in_time_rate"]["numerator"]),
                           ("called", found["satisfaction"]["denominator"])):
        path = f"/figures/cases?month={month}&unit={head.unit}&measure=hotline.{measure}"
        cases = sum(row["n"] for row in paged(head, path))
        story.expect(cases == there, f"{measure} is counted from {cases} cases, was {there}")
    soon = head.send("GET", f"/figures/public?month={month}&area={head.unit[:12]}")
    story.expect(soon.status == 422, "a month's ratings are published when it is over")
    before = f"{story.now().replace(day=1) - timedelta(days=1):%Y-%m}"
    cells = list(paged(head, f"/figures/public?month={before}&area={head.unit[:12]}"))
    few = [one for cell in cells for one in cell["figures"] if one["value"] and one["denominator"] < 5]
    story.expect(not few, "the public reads nothing of fewer than five")
    story.say("公众", "查看上月好差评统计", f"{len(cells)} 个单位")
