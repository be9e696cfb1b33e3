"""When something repeats: a rule in RFC 5545's words, with the wall-clock time of one session.

Its mechanism is the RRULE (RFC 5545 section 3.3.10), and there is a compact way to write the common ones:

    Mo-Fr 07:00-07:30                      every working day
    Mo,We 12:00-13:00                      twice a week
    We[3] 17:00-18:00                      the third Wednesday of each month ([-1] is the last, [1,3] two of them)
    Tu/2 from 2026-07-07 16:00-17:00       every second Tuesday, counted from that one

The long form gives the RRULE itself: `{rrule: "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1", at: "07:30-08:30"}`.
This module says what such a rule is and reads its text; `ircal.rules.recurrence` works out the dates. What no RRULE can
say is in `ircal.model.when`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Self

from dateutil.rrule import rrulestr
from pydantic import BeforeValidator, Field, model_validator

from ircal.model.values import ClockRange, MonthDay, Value, written_as

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema


def nameless(pattern: str) -> str:
    """The pattern as JSON Schema takes it, whose groups have no names."""
    return re.sub(r"\?P<\w+>", "", pattern)


DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""RFC 5545's weekday names, Monday first, as in `date.weekday()`."""

_COMPACT = re.compile(
    r"^(?P<days>[A-Za-z,\-]+)(?:\[(?P<nth>[-+\d,\s]+)\])?(?:/(?P<every>\d+))?"
    r"(?:\s+from\s+(?P<anchor>\d{4}-\d\d-\d\d))?\s+(?P<at>[\d:]+\s*[-\u2013]\s*[\d:]+)$"
)
DAYS_IN_SCHEMA = r"[A-Za-z]{2}(?:[,\-][A-Za-z]{2})*"
"""Weekdays as an editor checks them."""

_COMPACT_IN_SCHEMA = nameless(_COMPACT.pattern.replace(r"[A-Za-z,\-]+", DAYS_IN_SCHEMA))
_EXAMPLES = "such as 'Mo-Fr 07:00-07:30', 'We[3] 17:00-18:00' or 'Tu/2 from 2026-07-07 16:00-17:00'"
_WEEKS_OF_A_MONTH = 5
_REFUSED_PARTS = {"COUNT", "BYHOUR", "BYMINUTE", "BYSECOND", "BYEASTER"}
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_NAME_DAYS = {"BYDAY", "BYWEEKDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"}
_LARGEST = {"BYMONTH": (12,) * 4, "BYMONTHDAY": (31,) * 4, "BYYEARDAY": (366,) * 4, "BYWEEKNO": (53,) * 4} | {
    "BYDAY": (0, 0, 5, 53),  # the number before the day, which only months and years have
    "BYSETPOS": (1, 7, 31, 366),
}
"""The largest number (RFC 5545 section 3.3.10) that each part can hold, for each of the frequencies."""


class Recurrence(Value):
    """A rule and the wall-clock time of each session, in the programme's time zone.

    `anchor` is the day that intervals are counted from (RFC 5545's DTSTART); it is required when INTERVAL is over 1.
    """

    rrule: str
    at: ClockRange
    anchor: date | None = Field(default=None, alias="from")

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The compact form beside the long one."""
        shorthand = {
            "type": "string",
            "pattern": _COMPACT_IN_SCHEMA,
            "examples": ["Mo-Fr 07:00-07:30", "We[3] 17:00-18:00"],
        }
        return written_as(handler(core_schema), handler, shorthand)

    @model_validator(mode="before")
    @classmethod
    def _read(cls, data: Any) -> Any:
        return read_compact(data) if isinstance(data, str) else data

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        parts = rrule_parts(self.rrule)
        if refused := sorted(_REFUSED_PARTS & parts.keys()):
            msg = f"{', '.join(refused)} cannot be used here; give the time in `at` and the last day in `until`"
            raise ValueError(msg)
        if parts.get("FREQ") not in _FREQUENCIES or int(parts.get("INTERVAL", "1")) < 1:
            msg = f"'{self.rrule}' must have a FREQ of {', '.join(_FREQUENCIES)}, and an INTERVAL of 1 or more"
            raise ValueError(msg)
        if too_large := _out_of_range(parts):
            msg = f"{', '.join(too_large)} cannot be in a rule of FREQ={parts['FREQ']}"
            raise ValueError(msg)
        if int(parts.get("INTERVAL", "1")) > 1 and self.anchor is None:
            msg = "a rule that skips weeks or months must say which day it counts from; add `from: YYYY-MM-DD`"
            raise ValueError(msg)
        if parts["FREQ"] != "DAILY" and self.anchor is None and not _NAME_DAYS & parts.keys():
            msg = f"'{self.rrule}' does not say on which days; add BYDAY, BYMONTHDAY or the like"
            raise ValueError(msg)
        if self.anchor and parts["FREQ"] == "WEEKLY" and parts.get("BYDAY"):
            check_anchor(parts["BYDAY"].split(","), self.anchor)
        return self

    def __str__(self) -> str:
        """The RRULE and the time."""
        return f"{self.rrule} {self.at}"


def check_anchor(days: Sequence[str], anchor: date) -> None:
    """Weeks are counted from the week of the anchor; one on another weekday is a slip in the day or in the rule."""
    if DAYS[anchor.weekday()] in days:
        return
    names = ", ".join(day.title() for day in days)
    msg = f"counts from {anchor}, which is a {anchor:%A}; give the day of a session ({names})"
    raise ValueError(msg)


def _read_season(data: Any) -> Any:
    if not isinstance(data, str):
        return data
    first, dots, last = data.partition("..")
    if not dots:
        msg = f"{data!r} is not a part of the year; write its first and last day, such as 09-01..06-15"
        raise ValueError(msg)
    return first.strip(), last.strip()


_SeasonText = Annotated[str, Field(pattern=r"^\d\d-\d\d\.\.\d\d-\d\d$", examples=["09-01..06-30"])]

Season = Annotated[
    tuple[MonthDay, MonthDay],
    BeforeValidator(_read_season, json_schema_input_type=_SeasonText | tuple[MonthDay, MonthDay]),
]
"""A part of every year, written `09-01..06-15`: its first and last day. It may run over the new year."""


def rrule_parts(text: str) -> dict[str, str]:
    """The parts of an RRULE by name, upper case. Raises ValueError when it is not a valid rule."""
    try:
        parts = dict(part.split("=", 1) for part in text.upper().strip().removeprefix("RRULE:").split(";") if part)
        rrulestr(text.strip())
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        msg = f"'{text}' is not an RFC 5545 recurrence rule: {error}"
        raise ValueError(msg) from None
    return parts


def _out_of_range(parts: dict[str, str]) -> list[str]:
    """The parts with a number that no day can have; such a rule would be searched for its days in vain."""
    found = []
    for name, largest in _LARGEST.items():
        for text in parts.get(name, "").split(","):
            number = re.search(r"[-+]?\d+", text)
            if number and not 1 <= abs(int(number[0])) <= largest[_FREQUENCIES.index(parts["FREQ"])]:
                found.append(f"{name}={text}")
    return found


def read_compact(text: str) -> dict[str, Any]:
    """The compact form as the fields of a Recurrence. Raises ValueError with examples of what would be right."""
    match = _COMPACT.match(text.strip())
    if not match:
        msg = f"'{text}' is not a rule; write days and times, {_EXAMPLES}"
        raise ValueError(msg)
    days = weekdays_of(match["days"])
    rule = _monthly(days, match["nth"]) if match["nth"] else _weekly(days, match["every"])
    if match["nth"] and match["every"]:
        msg = f"'{text}' mixes [n] and /n; write it as an rrule"
        raise ValueError(msg)
    return {"rrule": rule, "at": match["at"], "from": match["anchor"]}


def _weekly(days: list[str], every: str | None) -> str:
    interval = f"INTERVAL={every};" if every and every != "1" else ""
    return f"FREQ=WEEKLY;{interval}BYDAY={','.join(days)}"


def _monthly(days: list[str], nth: str) -> str:
    numbers = numbers_of(nth, _WEEKS_OF_A_MONTH)
    return "FREQ=MONTHLY;BYDAY=" + ",".join(f"{number}{day}" for number in numbers for day in days)


def numbers_of(text: str, most: int) -> list[int]:
    """`1,3` or `-1`, the numbers in brackets. Raises ValueError for those that count nothing, or too far."""
    try:
        numbers = [int(part) for part in text.split(",")]
    except ValueError:
        numbers = [0]
    if any(number == 0 or abs(number) > most for number in numbers):
        msg = f"[{text}] must be 1 to {most}, or -1 for the last"
        raise ValueError(msg)
    return numbers


def weekdays_of(text: str) -> list[str]:
    """`Mo-Th,Sa` as RFC 5545 day names, in week order."""
    chosen = {day for part in text.split(",") for day in _day_range(part)}
    return [day for day in DAYS if day in chosen]


def _day_range(part: str) -> list[str]:
    ends = [_day(name) for name in part.split("-", 1)]
    if DAYS.index(ends[-1]) < DAYS.index(ends[0]):
        msg = f"'{part}' is not a range of weekdays; write the earlier day first, such as Mo-Th"
        raise ValueError(msg)
    return list(DAYS[DAYS.index(ends[0]) : DAYS.index(ends[-1]) + 1])


def _day(name: str) -> str:
    if name.upper() not in DAYS:
        msg = f"'{name}' is not a weekday; use Mo, Tu, We, Th, Fr, Sa or Su, {_EXAMPLES}"
        raise ValueError(msg)
    return name.upper()
