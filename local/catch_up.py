"""`make catch-up FROM=2026-03-02T00:00:00Z`: offers stored events again, for an outage longer than streams remember."""
import sys
from datetime import UTC, datetime

from .beside import join
from .engine import CannotRun


def main(arguments: list[str]) -> int:
    """Offer every event from the instant given; say how many. Reactions are idempotent, so none happens twice."""
    try:
        since = datetime.fromisoformat(arguments[0])
    except (IndexError, ValueError):
        print("catch-up: say from when, for example FROM=2026-03-02T00:00:00Z")
        return 1
    try:
        join()
    except CannotRun as error:
        print(f"catch-up: {error}")
        return 1
    from .install import install
    install()
    from app import RELAY  # app.py reads the environment that join has just set
    offered = RELAY.catch_up(since if since.tzinfo else since.replace(tzinfo=UTC))
    print(f"catch-up: {offered} events offered again")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
