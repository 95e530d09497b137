"""Draw every workflow and list what each office may do, into docs/workflows/. `--check` fails if one is not current."""
import sys
from pathlib import Path
from typing import Any

from chalicelib.domains.applications.workflow import APPLICATIONS
from chalicelib.domains.calendars.workflow import NOTICES
from chalicelib.domains.complaints.workflow import COMPLAINTS
from chalicelib.domains.disclosure.workflow import DOCUMENTS
from chalicelib.domains.hotline.calls import CALLS
from chalicelib.domains.hotline.workflow import HOTLINE
from chalicelib.domains.knowledge.workflow import KNOWLEDGE
from chalicelib.domains.materials.workflow import MATERIALS
from chalicelib.domains.notices.workflow import PAPERS
from chalicelib.domains.privacy.workflow import REQUESTS
from chalicelib.domains.ratings.correction_workflow import CORRECTIONS
from chalicelib.domains.ratings.signal_workflow import SIGNALS
from chalicelib.domains.ratings.workflow import RATINGS
from chalicelib.domains.supervision.dispatch_workflow import DISPATCHES
from chalicelib.domains.supervision.order_workflow import ORDERS
from chalicelib.domains.supervision.workflow import CARDS
from chalicelib.domains.threads.workflow import THREADS
from chalicelib.kernel.workflow import Workflow

WORKFLOWS: dict[str, tuple[str, Workflow[Any]]] = {
    "application": ("办件", APPLICATIONS), "material": ("材料", MATERIALS), "notice": ("文书", PAPERS),
    "card": ("红黄牌", CARDS), "rating": ("好差评", RATINGS), "correction": ("差评整改", CORRECTIONS),
    "signal": ("评价异常", SIGNALS),
    "complaint": ("投诉举报", COMPLAINTS), "order": ("热线工单", HOTLINE), "document": ("公开文件", DOCUMENTS),
    "calendar": ("节假日安排通知", NOTICES), "dispatch": ("线上调度", DISPATCHES),
    "supervise": ("督办", ORDERS), "subject": ("个人信息权利请求", REQUESTS),
    "article": ("知识条目", KNOWLEDGE), "calls": ("接听统计", CALLS),
    "thread": ("同一事项", THREADS)}
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


def offices() -> str:
    """Return the page of the offices: what each may do, kind by kind, whatever the state."""
    acts: dict[str, dict[str, list[str]]] = {}
    for name, workflow in WORKFLOWS.values():
        for (act, _), rule in workflow.rules.items():
            for office in rule.offices:
                mine = acts.setdefault(f"{workflow.words[office]} `{office}`", {}).setdefault(name, [])
                mine += [] if workflow.words[act] in mine else [workflow.words[act]]
    rows = "\n".join(f"| {office} | {name} | {'、'.join(mine)} |"
                     for office, kinds in sorted(acts.items()) for name, mine in kinds.items())
    return ("# Offices, and what each may do\n\nGenerated from the rules by `make diagrams`. The state of a case and "
            "the guards of its rules say when; the pages of the kinds say where it leads.\n\n"
            f"| office | kind | acts |\n|---|---|---|\n{rows}\n")


def main() -> int:
    stale = []
    pages = {file: page(name, workflow) for file, (name, workflow) in WORKFLOWS.items()} | {"offices": offices()}
    for file, text in pages.items():
        path = FOLDER / f"{file}.md"
        if "--check" not in sys.argv:
            path.write_text(text, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            stale.append(path.name)
    if stale:
        print(f"not current: {', '.join(stale)} (make diagrams)")
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main())
