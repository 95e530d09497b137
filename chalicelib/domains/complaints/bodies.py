"""What callers may send about a complaint: the bodies of requests. Shapes only."""
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, StrictBool, StringConstraints, model_validator

from chalicelib.kernel.fields import Area, AskExtension, HandOver, Id, Note, Official, Remark, Text, Unit
from chalicelib.kernel.views import Month

from .models import Course, Result, Sort, Source

Subject = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=30)]
Files = Annotated[list[Id], Field(max_length=9)]
"""Papers, pictures, recordings: materials that whoever names them may read."""
Against = Annotated[list[Official], Field(max_length=5)]
"""Officials complained of, by the ids that they work under (工号)."""


class Bring(BaseModel, extra="forbid"):
    """Body of POST /complaints: a matter of one's own, or under a mandate."""

    area: Area
    sort: Sort
    subject: Subject
    content: Text
    matter: Source | None = None
    against: Against = []
    hidden: bool = False                   # asks not to be named to the unit; of a report it always is so
    files: Files = []


class Caller(BaseModel, extra="forbid"):
    """Somebody as they give their name; accounts keep both, sealed."""

    name: Subject
    phone: Annotated[str, StringConstraints(strip_whitespace=True, min_length=7, max_length=20)]


class AtDesk(BaseModel, extra="forbid"):
    """Body of POST /complaints/desk: from a person known to accounts, somebody who gives name and number, or (neither)
    somebody anonymous, as from the suggestion box.
    """

    sort: Sort
    channel: Literal["window", "box", "desk"]
    subject: Subject
    content: Text
    matter: Source | None = None
    against: Against = []
    hidden: bool = False
    caller: Caller | None = None
    person: Id | None = None
    files: Files = []

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.caller and self.person:
            raise ValueError("来人与已登记的人员只填一项")
        return self


class Classify(BaseModel, extra="forbid"):
    """What it is, which unit handles it, and which officials it is about; `redirect`: another unit."""

    act: Literal["classify", "redirect"]
    course: Course
    unit: Unit
    against: Against = []
    note: Remark = ""


class Explain(BaseModel, extra="forbid"):
    """The desk answers itself: a question, or what another case on the same matter has answered."""

    act: Literal["explain", "answer_by_thread"]
    text: Text


class Decline(BaseModel, extra="forbid"):
    """Not taken up: why, and where it belongs (`remedy`, a code of COMPLAINT-REMEDIES)."""

    act: Literal["decline"]
    text: Text
    remedy: Code


class Inside(BaseModel, extra="forbid"):
    """A unit sends it back as not its own; the desk has it done again: the reasons, which only officials read."""

    act: Literal["return", "send_back", "rework"]
    text: Text


class Reply(BaseModel, extra="forbid"):
    """What the unit found and did, as whoever brought the matter reads it."""

    act: Literal["answer"]
    result: Result
    text: Text
    files: Files = []


class CallBack(BaseModel, extra="forbid"):
    act: Literal["call_back"]
    satisfied: StrictBool
    note: Remark = ""


class Attribute(BaseModel, extra="forbid"):
    """Why it came to this: a code of COMPLAINT-CAUSES."""

    act: Literal["attribute"]
    cause: Code
    note: Remark = ""


class Plan(BaseModel, extra="forbid"):
    """What is to change, by which unit and when."""

    act: Literal["plan"]
    unit: Unit
    text: Text
    measure_by: date


class Improve(BaseModel, extra="forbid"):
    """What the unit has changed."""

    act: Literal["improve"]
    text: Text


class Noted(BaseModel, extra="forbid"):
    act: Literal["annul", "deny_extension", "miss_call"]
    note: Note


class Plain(BaseModel, extra="forbid"):
    act: Literal["claim", "sign", "approve_extension", "close", "withdraw"]
    note: Remark = ""


Act = Annotated[Classify | Explain | Decline | Inside | Reply | AskExtension | CallBack | Attribute | Plan | Improve
                | HandOver | Noted | Plain, Field(discriminator="act")]
"""Body of POST /complaints/{id}/acts."""


class Ledger(BaseModel, extra="forbid"):
    """Query of the ledger: the month in which the matters came, and their sort."""

    month: Month
    sort: Sort = "enterprise"
