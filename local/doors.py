"""What only a local run has: the clock, tokens for any office, the signs of life."""
import json
import os
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Self, TypeVar, get_args

from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter, field_validator, model_validator
from pydantic_core import to_jsonable_python

from chalicelib.domains.accounts.models import ROLES as OFFICIAL
from chalicelib.domains.accounts.wiring import accounts
from chalicelib.kernel.bodies import only_json, parsed
from chalicelib.kernel.identity import NOT_ONE, Bearer, Level, Office, apart, area_of
from chalicelib.kernel.problems import Invalid, fault
from chalicelib.kernel.settings import settings
from chalicelib.kernel.tokens import issue

from . import clock
from .beat import alive, settled
from .exchange import Answer, Environ, TooSlow, as_json, read
from .probe import answers
from .queue import FolderQueue

M = TypeVar("M", bound=BaseModel)
MOST = 1024 * 1024                         # bytes of a JSON body
ROLES = ("citizen", *get_args(OFFICIAL))
FOLLOW = 60                                # seconds the scheduler has to follow the clock


class Move(BaseModel, extra="forbid"):
    """Where the clock is to go: on by a span, or to an instant. One of the four."""

    days: float | None = Field(None, ge=0, le=3660)
    hours: float | None = Field(None, ge=0, le=87840)
    minutes: float | None = Field(None, ge=0)
    to: AwareDatetime | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("days、hours、minutes、to 须且只能给出一项")
        return self

    @property
    def by(self) -> timedelta:
        return timedelta(days=self.days or 0, hours=self.hours or 0, minutes=self.minutes or 0)


class Held(Office, frozen=True):
    """An office that a token is to name: one of those that accounts know, in a unit that was founded or in none."""

    @field_validator("role")
    @classmethod
    def _known(cls, role: str) -> str:
        if role not in ROLES:
            raise ValueError(f"没有这个职务；可以是：{'、'.join(ROLES)}")
        return role

    @field_validator("unit")
    @classmethod
    def _founded(cls, unit: str) -> str:
        if unit and not accounts().store.unit_name(area_of(unit), unit):
            raise ValueError("没有这个单位；GET /accounts/units?area= 列出一个行政区域的单位")
        return unit


class Wanted(BaseModel, extra="forbid"):
    """Whom a token is to name: a person (one is made up if none is given) with offices and a level."""

    person: str = Field(default_factory=lambda: f"p-{secrets.token_hex(8)}", min_length=1, max_length=64)
    offices: tuple[Held, ...] = Field((Held(role="citizen"),), min_length=1, max_length=20)
    level: Level = Level.NONE
    hours: float = Field(2, gt=0, le=24 * 3660)

    @field_validator("offices")
    @classmethod
    def _apart(cls, offices: tuple[Held, ...]) -> tuple[Held, ...]:
        if not apart(offices):
            raise ValueError(NOT_ONE)
        return offices


def read_clock(environ: Environ) -> Answer:
    """Say what the run takes for the present."""
    return as_json({"now": clock.now().isoformat(), "ahead_seconds": int(clock.offset().total_seconds())})


def move_clock(environ: Environ) -> Answer:
    """Move the clock forward; answer when every schedule that fell due meanwhile has fired and every shard is swept."""
    move = _body(environ, Move)
    try:
        reached = clock.move(move.by, move.to)
    except (ValueError, OverflowError):
        raise Invalid("时钟只能向前调", errors=[fault("", "not-forward", "时钟只能向前调")]) from None
    until = time.monotonic() + FOLLOW
    while not _followed(reached):
        if time.monotonic() > until:
            raise TooSlow("时钟已调整，但定时任务未在限时内跟上")
        time.sleep(0.02)
    return read_clock(environ)


def _followed(reached: datetime) -> bool:
    done = settled("scheduler")
    return done is not None and done >= reached and not FolderQueue.at(settings().sweep_queue).count()[0]


def open_session(environ: Environ) -> Answer:
    """Issue a token for any person in any offices, without asking who asks."""
    wanted = _body(environ, Wanted)
    at, good_for = clock.now(), timedelta(hours=wanted.hours)
    bearer = Bearer(person=wanted.person, offices=wanted.offices, level=wanted.level)
    return as_json({"token": issue(bearer, at, good_for), "person": bearer.person, "level": bearer.level,
                    "offices": [{**to_jsonable_python(office), "named": office.named} for office in bearer.offices],
                    "expires_at": (at + good_for).isoformat()}, 201)


def health(environ: Environ, product: Callable[[Environ], Answer]) -> Answer:
    """Say what the product says of its health, and which parts of the run live. 503 when one is dead."""
    own = product(environ)
    said = _object(own.body) if own.status == 200 else {}
    parts = {**said.get("parts", {}), "engine": answers(os.environ["AWS_ENDPOINT_URL_DYNAMODB"]),
             "server": own.status < 500, "pump": alive("pump"), "scheduler": alive("scheduler")}
    kind = os.environ["LOCAL_ENGINE_KIND"]
    return as_json({**said, "commit": os.environ["COMMIT"], "engine": {"kind": kind, "keeps": kind != "moto"},
                    "parts": parts, "now": clock.now().isoformat()}, 200 if all(parts.values()) else 503)


def _object(body: bytes) -> dict[str, Any]:
    found = json.loads(body)
    return found if isinstance(found, dict) else {}


def _body(environ: Environ, model: type[M]) -> M:
    """Return the body. Raise Unsupported or Malformed if it is not JSON, Invalid if it is not what is wanted."""
    raw = read(environ, MOST)
    only_json(environ.get("CONTENT_TYPE", ""))
    made: M = parsed(TypeAdapter(model), raw)
    return made
