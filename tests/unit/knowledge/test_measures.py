"""What an article adds to the figures: whether it was looked at again in time. Pure."""
import pytest

from chalicelib.domains.knowledge.measures import OF_ARTICLE, of_article
from chalicelib.domains.knowledge.models import Article
from chalicelib.domains.knowledge.workflow import KNOWLEDGE
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.turns import Occasion
from tests.support.orders import CALENDAR, shanghai
from tests.support.town import AREA, HEAD, MARKET, REVIEWER

LIMITS = {"review": Limit.model_validate("1mo@GZ4")}


def marks(*acts):
    """What an article adds after acts as (act, day) or (act, day, hour)."""
    at = shanghai("2026-03-02")
    case, timeline, counted = Article(id="a" * 26, area=AREA, unit=MARKET, opened_at=at), [], {}
    for act, day, *hour in (("draft", "2026-03-02"), *acts):
        who = SYSTEM if act == "lapse_review" else HEAD if act in ("approve", "renew", "withdraw") else REVIEWER
        details = {"pending": True, "drafter": REVIEWER.person, "text": 1} if act in ("draft", "revise") else {}
        step = KNOWLEDGE.advance(case, act, Occasion(who, shanghai(day, *hour), CALENDAR, LIMITS, {}), details)
        case, before = step.case, counted
        timeline.append(step.event)
        counted = of_article(timeline, lambda version: CALENDAR)
        assert act in OF_ARTICLE or counted == before
    return {(month, name): n for (unit, month, name), n in counted.items() if unit == MARKET}


@pytest.mark.parametrize("acts, counts", [
    ([("approve", "2026-03-03")], {}),
    ([("approve", "2026-03-03"), ("renew", "2026-03-20")], {("2026-03", "reviews_due"): 1,
                                                            ("2026-03", "reviewed_in_time"): 1}),
    ([("approve", "2026-03-03"), ("revise", "2026-03-10"), ("approve", "2026-03-11")], {
        ("2026-03", "reviews_due"): 1, ("2026-03", "reviewed_in_time"): 1}),
    ([("approve", "2026-03-03"), ("lapse_review", "2026-04-04", 1), ("renew", "2026-04-08")],
     {("2026-04", "reviews_due"): 1}),
    ([("approve", "2026-03-03"), ("renew", "2026-04-08")], {("2026-04", "reviews_due"): 1}),
    ([("approve", "2026-03-03"), ("withdraw", "2026-03-20")], {})],
    ids=["waits", "renewed", "revised", "lapsed", "late before the sweep looked", "withdrawn"])
def test_an_article_counts_when_its_time_is_over(acts, counts):
    assert marks(*acts) == counts
