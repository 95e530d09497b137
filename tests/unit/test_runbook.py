"""The runbook has a section under every name by which it is cited, and its own references lead somewhere."""
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
SECTIONS = ["first-deployment", "upgrade", "rollback", "restore", "figures", "dead-letters", "put-aside",
            "relay-lag", "throttling", "errors", "sweeps", "publishing", "leaks", "secrets", "key-rotation", "year-end",
            "maintenance", "costs"]
TEXT = (ROOT / "docs" / "runbook.md").read_text("utf-8")


def anchors(text):
    """The anchors that GitHub makes of second-level headings."""
    return [re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-")
            for heading in re.findall(r"^## (.+)$", text, re.MULTILINE)]


def test_the_sections_are_those_by_which_alarms_and_people_cite_them():
    assert anchors(TEXT) == SECTIONS


def test_what_the_runbook_refers_to_is_there():
    assert set(re.findall(r"\]\(#([\w-]+)\)", TEXT)) <= set(SECTIONS)
    for path in re.findall(r"\]\(([\w./-]+\.md)\)", TEXT):
        assert (ROOT / "docs" / path).exists(), path


def test_every_alarm_that_names_a_section_names_one_that_is_there():
    rows = yaml.safe_load((ROOT / "infra" / "alarms.yaml").read_text("utf-8"))
    assert {row["see"] for row in rows if "see" in row} <= set(SECTIONS)


def test_the_waiting_times_of_a_rotation_are_those_of_the_code():
    from infra.rotation import ENDED, MET
    assert (MET.total_seconds(), (MET + ENDED).total_seconds()) == (6 * 60, 2 * 3600 + 6.5 * 60)
    assert "from 6 minutes later" in TEXT and "from 2 hours 6 1/2 minutes after that" in TEXT
