"""An announcement of maintenance (停机公告). Shapes only."""
from typing import Annotated

from pydantic import BaseModel, StringConstraints

from chalicelib.kernel.calendar import Instant
from chalicelib.kernel.closure import Closure


class Announce(BaseModel, extra="forbid"):
    """Body of POST /maintenance: from when (at once if left out), until when, and what people are told."""

    begins_at: Instant | None = None
    until: Instant
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=200)]


class Announced(BaseModel, frozen=True):
    """The last announcement, which may be to come; null once it is over. `holds`: whether it does now."""

    notice: Closure | None
    holds: bool
    as_of: Instant
