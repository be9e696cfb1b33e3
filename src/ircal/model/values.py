"""The small values that the configuration is written in, and how people write them.

A `Value` is a frozen pydantic model that refuses unknown keys and remembers its Place. The annotated types below
accept the handwriting of a coordinator ("2..4", "07-01", "07:30-09:00") and always hold the plain Python value.
"""

from __future__ import annotations

import re
from datetime import date, time
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any, Self
from urllib.parse import urlsplit

import webcolors
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic.json_schema import SkipJsonSchema

from ircal.model.place import NOWHERE, Place, PlacedDict

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
"""A name that other parts of the configuration refer to: lower case letters, digits, hyphens."""


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""What people call something: never blank, without the space and line end that a block of YAML text leaves."""


class Value(BaseModel):
    """Anything the configuration holds: frozen, strict about its keys, aware of its place."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, arbitrary_types_allowed=True, allow_inf_nan=False
    )

    place: SkipJsonSchema[Place] = Field(default=NOWHERE, exclude=True, repr=False)

    @model_validator(mode="before")
    @classmethod
    def _take_place(cls, data: Any) -> Any:
        if not isinstance(data, PlacedDict):
            return data
        if "place" in data:
            msg = "Extra inputs are not permitted: place"
            raise ValueError(msg)
        return {**data, "place": data.place}


def with_ids(data: Any) -> Any:
    """Give each entry of a mapping its key as `id`, so that a value knows its own name."""
    if not isinstance(data, dict):
        return data
    return {key: _with_id(key, body) for key, body in data.items()}


def _with_id(key: Any, body: Any) -> Any:
    if isinstance(body, PlacedDict):
        if "id" in body:
            msg = f"the key '{key}' is the id of what is below it; take `id` out there"
            raise ValueError(msg)
        return body.with_item("id", str(key))
    if isinstance(body, dict) and "id" not in body:
        return {**body, "id": str(key)}
    return body


def written_as(schema: JsonSchemaValue, handler: GetJsonSchemaHandler, *shorthands: JsonSchemaValue) -> JsonSchemaValue:
    """The JSON Schema of a value that people write in short, or else as the mapping that `schema` describes."""
    definition = handler.resolve_ref_schema(schema)
    mapping = {key: definition.pop(key) for key in list(definition) if key not in {"title", "description"}}
    definition["anyOf"] = [*shorthands, mapping]
    return schema


class MonthDay(Value):
    """A day that comes every year, such as 1 July; written `07-01`."""

    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The short form beside the long one."""
        shorthand = {"type": "string", "pattern": r"^\d\d-\d\d$", "examples": ["07-01"]}
        return written_as(handler(core_schema), handler, shorthand)

    @model_validator(mode="before")
    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, str):
            return data
        match = re.fullmatch(r"(\d\d)-(\d\d)", data)
        if not match:
            msg = f"'{data}' is not a day of the year; write month and day, such as 07-01"
            raise ValueError(msg)
        return {"month": int(match[1]), "day": int(match[2])}

    @model_validator(mode="after")
    def _exists(self) -> Self:
        date(2024, self.month, self.day)  # a leap year, so that 02-29 is a day; raises ValueError otherwise
        return self

    def in_year(self, year: int) -> date:
        """The date in that calendar year; 29 February falls back to the 28th where there is none."""
        if (self.month, self.day) == (2, 29) and not _is_leap(year):
            return date(year, 2, 28)
        return date(year, self.month, self.day)

    def __str__(self) -> str:
        """As it is written: `07-01`."""
        return f"{self.month:02}-{self.day:02}"


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


_LAST_HOUR, _LAST_MINUTE = 23, 59


def _written(data: Any) -> str:
    """What was written, for a message: whatever it holds, it stays on one line."""
    return repr(data) if isinstance(data, str) else str(data) if isinstance(data, int | float) else "this"


def _clock(data: Any) -> time:
    """`7:30`, as spreadsheets write it, is `07:30`; they also add seconds."""
    if isinstance(data, time) and not data.tzinfo:
        return data
    match = re.fullmatch(r"(\d{1,2}):(\d\d)(:00)?", str(data).strip())
    if not match or int(match[1]) > _LAST_HOUR or int(match[2]) > _LAST_MINUTE:
        msg = f"{_written(data)} is not a time of day; write it as 07:30"
        raise ValueError(msg)
    return time(int(match[1]), int(match[2]))


_TimeOfDay = Annotated[str, Field(pattern=r"^\d{1,2}:\d\d(:00)?$", examples=["07:30"])]

Clock = Annotated[time, BeforeValidator(_clock, json_schema_input_type=_TimeOfDay)]
"""A wall-clock time in the programme's zone, written `07:30` or `7:30`."""

_LONGEST_NIGHT = 16 * 60
"""Minutes. A longer one is more likely to be two times in the wrong order than a night shift."""


class ClockRange(Value):
    """From one wall-clock time to another, written `07:30-09:00`; an end before the start is the next day."""

    start: Clock
    end: Clock

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The short form beside the long one."""
        pattern = r"^\s*\d{1,2}:\d\d\s*[-\u2013]\s*\d{1,2}:\d\d\s*$"
        shorthand = {"type": "string", "pattern": pattern, "examples": ["07:30-09:00"]}
        return written_as(handler(core_schema), handler, shorthand)

    @model_validator(mode="before")
    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, str):
            return data
        match = re.fullmatch(r"\s*(\d{1,2}:\d\d)\s*[-\u2013]\s*(\d{1,2}:\d\d)\s*", data)
        if not match:
            msg = f"'{data}' is not a time range; write start and end, such as 07:30-09:00"
            raise ValueError(msg)
        return {"start": match[1], "end": match[2]}

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.start == self.end:
            msg = f"{self} starts and ends at the same minute"
            raise ValueError(msg)
        if self.overnight and self.minutes > _LONGEST_NIGHT:
            msg = f"{self} ends before it starts; past midnight a range may take {_LONGEST_NIGHT // 60} hours at most"
            raise ValueError(msg)
        return self

    @property
    def minutes(self) -> int:
        """How long it is by the wall clock."""
        start, end = (edge.hour * 60 + edge.minute for edge in (self.start, self.end))
        return (end - start) % (24 * 60)

    @property
    def overnight(self) -> bool:
        """Whether it ends on the next day."""
        return self.end <= self.start

    def __str__(self) -> str:
        """As it is written: `07:30-09:00`."""
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


_LONGEST_MEETING = 12 * 60


def not_through_the_night(clock: ClockRange) -> ClockRange:
    """A meeting may end after midnight, but one of `12:00-01:00` is meant to last an hour. Raises ValueError."""
    if clock.overnight and clock.minutes > _LONGEST_MEETING:
        hours = clock.minutes // 60
        msg = f"{clock} would last {hours} hours, through the night; times go from 00:00 to 23:59, such as 12:00-13:00"
        raise ValueError(msg)
    return clock


MeetingRange = Annotated[ClockRange, AfterValidator(not_through_the_night)]
"""The time of one meeting."""


def as_list(data: Any) -> Any:
    """A list of what is written alone."""
    return data if isinstance(data, list | tuple) else (data,)


_RANGE_AT_MOST = 100


def _levels(data: Any) -> Any:
    """PGY levels: `5`, `[2, 3]` or the range `2..4`."""
    if isinstance(data, str) and (match := re.fullmatch(r"(\d+)\.\.(\d+)", data)):
        first, last = int(match[1]), int(match[2])
        if not first <= last <= first + _RANGE_AT_MOST:
            msg = f"'{data}' is not a range; write the smaller number first, such as 2..4"
            raise ValueError(msg)
        return tuple(range(first, last + 1))
    return as_list(data)


Ids = Annotated[tuple[Id, ...], BeforeValidator(as_list, json_schema_input_type=Id | tuple[Id, ...])]
"""One id, or a list of them."""

Words = Annotated[tuple[str, ...], BeforeValidator(as_list, json_schema_input_type=str | tuple[str, ...])]
"""One word or name, or a list of them."""

_Range = Annotated[str, Field(pattern=r"^\d+\.\.\d+$", examples=["2..4"])]

Numbers = Annotated[tuple[int, ...], BeforeValidator(_levels, json_schema_input_type=int | _Range | tuple[int, ...])]
"""One whole number, a list of them, or an inclusive range such as `2..4`."""


def _css_color(name: str) -> str:
    known = webcolors.names(webcolors.CSS3)
    if name and name not in known:
        close = get_close_matches(name, known, n=1)
        raise ValueError(
            f"'{name}' is not a CSS colour name{f'; did you mean {close[0]}?' if close else ', such as teal'}"
        )
    return name


Color = Annotated[str, AfterValidator(_css_color)]
"""The name of a CSS colour, as RFC 7986 section 5.9 wants it; empty for none."""


def _web_address(link: str) -> str:
    if link and not _is_web_address(link):
        msg = f"{link!r} is not a web address; write it whole, such as https://meet.example.org/room"
        raise ValueError(msg)
    return link


def _is_web_address(link: str) -> bool:
    """Whether every phone can open it. `urlsplit` drops tabs and line ends, so that these are looked for apart."""
    try:
        parts = urlsplit(link)
    except ValueError:  # half an IPv6 address
        return False
    return link.isprintable() and " " not in link and parts.scheme in {"http", "https"} and bool(parts.hostname)


Link = Annotated[str, AfterValidator(_web_address)]
"""Where to join, or to read more: an address of http or https without spaces; empty for none."""


def _google_id(name: str) -> str:
    if not re.fullmatch(r"primary|[^\s@]+@[^\s@]+", name) or not name.isprintable():
        msg = f"{name!r} is not the id of a Google calendar; it looks like abc123@group.calendar.google.com"
        raise ValueError(msg)
    return name


GoogleId = Annotated[str, AfterValidator(_google_id)]
"""The id of a Google calendar, as its settings show it: an e-mail address, or `primary`."""
