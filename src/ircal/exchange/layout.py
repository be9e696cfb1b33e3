"""Where the schedule stands on a sheet: the row of its headings, the column of its names, and for which year it is.

People put titles above and notes below, so nothing is expected at a fixed place. The row of headings is the one that
has the most blocks, weeks or dates in it; of two that have as many, the lower. Names stand to the left of them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING

from ircal.errors import IrcalError, SheetUnreadable
from ircal.exchange.frame import Frame
from ircal.exchange.headings import Columns, Heading, columns_of, heading_of, years_of
from ircal.wording import closest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ircal.exchange.names import Names
    from ircal.exchange.sheet import Sheet
    from ircal.model.program import Program

_ROWS_OF_HEADINGS = 40
_NAME_HEADINGS = {"resident", "residents", "name", "names", "person", "who", "trainee", "resident name"}
_YEARS = re.compile(r"(?<!\d)(?P<year>20\d\d)\s*[-\u2013/]\s*(?:20)?(?P<next>\d\d)(?![\d-])")


@dataclass(frozen=True, slots=True)
class Layout:
    """The row of headings and what they are about, by column, and the column that holds the names."""

    sheet: Sheet
    row: int
    headings: Mapping[int, Heading]
    name_column: int = field(default=0)

    def columns(self, frame: Frame) -> Columns:
        """What the columns are about in a year. A block's heading above as many columns as it has weeks means these."""
        found = columns_of(self.headings, frame)
        if found.by == "weeks" or len(set(found.numbers.values())) == len(found.numbers):
            return found
        beside = Counter(found.numbers.values())
        if any((self.row, column) not in self.sheet.merged for column in _repeated(found.numbers)):
            return found
        weeks = {number: [week.number for week in frame.weeks if week.block.number == number] for number in beside}
        if any(count != len(weeks[number]) for number, count in beside.items()):
            return found
        each = {number: iter(numbers) for number, numbers in weeks.items()}
        numbers = {column: next(each[number]) for column, number in sorted(found.numbers.items())}
        return Columns("weeks", numbers, found.strange)


def _repeated(numbers: Mapping[int, int]) -> list[int]:
    """The columns whose number an earlier column has."""
    first: dict[int, int] = {}
    return [column for column, number in sorted(numbers.items()) if first.setdefault(number, column) != column]


def layout_of(sheets: Sequence[Sheet], title: str | None, people: Names) -> Layout:
    """Where the schedule is: on the sheet with that title, or on the only one that has any. Raises SheetUnreadable."""
    file = sheets[0].file if sheets else ""
    if title is not None:
        sheets = [_titled(sheets, title)]
    seen = [layout for sheet in sheets if title or not sheet.is_hidden for layout in _layouts(sheet, people)]
    most = max((len(layout.headings) for layout in seen), default=0)
    found = [layout for layout in seen if 2 * len(layout.headings) > most]  # a list with two dates is no schedule
    if len(found) == 1:
        return found[0]
    if found:
        titles = ", ".join(f"'{layout.sheet.title}'" for layout in found)
        message = f"{file} has {len(found)} sheets that may be the schedule: {titles}."
        raise SheetUnreadable(message, "Name the one that is meant (--sheet).")
    where = f"The sheet '{title}' of {file}" if title else file
    message = f"{where} has no row of headings with the blocks or weeks of a schedule."
    raise SheetUnreadable(
        message, "Residents are rows. Head the columns with the blocks (1, 2, 3 ...) or the first day of each week."
    )


def _titled(sheets: Iterable[Sheet], title: str) -> Sheet:
    known = {sheet.title: sheet for sheet in sheets if sheet.title}
    if title not in known:
        remedy = (
            f"There: {', '.join(known)}."
            if known
            else "A CSV file has no sheets; leave the name of a sheet (--sheet) out."
        )
        close = closest(title, known)
        raise SheetUnreadable(f"There is no sheet '{title}'.", close if close.endswith("?") else remedy)
    return known[title]


def _layouts(sheet: Sheet, people: Names) -> list[Layout]:
    """The layout of a sheet, if it has one."""
    rows: dict[int, dict[int, Heading]] = {}
    for (row, column), value in sheet.cells.items():
        heading = heading_of(value, sheet.epoch) if row <= _ROWS_OF_HEADINGS else None
        if heading:
            rows.setdefault(row, {})[column] = heading
    named = {at for at, value in sheet.cells.items() if str(value).strip().casefold() in _NAME_HEADINGS}
    worth = {row: len(set(found.values())) for row, found in rows.items()}
    fit = [row for row in rows if worth[row] > 1 or any(row == at[0] for at in named)]
    if not fit:
        return []
    row = max(fit, key=lambda each: (worth[each], each))
    headings = rows[row]
    left = range(1, min(headings))
    if not left:
        return []
    said = [column for at_row, column in sorted(named) if at_row == row and column in left]
    column = said[0] if said else max(left, key=lambda each: _people_in(sheet, each, row, people))
    return [Layout(sheet, row, headings, column)]


def _people_in(sheet: Sheet, column: int, above: int, people: Names) -> int:
    return sum(1 for row in range(above + 1, sheet.rows + 1) if people.meant(sheet.text((row, column))))


def frame_of(layout: Layout, program: Program, year: int | None, grid: str | None) -> Frame:
    """The frame that the sheet is about: of the year that is given, or else that its dates or its titles tell.

    Raises IrcalError when it is not clear.
    """
    if year is not None:
        return Frame.of(program, year, grid)
    years = years_of(layout.headings.values()) or _years_in_titles(layout)
    first = program.settings.first_year
    frames = [Frame.of(program, each, grid) for each in sorted(years) if first <= each <= first + 100]
    strange = {frame.year: len(layout.columns(frame).strange) for frame in frames}
    best = [frame for frame in frames if strange[frame.year] == min(strange.values())]
    if len(best) == 1:
        return best[0]
    message = f"It is not clear for which academic year {layout.sheet.file} is."
    raise IrcalError(message, "Say in which year it begins (--year), such as 2026 for 2026-27.")


def _years_in_titles(layout: Layout) -> set[int]:
    """The academic years that the name of the sheet, or else the cells above, or else the name of the file tell."""
    sheet = layout.sheet
    above = [str(value) for (row, _), value in sheet.cells.items() if row < layout.row]
    for texts in ([sheet.title], above, [PurePath(sheet.file).stem]):
        found = {
            int(match["year"])
            for text in texts
            for match in _YEARS.finditer(text)
            if (int(match["year"]) + 1) % 100 == int(match["next"])
        }
        if found:
            return found
    return set()
