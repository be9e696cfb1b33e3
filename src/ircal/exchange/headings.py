"""What a column is about: a block, or a week, by the number or by the date in its heading.

    1, 2, 3      Block 1      B1      1 (29 Jun)         the number of a block
    1A, 1B       Block 1A             1A (29 Jun)        the first and the second half of it, or more parts
    Week 1       Wk 1         W1                         the number of a week
    a date       6/29         Jun 29 - Jul 26            the first day of a block or week

Numbers alone are weeks when there are more of them than blocks. A date without a year is of the academic year that the
sheet is about. `7/6` is read as the sixth of July, unless only the other way round fits the year's blocks and weeks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ircal.exchange.frame import Frame
    from ircal.exchange.sheet import Scalar

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MOST_WEEKS = 53
_FIRST_SERIAL = 30_000
"""A number from here on (1982, or 1986) is a date to which nobody gave the format of one."""

_ANYHOW = re.IGNORECASE | re.DOTALL
_REST = r"(?:\s*(?:[-\u2013\u2014(:,]|to\b|\n|through\b).*)?"
_NUMBERED = re.compile(
    rf"(?:(?P<kind>block|blk|b|week|wk|w)\.?\s*#?\s*)?(?P<number>\d{{1,2}})(?P<part>[a-d])?"
    rf"(?:\s*[(\n].*|(?(kind){_REST}))",
    _ANYHOW,
)
_BEFORE = re.compile(r"^(?:(?:week of|w/c|from|mon|tues?|wed|thu(?:rs)?|fri|sat|sun)[a-z]*[.,]?\s+)+", re.IGNORECASE)
_YEAR = r"(?P<year>\d{4}|\d{2})"
_DATES = (
    re.compile(rf"(?P<year>\d{{4}})-(?P<one>\d{{1,2}})-(?P<two>\d{{1,2}}){_REST}", _ANYHOW),
    re.compile(rf"(?P<one>\d{{1,2}})[/.](?P<two>\d{{1,2}})(?:[/.]{_YEAR})?{_REST}", _ANYHOW),
    re.compile(rf"(?P<two>\d{{1,2}})[\s-]+(?P<name>[a-z]{{3,9}})\.?(?:,?[\s-]+{_YEAR})?{_REST}", _ANYHOW),
    re.compile(rf"(?P<name>[a-z]{{3,9}})\.?\s+(?P<two>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+{_YEAR})?{_REST}", _ANYHOW),
)


class Written(NamedTuple):
    """A date as a heading has it."""

    year: int | None
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that is about a block or week: its number, or the dates that it may mean, the likeliest first.

    `part` is the letter of a part of a block, `a` for the first.
    """

    kind: Literal["block", "week", "number", "date"]
    number: int = 0
    dates: tuple[Written, ...] = ()
    part: str = ""


def heading_of(value: Scalar, epoch: date) -> Heading | None:
    """What a heading is about; None when it is about neither block nor week."""
    if isinstance(value, date):
        return Heading("date", dates=(Written(value.year, value.month, value.day),))
    if isinstance(value, int | float):
        return _of_number(value, epoch)
    text = value.strip()
    dates = _dates(_BEFORE.sub("", text))
    if dates:
        return Heading("date", dates=dates)
    if match := _NUMBERED.fullmatch(text):
        word, part = (match["kind"] or "").lower(), (match["part"] or "").lower()
        kind: Literal["block", "week", "number"] = (
            "week" if word.startswith("w") else "block" if word or part else "number"
        )
        return None if part and kind == "week" else Heading(kind, int(match["number"]), part=part)
    return None


def _of_number(value: float, epoch: date) -> Heading | None:
    if 1 <= value <= _MOST_WEEKS and value == int(value):
        return Heading("number", int(value))
    if _FIRST_SERIAL <= value <= 2 * _FIRST_SERIAL:
        return heading_of(epoch + timedelta(days=int(value)), epoch)
    return None


def _dates(text: str) -> tuple[Written, ...]:
    """The days that a text may mean; with month and day exchanged as the second choice, where both are numbers."""
    match = next((found for pattern in _DATES if (found := pattern.fullmatch(text))), None)
    if match is None:
        return ()
    said = match.groupdict()
    year, two = _full_year(said.get("year")), int(said["two"])
    if name := said.get("name"):
        return (Written(year, _MONTHS.index(name[:3].lower()) + 1, two),) if name[:3].lower() in _MONTHS else ()
    one = int(said["one"])
    iso = text[:4].isdigit()
    return (Written(year, one, two),) if iso else (Written(year, one, two), Written(year, two, one))


def _full_year(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) if len(text) == len("2026") else 2000 + int(text)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a schedule: what each is the number of, which fit nothing, and which are parts of a block."""

    by: Literal["blocks", "weeks"]
    numbers: Mapping[int, int]
    strange: tuple[int, ...]
    parts: Mapping[int, str] = field(default_factory=dict)


def columns_of(headings: Mapping[int, Heading], frame: Frame) -> Columns:
    """What the columns with these headings are about, in the frame's year."""
    kinds = {heading.kind for heading in headings.values()}
    if "date" in kinds:
        return _by_date(headings, frame)
    many = len({heading.number for heading in headings.values()}) > len(frame.blocks)
    in_weeks = "week" in kinds or ("block" not in kinds and many)
    known = range(1, (len(frame.weeks) if in_weeks else len(frame.blocks)) + 1)
    numbers = {column: heading.number for column, heading in headings.items() if heading.number in known}
    parts = {column: heading.part for column, heading in headings.items() if heading.part and column in numbers}
    return Columns("weeks" if in_weeks else "blocks", numbers, tuple(headings.keys() - numbers.keys()), parts)


def _by_date(headings: Mapping[int, Heading], frame: Frame) -> Columns:
    starts = {block.start: block.number for block in frame.blocks}
    starts[frame.program.year_start(frame.year)] = 1  # 1 July, though the first block begins on the Monday before
    attempts = [_dated(headings, choice, frame) for choice in (0, -1)]
    days = max(attempts, key=lambda days: sum(_starts_week(day, frame) for day in days.values()))
    if all(day in starts for day in days.values() if _starts_week(day, frame)):
        numbers = {column: starts[day] for column, day in days.items() if day in starts}
        return Columns("blocks", numbers, tuple(headings.keys() - numbers.keys()))
    weeks = {week.start: week.number for week in frame.weeks} | {frame.program.year_start(frame.year): 1}
    numbers = {column: weeks[day] for column, day in days.items() if day in weeks}
    return Columns("weeks", numbers, tuple(headings.keys() - numbers.keys()))


def _starts_week(day: date, frame: Frame) -> bool:
    """Whether a block or one of its weeks begins on that day."""
    if day == frame.program.year_start(frame.year):
        return True
    return any(block.start <= day < block.end and (day - block.start).days % 7 == 0 for block in frame.blocks)


def _dated(headings: Mapping[int, Heading], choice: int, frame: Frame) -> dict[int, date]:
    found = {column: _day(heading.dates[choice], frame) for column, heading in headings.items() if heading.dates}
    return {column: day for column, day in found.items() if day}


def _day(written: Written, frame: Frame) -> date | None:
    """The date; without a year, the one that lies in the frame's blocks."""
    years = [written.year] if written.year else [frame.year, frame.year + 1]
    for year in years:
        try:
            day = date(year, written.month, written.day)
        except ValueError:
            continue
        if written.year or frame.blocks[0].start <= day < frame.blocks[-1].end:
            return day
    return None


def years_of(headings: Iterable[Heading]) -> set[int]:
    """The calendar years in which academic years may have begun, by the dates that have a year."""
    years = {written.year for heading in headings for written in heading.dates[:1] if written.year}
    return {year - back for year in years for back in (0, 1)}
