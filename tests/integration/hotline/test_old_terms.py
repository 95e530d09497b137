"""Orders under terms that are older than a row which the nation has in force today (moto)."""
from datetime import UTC, date, datetime

from chalicelib.domains.hotline.store import LIMITS
from chalicelib.domains.hotline.terms import terms_for
from chalicelib.kernel.identity import NATION
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.table import Table
from tests.support.town import ORDER_ROWS


def test_terms_that_know_no_intricate_orders_give_one_its_usual_extension(tables):
    reference = Reference(Table("yiciban-test-reference"), lambda: datetime(2026, 11, 20, tzinfo=UTC))
    general = ORDER_ROWS[0] | {"limits": {name: limit for name, limit in ORDER_ROWS[0]["limits"].items()
                                          if name != "law"}}
    old = [general, *(row for row in ORDER_ROWS[1:] if "intricate" not in row)]
    reference.publish(LIMITS, NATION, "1", old, date(2020, 1, 1), date(2026, 10, 31))
    reference.publish(LIMITS, NATION, "2", ORDER_ROWS, date(2026, 11, 1))
    rows = reference.completed(LIMITS, f"{NATION}/1")
    for category in ("help", "suggestion", "complaint", "report"):
        plain, intricate = (terms_for(rows, category, "ordinary", told).limits for told in (False, True))
        assert intricate["reply"] == plain["reply"] == terms_for(old, category, "ordinary").limits["reply"]
        assert intricate["reply"].times == 1 and intricate["law"].basis == "JN24", "what is lacking is the nation's"
    assert terms_for(ORDER_ROWS, "help", "ordinary", True).limits["reply"].times == 2
