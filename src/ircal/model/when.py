"""When something takes place: a Recurrence, or one of three rules that RFC 5545 has no words for.

    Tu/Th from 2026-07-07 16:00-17:00      alternating: Tuesday one week, Thursday the next
    workday[1] 07:30-08:30                 the first workday of each month: no weekend, no holiday of the place
    Mo[1] of block 12:00-13:00             the first Monday of each block of the usual grid; `block@months`: of that one
    We[2] of rotation 08:00-09:00          a duty's: on the Wednesday of the second week of each stretch on the rotation
    on block start 08:00-12:00             on the first day of each block; `block end` is the last, `block[1]` the first
    on rotation start 08:00-12:00          a duty's: on the first day of each stretch on the rotation
    2 weeks after entry 12:00-13:00        for each class, counted from the day on which it entered
    1 week before mm                       before each session of the conference `mm`; whole days, as no time is given

This module says what such a rule is and reads its text; `ircal.rules.dates` works out the days.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Discriminator, Tag, model_validator

from ircal.model.recurrence import DAYS_IN_SCHEMA, Recurrence, check_anchor, nameless, numbers_of, weekdays_of
from ircal.model.values import ClockRange, Id, Value

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

WORKDAY = "workday"

_AT = r"(?P<at>[\d:]+\s*[-\u2013]\s*[\d:]+)"
_GRID = r"(?:@(?P<grid>[a-z0-9][a-z0-9_-]*))?"
COUNTED = r"^(?:on|(?P<amount>\d{1,4})\s+(?P<unit>day|week|month|workday)s?\s+(?P<side>before|after))\s+"
"""So long before or after what comes next, or on that day."""

BLOCK = rf"block{_GRID}(?:\[(?P<blocks>[-+\d,\s]+)\])?"
_ALTERNATING = re.compile(
    rf"^(?P<weeks>[A-Za-z,\-]+(?:/[A-Za-z,\-]+)+)(?:\s+from\s+(?P<anchor>\d{{4}}-\d\d-\d\d))?\s+{_AT}$"
)
_NTH = re.compile(
    rf"^(?P<days>[A-Za-z,\-]+)\[(?P<numbers>[-+\d,\s]+)\](?:\s+of\s+(?P<of>block|rotation){_GRID})?\s+{_AT}$"
)
_RELATIVE = re.compile(
    rf"{COUNTED}(?:(?:(?P<of>{BLOCK}|rotation)\s+(?P<end>start|end))|(?P<other>[a-z0-9][a-z0-9_-]*))(?:\s+{_AT})?$"
)
_MOST = {"month": 23, "block": 366, "rotation": 366}
"""The largest number of each period: a month has 23 workdays at most."""

TRAINING = 7 * 366
"""Days that training lasts at most."""

_AT_MOST = 183
DAYS_IN = {"day": 1, "workday": 2, "week": 7, "month": 31}
"""Half a year from a block or session, as far as a session can be moved; from an entry as long as training lasts."""


class Written(Value):
    """A rule that is always written as text."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core_schema)
        definition = handler.resolve_ref_schema(schema)
        for key in definition.keys() - {"title", "description"}:
            del definition[key]
        pattern, examples = cls._in_schema()
        definition.update({"type": "string", "pattern": nameless(pattern), "examples": examples})
        return schema

    @classmethod
    def _in_schema(cls) -> tuple[str, list[str]]:
        """How an editor checks it, and examples."""
        return _PATTERNS[cls.__name__]


class Alternating(Written):
    """Other weekdays from week to week, and round again: `weeks`, of which the first is that of the day `anchor`."""

    weeks: tuple[tuple[str, ...], ...]
    anchor: date
    at: ClockRange

    @model_validator(mode="before")
    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, str):
            return data
        match = matched(_ALTERNATING, data, "such as 'Tu/Th from 2026-07-07 16:00-17:00'")
        if match["anchor"] is None:
            msg = "a rule that differs from week to week must say which day it counts from; add `from YYYY-MM-DD`"
            raise ValueError(msg)
        weeks = tuple(tuple(weekdays_of(week)) for week in match["weeks"].split("/"))
        return {"weeks": weeks, "anchor": match["anchor"], "at": match["at"]}

    @model_validator(mode="after")
    def _counts_from_a_session(self) -> Self:
        check_anchor(self.weeks[0], self.anchor)
        return self

    def __str__(self) -> str:
        """As it is written."""
        weeks = "/".join(",".join(day.title() for day in week) for week in self.weeks)
        return f"{weeks} from {self.anchor} {self.at}"


class Nth(Written):
    """Some of the weekdays, or workdays, of each month or block, or of each stretch on a rotation.

    `numbers` count from 1, or from -1 at the end. A month is that of the calendar; `grid` is one that is not the usual.
    """

    days: tuple[str, ...]
    numbers: tuple[int, ...]
    of: Literal["month", "block", "rotation"] = "month"
    grid: Id | None = None
    at: ClockRange

    @model_validator(mode="before")
    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, str):
            return data
        if re.search(r"\sof\s+month", data):
            msg = f"'{data}': months are meant where nothing else is said; take 'of month' out"
            raise ValueError(msg)
        match = matched(_NTH, data, "such as 'workday[1] 07:30-08:30', or 'Mo[1] of block 12:00-13:00'")
        if match["grid"] and match["of"] == "rotation":
            msg = f"'{data}': a rotation has no grid; take '@{match['grid']}' out"
            raise ValueError(msg)
        days = (WORKDAY,) if match["days"] == WORKDAY else tuple(weekdays_of(match["days"]))
        of = match["of"] or "month"
        numbers = numbers_of(match["numbers"], _MOST[of])
        return {"days": days, "numbers": numbers, "of": of, "grid": match["grid"], "at": match["at"]}

    def __str__(self) -> str:
        """As it is written."""
        days = ",".join(day if day == WORKDAY else day.title() for day in self.days)
        grid = f"@{self.grid}" if self.grid else ""
        of = "" if self.of == "month" else f" of {self.of}{grid}"
        return f"{days}[{','.join(map(str, self.numbers))}]{of} {self.at}"


Edge = Literal["block start", "block end", "rotation start", "rotation end", "entry"]
"""What a day can be counted from besides a session: first or last day of a block or stretch, the entry of a class."""


class Relative(Written):
    """So many days, workdays, weeks or months after something else, or before it (less than 0).

    Either after an `edge`, of some `blocks` of the year or of all, or after each session of a `conference`, wherever it
    goes. Without a time it takes the whole day.
    """

    amount: int = 0
    unit: Literal["day", "workday", "week", "month"] = "day"
    edge: Edge | None = None
    grid: Id | None = None
    blocks: tuple[int, ...] = ()
    conference: Id | None = None
    at: ClockRange | None = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, str):
            return data
        match = matched(_RELATIVE, data, "such as '3 days before block start 12:00-13:00', or '1 week before mm'")
        if match["other"] in ("block", "rotation"):
            msg = f"'{data}' does not say which end of it; write '{match['other']} start' or '{match['other']} end'"
            raise ValueError(msg)
        edge = edge_of(match) or match["other"]
        conference = None if match["of"] or edge == "entry" else edge
        return {**counted(match), "edge": None if conference else edge, "conference": conference, "at": match["at"]}

    @property
    def outside(self) -> bool:
        """Whether it is before the start, or after the end, of the stretch that it is counted in."""
        return (self.edge == "rotation start" and self.amount < 0) or (self.edge == "rotation end" and self.amount > 0)

    @model_validator(mode="after")
    def _near_enough(self) -> Self:
        most, told = (TRAINING, "seven years") if self.edge == "entry" else (_AT_MOST, "half a year")
        if abs(self.amount) * DAYS_IN[self.unit] > most:
            msg = f"'{self}' is more than {told} away"
            raise ValueError(msg)
        return self

    def __str__(self) -> str:
        """As it is written."""
        other = as_written(self.edge or self.conference or "", self.grid, self.blocks)
        return f"{how_far(self.amount, self.unit)} {other}" + (f" {self.at}" if self.at else "")


def counted(match: re.Match[str]) -> dict[str, Any]:
    """How far from what: the fields of a matched COUNTED and BLOCK."""
    return {
        "amount": int(match["amount"] or 0) * (-1 if match["side"] == "before" else 1),
        "unit": match["unit"] or "day",
        "grid": match["grid"],
        "blocks": numbers_of(match["blocks"], _MOST["block"]) if match["blocks"] else (),
    }


def edge_of(match: re.Match[str]) -> str:
    """`block start`, `rotation end`; empty where it is another thing that is counted from."""
    return f"{'block' if match['of'].startswith('block') else match['of']} {match['end']}" if match["of"] else ""


def how_far(amount: int, unit: str) -> str:
    """`2 weeks before`; `on` for that very day."""
    many = "" if abs(amount) == 1 else "s"
    return f"{abs(amount)} {unit}{many} {'before' if amount < 0 else 'after'}" if amount else "on"


def as_written(edge: str, grid: str | None, blocks: tuple[int, ...]) -> str:
    """`block@months[1,13] end`; what is no edge of blocks stays as it is."""
    of = (f"@{grid}" if grid else "") + (f"[{','.join(map(str, blocks))}]" if blocks else "")
    return edge.replace("block", f"block{of}") if of else edge


_WEEKS_IN_SCHEMA = rf"^{DAYS_IN_SCHEMA}(?:/{DAYS_IN_SCHEMA})+"
_NUMBERS_IN_SCHEMA = r"\[[-+\d,\s]+\]"
_OF_IN_SCHEMA = rf"\s+of\s+(?:block|rotation){_GRID}"
_PATTERNS = {
    "Alternating": (
        rf"{_WEEKS_IN_SCHEMA}\s+from\s+\d{{4}}-\d\d-\d\d\s+{_AT}$",
        ["Tu/Th from 2026-07-07 16:00-17:00"],
    ),
    "Nth": (
        rf"^(?:{WORKDAY}{_NUMBERS_IN_SCHEMA}(?:{_OF_IN_SCHEMA})?|{DAYS_IN_SCHEMA}{_NUMBERS_IN_SCHEMA}{_OF_IN_SCHEMA})\s+{_AT}$",
        ["workday[1] 07:30-08:30", "Mo[1] of block 12:00-13:00"],
    ),
    "Relative": (_RELATIVE.pattern, ["on block start 08:00-12:00", "1 week before mm"]),
}
"""How an editor checks each: only what is not another one."""


def matched(pattern: re.Pattern[str], text: str, example: str) -> re.Match[str]:
    """The text by its parts. Raises ValueError with the example of how it is written."""
    match = pattern.match(text.strip())
    if match is None:
        msg = f"'{text}' is not a rule; write it {example}"
        raise ValueError(msg)
    return match


def _kind(data: Any) -> str:
    """Which of the rules a text is; a mapping is a Recurrence in full."""
    if not isinstance(data, str):
        return type(data).__name__ if isinstance(data, Written) else Recurrence.__name__
    if re.match(r"\s*on\s", data) or re.search(r"\s(before|after)\s", data):
        return Relative.__name__
    if data.lstrip().startswith(WORKDAY) or re.search(r"\sof\s", data):
        return Nth.__name__
    return Alternating.__name__ if re.search(r"/\s*[A-Za-z]", data) else Recurrence.__name__


When = Annotated[
    Annotated[Recurrence, Tag("Recurrence")]
    | Annotated[Alternating, Tag("Alternating")]
    | Annotated[Nth, Tag("Nth")]
    | Annotated[Relative, Tag("Relative")],
    Discriminator(_kind),
]
"""When something takes place."""


def of_rotation(when: Recurrence | Alternating | Nth | Relative) -> bool:
    """Whether it is counted in each person's own stretch on a rotation."""
    if isinstance(when, Nth):
        return when.of == "rotation"
    return isinstance(when, Relative) and when.edge in ("rotation start", "rotation end")
