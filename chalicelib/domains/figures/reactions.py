"""What is counted after events: the case as it then is takes the place of what it was before."""
from chalicelib.kernel.relay import Notice, Reaction

from .wiring import ACTS, corrections_of, figures, rating_of


def follow(notice: Notice) -> None:
    """Let a case count as it is now; what was done about a rating counts anew where the rating was excluded, and the
    rating where what is done about it is another unit's now, or nobody's.
    """
    figures().follow(notice.kind, notice.case_id)
    if notice.kind == "RATING" and notice.act == "exclude":
        for correction in corrections_of(notice.case_id):
            figures().follow("CORRECTION", correction)
    if notice.kind == "CORRECTION" and notice.act in ("redirect", "annul"):
        figures().follow("RATING", rating_of(notice.case_id))


REACTIONS = [Reaction(f"figures.{kind.lower()}", kind, acts, follow) for kind, acts in ACTS.items()]
