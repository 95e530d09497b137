"""What the boundary asks of the domains, at each request; app.py fills it in."""
from collections.abc import Callable

from .closure import Closure
from .identity import Mandate


class Doors:
    """Whether a session was ended, which mandate is good, and whether the bureau is closed for maintenance."""

    ended: Callable[[str, str], bool] = staticmethod(lambda person, session: False)
    mandate: Callable[[str, str], Mandate | None] = staticmethod(lambda person, mandate: None)
    closed: Callable[[], Closure | None] = staticmethod(lambda: None)
