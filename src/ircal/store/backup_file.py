"""The file of a backup: every row of a store's tables as a line of JSON, compressed, the same from either database.

    {"ircal": "store", "form": 1, "version": "0006", "taken": "2026-09-01T08:00:00+00:00"}
    {"table": "tokens", "row": {"digest": "2bb8...", "issued": 1788249600000000, ...}}
    {"rows": 1}

Instants are microseconds since 1970 in UTC; bytes are `{"base64": "..."}`. The last line tells whether the file is
whole. It holds whose feed links there are, by digest, so it is for its owner alone (0600).
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import gzip
import json
import os
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ircal.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_FORM = 1
_MARK = {"ircal": "store", "form": _FORM}

Row = tuple[str, dict[str, Any]]
"""A table's name, and a row of it by column."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What the first line of a backup says: the version of the tables, and when it was taken (UTC)."""

    file: Path
    version: str
    taken: datetime


def write(file: Path, version: str, now: datetime, rows: Iterable[Row]) -> int:
    """Write a backup in place of the file, whole or not at all; returns how many rows it has.

    Raises StoreError when it cannot be written, and where the file is there and is no backup.
    """
    if file.exists():
        read_head(file)
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with _made(part) as raw, gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as packed:
            packed.write(_line({**_MARK, "version": version, "taken": now.isoformat()}))
            count = 0
            for table, row in rows:
                packed.write(_line({"table": table, "row": row}))
                count += 1
            packed.write(_line({"rows": count}))
        part.replace(file)
    except OSError as error:
        remedy = "Make room, or name a file where ircal may write."
        raise StoreError(f"The backup {file} cannot be written: {error.strerror or error}.", remedy) from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return count


@contextlib.contextmanager
def _made(path: Path) -> Iterator[Any]:
    """A new file for its owner alone, on the disk when the block ends."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb") as raw:
        yield raw
        raw.flush()
        os.fsync(raw.fileno())


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, default=_encoded, separators=(",", ":")).encode() + b"\n"


def _encoded(value: object) -> dict[str, str]:
    if isinstance(value, bytes | memoryview):
        return {"base64": base64.b64encode(value).decode()}
    raise TypeError(type(value))


def read_head(file: Path) -> Backup:
    """What a backup is of; StoreError for a file that cannot be read or is none."""
    with _reading(file) as packed:
        return _head(file, packed.readline())


def read_rows(file: Path) -> Iterator[Row]:
    """Every row of a backup; StoreError, also after the last one, for a file that is not whole."""
    with _reading(file) as packed:
        _head(file, packed.readline())
        for count, line in enumerate(packed):
            value = _parsed(line)
            if value.keys() == {"rows"} and value["rows"] == count and not packed.readline():
                return
            yield _row(value)
        raise EOFError


@contextlib.contextmanager
def _reading(file: Path) -> Iterator[gzip.GzipFile]:
    remedy = "Name a file that `ircal store backup` has written."
    try:
        with gzip.open(file, "rb") as packed:
            yield packed
    except gzip.BadGzipFile:
        raise StoreError(f"{file} is not a backup of ircal's.", remedy) from None
    except (EOFError, ValueError, zlib.error):
        raise StoreError(f"The backup {file} is cut off or damaged.", "Nothing was restored. Take another.") from None
    except OSError as error:
        raise StoreError(f"The backup {file} cannot be read: {error.strerror}.", remedy) from None


def _head(file: Path, line: bytes) -> Backup:
    value = _parsed(line)
    if value.get("ircal") != _MARK["ircal"]:
        raise gzip.BadGzipFile
    if value.get("form") != _FORM:
        message = f"The backup {file} has form {value.get('form')}; this ircal knows form {_FORM}."
        raise StoreError(message, "Use the version of ircal that wrote it, or a later one.")
    return Backup(file, str(value.get("version")), datetime.fromisoformat(str(value.get("taken"))))


def _parsed(line: bytes) -> dict[str, Any]:
    value = json.loads(line)
    if not isinstance(value, dict):
        raise ValueError("no object")  # noqa: TRY004 a fault of the file
    return value


def _row(value: dict[str, Any]) -> Row:
    table, row = value.get("table"), value.get("row")
    if not isinstance(table, str) or not isinstance(row, dict):
        raise ValueError("no row")  # noqa: TRY004 a fault of the file
    return table, {name: _decoded(each) for name, each in row.items()}


def _decoded(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    try:
        return base64.b64decode(str(value["base64"]), validate=True)
    except (KeyError, binascii.Error):
        raise ValueError("no bytes") from None
