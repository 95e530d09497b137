"""The rules of an article of the knowledge base, one row per lawful act, and its words as they are searched. Pure.

起草 → 另一人审核 → 发布 → 到期待复审 → 复审 or 修订 → 下架. What is due for review is not served as valid.
"""
import re
import unicodedata
from itertools import chain, zip_longest

from chalicelib.kernel.deskwork import WORDS, own_unit, recounted
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.record import Summary
from chalicelib.kernel.turns import Occasion, lapse, passed, start, stop
from chalicelib.kernel.workflow import Rule, Workflow

from .models import Article

CENTRE, CLERK, REVIEWER, HEAD, SYS = "centre", "clerk", "reviewer", "head", "system"
AUTHORS = (CLERK, REVIEWER, HEAD, CENTRE)
APPROVERS = (REVIEWER, HEAD, CENTRE)
OPEN, PUBLISHED = ("draft", "published", "due"), "published"
MOST_PAIRS, OF_TITLE = 40, 20
"""Pairs of characters under which an article is found: old and new ones stand in one transaction. So many of them are
its title's, before the keywords take turns.
"""
_MARKS = re.compile(r"[^\w]|_")


def pending(case: Article, now: Occasion) -> str:
    return "" if case.pending else "没有待审核的内容"


def nothing_pending(case: Article, now: Occasion) -> str:
    return "修订内容待审核" if case.pending else ""


def another(case: Article, now: Occasion) -> str:
    """Who wrote it does not approve it."""
    return "起草人员不得自行审核" if now.who.person == case.drafter else ""


APPROVED = {"served": lambda case, now: case.text, "edition": lambda case, now: case.edition + 1, "pending": False}
BACK = {"text": lambda case, now: case.served, "pending": False}
KNOWLEDGE: Workflow[Article] = Workflow(
    #     act            from         to           by         basis
    Rule("draft",        "new",       "draft",     AUTHORS,   "GZ4", when=(own_unit,)),
    Rule("revise",       OPEN,        "",          AUTHORS,   "GZ4", when=(own_unit,)),
    Rule("approve",      OPEN,        PUBLISHED,   APPROVERS, "GZ4", when=(own_unit, pending, another), sets=APPROVED,
         clocks=(start("review"),)),
    Rule("send_back",    OPEN,        "",          APPROVERS, "GZ4", when=(own_unit, pending, another), sets=BACK),
    Rule("renew",        (PUBLISHED, "due"), PUBLISHED, APPROVERS, "GZ4", when=(own_unit, nothing_pending, another),
         sets={"until": ""}, clocks=(start("review"),)),
    Rule("withdraw",     OPEN,        "withdrawn", (HEAD, CENTRE), "GZ4", when=(own_unit,), clocks=stop("review")),
    recounted(PUBLISHED),
    Rule("lapse_review", PUBLISHED,   "due",       SYS,       "GZ4", when=(passed("review"),),
         clocks=(lapse("review"), *stop("review"))),
    words=WORDS | {"draft": "起草", "published": "已发布", "due": "待复审", "withdrawn": "已下架", "revise": "修订",
                   "approve": "审核发布", "send_back": "审核退回", "renew": "复审通过", "withdraw": "下架",
                   "lapse_review": "到期待复审"})


def standing(case: Summary, who: Actor) -> bool:
    """Say whether `who` may know of the article: its own unit and the area's centre always, other officials who handle
    matters once it is published.
    """
    if who.role not in AUTHORS or who.area != case.area or not who.unit:
        return False
    return who.unit == case.unit or who.unit == f"{case.area}.hotline" or case.state == PUBLISHED


def pairs(word: str) -> list[str]:
    """Return the pairs of neighbouring characters of a text, each once, without marks."""
    bare = _MARKS.sub("", unicodedata.normalize("NFKC", word).lower())
    return list(dict.fromkeys(bare[at:at + 2] for at in range(len(bare) - 1)))


def found_by(case: Article) -> list[str]:
    """Return the pairs under which an article is found, at most MOST_PAIRS; none unless it holds."""
    if case.state != PUBLISHED:
        return []
    title = pairs(case.title)
    turns = chain.from_iterable(zip_longest(*map(pairs, case.keywords)))
    return list(dict.fromkeys(pair for pair in (*title[:OF_TITLE], *turns, *title[OF_TITLE:]) if pair))[:MOST_PAIRS]
