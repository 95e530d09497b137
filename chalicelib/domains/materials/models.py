"""A file that an applicant hands in: what is declared of it, what is shown of it. Shapes only."""
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, Field, StringConstraints

from chalicelib.kernel.fields import Area, Id, Note, Remark
from chalicelib.kernel.record import Case

FileName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100,
                                            pattern=r"^[^/\\\x00-\x1f]+$")]
MOST = 20 * 1024 * 1024
"""Bytes in one file."""
MOST_APPLICATIONS = 60
SIGNATURES: dict[str, tuple[bytes, ...]] = {
    "application/pdf": (b"%PDF-",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "application/ofd": (b"PK\x03\x04",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (b"PK\x03\x04",),
    "audio/mpeg": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
    "audio/wav": (b"RIFF",),
}
"""The media types taken in, and the bytes with which such a file begins (OFD is GB/T 33190, a zip)."""
SUFFIXES = {
    "application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "application/ofd": ".ofd",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "audio/mpeg": ".mp3", "audio/wav": ".wav",
}
NEUTRAL = "附件"
"""What a file is called, before its suffix, to whom its own name is not shown: it may name the person."""


class Material(Case, frozen=True):
    """A stored file. `title` is its name; `applications` are the cases that it was handed in with, the last 60: an
    application by its id, an order of the hotline as `ORDER#<id>`, a complaint as `COMPLAINT#<id>`.
    """

    content_type: str
    size: int
    sha256: str
    key: str                               # in the object store; random, says nothing of the person
    applications: tuple[str, ...] = ()

    personal: ClassVar[Mapping[str, Any]] = {**Case.personal, "title": "（文件已销毁）"}


class Reserve(BaseModel, extra="forbid"):
    """Body of POST /materials: a file about to be uploaded, as its sender declares it."""

    area: Area
    name: FileName
    content_type: Literal["application/pdf", "image/jpeg", "image/png", "application/ofd",
                          "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                          "audio/mpeg", "audio/wav"]
    size: Annotated[int, Field(ge=1, le=MOST)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    person: Id | None = None               # at a window: whose paper it is; else the official's own


class Confirm(BaseModel, extra="forbid"):
    """The upload is done: check it."""

    act: Literal["confirm", "accept"]
    note: Remark = ""


class Reject(BaseModel, extra="forbid"):
    """The file is defective; the note says how."""

    act: Literal["reject", "annul"]
    note: Note


Act = Annotated[Confirm | Reject, Field(discriminator="act")]
"""Body of POST /materials/{id}/acts."""


class Shown(BaseModel, frozen=True):
    """What its readers are shown of a material."""

    id: str
    title: str                             # its name; to whom the person is hidden, a neutral one
    state: str
    content_type: str
    size: int
    sha256: str
    applications: tuple[str, ...]          # of those that it was handed in with: the cases that the reader may know of
    opened_at: datetime


class Form(BaseModel, frozen=True):
    """Where and with which fields to post the file (multipart/form-data, the file last, as `file`)."""

    url: str
    fields: dict[str, str]


class Reserved(BaseModel, frozen=True):
    """A material that waits for its file."""

    material: str
    upload: Form
    version: int


class Link(BaseModel, frozen=True):
    """A signed address, good for a quarter of an hour."""

    url: str
