"""Supervision orders (督办): the supervision's word to a unit on a case, by levels. Shapes only."""
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from chalicelib.kernel.fields import HandOver, Id, Note, Remark, Text, Unit
from chalicelib.kernel.record import Case

from .models import Claim

Level = Literal[1, 2, 3, 4, 5]
NAMES: dict[int, str] = {1: "催办", 2: "书面督办", 3: "挂牌督办", 4: "约谈", 5: "通报"}
"""The levels, in the words that title an order."""


class Order(Case, frozen=True):
    """An order on a case of another kind. `person` is the unit ordered, `unit` the supervising one of its area.

    What is ordered is the part `TEXT`.
    """

    level: Level
    source: str                            # `<KIND>#<id>` of the case
    card: str = ""                         # id of the card on that case from which the order came, if from one
    terms: str = ""                        # version of the limits in force when it was issued
    had: tuple[str, ...] = ()              # officials who handed it over, and keep seeing it
    answer: str = ""                       # part: what the unit answered last


class Issue(BaseModel, extra="forbid"):
    """Body of POST /supervision/orders."""

    unit: Unit
    kind: Literal["APPLICATION", "ORDER", "CORRECTION", "DOCUMENT"]
    case_id: Id
    card: Id | None = None
    level: Annotated[int, Field(ge=1, le=5, strict=True)]
    text: Text


class Signed(BaseModel, extra="forbid"):
    """The unit signs for an order; the supervisor is content with the answer."""

    act: Literal["sign", "accept"]
    note: Remark = ""


class Reasoned(BaseModel, extra="forbid"):
    act: Literal["send_back", "annul"]
    note: Note


class Answered(BaseModel, extra="forbid"):
    """The unit says what was done."""

    act: Literal["answer"]
    text: Text


class Raised(BaseModel, extra="forbid"):
    """The supervisor gives the order a higher level, and says why."""

    act: Literal["raise_level"]
    level: Annotated[int, Field(ge=2, le=5, strict=True)]
    note: Note


OrderAct = Annotated[Signed | Reasoned | Answered | Raised | HandOver | Claim, Field(discriminator="act")]
"""Body of POST /supervision/orders/{id}/acts."""


class OrderShown(BaseModel, frozen=True):
    """An order as the unit ordered and the supervision see it."""

    id: str
    number: str
    title: str
    state: str
    level: int
    source: str
    card: str
    area: str
    person: str
    handler: str
    opened_at: datetime


class Words(BaseModel, frozen=True):
    """What is ordered, or what the unit answered."""

    text: str
