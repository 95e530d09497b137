"""What supervision does on a schedule."""
from .wiring import dispatches


def dispatch() -> int:
    """Open the dispatching slots whose hour has come; return how many."""
    return dispatches().run()
