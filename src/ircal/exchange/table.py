"""The block schedule as a table of residents by blocks or weeks, for whoever writes it as a file."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Literal

from ircal.exchange.cells import Wording
from ircal.exchange.names import Names
from ircal.rules.levels import levels_of

if TYPE_CHECKING:
    from ircal.exchange.frame import Cells, Frame, Week
    from ircal.model.people import Person
    from ircal.rules.grids import Block

By = Literal["blocks", "weeks"]

HEADINGS = ("Resident", "PGY")


@dataclass(frozen=True, slots=True)
class Entry:
    """The text of a cell, and the one rotation that it stands for; nothing where it is none, or several."""

    text: str
    rotation: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A resident: the name that means them, their level when the year begins, and what they have in each column."""

    name: str
    level: int | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings: numbers of blocks, or the first days of weeks. `above` groups the columns, with how many."""

    title: str
    headings: tuple[int | date, ...]
    above: tuple[tuple[str, int], ...]
    rows: tuple[Row, ...]


def table_of(frame: Frame, by: By) -> Table:
    """The schedule of a frame, the highest level first. Raises IrcalError for weeks of a grid that has none."""
    people, cells = Names.of_people(frame.program), frame.cells()
    entries = partial(_by_block if by == "blocks" else _by_week, Wording.of(frame), cells)
    rows = tuple(
        Row(people.best(person.id, person.name), level, entries(person.id)) for person, level in people_of(frame)
    )
    title = title_of(frame)
    if by == "blocks":
        numbers = tuple(block.number for block in frame.blocks)
        return Table(title, numbers, tuple((_days(block), 1) for block in frame.blocks), rows)
    above = tuple((f"Block {block.number}", (block.end - block.start).days // 7) for block in frame.blocks)
    return Table(title, tuple(week.start for week in frame.weeks), above, rows)


def _by_block(wording: Wording, cells: Cells, person: str) -> tuple[Entry, ...]:
    own = [cells.get((person, block.number), ()) for block in wording.frame.blocks]
    return tuple(Entry(wording.in_block(cell), cell[0] if len(set(cell)) == 1 else "") for cell in own)


def _by_week(wording: Wording, cells: Cells, person: str) -> tuple[Entry, ...]:
    frame = wording.frame
    held = [
        work for block in frame.blocks for work in frame.by_weeks(block.number, cells.get((person, block.number), ()))
    ]
    return tuple(_in_week(wording, person, work, week) for work, week in zip(held, frame.weeks, strict=True))


def _in_week(wording: Wording, person: str, work: str, week: Week) -> Entry:
    shown = wording.frame.in_cycle(person, work, week.start) if work in wording.frame.program.cycles else work
    return Entry(wording.in_week(person, work, week), shown)


def title_of(frame: Frame) -> str:
    """What stands above it."""
    return f"Block schedule {frame.title}, {frame.program.settings.name}"


def people_of(frame: Frame) -> list[tuple[Person, int | None]]:
    """The residents of the year, and everyone else who has a cell, each with their level at its beginning."""
    start, end = (frame.program.year_start(year) for year in (frame.year, frame.year + 1))
    assigned = {person for person, _ in frame.cells()}
    found = []
    for person in frame.program.people.values():
        levels = levels_of(person, frame.program)
        here = (levels.entered or date.min) < end and (levels.end or date.max) > start
        if person.id in assigned or (person.role == "resident" and here):
            first = max(frame.program.year_start(frame.year), levels.entered or date.min)
            found.append((person, levels.pgy_on(first)))
    return sorted(found, key=lambda pair: (-(pair[1] or 0), pair[0].name, pair[0].id))


def _days(block: Block) -> str:
    return f"{block.start:%-d %b} \u2013 {block.end - timedelta(days=1):%-d %b}"


def as_csv(table: Table) -> bytes:
    """The table as CSV that Excel reads as UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([table.title])
    writer.writerow([*HEADINGS, *table.headings])
    for row in table.rows:
        writer.writerow([row.name, row.level or "", *(entry.text for entry in row.entries)])
    return out.getvalue().encode("utf-8-sig")
