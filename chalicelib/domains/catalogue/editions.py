"""An edition of an area's catalogue: how it is brought in and kept, what is asked of it and answered. Shapes only."""
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from chalicelib.kernel.fields import Area

from .models import ImportReport, Item, Unit


class Import(BaseModel, extra="forbid"):
    """Body of POST /catalogue/imports. `replace` withdraws every item that the content does not name."""

    area: Area
    format: Literal["csv", "json"]
    content: Annotated[str, StringConstraints(min_length=1, max_length=5_000_000)]
    mode: Literal["merge", "replace"] = "merge"


class Edition(BaseModel, frozen=True):
    """One version of an area's catalogue: what was brought in, and when it was published, if it was."""

    id: str
    area: str
    mode: Literal["merge", "replace"]
    state: Literal["imported", "published"] = "imported"
    imported_at: datetime
    published_at: datetime | None = None
    number: int = 0                        # which published version of the area's catalogue it is, from 1
    items: int = 0                         # of the whole catalogue, once published
    report: ImportReport


class Staged(Edition, frozen=True):
    """An edition as it is stored: with those who made it, and what it keeps as it was."""

    imported_by: str
    published_by: str = ""
    request: str = ""                      # digest of the request that brought it in
    withheld: tuple[str, ...] = ()         # codes that came with errors: what is in force of them stays in force
    chunks: int = 0                        # of items brought in


class Current(BaseModel, frozen=True):
    """The pointer: which edition is in force in an area. `chunks` of lines make it up."""

    edition: str
    number: int
    chunks: int
    published_at: datetime


class Department(BaseModel, frozen=True):
    unit: str
    name: str
    items: int
    applicable: int


class Departments(BaseModel, frozen=True):
    area: str
    catalogue: int                         # which published version of the area's catalogue
    as_of: datetime
    departments: list[Department]


class Search(BaseModel, extra="forbid"):
    """Query of GET /catalogue/items. `q`: words of the name, pinyin or initials."""

    area: Area
    department: Unit | None = None
    q: Annotated[str, StringConstraints(max_length=60)] = ""
    applicable: bool | None = None


class InArea(BaseModel, extra="forbid"):
    area: Area


class OneItem(InArea):
    """Query of a guide. Without a version: the one in force."""

    version: Annotated[int, Field(ge=1, le=999_999)] | None = None


class OneVersion(BaseModel, extra="forbid"):
    version: Annotated[int, Field(ge=1, le=999_999)] | None = None


class Listed(BaseModel, frozen=True):
    """An item in an answer to a search."""

    code: str
    item_version: int
    name: str
    kind: str
    kind_label: str
    department: str
    department_name: str
    applicable: bool
    why_not: str


class Listing(BaseModel, frozen=True):
    area: str
    catalogue: int
    as_of: datetime
    total: int
    items: list[Listed]
    cursor: str | None


class Guide(BaseModel, frozen=True):
    """The guide (办事指南) of one version of an item."""

    version: int
    in_force: bool                         # this very version is the one published now
    applicable: bool
    why_not: str
    item: Item
