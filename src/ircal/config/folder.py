"""The files of a configuration folder: which ones belong to it, what they are, and their bytes.

    *.yaml, *.yml                     sections
    blocks/2026-27.csv                the block schedule of an academic year, `@<grid>` for another grid
    assignments/  leave/              tables of dates, any number of files
    topics/  sessions/  presenters/   one table for each list

Notes (`README*`, `*.md`), `*.json` (the schema), hidden files, what editors leave behind, and `templates/` are passed
over. Anything else would be ignored in silence, so it is refused. Links are followed:
mounted volumes consist of them.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ircal.errors import Problem, ProgramError
from ircal.model.place import Place
from ircal.wording import closest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

MAX_BYTES = 5_000_000
"""The largest file that is read; a complete programme has a hundredth of it."""

TABLES = ("assignments", "blocks", "leave", "presenters", "sessions", "topics")
"""The folders that hold CSV files."""

_HINT = "check that it exists and that ircal may read it"
_YAML = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file: its path relative to the folder, its kind (`yaml`, or the folder of a table), and its bytes."""

    name: str
    kind: str
    data: bytes

    @property
    def stem(self) -> str:
        """The file's name without folder and ending: the id of a list, or the year of a block schedule."""
        return self.name.rpartition("/")[2].rpartition(".")[0]


def read_folder(folder: Path) -> tuple[list[SourceFile], list[Problem]]:
    """Every file of the configuration, in order of name, and what cannot be one or cannot be read.

    Raises ProgramError with one problem when there is no configuration at all.
    """
    files: list[SourceFile] = []
    problems: list[Problem] = []
    for path, name in _listed(folder, problems):
        kind = kind_of(name)
        found = _read(path, name, kind) if isinstance(kind, str) else kind
        if isinstance(found, Problem):
            problems.append(found)
        else:
            files.append(found)
    if not files and not problems:
        hint = "start with a file programme.yaml that has the section `program:`"
        raise ProgramError([Problem("folder-empty", f"{folder} holds no configuration", Place("."), hint)])
    return files, problems


def replaced(files: Iterable[SourceFile], instead: Mapping[str, bytes]) -> list[SourceFile]:
    """The files with other bytes in some of them, by name, which may be new and must be one of a configuration's."""
    kept = [file for file in files if file.name not in instead]
    new = [SourceFile(name, str(kind_of(name)), data) for name, data in instead.items()]
    return sorted([*kept, *new], key=lambda file: file.name)


def digest(folder: Path) -> str:
    """A hash (64 hex digits) of the names and bytes of all configuration files; it changes when any of them does.

    Files that cannot be read count by their name. Raises ProgramError when there is no configuration at all.
    """
    return digest_of(*read_folder(folder))


def digest_of(files: Iterable[SourceFile], problems: Iterable[Problem]) -> str:
    """The same for files that were read."""
    total = hashlib.sha256()
    for part in [part for file in files for part in (file.name.encode(), file.data)]:
        total.update(len(part).to_bytes(8, "big") + part)
    for problem in problems:
        total.update(b"\0" + problem.place.file.encode() + problem.code.encode())
    return total.hexdigest()


def _listed(folder: Path, problems: list[Problem]) -> Iterator[tuple[Path, str]]:
    """The files that are not passed over, with their names, one level of folders deep.

    A folder inside that cannot be read is added to the problems.
    """
    try:
        for path in sorted(folder.iterdir()):
            name = _printable(path.name)
            if is_passed_over(path.name):
                continue
            if path.is_dir():
                yield from ((below, f"{name}/{_printable(below.name)}") for below in _below(path, name, problems))
            else:
                yield path, name
    except FileNotFoundError:
        raise _unusable("folder-missing", f"there is no folder {folder}") from None
    except NotADirectoryError:
        raise _unusable("folder-missing", f"{folder} is a file, not a folder") from None
    except OSError as error:
        raise _unusable("folder-unreadable", f"{folder} cannot be read: {error.strerror}") from None


def _below(path: Path, name: str, problems: list[Problem]) -> list[Path]:
    if path.name == "templates":
        return []
    try:
        return [below for below in sorted(path.iterdir()) if not is_passed_over(below.name)]
    except OSError as error:
        message = f"the folder cannot be read: {error.strerror}"
        problems.append(Problem("file-unreadable", message, Place(name), _HINT))
        return []


_NAME_IT = "name the folder of the programme's YAML files with --config or IRCAL_CONFIG; in a container, mount it there"


def _unusable(code: str, message: str) -> ProgramError:
    return ProgramError([Problem(code, message, Place("."), _NAME_IT)])


def is_yaml(name: str) -> bool:
    """Whether a file's name is that of a YAML file."""
    return name.endswith(_YAML)


def is_passed_over(name: str) -> bool:
    """Whether something of that name is none of ours."""
    return (
        name.startswith((".", "~$", "README"))
        or name.endswith(("~", ".template"))
        or name.lower().endswith((".md", ".json", ".swp"))
    )


def kind_of(name: str) -> str | Problem:
    """What the file is, by its path; or why it cannot be one of the configuration's."""
    above, _, own = name.rpartition("/")
    ending = own[own.rfind(".") :]
    place = Place(name)
    if ending in _YAML and not above:
        return "yaml"
    if ending == ".csv" and above in TABLES:
        return above
    return _not_one(above, own, ending, place)


def _not_one(above: str, own: str, ending: str, place: Place) -> Problem:
    """Why a file is none of the configuration's."""
    if own in TABLES and not above:
        message = f"{own} should be a folder that holds CSV files"
        return Problem("file-misplaced", message, place, "make the folder, and move this into it as a .csv file")
    if ending in _YAML:
        return Problem("file-misplaced", "YAML files stand in the configuration folder itself", place, "move it up")
    if ending == ".csv":
        return _misplaced_table(above, own, place)
    if ending.lower() in (*_YAML, ".csv"):
        return Problem("file-unknown", f"the ending {ending} is not read", place, f"name it {ending.lower()}")
    hint = "save tables as CSV (UTF-8) and everything else as YAML, or move it out of the folder"
    return Problem("file-unknown", "this kind of file is not read", place, hint)


def _misplaced_table(above: str, own: str, place: Place) -> Problem:
    if not above:
        hint = f"move it into one of {', '.join(f'{each}/' for each in TABLES)}"
        return Problem("file-misplaced", f"the folder of {own} says what a table means, and it is in none", place, hint)
    return Problem("file-misplaced", f"no tables are read from the folder '{above}'", place, closest(above, TABLES))


def _read(path: Path, name: str, kind: str) -> SourceFile | Problem:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # a pipe would keep us waiting for ever
            return Problem("file-unreadable", "this is not a file", Place(name), "move it out of the folder")
        if found.st_size > MAX_BYTES:
            message = f"the file has {found.st_size} bytes; more than {MAX_BYTES} are not read"
            return Problem("file-too-large", message, Place(name), "divide it, or move it out of the folder")
        return SourceFile(name, kind, path.read_bytes())
    except OSError as error:
        return Problem("file-unreadable", f"the file cannot be read: {error.strerror}", Place(name), _HINT)


def _printable(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def decode(data: bytes, file: str) -> tuple[str | None, list[Problem]]:
    """The text of a file (UTF-8, with or without a byte order mark), and a problem instead where it is none."""
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"the byte 0x{data[error.start]:02X} is not UTF-8"
        hint = "save the file as UTF-8 (in Excel: 'CSV UTF-8')"
        return None, [Problem("not-utf8", message, Place(file, line), hint)]
