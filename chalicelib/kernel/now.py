"""The only reader of the time of day. Rules may not import it; services are handed it as a parameter."""
from datetime import UTC, datetime


def now() -> datetime:
    """Return the current instant: aware, UTC, whole seconds, since finer is noise in a legal record."""
    return datetime.now(UTC).replace(microsecond=0)  # noqa: TID251
