"""Months as people name them (`2026-03`, Asia/Shanghai). Pure."""
from datetime import date, datetime, timedelta

from chalicelib.kernel.calendar import civil_day, rfc3339, start_of


def month_of(at: datetime) -> str:
    """Return the civil month of an instant."""
    return f"{civil_day(at):%Y-%m}"


def span_of(month: str | None) -> tuple[str, str]:
    """Return the first and the last second of a month as sort keys; two blanks for all time."""
    if month is None:
        return "", ""
    first = date.fromisoformat(f"{month}-01")
    after = (first + timedelta(days=31)).replace(day=1)
    return rfc3339(start_of(first)), rfc3339(start_of(after) - timedelta(seconds=1))
