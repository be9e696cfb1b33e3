"""The Frame: the academic year and grid that a sheet is about, and what its cells stand for.

A cell of the block schedule holds the ids of one or more rotations or cycles, each for an equal part of the block
(`ircal.rules.grids.divided`). Two cells say the same when the same days have the same rotation in both, however often
it is written.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ircal.errors import IrcalError
from ircal.model.program import year_name
from ircal.model.rotations import Assignment
from ircal.rules.grids import blocks, divided, unit_of
from ircal.rules.roster import followed
from ircal.wording import closest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ircal.model.program import Program
    from ircal.rules.grids import Block

_WEEK = timedelta(days=7)

Cell = tuple[str, ...]
"""The ids of rotations and cycles that one person has in one block; none where the schedule says nothing."""

Cells = dict[tuple[str, int], Cell]
"""Cells by person and number of the block."""


class Span(NamedTuple):
    """What somebody has on the days `[start, end)`."""

    start: date
    end: date
    work: str


class Week(NamedTuple):
    """A week of a block, `number` counting from 1 in the year and `place` from 0 in its block."""

    number: int
    start: date
    block: Block
    place: int


@dataclass(frozen=True, slots=True)
class Frame:
    """One academic year (by the calendar year in which it starts) on one grid of a programme."""

    program: Program
    year: int
    grid: str
    blocks: tuple[Block, ...]
    unit: int

    @classmethod
    def of(cls, program: Program, year: int, grid: str | None = None) -> Frame:
        """The frame on a grid, the usual one unless it is named. Raises IrcalError when there are no such blocks."""
        name = grid or program.settings.grid
        if name not in program.grids:
            raise IrcalError(f"There is no grid '{name}'.", _sentence(closest(name, program.grids)))
        first = program.settings.first_year
        if not first <= year <= first + 100:
            message = f"The academic year {year} is outside the programme's years, which begin with {first}."
            raise IrcalError(message, "A year is named by the calendar year in which it starts.")
        cut = blocks(program.grids[name], year, program.settings)
        if not cut:
            raise IrcalError(f"The grid '{name}' has no blocks for the academic year {year}.", "Add the year to it.")
        return cls(program, year, name, cut, unit_of(program.grids[name]))

    @property
    def title(self) -> str:
        """`2026-27`, or `2026-27@months` for a grid that is not the usual one: how its file is named."""
        usual = self.grid == self.program.settings.grid
        return year_name(self.year) + ("" if usual else f"@{self.grid}")

    @property
    def file(self) -> str:
        """The file of the configuration that holds it."""
        return f"blocks/{self.title}.csv"

    @property
    def weeks(self) -> tuple[Week, ...]:
        """The weeks of the blocks. Raises IrcalError for a grid that is not made of weeks."""
        if any((block.end - block.start) % _WEEK for block in self.blocks):
            raise IrcalError(f"The blocks of the grid '{self.grid}' are not made of whole weeks.", "Use blocks.")
        found = [
            (block.start + place * _WEEK, block, place)
            for block in self.blocks
            for place in range((block.end - block.start) // _WEEK)
        ]
        return tuple(Week(number, *week) for number, week in enumerate(found, start=1))

    def cells(self) -> Cells:
        """What the programme's file of this year and grid says."""
        rows: dict[tuple[str, int], list[Assignment]] = defaultdict(list)
        for item in self.program.assignments:
            if item.origin == "block" and item.place.file == self.file:
                number = next(block.number for block in self.blocks if block.start <= item.start < block.end)
                rows[item.person, number].append(item)
        by_start = {at: sorted(items, key=lambda item: item.start) for at, items in rows.items()}
        return {at: tuple(item.rotation for item in items) for at, items in by_start.items()}

    def block(self, number: int) -> Block:
        """The block of that number."""
        return self.blocks[number - 1]

    def spans(self, number: int, cell: Cell) -> list[Span]:
        """The days of a block by what is held on them; neighbours that hold the same are one."""
        joined: list[Span] = []
        parts = divided(self.block(number), len(cell), self.unit) if cell else []
        for work, (start, end) in zip(cell, parts, strict=bool(parts)):
            if joined and joined[-1].work == work:
                joined[-1] = joined[-1]._replace(end=end)
            else:
                joined.append(Span(start, end, work))
        return joined

    def by_weeks(self, number: int, cell: Cell) -> list[str]:
        """What is held in each week of a block; empty text where the cell says nothing."""
        spans = self.spans(number, cell)
        starts = [week.start for week in self.weeks if week.block.number == number]
        return [next((span.work for span in spans if span.start <= start < span.end), "") for start in starts]

    def folded(self, number: int, weeks: Sequence[str]) -> Cell:
        """The shortest cell that says what the weeks of a block say. All of the weeks must hold something."""
        for parts in range(1, len(weeks)):
            share = len(weeks) // parts
            cell = tuple(weeks[share * part] for part in range(parts))
            if self.by_weeks(number, cell) == list(weeks):
                return cell
        return tuple(weeks)

    def in_cycle(self, person: str, cycle: str, day: date) -> str:
        """The rotation that a cycle gives a person in the week of that day."""
        pattern = followed(person, cycle, self.program)
        return pattern.cycle.weeks[pattern.place_on(day)]

    def after(self, cells: Cells) -> Frame:
        """The frame of the programme in which the block schedule has these cells, and is else as it was."""
        file = self.file
        kept = [item for item in self.program.assignments if item.origin != "block" or item.place.file != file]
        spans = [
            (who, span)
            for (who, number), cell in {**self.cells(), **cells}.items()
            for span in self.spans(number, cell)
        ]
        new = [
            Assignment(person=who, rotation=on.work, start=on.start, end=on.end, origin="block") for who, on in spans
        ]
        return replace(self, program=replace(self.program, assignments=(*kept, *new)))


def differing(frame: Frame, old: Cells, new: Cells) -> Mapping[str, list[tuple[Span, str]]]:
    """What is different, by person: each stretch of days with what was held and what is held then ('' for nothing)."""
    found: dict[str, list[tuple[Span, str]]] = defaultdict(list)
    for person, number in sorted(old.keys() | new.keys()):
        row = found[person]
        for span in _changes(frame, number, old.get((person, number), ()), new.get((person, number), ())):
            before = row[-1] if row else None
            if before and before[0].end == span[0].start and (before[0].work, before[1]) == (span[0].work, span[1]):
                row[-1] = (before[0]._replace(end=span[0].end), before[1])
            else:
                row.append(span)
    return {person: row for person, row in found.items() if row}


def _changes(frame: Frame, number: int, old: Cell, new: Cell) -> list[tuple[Span, str]]:
    before, after = frame.spans(number, old), frame.spans(number, new)
    block = frame.block(number)
    edges = sorted({block.start, block.end, *(day for span in (*before, *after) for day in (span.start, span.end))})
    held = [(start, end, _on(before, start), _on(after, start)) for start, end in pairwise(edges)]
    return [(Span(start, end, was), will) for start, end, was, will in held if was != will]


def _on(spans: list[Span], day: date) -> str:
    return next((span.work for span in spans if span.start <= day < span.end), "")


def _sentence(hint: str) -> str:
    return f"{hint[:1].upper()}{hint[1:]}" + ("" if hint.endswith("?") else ".")
