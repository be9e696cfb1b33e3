"""What a sheet says: from a Sheet to the cells of the block schedule, or to everything that is wrong with it.

A row is a resident's when its name is one. What else stands on a sheet is passed over where it cannot be a resident's
row: headings between classes, counts, notes, a legend. What might be one and is not known is a problem. An empty cell
says that there is nothing; a column or row that is not there says nothing at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from ircal.errors import Problem, ScheduleRefused
from ircal.exchange.cells import Wording
from ircal.exchange.layout import frame_of, layout_of
from ircal.exchange.names import Names, Unknown
from ircal.exchange.sheet import letters
from ircal.exchange.shown import Shown, held_against
from ircal.wording import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from ircal.exchange.frame import Cell, Cells, Frame, Week
    from ircal.exchange.headings import Columns
    from ircal.exchange.layout import Layout
    from ircal.exchange.sheet import At, Sheet
    from ircal.model.place import Place
    from ircal.model.program import Program

T = TypeVar("T")

_PARTS = "abcd"
"""The letters of the parts of a block, in their order."""

_NOTHING = ("-", "\u2013", "\u2014")
"""Dashes that people write where there is nothing."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person who imports has said: which sheet, year and grid."""

    sheet: str | None = None
    year: int | None = None
    grid: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What a sheet says of the residents and blocks that it shows; `places` is where, by the same keys.

    `passed_over` are rows that are no resident's, each in words; `hidden` the hidden columns that were read, by letter;
    `outdated` the first week of a person in a cycle in which it will be in another of its weeks than the sheet shows.
    """

    frame: Frame
    sheet: Sheet
    by: str
    cells: Cells
    places: Mapping[tuple[str, int], Place]
    passed_over: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    outdated: Mapping[tuple[str, str], date] = field(default_factory=dict)

    @property
    def people(self) -> tuple[str, ...]:
        """Who has a row."""
        return tuple(dict.fromkeys(person for person, _ in self.cells))


def take(sheets: Sequence[Sheet], program: Program, choice: Choice) -> Taken:
    """What the sheet says. Raises ScheduleRefused with every problem, SheetUnreadable, IrcalError."""
    people = Names.of_people(program)
    layout = layout_of(sheets, choice.sheet, people)
    frame = frame_of(layout, program, choice.year, choice.grid)
    reading = _Reading(layout, frame, people, layout.columns(frame))
    cells, places = reading.cells()
    wrong, outdated = held_against(reading.shown, reading.wording, cells)
    reading.problems += wrong
    if reading.problems:
        raise ScheduleRefused(layout.sheet.file, reading.problems)
    hidden = tuple(letters(column) for column in layout.sheet.hidden if column in reading.columns.numbers)
    return Taken(frame, layout.sheet, reading.columns.by, cells, places, tuple(reading.passed_over), hidden, outdated)


class _Reading:
    """One look through a sheet; it gathers the problems and what it passes over."""

    def __init__(self, layout: Layout, frame: Frame, people: Names, columns: Columns) -> None:
        self.layout = layout
        self.sheet = layout.sheet
        self.frame = frame
        self.people = people
        self.columns = columns
        self.wording = Wording.of(frame)
        self.before = frame.cells()
        self.problems: list[Problem] = []
        self.passed_over: list[str] = []
        self.shown: list[Shown] = []

    def cells(self) -> tuple[Cells, dict[tuple[str, int], Place]]:
        """The cells by person and block, and where each stands (by weeks, its first)."""
        self._look_at_headings()
        read = self._row_of_weeks if self.columns.by == "weeks" else self._row_of_blocks
        found = {
            (person, number): told for person, row in self._rows().items() for number, told in read(person, row).items()
        }
        if not found and not self.problems:
            hint = "write the residents' ids, or their names as in the section `people`"
            self._problem("no-rows", "no row names anybody", (self.layout.row, self.layout.name_column), hint)
        places = {key: self.sheet.place(at) for key, (_, at) in found.items()}
        return {key: cell for key, (cell, _) in found.items()}, places

    def _problem(self, code: str, message: str, at: At, hint: str) -> None:
        self.problems.append(Problem(code, message, self.sheet.place(at), hint))

    def _look_at_headings(self) -> None:
        """Headings that look like a block or week and are none of the year, and such as are there twice."""
        noun, parts = self.columns.by[:-1], self.columns.parts
        first: dict[str, int] = {}
        for column in sorted(self.layout.headings):
            at = (self.layout.row, column)
            number = self.columns.numbers.get(column)
            if number is None:
                what = f"the number or first day of a {noun} of {self.frame.title}"
                message = f"{quote(self.sheet.text(at))} is not {what}"
                self._problem("heading", message, at, self._first_days())
            elif first.setdefault(known := f"{number}{parts.get(column, '')}", column) != column:
                message = f"the {noun} {known} has a column already, {letters(first[known])}"
                self._problem("heading-twice", message, at, "keep one of them")
        for number, columns in self._by_number().items():
            letters_of = "".join(parts.get(column, "") for column in columns)
            if letters_of and (letters_of != _PARTS[: len(columns)] or len(columns) == 1):
                message = f"the block {number} has columns for some of its parts, and not for all"
                self._problem("heading", message, (self.layout.row, columns[0]), f"head them {number}A, {number}B ...")

    def _first_days(self) -> str:
        of = self.frame.blocks if self.columns.by == "blocks" else self.frame.weeks
        return f"{self.columns.by} are 1 to {len(of)} and begin on {', '.join(str(each.start) for each in of[:3])} ..."

    def _rows(self) -> dict[str, int]:
        """The row of each person."""
        found: dict[str, int] = {}
        for row in range(self.layout.row + 1, self.sheet.rows + 1):
            at = (row, self.layout.name_column)
            try:
                person = self.people.id_of(self.sheet.text(at))
            except Unknown as unknown:
                self._nobody(row, unknown)
                continue
            if person in found:
                message = f"{quote(self.sheet.text(at))} has a row already, {found[person]}"
                self._problem("row-twice", message, at, "keep one of them")
            found.setdefault(person, row)
        return found

    def _nobody(self, row: int, unknown: Unknown) -> None:
        """A row that names nobody: passed over, unless it seems to be somebody's."""
        at = (row, self.layout.name_column)
        name = self.sheet.text(at)
        if not self._is_filled(row) or (name and self.wording.work.meant(name)):
            self.passed_over += [f"row {row}, {quote(name)}"] if name else []
        elif name:
            self._problem(unknown.code, unknown.message, at, unknown.hint)
        else:
            self._problem("no-name", "the row names nobody", at, "write the resident's name before it, or take it out")

    def _is_filled(self, row: int) -> bool:
        """Whether the schedule's columns have anything but counts, and what is merged with the name."""
        name_at = self.sheet.written_at((row, self.layout.name_column))
        ats = ((row, column) for column in self.columns.numbers)
        texts = [self.sheet.text(at) for at in ats if self.sheet.written_at(at) != name_at]
        return any(text and not text.replace(".", "", 1).isdigit() for text in texts)

    def _by_number(self) -> dict[int, list[int]]:
        """The columns of each block, its parts in order."""
        found: dict[int, list[int]] = {}
        for column, number in sorted(
            self.columns.numbers.items(), key=lambda each: self.columns.parts.get(each[0], "")
        ):
            found.setdefault(number, []).append(column)
        return found

    def _row_of_blocks(self, person: str, row: int) -> dict[int, tuple[Cell, At]]:
        del person
        found: dict[int, tuple[Cell, At]] = {}
        for number, columns in self._by_number().items():
            cells = [self._read((row, column), partial(self.wording.block, number=number)) for column in columns]
            cell = self._of_parts(number, row, dict(zip(columns, cells, strict=True)))
            if cell is not None:
                found[number] = cell, (row, columns[0])
        return found

    def _of_parts(self, number: int, row: int, cells: Mapping[int, Cell | None]) -> Cell | None:
        """The cell of a block from those of its parts, or from the only one; None where that cannot be."""
        first, *others = cells.values()
        if not others or first is None or None in others:
            return first if not others else None
        said = [cell or () for cell in cells.values()]
        for column, cell in cells.items():
            if cell and len(cell) > 1:
                message = f"{quote(self.sheet.text((row, column)))} divides a part of a block"
                self._problem("part-divided", message, (row, column), "give the dates in a file of assignments/")
                return None
            if not cell and any(said):
                message = f"a part of the block {number} is empty, while others of it are not"
                self._problem(
                    "block-half-empty", message, (row, column), "fill it, or give the dates in a file of assignments/"
                )
                return None
        works = tuple(work for cell in said for work in cell)
        return works[:1] if len(set(works)) == 1 else works

    def _row_of_weeks(self, person: str, row: int) -> dict[int, tuple[Cell, At]]:
        """By block; a week that has no column stays what it is."""
        columns = {number: column for column, number in self.columns.numbers.items()}
        blocks: dict[int, list[Week]] = {}
        for week in self.frame.weeks:
            blocks.setdefault(week.block.number, []).append(week)
        found: dict[int, tuple[Cell, At]] = {}
        for number, weeks in blocks.items():
            ats = {week.number: (row, columns[week.number]) for week in weeks if week.number in columns}
            cell = self._of_weeks(person, number, weeks, ats) if ats else None
            if cell is not None:
                found[number] = cell, next(iter(ats.values()))
        return found

    def _of_weeks(self, person: str, number: int, weeks: Sequence[Week], ats: Mapping[int, At]) -> Cell | None:
        said = {week.place: self._read(ats[week.number], self.wording.week) for week in weeks if week.number in ats}
        if None in said.values():
            return None
        for week in weeks:
            if week.number in ats:
                self._note_shown(person, week.start, ats[week.number])
        before = self.frame.by_weeks(number, self.before.get((person, number), ()))
        held = [said.get(place) or (before[place] if place not in said else "") for place in range(len(weeks))]
        if any(held) and not all(held):
            empty = next(week for week in weeks if not held[week.place])
            at = ats.get(empty.number, next(iter(ats.values())))
            message = f"the week of {empty.start} is empty, while others of the block {number} are not"
            self._problem("block-half-empty", message, at, "fill it, or give the dates in a file of assignments/")
            return None
        return self.frame.folded(number, held) if any(held) else ()

    def _note_shown(self, person: str, day: date, at: At) -> None:
        cycle, text = self.wording.in_cycle(self.sheet.text(at))
        if cycle:
            self.shown.append(Shown(person, cycle, day, text, self.sheet.place(at)))

    def _read(self, at: At, read: Callable[[str], T]) -> T | None:
        """What is read from a cell; None, with a problem, where that cannot be."""
        if at in self.sheet.valueless:
            hint = "open the file in Excel and save it, or write the value instead"
            self._problem("formula-without-value", "the formula has no value in the file", at, hint)
            return None
        try:
            text = self.sheet.text(at)
            return read("" if text in _NOTHING else text)
        except Unknown as unknown:
            self._problem(unknown.code, unknown.message, at, unknown.hint)
            return None
