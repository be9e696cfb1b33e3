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
    data = _bytes_of(path)
    if data.startswith(_ZIP):
        return sheets_of(data, path.name)
    if data.startswith(_OLE):
        raise _old_or_locked(path, data)
    return [sheet_of(data, path.name)]


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "that is not a name of a file"
        raise SheetUnreadable(f"The file {path} cannot be read: {why}.") from None
    if len(data) > LARGEST:
        message = f"{path} is larger than any block schedule: more than {LARGEST >> 20} MB."
        raise SheetUnreadable(message, "Copy the sheet of the schedule into a file of its own.")
    if not data.strip():
        raise SheetUnreadable(f"{path} is empty.")
    return data


def _old_or_locked(path: Path, data: bytes) -> SheetUnreadable:
    """Both are in the container format that Excel had before 2007."""
    if _ENCRYPTED in data:
        message = f"{path} is protected with a password."
        return SheetUnreadable(message, "Take the password off in Excel (File, Info, Protect Workbook) and save it.")
    message = f"{path} is in the format that Excel had before 2007 (.xls)."
    return SheetUnreadable(message, "Open it and save it as 'Excel Workbook (.xlsx)' or 'CSV UTF-8'.")
