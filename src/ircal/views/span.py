"""What part of the time a schedule page shows, cut into columns: a year by weeks, a block or a week by days.

A year is the blocks of the programme's usual grid. Where those are not of whole weeks, the last column of a block is
shorter. Days that are in no block, as a grid that is written out may leave some, are shown as a block without a number.
Before and after a page there are others, each by a day that lies in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from ircal.model.program import year_name
from ircal.rules.grids import Block, blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.model.program import Program

Zoom = Literal["year", "block", "week"]
ZOOMS: tuple[Zoom, ...] = ("year", "block", "week")

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Column:
    """The days `[start, end)`; `begins` where a block does, `is_now` where today is one of them."""

    start: date
    end: date
    block: int
    begins: bool
    is_now: bool

    @property
    def last(self) -> date:
        """Its last day."""
        return self.end - _DAY


@dataclass(frozen=True, slots=True)
class Heading:
    """A block (0 where there is none), and how many columns it has; `first` is its first day, whether shown or not."""

    number: int
    first: date
    columns: int
    is_now: bool


@dataclass(frozen=True, slots=True)
class Span:
    """What is shown, `[start, end)`, and a day of what comes before and after it, if the programme has that."""

    zoom: Zoom
    title: str
    columns: tuple[Column, ...]
    headings: tuple[Heading, ...]
    before: date | None
    after: date | None

    @property
    def start(self) -> date:
        """The first day."""
        return self.columns[0].start

    @property
    def end(self) -> date:
        """The day after the last."""
        return self.columns[-1].end


def span_of(program: Program, zoom: Zoom, at: date, today: date) -> Span | None:
    """The part of the time that holds a day; None next to where dates end, in the years 1 and 9999."""
    try:
        return _span_of(program, zoom, at, today)
    except (ValueError, OverflowError):
        return None


def _span_of(program: Program, zoom: Zoom, at: date, today: date) -> Span:
    known = list(_around(program, at))
    block = next(each for each in known if each.start <= at < each.end)
    year = _year_of(block, program)
    if zoom == "year":
        shown = [each for each in known if _year_of(each, program) == year]
        cut = [(start, end, each) for each in shown for start, end in _cut(each.start, each.end, _WEEK)]
        title = f"{year_name(year)}"
    elif zoom == "block":
        cut = [(start, end, block) for start, end in _cut(block.start, block.end, _DAY)]
        title = f"Block {block.number} of {year_name(year)}" if block.number else f"No block, {year_name(year)}"
    else:
        monday = at - timedelta(days=at.weekday())
        days = [monday + _DAY * number for number in range(7)]
        cut = [(day, day + _DAY, next(each for each in known if each.start <= day < each.end)) for day in days]
        title = f"Week of {monday.day} {monday:%B %Y}"
    columns = tuple(Column(start, end, of.number, start == of.start, start <= today < end) for start, end, of in cut)
    return Span(zoom, title, columns, _headings(cut, today), *_beside(columns, program))


def _around(program: Program, at: date) -> Iterator[Block]:
    """The blocks of the years around a day, in order of time, with what is between them: every day is in one."""
    grid, year = program.grids[program.settings.grid], program.academic_year(at)
    done = program.year_start(year - 1)
    for each in (year - 1, year, year + 1):
        for block in blocks(grid, each, program.settings):
            yield from _between(done, block.start, program)
            yield block
            done = block.end
    yield from _between(done, program.year_start(year + 2), program)


def _between(start: date, end: date, program: Program) -> Iterator[Block]:
    """The days `[start, end)`, cut where an academic year begins."""
    while start < end:
        cut = min(end, program.year_start(program.academic_year(start) + 1))
        yield Block(0, start, cut)
        start = cut


def _year_of(block: Block, program: Program) -> int:
    """The academic year of a block: that of most of its days, as the first may begin in June."""
    return program.academic_year(block.start + (block.end - block.start) / 2)


def _cut(start: date, end: date, by: timedelta) -> Iterator[tuple[date, date]]:
    while start < end:
        yield start, min(start + by, end)
        start += by


def _headings(cut: list[tuple[date, date, Block]], today: date) -> tuple[Heading, ...]:
    of_blocks = [(block, len(list(columns))) for block, columns in groupby(cut, key=lambda each: each[2])]
    return tuple(Heading(each.number, each.start, count, each.start <= today < each.end) for each, count in of_blocks)


def _beside(columns: tuple[Column, ...], program: Program) -> tuple[date | None, date | None]:
    whole = program.span
    before, after = columns[0].start - _DAY, columns[-1].end
    return before if before >= whole.start else None, after if after < whole.end else None
