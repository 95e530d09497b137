"""What other domains may ask of the knowledge base at once: whether an article holds, and in which edition."""
from chalicelib.kernel.problems import Missing
from chalicelib.kernel.table import Table

from .store import ArticleStore
from .workflow import PUBLISHED


def edition_of(cases: Table, article: str, area: str) -> int:
    """Return the edition of an article of an area that holds now. Raise Missing."""
    case = ArticleStore(cases).find(article)
    if case is None or case.area != area or case.state != PUBLISHED:
        raise Missing("知识库没有这一条，或者该条已到期、已下架")
    return case.edition
