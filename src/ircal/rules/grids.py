"""Blocks: how a Grid cuts one academic year.

An academic year is named by the calendar year in which it starts. Fixed weeks run from a Monday at the year's first day
to the next year's such Monday, so that years tile without a gap although most have 52 weeks and some 53; months are
calendar months; explicit blocks are what was written. Blocks are half-open stretches `[start, end)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, assert_never

from ircal.model.recurrence import DAYS
from ircal.model.rotations import Explicit, FixedWeeks, Months

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ircal.model.program import Settings

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Block:
    """One stretch of the year, `[start, end)`; `number` counts from 1 within the year."""

    number: int
    start: date
    end: date


def blocks(grid: FixedWeeks | Months | Explicit, year: int, settings: Settings) -> tuple[Block, ...]:
    """The blocks of the academic year that starts in calendar year `year`, in order.

    An explicit grid that says nothing of that year has none. Raises ValueError or OverflowError near the years 1 and
    9999, where Python's dates end.
    """
    match grid:
        case FixedWeeks():
            return _numbered(_fixed_weeks(grid, year, settings))
        case Months():
            return _numbered(_months(year, settings))
        case Explicit():
            return tuple(
                Block(number, written.start, written.last + _DAY)
                for number, written in enumerate(grid.years.get(year, ()), start=1)
            )
        case _:
            assert_never(grid)


def numbered(cut: Sequence[Block], numbers: Iterable[int]) -> list[Block]:
    """The blocks of a year that the numbers mean, from 1, or from -1 at the end; all of them where there are none."""
    wanted = {number if number > 0 else len(cut) + number + 1 for number in numbers}
    return [block for block in cut if not wanted or block.number in wanted]


def unit_of(grid: FixedWeeks | Months | Explicit) -> int:
    """How many days a part of a divided block is a multiple of: whole weeks, but single days in a grid of months."""
    return 1 if isinstance(grid, Months) else _WEEK.days


def divided(block: Block, parts: int, unit: int) -> list[tuple[date, date]]:
    """The block cut into parts of equal multiples of `unit` days, of which the last takes what is left over.

    None at all when the block is too short to be divided so.
    """
    share = (block.end - block.start).days // unit // parts * unit
    if parts > 1 and share <= 0:
        return []
    edges = [*(block.start + timedelta(days=share * number) for number in range(parts)), block.end]
    return list(pairwise(edges))


def weeks_begin(grid: FixedWeeks, year: int, settings: Settings) -> date:
    """The Monday, or what the grid has instead, with which its weeks of the academic year begin."""
    first = settings.year_starts.in_year(year)
    before = first - timedelta(days=(first.weekday() - DAYS.index(grid.weekday.upper())) % 7)
    nearest = before if first - before < _WEEK / 2 else before + _WEEK
    anchors = {"on_or_before": before, "nearest": nearest, "on_or_after": before if before == first else before + _WEEK}
    return anchors[grid.anchor]


def _numbered(edges: list[date]) -> tuple[Block, ...]:
    return tuple(Block(number, start, end) for number, (start, end) in enumerate(pairwise(edges), start=1))


def _fixed_weeks(grid: FixedWeeks, year: int, settings: Settings) -> list[date]:
    """Where one block ends and the next begins: the year's start, each cut, the next year's start."""
    start, end = (weeks_begin(grid, each, settings) for each in (year, year + 1))
    whole, over = divmod((end - start) // _WEEK, grid.weeks)
    lengths = [grid.weeks] * whole
    if over and grid.remainder == "separate":
        lengths.append(over)
    elif over:
        lengths[0 if grid.remainder == "extend_first" else -1] += over
    edges = [start]
    for weeks in lengths:
        edges.append(edges[-1] + weeks * _WEEK)
    return edges


def _months(year: int, settings: Settings) -> list[date]:
    first = settings.year_starts.month - 1
    return [date(year + (first + n) // _MONTHS, (first + n) % _MONTHS + 1, 1) for n in range(_MONTHS + 1)]
