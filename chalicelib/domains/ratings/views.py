"""By which rules ratings are asked for, counted and looked at: what everybody may read. Shapes only."""
from typing import Any

from pydantic import BaseModel


class FormulaView(BaseModel, frozen=True):
    """A score and how it is counted."""

    name: str
    title: str
    numerator: str
    denominator: str
    definition: str
    source: str


class Rules(BaseModel, frozen=True):
    """What is in force in an area; rows as they are published, with their notes."""

    nodes: list[dict[str, Any]]
    channels: list[dict[str, Any]]
    signals: list[dict[str, Any]]
    limits: list[dict[str, Any]]
    formulas: list[FormulaView]
    composite: str
    csat: str
