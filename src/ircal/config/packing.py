"""A configuration as one piece of bytes, to be kept apart from its folder, and read again without it.

It is a ZIP archive of the files as they were read, by their names in the folder. The same files pack to the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ircal.config.assemble import assemble
from ircal.config.folder import SourceFile, digest_of, kind_of, read_folder
from ircal.errors import Problem, ProgramError
from ircal.model.place import Place
from ircal.recall import Recall

if TYPE_CHECKING:
    from pathlib import Path

    from ircal.model.program import Program

_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The first that a ZIP archive can tell."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A configuration's digest (that of `config.digest`), and its files."""

    digest: str
    body: bytes


def pack(folder: Path) -> Packed:
    """The files of a folder. Raises ProgramError where there is no configuration, or some of it cannot be read."""
    files, problems = read_folder(folder)
    if problems:
        raise ProgramError(problems)
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(zipfile.ZipInfo(file.name, _NO_TIME), file.data, zipfile.ZIP_DEFLATED)
    return Packed(digest_of(files, ()), body.getvalue())


def load_packed(body: bytes, recall: Recall | None = None) -> Program:
    """The programme that packed files describe. Raises ProgramError, as `config.load` does."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            files = [SourceFile(name, str(kind_of(name)), archive.read(name)) for name in archive.namelist()]
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        message = f"the configuration that was kept cannot be unpacked: {error}"
        raise ProgramError([Problem("kept-unreadable", message, Place("."))]) from None
    program, wrong = assemble(files, recall or Recall(), frozenset(), whole=True)
    if program is None:
        raise ProgramError(wrong)
    return program
