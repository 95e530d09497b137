"""How long a deadline is and what lengthens it: Limit, Pause, Extension, each written as one short string. Pure.

A case holds its clocks in a stored item that should stay under 1 KB, so these and the clock itself are written
compactly. Both the string and the fields are read; only the string is written:

    limit       20wd+10/1!1,80?5,1,0@XKF42    count unit [+ extra / times] [! warn_left , warn_used] [? remind] @ basis
    pause       检验 2026-03-05T02:00:00Z/2026-03-19T02:00:00Z ~10 #文号        reason start/[end] [~planned] [#notice]
    extension   10 2026-03-20T02:00:00Z   count instant
    clock       <limit> <zero>, then a line for each of the rest, marked as in MARKS
"""
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self, cast

from pydantic import (
    BaseModel,
    Field,
    ModelWrapValidatorHandler,
    NonNegativeInt,
    PositiveInt,
    field_validator,
    model_serializer,
    model_validator,
)

from .calendar import Instant, rfc3339

_INSTANT = r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z"
_LIMIT = re.compile(r"(?P<count>[0-9]+)(?P<unit>wd|cd|mo|yr|h|min)(?:\+(?P<extra>[0-9]+)/(?P<times>[0-9]+))?"
                    r"(?:!(?P<warn_left>[0-9]+),(?P<warn_used>[0-9]+))?"
                    r"(?:\?(?P<remind>[0-9]+(?:,[0-9]+)*))?@(?P<basis>.*)", re.DOTALL | re.ASCII)
_PAUSE = re.compile(rf"(?P<reason>.*) (?P<start>{_INSTANT})/(?P<end>{_INSTANT})?"
                    r"(?: ~(?P<planned>[0-9]+))?(?: #(?P<notice>[^ ]+))?", re.DOTALL | re.ASCII)
_EXTENSION = re.compile(rf"(?P<count>[0-9]+) (?P<at>{_INSTANT})", re.ASCII)
_NUMBERS = frozenset({"count", "extra", "times", "warn_left", "warn_used", "planned"})


class Unit(StrEnum):
    WORKING_DAYS = "wd"
    CALENDAR_DAYS = "cd"
    MONTHS = "mo"
    YEARS = "yr"
    HOURS = "h"
    MINUTES = "min"

    @property
    def word(self) -> str:
        return _WORDS[self]


_WORDS = {Unit.WORKING_DAYS: "个工作日", Unit.CALENDAR_DAYS: "日", Unit.MONTHS: "个月", Unit.YEARS: "年",
          Unit.HOURS: "小时", Unit.MINUTES: "分钟"}
_CENTURY = {Unit.WORKING_DAYS: 36_525, Unit.CALENDAR_DAYS: 36_525, Unit.MONTHS: 1_200, Unit.YEARS: 100,
            Unit.HOURS: 876_600, Unit.MINUTES: 52_596_000}


def _fields(form: re.Pattern[str], written: Any) -> Any:
    """Return the fields that the string `written` names, numbers as numbers: bodies are read strictly. Anything but a
    string is passed on as it is.
    """
    if not isinstance(written, str):
        return written
    if not (match := form.fullmatch(written)):
        raise ValueError(f"不是规定的写法：{written[:80]}")
    return {name: int(value) if name in _NUMBERS else value
            for name, value in match.groupdict().items() if value is not None}


MOST_KNOWN = 1024
_KNOWN: dict[str, "Limit"] = {}
"""Limits as they were read before: each request reads dozens of the few that are published."""


class Limit(BaseModel, frozen=True):
    """How long the law gives, in `unit`; at most a hundred years. Published reference data, never a literal."""

    count: PositiveInt
    unit: Unit
    basis: str                             # the article's short code (XKF42)
    times: NonNegativeInt = 0              # how often it may be extended
    extra: NonNegativeInt = 0              # and by how much in all
    warn_left: NonNegativeInt = 0          # remind when at most so many units are left; 0: do not
    warn_used: Annotated[int, Field(ge=0, le=100)] = 0         # or when so many percent are used; 0: do not
    remind: tuple[NonNegativeInt, ...] = ()    # tell the desk when so many units are left, before any warning

    @model_validator(mode="wrap")
    @classmethod
    def _read(cls, written: Any, made: ModelWrapValidatorHandler[Self]) -> Self:
        if not isinstance(written, str):
            return made(written)
        if (limit := _KNOWN.get(written)) is None:
            if len(_KNOWN) >= MOST_KNOWN:
                _KNOWN.clear()
            limit = _KNOWN[written] = made(_fields(_LIMIT, written))
        return cast(Self, limit)

    @field_validator("remind", mode="before")
    @classmethod
    def _each(cls, written: Any) -> Any:
        if isinstance(written, str):
            return tuple(map(int, written.split(",")))
        return tuple(written) if isinstance(written, list) else written

    @model_validator(mode="after")
    def _within_a_century(self) -> Self:
        if self.count + self.extra > _CENTURY[self.unit]:
            raise ValueError("期限不得超过一百年")
        return self

    @model_serializer
    def _write(self) -> str:
        extension = f"+{self.extra}/{self.times}" if self.extra or self.times else ""
        warning = f"!{self.warn_left},{self.warn_used}" if self.warn_left or self.warn_used else ""
        remind = f"?{','.join(map(str, self.remind))}" if self.remind else ""
        return f"{self.count}{self.unit}{extension}{warning}{remind}@{self.basis}"

    def halved(self) -> "Limit":
        """Return half of it, rounded up, never to be extended: the limit of a rework (重办). It warns as before."""
        return Limit(count=(self.count + 1) // 2, unit=self.unit, basis=self.basis,
                     warn_left=self.warn_left, warn_used=self.warn_used, remind=self.remind)

    def warning(self, left: int, used: int, remind: Iterable[int] = ()) -> "Limit":
        """Return the same limit, with a warning when `left` units are left or `used` percent are used, and reminders
        when so many as `remind` says are left.
        """
        return self.model_copy(update={"warn_left": left, "warn_used": used, "remind": tuple(remind)})


class Pause(BaseModel, frozen=True):
    """A time that is not counted in the limit (不计入期限, 行政许可法 45)."""

    reason: str                            # 听证、检验、鉴定…
    start: Instant
    end: Instant | None = None             # None while it lasts
    planned: NonNegativeInt = 0            # working days registered in the written notice; 0: none
    notice: Annotated[str, Field(pattern="^[^ ]*$")] = ""      # the number of that notice

    @model_validator(mode="before")
    @classmethod
    def _read(cls, written: Any) -> Any:
        return _fields(_PAUSE, written)

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.end and self.end < self.start:
            raise ValueError("暂停的结束早于开始")
        return self

    @model_serializer
    def _write(self) -> str:
        planned, notice = f" ~{self.planned}" if self.planned else "", f" #{self.notice}" if self.notice else ""
        return f"{self.reason} {rfc3339(self.start)}/{rfc3339(self.end) if self.end else ''}{planned}{notice}"


class Extension(BaseModel, frozen=True):
    """A lengthening, in the limit's unit (延期)."""

    count: PositiveInt
    at: Instant

    @model_validator(mode="before")
    @classmethod
    def _read(cls, written: Any) -> Any:
        return _fields(_EXTENSION, written)

    @model_serializer
    def _write(self) -> str:
        return f"{self.count} {rfc3339(self.at)}"


MARKS = {">": "because", "-": "pauses", "+": "extensions", ".": "stopped", "!": "lapsed", "?": "warned", "=": "counted"}
"""How the lines of a written clock begin, and what they hold; of pauses and extensions there may be many."""
_HEAD = re.compile(rf"(?P<limit>.*) (?P<zero>{_INSTANT})", re.DOTALL | re.ASCII)


def clock_lines(fields: Mapping[str, Any]) -> str:
    """Return a clock's fields as they are written. A line break in a text is written as \\n, a backslash twice."""
    def written(value: Any) -> str:
        text: Any = value.model_dump() if isinstance(value, BaseModel) else value
        return rfc3339(text) if isinstance(text, datetime) else text.replace("\\", "\\\\").replace("\n", "\\n")
    lines = [f"{written(fields['limit'])} {rfc3339(fields['zero'])}"]
    for mark, name in MARKS.items():
        held = fields[name] if isinstance(fields[name], tuple) else (fields[name],)
        lines += [f"{mark}{written(one)}" for one in held if one]
    return "\n".join(lines)


def clock_fields(written: str) -> dict[str, Any]:
    """Return the fields that a written clock names. Raise ValueError."""
    head, *lines = [re.sub(r"\\(.)", lambda one: "\n" if one[1] == "n" else one[1], line)
                    for line in written.split("\n")]
    fields: dict[str, Any] = {"because": "", **_fields(_HEAD, head)}
    for line in lines:
        if not (name := MARKS.get(line[:1])):
            raise ValueError(f"不是规定的写法：{line[:80]}")
        fields[name] = (*fields.get(name, ()), line[1:]) if name in ("pauses", "extensions") else line[1:]
    return fields
