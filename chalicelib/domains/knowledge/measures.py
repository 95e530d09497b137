"""What one article adds to the figures: whether it was looked at again before its time was over. Pure."""
from collections import Counter
from collections.abc import Iterable

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.record import Event
from chalicelib.kernel.runs import Calendars, runs
from chalicelib.kernel.shares import Marks

BEGINS = frozenset({"approve", "renew"})
OF_ARTICLE = BEGINS | {"lapse_review", "recount"}
"""The acts that may change what an article adds."""


def of_article(timeline: Iterable[Event], calendars: Calendars) -> Marks:
    """Return what an article adds: each time to its next review that is over, and those that ended in time.

    One that is withdrawn before its review is due adds nothing.
    """
    marks = Counter[tuple[str, str, str]]()
    for run in runs(timeline, "review", BEGINS):
        late = run.late_at(calendars)
        if late or run.anew:
            month = f"{civil_day(late or run.last.at):%Y-%m}"
            marks[run.first.unit, month, "reviews_due"] += 1
            marks[run.first.unit, month, "reviewed_in_time"] += not late
    return +marks
