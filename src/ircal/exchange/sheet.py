"""A Sheet: what a spreadsheet shows, with the rest of the spreadsheet taken away.

Rows and columns count from 1. A cell that holds nothing is not there. Text is without the space around it; numbers and
dates are what the file makes them; what is merged stands in every cell that the merging covers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from ircal.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

Scalar = str | int | float | date
"""What a cell may hold. A moment counts as its day, true and false as text."""

At = tuple[int, int]
"""Row and column, from 1."""

MAX_ROWS = 2_000
MAX_COLUMNS = 400
"""How far to the right and down a schedule may reach: a year has 53 weeks."""

_LETTERS = 26


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a file. `title` is empty where the file has no sheets (CSV).

    `merged` tells, of a cell that got its value from a merging, where that value is written. `valueless` are formulas
    whose result is not in the file. `epoch` is the day that the numbers of dates count from. `hidden` are the columns
    that the file does not show.
    """

    file: str
    title: str
    cells: Mapping[At, Scalar]
    merged: Mapping[At, At] = field(default_factory=dict)
    valueless: frozenset[At] = frozenset()
    epoch: date = date(1899, 12, 30)
    hidden: tuple[int, ...] = ()
    is_hidden: bool = False

    @property
    def rows(self) -> int:
        """The last row that holds anything."""
        return max((row for row, _ in {**self.cells, **dict.fromkeys(self.valueless)}), default=0)

    @property
    def columns(self) -> int:
        """The last column that holds anything."""
        return max((column for _, column in {**self.cells, **dict.fromkeys(self.valueless)}), default=0)

    def text(self, at: At) -> str:
        """What the cell says, as text; nothing where it is empty."""
        return text_of(self.cells.get(at, ""))

    def written_at(self, at: At) -> At:
        """Where the cell's value is written, which is elsewhere when it is merged."""
        return self.merged.get(at, at)

    def place(self, at: At) -> Place:
        """`rota.xlsx, Sheet1!C7`; in a CSV file line and column, `rota.csv:7, column C`."""
        row, column = self.written_at(at)
        if not self.title:
            return Place(self.file, row, letters(column))
        return Place(f"{self.file}, {self.title}!{letters(column)}{row}")


def text_of(value: Scalar) -> str:
    """A value as a person would write it: 3 for 3.0, ISO dates."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def letters(column: int) -> str:
    """The name of a column: A to Z, AA and so on."""
    name = ""
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        name = chr(ord("A") + rest) + name
    return name
