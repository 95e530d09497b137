"""The rules of an article and the words by which it is found. Pure."""
import pytest

from chalicelib.domains.knowledge.models import Article
from chalicelib.domains.knowledge.workflow import KNOWLEDGE, MOST_PAIRS, found_by, pairs
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.problems import Forbidden, Refused
from chalicelib.kernel.turns import Occasion
from tests.support.orders import CALENDAR, shanghai
from tests.support.town import AREA, CLERK, HEAD, HEALTH, MARKET, REVIEWER, actor

LIMITS = {"review": Limit.model_validate("1mo@GZ4")}
STRANGER = actor("head", HEALTH)


def article(**fields):
    given = {"area": AREA, "unit": MARKET, "title": "夜间施工怎样投诉", "opened_at": shanghai("2026-03-02"),
             "state": "draft", "text": 1, "pending": True, "drafter": REVIEWER.person}
    return Article(id="a" * 26, **given | fields)


def do(case, who, act, **details):
    now = Occasion(who, shanghai("2026-03-03"), CALENDAR, LIMITS, {})
    return KNOWLEDGE.advance(case, act, now, details).case


def test_who_wrote_it_does_not_approve_it_and_another_unit_does_nothing():
    for who, refusal in ((REVIEWER, Refused), (CLERK, Forbidden), (STRANGER, Refused)):
        with pytest.raises(refusal):
            do(article(), who, "approve")
    served = do(article(), HEAD, "approve")
    assert (served.state, served.served, served.edition, served.pending) == ("published", 1, 1, False)
    with pytest.raises(Refused):
        do(served, HEAD, "approve")


def test_what_was_sent_back_leaves_what_is_served_as_it_was():
    revised = do(do(article(), HEAD, "approve"), REVIEWER, "revise", text=3, pending=True, drafter=REVIEWER.person)
    with pytest.raises(Refused):
        do(revised, HEAD, "renew")
    back = do(revised, HEAD, "send_back", note="不全")
    assert (back.text, back.served, back.pending, back.state) == (1, 1, False, "published")


def test_what_is_due_for_review_is_found_by_nothing_until_somebody_looked_at_it():
    served = do(article(), HEAD, "approve")
    now = Occasion(SYSTEM, shanghai("2026-04-07"), CALENDAR, LIMITS, {})
    due = KNOWLEDGE.advance(served, "lapse_review", now, {}).case
    assert due.state == "due" and found_by(served) and found_by(due) == []
    assert found_by(do(due, HEAD, "renew")) == found_by(served)


def test_long_keywords_hide_neither_the_title_nor_each_other():
    words = tuple(f"{letter * 2}甲乙丙丁戊己"[:8] for letter in "一二三四五六七八")
    found = found_by(article(state="published", keywords=words, title="社保卡补办"))
    assert len(found) <= MOST_PAIRS and set(pairs("社保卡补办")) <= set(found)
    assert all(pairs(word)[0] in found for word in words)
    title = "一二三四五六七八九十百千万甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地人和春夏秋冬东西南北中"
    found = found_by(article(state="published", title=title, keywords=("噪音扰民",)))
    assert len(found) == MOST_PAIRS and {"噪音", "音扰", "扰民", "一二"} <= set(found)
