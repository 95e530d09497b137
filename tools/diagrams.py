"""Draw every workflow into docs/workflows/. `--check` fails if a drawing is not current."""
import sys
from pathlib import Path
from typing import Any

from chalicelib.domains.applications.workflow import APPLICATIONS
from chalicelib.domains.calendars.workflow import NOTICES
from chalicelib.domains.disclosure.workflow import DOCUMENTS
from chalicelib.domains.hotline.workflow import HOTLINE
from chalicelib.domains.materials.workflow import MATERIALS
from chalicelib.domains.notices.workflow import PAPERS
from chalicelib.domains.ratings.correction_workflow import CORRECTIONS
from chalicelib.domains.ratings.workflow import RATINGS
from chalicelib.domains.supervision.dispatch_workflow import DISPATCHES
from chalicelib.domains.supervision.workflow import CARDS
from chalicelib.kernel.workflow import Workflow

WORKFLOWS: dict[str, tuple[str, Workflow[Any]]] = {
    "application": ("办件", APPLICATIONS), "material": ("材料", MATERIALS), "notice": ("文书", PAPERS),
    "card": ("红黄牌", CARDS), "rating": ("好差评", RATINGS), "correction": ("差评整改", CORRECTIONS),
    "order": ("热线工单", HOTLINE), "document": ("公开文件", DOCUMENTS),
    "calendar": ("节假日安排通知", NOTICES), "dispatch": ("线上调度", DISPATCHES)}
FOLDER = Path(__file__).parents[1] / "docs" / "workflows"


def page(name: str, workflow: Workflow[Any]) -> str:
    """Return the page of one kind: the drawing, and a row per rule."""
    words = workflow.words
    rows = "\n".join(
        f"| {words[act]} `{act}` | {words[source]} | {words[rule.target]} | "
        f"{'、'.join(words[office] for office in rule.offices)} | {rule.basis} | "
        f"{'、'.join(f'{turn.verb} {turn.name}' for turn in rule.clocks)} |"
        for (act, source), rule in workflow.rules.items())
    return (f"# {name}\n\nGenerated from the rules by `make diagrams`.\n\n```mermaid\n{workflow.diagram()}\n```\n\n"
            f"| act | from | to | by | basis | clocks |\n|---|---|---|---|---|---|\n{rows}\n")


def main() -> int:
    stale = []
    for file, (name, workflow) in WORKFLOWS.items():
        path, text = FOLDER / f"{file}.md", page(name, workflow)
        if "--check" not in sys.argv:
            path.write_text(text, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            stale.append(path.name)
    if stale:
        print(f"not current: {', '.join(stale)} (make diagrams)")
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main())
