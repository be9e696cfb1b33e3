"""The exchange edge: the block schedule out to the sheets that people keep, and back from them.

    source          a file -> Sheets: `spreadsheet` (XLSX), `delimited` (CSV); hostile until it is read
    layout          where on a sheet the schedule stands, and for which year; `headings` say what a column is about
    taking          Sheet -> cells by person and block, or every problem with its cell; `names`, `cells`
    proposal        what the file of the configuration would be (`block_file`), looked at before it is written
    table           the block schedule as a table -> CSV, XLSX (`workbook`), or a page for the wall (`page`)
    telling         a proposal in words
    frame           the year and grid that all of it is about, and what cells mean

Export then import changes nothing: what means the same stays as it is written. The configuration is loaded and
checked by others, who ask for it between `propose` and `apply`.
"""

from ircal.exchange.frame import Frame, Span
from ircal.exchange.page import as_svg
from ircal.exchange.proposal import Proposal, propose
from ircal.exchange.sheet import Sheet
from ircal.exchange.source import LARGEST, read_sheets, sheets_in
from ircal.exchange.table import as_csv, table_of
from ircal.exchange.taking import Choice, Taken, take
from ircal.exchange.telling import heading, notes, stretches
from ircal.exchange.workbook import as_xlsx

__all__ = [
    "LARGEST",
    "Choice",
    "Frame",
    "Proposal",
    "Sheet",
    "Span",
    "Taken",
    "as_csv",
    "as_svg",
    "as_xlsx",
    "heading",
    "notes",
    "propose",
    "read_sheets",
    "sheets_in",
    "stretches",
    "table_of",
    "take",
]
