"""What other domains may ask of the knowledge base at once: which edition of an article holds, what is counted."""
from chalicelib.kernel.problems import Missing
from chalicelib.kernel.runs import Calendars
from chalicelib.kernel.shares import Counted
from chalicelib.kernel.table import Table

from .measures import OF_ARTICLE, of_article
from .store import ArticleStore
from .workflow import PUBLISHED

COUNTED = OF_ARTICLE
"""The acts that may change what an article adds to the figures."""


def edition_of(cases: Table, article: str, area: str) -> int:
    """Return the edition of an article of an area that holds now. Raise Missing."""
    case = ArticleStore(cases).find(article)
    if case is None or case.area != area or case.state != PUBLISHED:
        raise Missing("知识库没有这一条，或者该条已到期、已下架")
    return case.edition


def marks_of(cases: Table, article: str, calendars: Calendars) -> Counted:
    """Return what an article adds to the figures. Raise Missing."""
    case, timeline = ArticleStore(cases).whole(article)
    return Counted(case.area, case.version, of_article(timeline, calendars))
