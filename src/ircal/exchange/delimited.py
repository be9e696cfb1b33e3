"""CSV as people and Excel write it: commas, semicolons or tabs; UTF-8 with or without a mark, or UTF-16 with one."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from ircal.errors import SheetUnreadable
from ircal.exchange.sheet import MAX_COLUMNS, MAX_ROWS, Sheet, letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ircal.exchange.sheet import Scalar

_DELIMITERS = ",;\t"
_SAVE_AS = "Save it as 'CSV UTF-8'."


def sheet_of(data: bytes, file: str) -> Sheet:
    """The one sheet of a CSV file. Its rows are counted as lines of the file. Raises SheetUnreadable."""
    text = _decoded(data, file)
    delimiter = _told(text) or max(_DELIMITERS, key=lambda each: _cells_in(text, each))
    cells: dict[tuple[int, int], Scalar] = {}
    try:
        for line, row in _rows(text, delimiter):
            for column, written in enumerate(row, start=1):
                if written.strip():
                    _within(line, column, file)
                    cells[line, column] = written.strip()
    except csv.Error as error:
        raise SheetUnreadable(f"{file} cannot be read as CSV: {error}.", _SAVE_AS) from None
    return Sheet(file, "", cells)


def _decoded(data: bytes, file: str) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise SheetUnreadable(f"{file} is neither a spreadsheet nor text in UTF-8.", _SAVE_AS) from None
    if "\0" in text:
        raise SheetUnreadable(f"{file} is neither a spreadsheet nor text.", _SAVE_AS)
    return text


def _told(text: str) -> str:
    """The delimiter that the first line names (`sep=;`), as Excel has it."""
    first = text.partition("\n")[0].strip().strip('"')
    return first[4:] if first.lower().startswith("sep=") and first[4:] in tuple(_DELIMITERS) else ""


def _cells_in(text: str, delimiter: str) -> int:
    try:
        return sum(len(row) for _, row in _rows(text, delimiter))
    except csv.Error:
        return 0


def _rows(text: str, delimiter: str) -> Iterable[tuple[int, Sequence[str]]]:
    """Each record with the line on which it begins, but for the line that names the delimiter."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    for row in reader:
        if not (line == 1 and _told(text)):
            yield line, row
        line = reader.line_num + 1


def _within(line: int, column: int, file: str) -> None:
    if line > MAX_ROWS or column > MAX_COLUMNS:
        message = f"{file} holds something in line {line}, column {letters(column)}, beyond any block schedule."
        raise SheetUnreadable(message, f"At most {MAX_ROWS:,} lines and {MAX_COLUMNS} columns are read.")
