"""What disclosure does on a schedule."""
from .wiring import publishing


def publish() -> int:
    """Publish and withdraw what is due; return how many documents that was."""
    return publishing().run()
