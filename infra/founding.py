"""`make found STAGE= BUREAU=`: what a deployment needs before its first administrator signs in.

The nation's calendar and terms, where no version is in force yet; the units that the file names; and the three
offices that are kept apart (三员分立), one person each, where nobody holds that office in the area yet. Everybody and
everything else is entered by them through the doors. Doing it twice changes nothing, and what was changed since stays.
"""
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, Field, ValidationError, model_validator

from chalicelib.domains.accounts.models import Post, Staff, UnitEntry
from chalicelib.domains.accounts.wiring import accounts, staffing
from chalicelib.domains.applications.store import HOURS, LIMITS
from chalicelib.domains.complaints import store as complaints
from chalicelib.domains.disclosure import store as documents
from chalicelib.domains.figures.service import LIMITS as FIGURES_LIMITS
from chalicelib.domains.hotline import store as hotline
from chalicelib.domains.knowledge.store import LIMITS as KNOWLEDGE_LIMITS
from chalicelib.domains.privacy import store as privacy
from chalicelib.domains.ratings import store as ratings
from chalicelib.domains.supervision import store as cards
from chalicelib.kernel import now
from chalicelib.kernel.calendar import Notice
from chalicelib.kernel.identity import APART, Actor, area_of
from chalicelib.kernel.problems import Missing, Problem
from chalicelib.kernel.record import Key
from chalicelib.kernel.reference import NATION, Reference
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table
from chalicelib.kernel.thresholds import THRESHOLDS
from chalicelib.kernel.vault import digest

from .deployed import join

SEEDS = Path(__file__).parents[1] / "seeds"
OPENED = date(2004, 1, 1)
FIRST = {LIMITS: "limits", HOURS: "office-hours", ratings.LIMITS: "rating-limits", ratings.TAGS: "rating-tags",
         ratings.NODES: "rating-nodes", ratings.CHANNELS: "rating-channels", ratings.SIGNS: "rating-signals",
         hotline.LIMITS: "hotline-limits", hotline.CHANNELS: "hotline-channels", hotline.WORDS: "hotline-words",
         hotline.DUTIES: "hotline-duties", KNOWLEDGE_LIMITS: "knowledge-limits", documents.LIMITS: "disclosure-limits",
         documents.COLUMNS: "disclosure-columns", documents.NUMBERS: "disclosure-numbers",
         complaints.LIMITS: "complaint-limits", complaints.CAUSES: "complaint-causes",
         complaints.REMEDIES: "complaint-remedies",
         cards.RULES: "supervision-rules", cards.LIMITS: "supervision-limits",
         cards.SLOTS: "dispatch-slots", FIGURES_LIMITS: "figures-limits", THRESHOLDS: "thresholds",
         privacy.CLASSES: "privacy-classes", privacy.LIMITS: "privacy-limits"}
"""What is in force everywhere until an area publishes its own: name in the reference -> file of the seeds."""


class Officer(BaseModel, extra="forbid", frozen=True):
    """Who holds one of the three offices: `subject` is what the staff's single sign-on calls them."""

    role: Literal["admin", "security", "auditor"]
    unit: str
    subject: str
    name: str


class Bureau(BaseModel, extra="forbid", frozen=True):
    """The file: the first units of an area, and its three officers."""

    units: list[UnitEntry] = Field(min_length=1)
    officers: list[Officer]

    @model_validator(mode="after")
    def _three_of_them(self) -> Self:
        areas = {area_of(unit.id) for unit in self.units}
        if len(areas) != 1 or {officer.unit for officer in self.officers} - {unit.id for unit in self.units}:
            raise ValueError("the units are of one area, and the officers serve in them")
        if sorted(officer.role for officer in self.officers) != sorted(APART):
            raise ValueError("one admin, one security, one auditor")
        if len({officer.subject for officer in self.officers}) < len(self.officers):
            raise ValueError("three persons, not one or two (三员分立)")
        return self


def seeds(name: str) -> list[dict[str, Any]]:
    """Return the rows of a file of the seeds."""
    return list(json.loads((SEEDS / f"{name}.json").read_text("utf-8")))


def publish() -> list[str]:
    """Publish of the nation's calendar and terms what is not in force yet; return the names of that."""
    reference, made = Reference(Table(settings().reference_table), now.now), []
    known = {notice.number for notice in reference.calendar().notices}
    for row in seeds("calendar"):
        if (notice := Notice.model_validate(row)).number not in known:
            reference.announce(notice)
            made.append(notice.number)
    for name, file in FIRST.items():
        try:
            reference.in_force(name, NATION, OPENED)
        except Missing:
            reference.publish(name, NATION, "1", seeds(file), OPENED)
            made.append(name)
    return made


def appoint(bureau: Bureau) -> list[str]:
    """Enter the units, and each officer whose office nobody holds in the area yet; return a line for each."""
    store, lines = accounts().store, []
    for unit in bureau.units:
        if not store.unit_name(area_of(unit.id), unit.id):
            store.found_unit(area_of(unit.id), unit.id, unit.name)
            lines.append(f"unit {unit.id}: entered")
    for officer in bureau.officers:
        area = area_of(officer.unit)
        if any(officer.role in store.roles_in(unit["sk"]) for unit in store.units(area)):
            lines.append(f"{officer.role} of {area}: there")
            continue
        founder = Actor(person="founding", role="admin", unit=officer.unit, area=area)
        staffing().appoint(Staff(subject=officer.subject, name=officer.name, offices=[
            Post(role=officer.role, unit=officer.unit)]), founder,
            Key(digest("founding", officer.role, officer.unit, officer.subject, length=10)))
        lines.append(f"{officer.role} of {area}: appointed")
    return lines


def main(stage: str = "", file: str = "") -> int:
    """Publish, enter, appoint; print a line for each thing done, never a name."""
    if not stage or not file:
        print("found: say STAGE=..., and BUREAU=<file>, such as infra/stages/bureau.yaml")
        return 2
    try:
        bureau = Bureau.model_validate(yaml.safe_load(Path(file).read_text("utf-8")))
    except (OSError, yaml.YAMLError) as error:
        print(f"found: {file} cannot be read: {type(error).__name__}")
        return 2
    except ValidationError as error:
        print("\n".join(f"found: {file}: {'/'.join(map(str, fault['loc']))}: {fault['msg']}"
                        for fault in error.errors(include_input=False)))
        return 2
    join(stage)
    try:
        lines = [f"{name}: published" for name in publish()] + appoint(bureau)
    except Problem as problem:
        print(f"found: {problem}")
        return 1
    print("\n".join(f"found: {line}" for line in lines))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
