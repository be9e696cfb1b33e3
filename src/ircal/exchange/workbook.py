"""The block schedule as an XLSX workbook: in the rotations' colours, with a legend, ready for printing on A3.

The first sheet is what `ircal import` reads. The legend names every rotation and cycle that is on it; "By dates" has
what is not on it and wins over it: assignments with dates of their own, and swaps. It may hang on a wall, so that no
reason is given.
"""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from ircal.exchange.cells import Wording
from ircal.exchange.table import HEADINGS
from ircal.model.colours import rgb_of, text_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from ircal.exchange.frame import Frame
    from ircal.exchange.table import Table

AnyCell = Cell | MergedCell
"""As openpyxl has it; of merged cells only the first is written here."""

_LONGEST_TITLE = 31
_TITLE_ROW, _ABOVE_ROW, _HEADING_ROW = 1, 2, 3
_LEFT = len(HEADINGS)
_BOLD = Font(bold=True)
_LINE = Side(style="thin", color="FFBFBFBF")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_MIDDLE = Alignment(horizontal="center", vertical="center", shrink_to_fit=True)
_SHADE = PatternFill("solid", fgColor="FFEEEEEE")


def as_xlsx(table: Table, frame: Frame) -> bytes:
    """The workbook."""
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise AssertionError
    sheet.title = frame.title[:_LONGEST_TITLE]
    _write_headings(sheet, table)
    _write_rows(sheet, table, frame)
    _set_up(sheet, table)
    _write_legend(book.create_sheet("Legend"), frame)
    _write_exceptions(book.create_sheet("By dates"), frame)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _put(sheet: Worksheet, row: int, column: int, value: str | int | date, font: Font | None = None) -> AnyCell:
    """A value in a cell. Text stays text, also when it looks like a formula."""
    cell = sheet.cell(row, column)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"
    if font:
        cell.font = font
    return cell


def _write_headings(sheet: Worksheet, table: Table) -> None:
    _put(sheet, _TITLE_ROW, 1, table.title, Font(bold=True, size=14))
    for column, heading in enumerate([*HEADINGS, *table.headings], start=1):
        cell = _put(sheet, _HEADING_ROW, column, heading, _BOLD)
        cell.fill, cell.border, cell.alignment = _SHADE, _BORDER, _MIDDLE
        if isinstance(heading, date):
            cell.number_format = "d mmm"
    column = _LEFT + 1
    for text, width in table.above:
        cell = _put(sheet, _ABOVE_ROW, column, text, Font(bold=width > 1, size=9))
        cell.alignment, cell.border = _MIDDLE, _BORDER
        if width > 1:
            sheet.merge_cells(
                start_row=_ABOVE_ROW, end_row=_ABOVE_ROW, start_column=column, end_column=column + width - 1
            )
        column += width


def _write_rows(sheet: Worksheet, table: Table, frame: Frame) -> None:
    for number, row in enumerate(table.rows, start=_HEADING_ROW + 1):
        _put(sheet, number, 1, row.name, _BOLD).border = _BORDER
        level = _put(sheet, number, 2, row.level or "")
        level.border, level.alignment = _BORDER, _MIDDLE
        for column, entry in enumerate(row.entries, start=_LEFT + 1):
            cell = _put(sheet, number, column, entry.text)
            cell.border, cell.alignment = _BORDER, _MIDDLE
            _colour(cell, entry.rotation, frame)


def _colour(cell: AnyCell, rotation: str, frame: Frame) -> None:
    """The colour of a rotation behind a cell, with text that can be read on it."""
    known = frame.program.rotations.get(rotation)
    if known and known.color:
        red, green, blue = rgb = rgb_of(known.color)
        cell.fill = PatternFill("solid", fgColor=f"FF{red:02X}{green:02X}{blue:02X}")
        cell.font = Font(color="FF000000" if text_on(rgb) == "black" else "FFFFFFFF")


def _set_up(sheet: Worksheet, table: Table) -> None:
    """How wide the columns are, what stays in view, and the page: A3, landscape, as wide as the paper."""
    by_weeks = any(isinstance(heading, date) for heading in table.headings)
    sheet.column_dimensions["A"].width = max([len(row.name) for row in table.rows], default=10) + 3
    sheet.column_dimensions["B"].width = 6
    for column in range(_LEFT + 1, _LEFT + 1 + len(table.headings)):
        sheet.column_dimensions[get_column_letter(column)].width = 7 if by_weeks else 15
    sheet.freeze_panes = sheet.cell(_HEADING_ROW + 1, _LEFT + 1).coordinate
    _page(sheet)
    sheet.print_title_rows = f"{_TITLE_ROW}:{_HEADING_ROW}"
    sheet.print_title_cols = "A:B"


def _page(sheet: Worksheet) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 8  # A3
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0  # as many pages as it takes
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    if sheet.oddFooter and sheet.oddFooter.left and sheet.oddFooter.right:  # as it has in a new sheet
        sheet.oddFooter.left.text, sheet.oddFooter.right.text = "&A", "&P / &N"


def _write_legend(sheet: Worksheet, frame: Frame) -> None:
    """Every rotation and cycle of the schedule: as its cells have it, its name, its id, its site or its weeks."""
    program, wording = frame.program, Wording.of(frame)
    used = {work for cell in frame.cells().values() for work in cell}
    cycles = sorted(used & program.cycles.keys())
    used |= {rotation for cycle in cycles for rotation in program.cycles[cycle].weeks}
    rotations = sorted(
        (program.rotations[each] for each in used & program.rotations.keys()), key=lambda each: each.name
    )
    _write_lines(
        sheet,
        ("In the cells", "Name", "Id", "Where"),
        [
            *((wording.name(each.id), each.name, each.id, program.sites[each.site].name) for each in rotations),
            *((each, program.cycles[each].name, each, _pattern(each, frame, wording)) for each in cycles),
        ],
    )
    for number, rotation in enumerate(rotations, start=2):
        _colour(sheet.cell(number, 1), rotation.id, frame)


def _pattern(cycle: str, frame: Frame, wording: Wording) -> str:
    return "weeks in turn: " + ", ".join(wording.name(rotation) for rotation in frame.program.cycles[cycle].weeks)


def _write_exceptions(sheet: Worksheet, frame: Frame) -> None:
    program, start, end = frame.program, frame.blocks[0].start, frame.blocks[-1].end
    dated = [
        (program.people[item.person].name, item.rotation, item.start, item.end - timedelta(days=1))
        for item in program.assignments
        if item.origin == "dated" and item.start < end and item.end > start
    ]
    swaps = [
        (program.people[one].name, f"what {program.people[other].name} has", swap.start, swap.last)
        for swap in program.swaps
        for one, other in (swap.people, swap.people[::-1])
        if swap.start < end and swap.last >= start
    ]
    _write_lines(sheet, ("Who", "Has", "From", "To, included"), sorted([*dated, *swaps], key=lambda row: row[2]))


def _write_lines(sheet: Worksheet, headings: Sequence[str], rows: Iterable[Sequence[str | date]]) -> None:
    listed = [list(row) for row in rows]
    for column, heading in enumerate(headings, start=1):
        _put(sheet, 1, column, heading, _BOLD).fill = _SHADE
        texts = [heading, *(str(row[column - 1]) for row in listed)]
        sheet.column_dimensions[get_column_letter(column)].width = min(max(map(len, texts)) + 3, 70)
    for number, row in enumerate(listed, start=2):
        for column, value in enumerate(row, start=1):
            cell = _put(sheet, number, column, value)
            if isinstance(value, date):
                cell.number_format = "d mmm yyyy"
    _page(sheet)
