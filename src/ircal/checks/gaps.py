"""Days that nobody thought of: residents without an assignment, and days that no block of a written-out grid holds."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ircal.checks.finding import Finding
from ircal.checks.ground import runs
from ircal.model.rotations import Explicit
from ircal.rules.grids import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ircal.checks.ground import Ground
    from ircal.model.place import Place

_DAY = timedelta(days=1)


def unassigned(ground: Ground) -> Iterator[Finding]:
    """Days of a resident without assignment or leave: between two assignments, or while others are assigned.

    Stretches without a working day are none of anybody's business.
    """
    for person in ground.program.residents:
        row = ground.roster.stretches(person.id)
        inner = (row[0].start, row[-1].end) if row else None
        idle = [
            day
            for spell in ground.spells(person.id)
            if not (spell.standing.rotation or spell.standing.away)
            for day in spell.each_day()
        ]
        days = [day for day in idle if day in ground.planned or (inner and inner[0] <= day < inner[1])]
        for first, last in runs(days):
            if any(first + _DAY * number in ground.workdays for number in range((last - first).days + 1)):
                place = _neighbour(ground, person.id, first)
                hint = "fill the cell in, write a line in assignments/, or write the leave"
                yield Finding("unassigned", "no assignment", place, hint, person.id, (first, last))


def _neighbour(ground: Ground, person: str, day: date) -> Place:
    """The cell or line of the assignment before the day, else of the next one, else the person."""
    row = [stretch for stretch in ground.roster.stretches(person) if stretch.steps]
    before = [stretch for stretch in row if stretch.start <= day]
    nearest = before[-1:] or row[:1]
    return nearest[0].steps[0].place if nearest else ground.program.people[person].place


def orphan_days(ground: Ground) -> Iterator[Finding]:
    """Working days of a year that an explicit grid has blocks for, that are in none of them."""
    program = ground.program
    for grid in program.grids.values():
        if not isinstance(grid, Explicit):
            continue
        cut = [block for year in grid.years for block in blocks(grid, year, program.settings)]
        held = {block.start + _DAY * number for block in cut for number in range((block.end - block.start).days)}
        for year, written in grid.years.items():
            start, end = program.year_start(year), program.year_start(year + 1)
            days = [day for day in ground.days if start <= day < end and day not in held]
            for first, last in runs(days if written else ()):
                if any(first <= day <= last for day in ground.workdays):
                    what = f"no block of the grid {grid.id} holds these days of {year}-{(year + 1) % 100:02}"
                    hint = "let the blocks follow one another without a hole"
                    yield Finding("orphan-days", what, grid.place, hint, days=(first, last), of=(grid.id,))
