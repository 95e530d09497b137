"""What privacy does on a schedule."""
from .wiring import retention


def keep() -> int:
    """Do what is due at the end of keeping; return how many cases came to name nobody."""
    return retention().run()
