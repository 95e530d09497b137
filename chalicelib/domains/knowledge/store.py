"""Where articles are kept: on the desk of the unit that answers for them, and under the words by which they are found.
"""
from chalicelib.kernel.cases import CaseStore
from chalicelib.kernel.record import NEW
from chalicelib.kernel.table import Item
from chalicelib.kernel.workflow import Step

from .models import Article
from .workflow import found_by, pairs

LIMITS = "KNOWLEDGE-LIMITS"                # pk in the table `reference`
MOST_WORDS, MOST_LOOKED, MOST_FOUND = 8, 200, 50
"""Pairs of what was typed that are looked up; articles looked at under each; those that are found."""


class ArticleStore(CaseStore[Article]):
    """Parts: `TEXT#<event>`. Beside them pk `KNOWN#<area>#<pair of characters>`, sk the article, while it holds."""

    kind, model = "ARTICLE", Article

    def desk(self, case: Article) -> str:
        return "" if case.state == "withdrawn" else case.unit

    def ended(self, case: Article) -> bool:
        return case.state == "withdrawn"

    def writes(self, step: Step[Article]) -> tuple[Item, ...]:
        """Return the writes of an act, with those to the words by which the article is found from now on."""
        case, before = step.case, step.before
        there = set(found_by(before)) if before and before.state != NEW else set[str]()
        then = set(found_by(case))
        return (*super().writes(step),
                *(self.table.put({"pk": f"KNOWN#{case.area}#{pair}", "sk": case.id}) for pair in sorted(then - there)),
                *(self.table.delete(f"KNOWN#{case.area}#{pair}", case.id) for pair in sorted(there - then)))

    def search(self, area: str, words: str) -> tuple[list[Article], bool]:
        """Return the articles that hold and have most of the pairs of what was typed, at most MOST_FOUND; and whether
        there are others under a pair than those looked at.
        """
        hits, more = dict[str, int](), False
        for pair in list(dict.fromkeys(pair for word in words.split() for pair in pairs(word)))[:MOST_WORDS]:
            page = self.table.page(f"KNOWN#{area}#{pair}", limit=MOST_LOOKED)
            more = more or page.last is not None
            for item in page.items:
                hits[item["sk"]] = hits.get(item["sk"], 0) + 1
        best = sorted(hits, key=lambda one: (-hits[one], one))[:MOST_FOUND]
        items = self.table.get_many([(self.pk(one), "STATE") for one in best])
        found = [self.model.model_validate({**item, "id": item["pk"].partition("#")[2]}) for item in items]
        return [one for one in found if found_by(one)], more or len(hits) > MOST_FOUND
