"""Write the classes of personal data into docs/data-classes.md. `--check` fails if it is not current."""
import json
import sys
from pathlib import Path

from chalicelib.domains.privacy.models import DataClass
from chalicelib.kernel.law import cite

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docs" / "data-classes.md"
ENDS = {"anonymise": "匿名化", "delete": "删除", "expire": "到期自动清除", "keep": "长期保存"}
SINCE = {"closed": "办结之日", "written": "记录之日"}
HEAD = """# Classes of personal data

Generated from `seeds/privacy-classes.json` by `make diagrams`. In force everywhere until an area publishes its own
(`PRIVACY-CLASSES`, public at `/privacy/classes`). The job that runs it is `domains/privacy/retention.py`: each night,
in bounded runs, first accounts that no case names any more, then cases of which the time is over, then old readings.
A legal hold, and a request of the person that is in hand, keep a case from it; it comes again every night until they
are gone. Being anonymised is an act of the system in the case's own life, after which replay still equals state; files
go before their record.

| class | holds | what for | basis | kept | from | then | earlier at its person's word | note |
|---|---|---|---|---|---|---|---|---|
"""


def page() -> str:
    """Return the page."""
    rows = [DataClass.model_validate(row)
            for row in json.loads((ROOT / "seeds" / "privacy-classes.json").read_text("utf-8"))]
    return HEAD + "".join(
        f"| {one.name} `{one.code}` | {one.holds} | {one.purpose} | {cite(one.basis)} | "
        f"{f'{one.keep.count}{one.keep.unit.word}' if one.keep else '随其来源'} | {SINCE.get(one.since, one.since)} | "
        f"{ENDS[one.end]} | {'是' if one.on_request else '否'} | {one.note} |\n" for one in rows)


def main() -> int:
    if "--check" not in sys.argv:
        FILE.write_text(page(), "utf-8")
    elif not FILE.exists() or FILE.read_text("utf-8") != page():
        print(f"not current: {FILE.name} (make diagrams)")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
