"""An XLSX file as Sheets, within limits: it may come from anybody's mail.

The file is a zip of XML. How large it becomes is looked at before anything is unpacked, and openpyxl reads in its
read-only mode, row by row. That mode knows neither what is merged nor which formulas have no result; both are gathered
by a look at the sheet's XML. Of a formula the value counts that Excel saved with it; colours and comments do not count.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import iterparse

from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from ircal.errors import SheetUnreadable
from ircal.exchange.sheet import MAX_COLUMNS, MAX_ROWS, Scalar, Sheet, letters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.exchange.sheet import At

UNPACKED = 32 << 20
"""Bytes of all parts together."""
_PARTS = 2_000
_SHEETS = 50
_TAGS = 1_000_000
_PIECE = 1 << 20
_MERGED_CELLS = 100_000
_FRAME_ELEMENTS = 20_000
"""How many columns and mergings a sheet may speak of."""

_COPY = "Copy the sheet of the schedule into a file of its own."
_SAVE_AGAIN = "Open it and save it again as 'Excel Workbook (.xlsx)', or save the sheet as 'CSV UTF-8'."


def sheets_of(data: bytes, file: str) -> list[Sheet]:
    """The worksheets in the order of the workbook. Raises SheetUnreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            _within_limits(parts, file)
            with warnings.catch_warnings(action="ignore"):  # of what openpyxl leaves out: validations, themes ...
                return list(_sheets(data, parts, file))
    except SheetUnreadable:
        raise
    except Exception as error:  # noqa: BLE001  # of a broken file openpyxl raises what it stumbles over
        what = f"{file} is not an Excel workbook, or it is damaged ({type(error).__name__})."
        raise SheetUnreadable(what, _SAVE_AGAIN) from None


def _within_limits(parts: zipfile.ZipFile, file: str) -> None:
    """No more of a part is unpacked than the directory of the zip says, so that what it says can be counted on."""
    listed = parts.infolist()
    if len(listed) > _PARTS or sum(part.file_size for part in listed) > UNPACKED:
        message = f"{file} would become larger than {UNPACKED >> 20} MB when it is unpacked; no schedule is so large."
        raise SheetUnreadable(message, _COPY)
    if sum(_tags(parts, part) for part in listed) > _TAGS:
        raise SheetUnreadable(f"{file} has more in it than any block schedule.", _COPY)
    names = {part.filename for part in listed}
    if "xl/workbook.xml" not in names and not any(name.startswith("xl/") for name in names):
        raise SheetUnreadable(f"{file} is a zip file, but not an Excel workbook.", _SAVE_AGAIN)


def _tags(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """About how many elements a part may become, each of them a hundred bytes; openpyxl lets few of them go."""
    with parts.open(part) as unpacked:
        return sum(piece.count(b"<") for piece in iter(lambda: unpacked.read(_PIECE), b""))


def _sheets(data: bytes, parts: zipfile.ZipFile, file: str) -> Iterator[Sheet]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        if len(book.worksheets) > _SHEETS:
            raise SheetUnreadable(f"{file} has {len(book.worksheets)} sheets; at most {_SHEETS} are read.")
        for worksheet in book.worksheets:
            part: Any = worksheet  # of another class in this mode, which the types do not know
            yield _sheet(part, _frame(parts, part._worksheet_path, file), file, book.epoch.date())  # noqa: SLF001
    finally:
        book.close()


def _sheet(worksheet: Any, frame: _Frame, file: str, epoch: date) -> Sheet:
    cells = dict(_cells(worksheet))
    merged = _spread(frame, cells, file)
    return Sheet(
        file=file,
        title=worksheet.title,
        cells=cells | {at: cells[origin] for at, origin in merged.items()},
        merged=merged,
        valueless=frozenset(frame.valueless - cells.keys()),
        epoch=epoch,
        hidden=tuple(sorted(frame.hidden)),
        is_hidden=worksheet.sheet_state != "visible",
    )


def _cells(worksheet: Any) -> Iterator[tuple[At, Scalar]]:
    rows = worksheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS, values_only=True)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            known = _scalar(value)
            if known is not None:
                yield (number, column), known


def _scalar(value: object) -> Scalar | None:
    """The value as a Sheet has it; None where the cell is empty."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    text = value.isoformat() if isinstance(value, time) else "" if value is None else str(value)
    return text.strip() or None


@dataclass(slots=True)
class _Frame:
    """What the XML of a sheet says besides the values of its cells; the merged ranges as (left, top, right, bottom)."""

    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    valueless: set[At] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)


def _frame(parts: zipfile.ZipFile, name: str, file: str) -> _Frame:
    found, rows, others = _Frame(), None, 0
    with parts.open(name) as part:
        for event, element in iterparse(part, ("start", "end")):  # noqa: S314  # expat bounds what entities become
            tag = element.tag.rpartition("}")[2]
            if event == "start":
                rows = element if tag == "sheetData" else rows
            elif tag == "c":
                _look_at_cell(element, found, file)
            elif tag == "row" and rows is not None:
                rows.clear()  # it would keep every row, even those that are empty
            elif tag in {"mergeCell", "col"}:
                others += 1
                if others > _FRAME_ELEMENTS:
                    raise SheetUnreadable(f"{file} is not the workbook of a block schedule.", _SAVE_AGAIN)
                _look_at(element, tag, found)
    return found


def _look_at(element: Any, tag: str, found: _Frame) -> None:
    if tag == "mergeCell":
        found.merged.append(_bounds(element.attrib["ref"]))
    elif element.attrib.get("hidden") in {"1", "true"}:
        first, last = int(element.attrib["min"]), int(element.attrib["max"])
        found.hidden |= set(range(first, min(last, MAX_COLUMNS) + 1))


def _bounds(ref: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = range_boundaries(ref)
    return left or 1, top or 1, right or MAX_COLUMNS, bottom or MAX_ROWS


def _look_at_cell(element: Any, found: _Frame, file: str) -> None:
    inside = {child.tag.rpartition("}")[2]: child for child in element}
    valued = "is" in inside or ("v" in inside and inside["v"].text)
    if "r" not in element.attrib or not (valued or "f" in inside):
        return
    row, column = coordinate_to_tuple(element.attrib["r"])
    if row > MAX_ROWS or column > MAX_COLUMNS:
        message = f"{file} holds something in cell {letters(column)}{row}, beyond any block schedule."
        raise SheetUnreadable(message, f"At most {MAX_ROWS:,} rows and {MAX_COLUMNS} columns are read.")
    if not valued:
        found.valueless.add((row, column))


def _spread(frame: _Frame, cells: dict[At, Scalar], file: str) -> dict[At, At]:
    """Every empty cell that a merging covers, with the one whose value it has."""
    last_row = max((row for row, _ in cells), default=0)
    last_column = max((column for _, column in cells), default=0)
    covered: dict[At, At] = {}
    for left, top, right, bottom in frame.merged:
        right, bottom = min(right, last_column), min(bottom, last_row)  # noqa: PLW2901
        if (top, left) in cells:
            area = (max(right - left, 0) + 1) * (max(bottom - top, 0) + 1)
            if len(covered) + area > _MERGED_CELLS:
                raise SheetUnreadable(f"{file} has more merged cells than any block schedule.", _SAVE_AGAIN)
            covered |= {
                (row, column): (top, left)
                for row in range(top, bottom + 1)
                for column in range(left, right + 1)
                if (row, column) not in cells
            }
    return covered
