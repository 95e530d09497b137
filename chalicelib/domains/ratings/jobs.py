"""What ratings do on a schedule."""
from .wiring import reconciling


def reconcile() -> int:
    """Push to the province again what has no receipt; return how many have one now."""
    return reconciling().run()
