"""What the fields of bodies are written in, the same for every kind: ids, areas, units, texts; and the bodies of the
acts that every kind has. Shapes only.
"""
from typing import Annotated, Literal

from pydantic import BaseModel, PositiveInt, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z2-7]{26}$")]
Area = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
"""行政区划代码 (GB/T 2260, GB/T 10114)."""
Unit = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}\.[a-z][a-z0-9-]{1,30}$")]
Official = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
"""An official, by the id that accounts or single sign-on gives."""
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=150)]
"""Why, or what came of it: the timeline has it."""
Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=150)]
"""A note that may be left out."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
"""A long text: stored as a part of the case."""


class HandOver(BaseModel, extra="forbid"):
    """The case is given to an official of its unit."""

    act: Literal["assign", "hand_over"]
    handler: Official
    note: Remark = ""


class AskExtension(BaseModel, extra="forbid"):
    """More time is asked for, in the unit of the limit; whose case it is is told the reasons."""

    act: Literal["ask_extension"]
    asked_days: PositiveInt
    note: Note
