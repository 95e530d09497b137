"""`make figures STAGE=`: counts all figures of a deployment anew, beside those that are shown (docs/figures.md)."""
import sys

from .deployed import join


def rebuilt() -> int:
    """Count anew in the settings of this process; print what differs. 1 where another count overtook this one."""
    from chalicelib.domains.figures.rebuild import Uncounted  # here: the settings first
    from chalicelib.domains.figures.wiring import rebuild
    from chalicelib.kernel.problems import Stale
    try:
        differences = rebuild(lambda line: print(f"figures: {line}")).run()
    except Stale:
        print("figures: another count came to its end meanwhile; this one is given up")
        return 1
    except Uncounted as left:
        for case in left.cases:
            print(f"figures: {case} cannot be counted; the log says why")
        print("figures: what was shown before stays; mend these cases, then run it again: it goes on from here")
        return 1
    for one in differences:
        print(f"figures: {one.area} {one.month} {one.whose} {one.measure}: {one.shown} shown, {one.counted} counted")
    return 0


def main(stage: str) -> int:
    join(stage)
    return rebuilt()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
