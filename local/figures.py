"""`make figures`: counts all figures anew from the events of the cases, while the bureau runs or is at rest."""
import sys

from .beside import join
from .engine import CannotRun


def main() -> int:
    """Count anew, print what differs from what was shown; 1 where there is no run, or another count overtook this one.
    """
    try:
        join()
    except CannotRun as error:
        print(f"figures: {error}")
        return 1
    from .install import install

    install()
    from infra import figures  # here: the environment of the run first
    return figures.rebuilt()


if __name__ == "__main__":
    sys.exit(main())
