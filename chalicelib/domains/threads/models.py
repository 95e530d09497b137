"""A thread (同一事项): cases of several kinds on one matter, of which one gives the answer. Shapes only."""
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, Field, StringConstraints

from chalicelib.kernel.fields import Note
from chalicelib.kernel.record import Case

Member = Annotated[str, StringConstraints(pattern=r"^[A-Z]+#[a-z2-7]{26}$")]
MOST = 20
"""Members of a thread: what its state and one transaction hold."""


@dataclass(frozen=True, slots=True)
class Linkable:
    """A kind whose cases can be members. `answers`: the acts by which its case has been answered for good; `ends`:
    those by which it ends without an answer, and so gives none to others. `holder`: its field that says whose it is; ""
    where nobody is told by a thread. `answer_of`: another kind, and the field that names the case of that kind which is
    answered together with this one.
    """

    label: str
    path: str
    answers: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset({"annul"})
    holder: str = "person"
    answer_of: tuple[str, str] = ("", "")


LINKABLE = {
    "APPLICATION": Linkable("办件", "/applications", frozenset({
        "decline", "grant", "deem_renewal", "refuse", "forward", "terminate"}), frozenset({"annul", "withdraw"})),
    "ORDER": Linkable("热线工单", "/hotline/orders", frozenset({"answer", "answer_by_thread", "decline", "close"})),
    "COMPLAINT": Linkable("投诉举报", "/complaints", frozenset({
        "explain", "answer_by_thread", "decline", "attribute", "close"}), frozenset({"annul", "withdraw"})),
    "RATING": Linkable("好差评", "/ratings"),
    "CORRECTION": Linkable("差评整改", "/corrections", frozenset({"close"}), holder="", answer_of=("RATING", "rating")),
}
"""By kind, one row each."""


class Thread(Case, frozen=True):
    """Cases on one matter, each as `<KIND>#<id>`; `lead` is the one whose answer is the answer. It has no title, number
    or person of its own: what it tells of its members is what their kinds show.
    """

    members: tuple[str, ...] = ()
    lead: str = ""
    answered_at: datetime | None = None

    personal: ClassVar[Mapping[str, Any]] = {**Case.personal, "members": (), "lead": ""}


class Link(BaseModel, extra="forbid"):
    """Body of POST /threads: `other` is on the matter that `lead` answers. Where one of them is in a thread already,
    the other joins it, and its lead stays; where both are in one, that of `other` goes over into that of `lead`.
    """

    lead: Member
    other: Member


class OfMember(BaseModel, extra="forbid"):
    """Another case joins, or a member is from now on the one that gives the answer."""

    act: Literal["join", "lead"]
    member: Member


class Close(BaseModel, extra="forbid"):
    """The matter is at its end, or was none: the members go each their own way."""

    act: Literal["close"]
    note: Note


Act = Annotated[OfMember | Close, Field(discriminator="act")]
"""Body of POST /threads/{id}/acts."""


class MemberView(BaseModel, frozen=True):
    """A member as its own kind shows it to the reader; "" what that does not show."""

    kind: str
    label: str
    id: str
    path: str
    number: str
    title: str
    unit: str
    state: str
    state_label: str


class ThreadView(BaseModel, frozen=True):
    """A thread of the members that the reader is shown; `answered_by` one of these, once it has given the answer."""

    id: str
    state: str
    area: str
    lead: str
    answered_by: str
    answered_at: datetime | None
    members: list[MemberView]
    opened_at: datetime
