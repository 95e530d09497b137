"""What a new bureau needs before it opens: calendar, limits, units, service items. Doing it twice changes nothing."""
import json
from datetime import date
from pathlib import Path
from typing import Any

from . import install

install.install()
from chalicelib.domains.accounts.wiring import accounts  # noqa: E402  (the run's clock first)
from chalicelib.domains.applications.store import HOURS, LIMITS  # noqa: E402
from chalicelib.domains.catalogue.wiring import catalogue  # noqa: E402
from chalicelib.domains.disclosure import store as documents  # noqa: E402
from chalicelib.domains.hotline.store import LIMITS as HOTLINE_LIMITS  # noqa: E402
from chalicelib.domains.privacy import store as privacy  # noqa: E402
from chalicelib.domains.ratings import store as ratings  # noqa: E402
from chalicelib.domains.supervision import store as cards  # noqa: E402
from chalicelib.kernel import now  # noqa: E402
from chalicelib.kernel.calendar import Notice  # noqa: E402
from chalicelib.kernel.identity import area_of  # noqa: E402
from chalicelib.kernel.problems import Missing  # noqa: E402
from chalicelib.kernel.reference import NATION, Reference  # noqa: E402
from chalicelib.kernel.settings import settings  # noqa: E402
from chalicelib.kernel.table import Table  # noqa: E402
from chalicelib.kernel.thresholds import THRESHOLDS  # noqa: E402

from . import seed_documents  # noqa: E402

SEEDS = Path(__file__).parents[1] / "seeds"
OPENED = date(2004, 1, 1)
FIRST = {LIMITS: "limits", HOURS: "office-hours", ratings.LIMITS: "rating-limits", ratings.TAGS: "rating-tags",
         ratings.NODES: "rating-nodes", ratings.CHANNELS: "rating-channels", ratings.SIGNS: "rating-signals",
         HOTLINE_LIMITS: "hotline-limits", documents.LIMITS: "disclosure-limits",
         documents.COLUMNS: "disclosure-columns", documents.NUMBERS: "disclosure-numbers",
         cards.RULES: "supervision-rules", cards.LIMITS: "supervision-limits",
         cards.SLOTS: "dispatch-slots", THRESHOLDS: "thresholds",
         privacy.CLASSES: "privacy-classes", privacy.LIMITS: "privacy-limits"}
"""What is in force everywhere until an area publishes its own: name in the reference -> file of the seeds."""


def seeds(name: str) -> list[dict[str, Any]]:
    return list(json.loads((SEEDS / f"{name}.json").read_text("utf-8")))


def main() -> None:
    """Publish the seeds that are not in force yet."""
    reference = Reference(Table(settings().reference_table), now.now)
    known = {notice.number for notice in reference.calendar().notices}
    for row in seeds("calendar"):
        if (notice := Notice.model_validate(row)).number not in known:
            reference.announce(notice)
    for name, file in FIRST.items():
        try:
            reference.in_force(name, NATION, OPENED)
        except Missing:
            reference.publish(name, NATION, "1", seeds(file), OPENED)
    items = seeds("items")
    departments = {item["department"]: item["department_name"] for item in items}
    for unit in [*seeds("units"), *({"id": unit, "name": name} for unit, name in departments.items())]:
        accounts().store.found_unit(area_of(unit["id"]), unit["id"], unit["name"])
    for area in sorted({item["area"] for item in items}):
        catalogue().publish_seed(area, [item for item in items if item["area"] == area])
    seed_documents.publish(SEEDS, now.now())


if __name__ == "__main__":
    main()
