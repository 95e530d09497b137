"""A time in which nothing new is begun (停机公告), and what it keeps out. Pure."""
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from .calendar import CIVIL, Instant
from .problems import Closed

ALL = ("*",)
"""For `during` of a door: whatever is sent there goes on."""


class Closure(BaseModel, frozen=True):
    """From `begins_at` until `until` creates and acts are refused with `text`; reads go on."""

    begins_at: Instant
    until: Instant
    text: str

    def holds(self, at: datetime) -> bool:
        return self.begins_at <= at < self.until


def admit(closure: Closure | None, body: Any, during: tuple[str, ...], at: datetime) -> None:
    """Raise Closed while a closure holds, unless the body's act is one that goes on (`during`)."""
    if closure is None or during == ALL or getattr(body, "act", "") in during:
        return
    until = closure.until.astimezone(CIVIL)
    raise Closed(f"系统维护中，预计{until:%Y-%m-%d %H:%M}恢复：{closure.text}",
                 retry_after=max(1, int((closure.until - at).total_seconds())))
