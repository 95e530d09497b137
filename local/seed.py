"""What a new bureau needs before it opens: calendar, limits, units, service items. Doing it twice changes nothing."""
from . import install

install.install()
from chalicelib.domains.accounts.wiring import accounts  # noqa: E402  (the run's clock first)
from chalicelib.domains.catalogue.wiring import catalogue  # noqa: E402
from chalicelib.kernel import now  # noqa: E402
from chalicelib.kernel.identity import area_of  # noqa: E402
from infra.founding import SEEDS, publish, seeds  # noqa: E402

from . import seed_documents  # noqa: E402


def main() -> None:
    """Publish the seeds that are not in force yet."""
    publish()
    items = seeds("items")
    departments = {item["department"]: item["department_name"] for item in items}
    for unit in [*seeds("units"), *({"id": unit, "name": name} for unit, name in departments.items())]:
        accounts().store.found_unit(area_of(unit["id"]), unit["id"], unit["name"])
    for area in sorted({item["area"] for item in items}):
        catalogue().publish_seed(area, [item for item in items if item["area"] == area])
    seed_documents.publish(SEEDS, now.now())


if __name__ == "__main__":
    main()
