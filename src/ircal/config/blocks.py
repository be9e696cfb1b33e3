"""The block schedule: one CSV file for each academic year and grid, a row for each person, a column for each block.

A cell names a rotation or cycle, by its id or by the rotation's `short`. `a/b` divides the block into parts of equal
whole weeks (days in a grid of months); the last part takes what is left over.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ircal.config.csv_reader import Row, Table, read_csv
from ircal.config.sections import no_section
from ircal.errors import Problem
from ircal.model.place import Place
from ircal.model.rotations import Assignment
from ircal.rules.grids import blocks, divided, unit_of
from ircal.wording import closest, quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from ircal.config.placed import Written
    from ircal.model.program import Settings
    from ircal.model.rotations import Explicit, FixedWeeks, Months
    from ircal.rules.grids import Block

_STEM = re.compile(r"(?P<year>\d{4})-(?P<next>\d\d)(?:@(?P<grid>.+))?")


@dataclass(frozen=True, slots=True)
class Known:
    """What the cells of a block schedule may name, and the grids that it is laid on."""

    settings: Settings
    grids: Mapping[str, FixedWeeks | Months | Explicit]
    written: Written
    by_short: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, settings: Settings, grids: Mapping[str, FixedWeeks | Months | Explicit], written: Written) -> Known:
        """With the rotations' short names turned around, also those of rotations that are wrong elsewhere."""
        shorts: dict[str, list[str]] = defaultdict(list)
        for name, entry in written.sections.get("rotations", {}).items():
            if isinstance(entry.body, dict) and isinstance(entry.body.get("short"), str):
                shorts[entry.body["short"].strip()].append(name)
        return cls(settings, grids, written, {short: tuple(ids) for short, ids in shorts.items()})

    @property
    def told(self) -> str:
        """All names that a file is looked at for, as one text."""
        return repr([sorted(self.written.ids(section)) for section in ("people", "rotations", "cycles")]) + repr(
            sorted(self.by_short.items())
        )

    @property
    def names(self) -> AbstractSet[str]:
        """Every id and short name that a cell may hold."""
        return self.written.ids("rotations") | self.written.ids("cycles") | self.by_short.keys()


def year_of(stem: str) -> int | None:
    """The calendar year in which the academic year of `2026-27` or `2026-27@ir` starts; None for another name."""
    match = _STEM.fullmatch(stem)
    if not match or (int(match["year"]) + 1) % 100 != int(match["next"]):
        return None
    return int(match["year"])


def year_of_file(file: str) -> int:
    """The calendar year in which the academic year of a block schedule that was read starts."""
    return year_of(file.removeprefix("blocks/").removesuffix(".csv")) or 0


def read_blocks(text: str, file: str, known: Known) -> tuple[list[Assignment], list[Problem]]:
    """The assignments of one file, and what is wrong with it."""
    stem = file.removeprefix("blocks/").removesuffix(".csv")
    year = year_of(stem)
    if year is None:
        hint = "name it for its academic year, such as 2026-27.csv, or 2026-27@<grid>.csv"
        return [], [Problem("blocks-name", f"{quote(stem)} is not an academic year", Place(file), hint)]
    if problem := _outside(year, file, known):
        return [], [problem]
    name = stem.partition("@")[2] or known.settings.grid
    grid = known.grids.get(name)
    if grid is None:
        return [], list(_no_grid(name, file, known))
    table = read_csv(text, file)
    cut = {str(block.number): block for block in blocks(grid, year, known.settings)}
    problems = [*table.problems, *_headings(table, cut, f"{stem[:7]} of grid '{name}'")]
    if any(problem.code == "csv-heading" for problem in problems):
        return [], problems
    unit = unit_of(grid)
    found: list[Assignment] = []
    for person, row in _people(table.rows, known, problems):
        for number, written in row.cells.items():
            if number in cut and written:
                made, wrong = _assignments(person, _Cell(written, cut[number], unit, row.place(number)), known)
                found += made
                problems += wrong
    return found, problems


def _outside(year: int, file: str, known: Known) -> Problem | None:
    first = known.settings.first_year
    if first <= year <= first + 100:
        return None
    message = f"the academic year {year} is outside the programme's years, which begin with {first}"
    return Problem("outside-years", message, Place(file), "see `first_year` in the section `program`")


def _no_grid(name: str, file: str, known: Known) -> Iterator[Problem]:
    """A grid that is written but wrong has its own problem; the default one is checked with the settings."""
    if known.written.absent("grids"):
        yield no_section("grids")
    elif name not in known.written.ids("grids") and name != known.settings.grid:
        hint = closest(name, known.written.ids("grids"))
        yield Problem("unknown-grid", f"there is no grid {quote(name)}", Place(file), hint)


def _headings(table: Table, cut: Mapping[str, Block], what: str) -> Iterator[Problem]:
    if not table.headings:
        return
    hint = f"the headings are resident,1,2 ... {len(cut)}"
    if not cut:
        yield Problem("csv-heading", f"there are no blocks for {what}", table.place, "add the year to the grid")
        return
    known, names = ("resident", *cut), ("resident", "person", "name", "id")
    if "resident" not in table.headings:
        other = next((name for name in table.headings if name.casefold() in names), "")
        found = f"; {quote(other)} is none" if other else ""
        yield Problem("csv-heading", f"the column 'resident' is missing{found}", table.place, hint)
        known = (*known, other)
    for heading in table.headings:
        if heading not in known:
            yield Problem("csv-heading", f"{quote(heading)} is not a block of {what}", table.place, hint)


def _people(rows: Iterable[Row], known: Known, problems: list[Problem]) -> Iterator[tuple[str, Row]]:
    """The rows of people who exist and were not there before."""
    first: dict[str, Row] = {}
    people = known.written.ids("people")
    for row in rows:
        person, place = row.cells["resident"], row.place("resident")
        if person not in people:
            problems += _nobody(person, place, known)
        elif person in first:
            message = f"{quote(person)} has two rows"
            hint = f"the first is in line {first[person].line}; keep one of them"
            problems.append(Problem("blocks-person-twice", message, place, hint))
        else:
            first[person] = row
            yield person, row


def _nobody(person: str, place: Place, known: Known) -> Iterator[Problem]:
    written = known.written
    if written.absent("people"):
        yield no_section("people")
    elif "people" not in written.unreadable:
        message = f"there is no person {quote(person)}" if person else "the row names nobody"
        own = written.called.id_of(person, "people")
        yield Problem("unknown-person", message, place, closest(person, written.ids("people"), own))


class _Cell(NamedTuple):
    """What is written for one person and block, which may be divided at every `unit` days."""

    text: str
    block: Block
    unit: int
    place: Place


def _assignments(person: str, cell: _Cell, known: Known) -> tuple[list[Assignment], list[Problem]]:
    """What the person does in the block; nothing where the cell is wrong."""
    found = [_named(name.strip(), cell.place, known) for name in cell.text.split("/")]
    problems = [each for each in found if isinstance(each, Problem)]
    parts = divided(cell.block, len(found), cell.unit)
    if not parts:
        message = f"a block of {(cell.block.end - cell.block.start).days} days is too short for {len(found)} parts"
        problems.append(Problem("blocks-parts", message, cell.place, "give the dates in a file of assignments/"))
    if problems or None in found:
        return [], problems
    return [
        Assignment(person=person, rotation=name, start=start, end=end, origin="block", place=cell.place)
        for name, (start, end) in zip(found, parts, strict=True)
        if isinstance(name, str)
    ], []


def _named(name: str, place: Place, known: Known) -> str | Problem | None:
    """The id of the rotation or cycle that a part of a cell names, or why there is none; None if nobody knows."""
    written = known.written
    if name in written.ids("rotations") or name in written.ids("cycles"):
        return name
    if short := known.by_short.get(name):
        return short[0]  # one that is short for several is a problem of those
    if written.absent("rotations"):
        return no_section("rotations")
    if written.unreadable & {"rotations", "cycles"}:
        return None
    what = f"there is no rotation or cycle {quote(name)}" if name else "a part of the cell is empty"
    return Problem("unknown-rotation", what, place, closest(name, known.names, written.called.id_of(name, "rotations")))
