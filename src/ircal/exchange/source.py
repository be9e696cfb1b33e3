"""From a file to Sheets, whatever kind of file it is.

The kind is told by the first bytes, not by the ending, since files are renamed. What cannot be read is one sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ircal.errors import SheetUnreadable
from ircal.exchange.delimited import sheet_of
from ircal.exchange.spreadsheet import sheets_of

if TYPE_CHECKING:
    from pathlib import Path

    from ircal.exchange.sheet import Sheet

LARGEST = 10 << 20
"""Bytes; a block schedule with all its colours has a thousandth of it."""

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_sheets(path: Path) -> list[Sheet]:
    """The sheets of an XLSX or CSV file, in its order. Raises SheetUnreadable."""
    return sheets_in(_bytes_of(path), path.name)


def sheets_in(data: bytes, file: str) -> list[Sheet]:
    """The same of a file's bytes; `file` is what it is called. Raises SheetUnreadable."""
    if len(data) > LARGEST:
        message = f"{file} is larger than any block schedule: more than {LARGEST >> 20} MB."
        raise SheetUnreadable(message, "Copy the sheet of the schedule into a file of its own.")
    if not data.strip():
        raise SheetUnreadable(f"{file} is empty.")
    if data.startswith(_ZIP):
        return sheets_of(data, file)
    if data.startswith(_OLE):
        raise _old_or_locked(file, data)
    return [sheet_of(data, file)]


def _bytes_of(path: Path) -> bytes:
    """All of it; of a file that is too large as much as shows that."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "that is not a name of a file"
        raise SheetUnreadable(f"The file {path} cannot be read: {why}.") from None


def _old_or_locked(file: str, data: bytes) -> SheetUnreadable:
    """Both are in the container format that Excel had before 2007."""
    if _ENCRYPTED in data:
        message = f"{file} is protected with a password."
        return SheetUnreadable(message, "Take the password off in Excel (File, Info, Protect Workbook) and save it.")
    message = f"{file} is in the format that Excel had before 2007 (.xls)."
    return SheetUnreadable(message, "Open it and save it as 'Excel Workbook (.xlsx)' or 'CSV UTF-8'.")
