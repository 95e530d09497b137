"""An article of the knowledge base (知识库): what the hotline's seats and the units answer from. Shapes only."""
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, PositiveInt, StringConstraints

from chalicelib.kernel.fields import Note, Remark
from chalicelib.kernel.record import Case

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=60)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=20)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]


class Article(Case, frozen=True):
    """What a unit answers for. Parts: TEXT#<event>, each a wording with title, keywords and the day until which it is
    meant to hold; `text` is the last that was written, `served` the one that was approved last.
    """

    keywords: tuple[str, ...] = ()         # of what is served
    text: int = 0
    pending: bool = False                  # whether that waits to be approved
    served: int = 0
    edition: int = 0                       # how many wordings were approved
    drafter: str = ""                      # who wrote the last one
    until: str = ""                        # the day until which what is served is meant to hold; "": none was named


class Wording(BaseModel, extra="forbid"):
    """Body of POST /knowledge/articles: what is proposed to be known."""

    title: Title
    keywords: Annotated[list[Word], Field(max_length=8)] = []
    text: Text
    valid_until: date | None = None


class Revise(Wording, extra="forbid"):
    """Another wording, which is served once somebody else has approved it."""

    act: Literal["revise"]


class Approve(BaseModel, extra="forbid"):
    """What was read is served; `wording`: its number, as the text tells it."""

    act: Literal["approve"]
    wording: PositiveInt
    note: Remark = ""


class Renew(BaseModel, extra="forbid"):
    act: Literal["renew"]
    note: Remark = ""


class Noted(BaseModel, extra="forbid"):
    act: Literal["send_back", "withdraw"]
    note: Note


Act = Annotated[Revise | Approve | Renew | Noted, Field(discriminator="act")]
"""Body of POST /knowledge/articles/{id}/acts."""


class Shown(BaseModel, frozen=True):
    """An article as officials see it."""

    id: str
    title: str
    state: str
    area: str
    unit: str
    edition: int
    keywords: tuple[str, ...]
    until: str
    opened_at: datetime


class Read(BaseModel, frozen=True):
    """A wording of an article."""

    title: str
    text: str
    edition: int                           # 0: not approved yet
    wording: int                           # its number, which who approves it names


class Asked(BaseModel, extra="forbid"):
    """Query of the search: what a person types."""

    words: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=40)]


class Hits(BaseModel, frozen=True):
    """The articles found, the best first; `more`: words so common that not all under them were looked at."""

    items: list[Shown]
    more: bool
