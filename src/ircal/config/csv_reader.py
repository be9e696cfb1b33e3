"""Reading one CSV file into rows that know their line and the headings of their cells.

Commas separate, quotes hold text together (RFC 4180), the first row is the heading. Blank lines, and lines that begin
with `#`, may stand between rows. What a row means is said elsewhere (`tables`, `blocks`).
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ircal.errors import Problem
from ircal.model.place import Place
from ircal.wording import closest, nearest, quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row by heading, without the space around them; an absent cell is empty."""

    file: str
    line: int
    cells: dict[str, str]

    def place(self, column: str = "") -> Place:
        """The place of the row, or of its cell in that column."""
        return Place(self.file, self.line, column)


@dataclass(frozen=True, slots=True)
class Table:
    """What one CSV file holds; `place` is that of its heading. One without headings has no rows."""

    place: Place
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def read_csv(text: str, file: str) -> Table:
    """The rows of a file, and what is wrong with their form."""
    problems: list[Problem] = []
    rows: list[Row] = []
    records = _records(text, file, problems)
    line, heading = next(records, (1, []))
    place, headings = Place(file, line), _without_empty_end(heading)
    if not headings and not problems:
        problems.append(Problem("csv-heading", "the file has no heading", place, "begin with a row of headings"))
    if separator := _other_separator(headings):
        message = f"the columns are separated by {separator}, and should be by commas"
        problems.append(Problem("csv-heading", message, place, "save the file as 'CSV UTF-8 (comma delimited)'"))
        headings = ()
    for number, written in records if headings else ():
        cells = _without_empty_end(written)
        if len(cells) > len(headings):
            problems.append(_too_many(cells, headings, Place(file, number)))
        elif cells:
            rows.append(Row(file, number, dict(zip(headings, [*cells, *[""] * len(headings)], strict=False))))
    return Table(place, headings, tuple(rows), (*problems, *_doubled(headings, place)))


def _other_separator(headings: Sequence[str]) -> str:
    """What stands between the columns of a file that is taken for one column; empty when it is a comma."""
    text = headings[0] if len(headings) == 1 else ""
    return "semicolons" if ";" in text else "tabs" if "\t" in text else ""


def _without_empty_end(cells: Sequence[str]) -> tuple[str, ...]:
    """Spreadsheets write as many commas as their widest row needs."""
    count = max((number for number, cell in enumerate(cells, start=1) if cell), default=0)
    return tuple(cells[:count])


def _records(text: str, file: str, problems: list[Problem]) -> Iterator[tuple[int, Sequence[str]]]:
    """Each record with the line on which it begins; comments and blank lines are only such between records."""
    lines = enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1)
    began = 0

    def feed() -> Iterator[str]:
        nonlocal began
        for number, line in lines:
            if not began and (not line.strip() or line.lstrip().startswith("#") or (number == 1 and _is_hint(line))):
                continue
            began = began or number
            yield line + "\n"

    reader = csv.reader(feed(), strict=True)
    while True:
        began = 0
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            hint = "a quote that opens a cell must be closed, and doubled inside it"
            problems.append(Problem("csv-syntax", f"this row cannot be read: {error}", Place(file, began), hint))
            return
        yield began, [cell.strip() for cell in cells]


def _is_hint(line: str) -> bool:
    """Excel's `sep=,` before the heading, which tells it the separator."""
    return line.lower().startswith("sep=")


def _doubled(headings: Sequence[str], place: Place) -> Iterator[Problem]:
    for name, count in sorted(Counter(headings).items()):
        if count > 1:
            yield Problem("csv-heading", f"the heading {quote(name)} is there {count} times", place, "keep one of them")


def _too_many(cells: Sequence[str], headings: Sequence[str], place: Place) -> Problem:
    message = f"the row has {len(cells)} cells under {len(headings)} headings"
    return Problem("csv-cells", message, place, "put text that holds a comma in double quotes")


def check_headings(table: Table, required: Sequence[str], optional: Sequence[str]) -> list[Problem]:
    """Headings that are missing, and such as are not known."""
    if not table.headings:
        return []
    known = [*required, *optional]
    hint = f"the headings are {','.join(required)}" + (f", and if needed {','.join(optional)}" if optional else "")
    unknown = [name for name in table.headings if name not in known]
    meant = {nearest(name, known) for name in unknown}
    missing = [name for name in required if name not in table.headings and name not in meant]
    return [
        *(Problem("csv-heading", f"the column {quote(name)} is missing", table.place, hint) for name in missing),
        *(
            Problem("csv-heading", f"{quote(name)} is not a known heading", table.place, closest(name, known))
            for name in unknown
        ),
    ]


def without_repeats(rows: Sequence[Row]) -> tuple[list[Row], list[Problem]]:
    """The rows but for those that say exactly what an earlier one says, which are problems."""
    first: dict[tuple[tuple[str, str], ...], Row] = {}
    problems: list[Problem] = []
    for row in rows:
        earlier = first.setdefault(tuple(row.cells.items()), row)
        if earlier is not row:
            message = f"the row repeats line {earlier.line}"
            problems.append(Problem("csv-row-twice", message, row.place(), "keep one of them"))
    return list(first.values()), problems
