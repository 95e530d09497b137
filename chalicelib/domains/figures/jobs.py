"""What figures do on a schedule."""
from .wiring import floors_job


def floors() -> int:
    """Tell the centres whose past month is below a floor; return how many floors were."""
    return floors_job().run()
