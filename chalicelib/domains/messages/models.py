"""Messages to persons and desks: that something happened to a case, never what is in it. Shapes only."""
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

STAFF = ("clerk", "reviewer", "head")
OFFICES = {"APPLICATION": (*STAFF, "government"), "ORDER": (*STAFF, "centre"), "COMPLAINT": STAFF,
           "CORRECTION": ("head", "rectifier"), "SIGNAL": ("head",),
           "DOCUMENT": (*STAFF, "publisher", "leader"), "SUBJECT": ("registrar", "security")}
"""By kind, which offices of a unit have such cases: no other reads the unit's messages about them, which name number
and title. Of a kind that is not here, all who serve there; who watches over the area reads all of its desk.
Of a sign of gaming the head alone is told: who was rated is not told at once that there is something with a rating."""
WATCHERS = ("supervisor", "auditor")


def concerns(kind: str, role: str) -> bool:
    """Say whether a message about a kind of case is for an office of the unit that it came to."""
    return role in WATCHERS or role in OFFICES.get(kind, (role,))


class Message(BaseModel, frozen=True):
    """One message in an inbox. `text` is made from a template; it holds no personal data."""

    id: str                                # its place in the inbox: `<instant>~<digest>`
    template: str
    title: str
    text: str
    kind: str                              # of the case it is about; FIGURES: of no case
    case_id: str                           # of FIGURES `<month>~<indicator>`
    at: datetime
    read: bool


class Template(BaseModel, frozen=True):
    """A row of templates.json. `text` may name {number}, {title} of the case, the {state} it came to and, of a
    rating, the {word} for what is rated."""

    code: str
    kind: str
    acts: tuple[str, ...]
    to: Literal["person", "desk", "supervision", "units"]
    """Whose case it is (or the unit carded); the unit it came to; who watches over the area; the units it names."""
    title: str                             # at most 20 characters: WeChat's `thing`
    text: str
    channels: tuple[str, ...] = ()         # besides the inbox: wechat, sms
    moved: bool = False                    # only of an event that moved a deadline
    linked: bool = False                   # by sms with a link that opens what it is about without signing in


class Mark(BaseModel, extra="forbid"):
    """Body of POST /messages/read."""

    ids: Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=80)]], Field(max_length=100)]


class Marked(BaseModel, frozen=True):
    read: int
