"""The file of the block schedule in the configuration, with other cells in it and everything else as it was.

Only the rows that change are written anew: comments, blank lines, the order of rows and columns, and how a cell that
means the same is written stay as they are. A new row or column goes to the end.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ircal.exchange.frame import Cells

_NAME = "resident"


def rewritten(text: str, changed: Cells) -> str:
    """The text of the file with these cells in it. An empty text is a file that is not there yet."""
    rows: dict[str, dict[str, str]] = {}
    for (person, number), cell in sorted(changed.items()):
        rows.setdefault(person, {})[str(number)] = "/".join(cell)
    records = list(_records(text))
    heading = next((record for record in records if record.cells), _Record("", (_NAME,)))
    columns = [*_without_empty_end(heading.cells)]
    columns += [str(number) for number in sorted({number for _, number in changed}) if str(number) not in columns]
    lines = [] if heading.text else [_line(columns, heading)]
    for record in records:
        row = rows.pop(record.cell(_NAME, heading.cells), None) if record is not heading else None
        if record is heading and len(columns) > len(_without_empty_end(heading.cells)):
            lines.append(_line(columns, heading))
        else:
            lines.append(record.text if row is None else _line(_row(columns, record, heading, row), heading))
    if rows and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += heading.ending
    nobody = _Record("", ())
    added = [_line(_row(columns, nobody, heading, {**row, _NAME: person}), heading) for person, row in rows.items()]
    return "".join([*lines, *added])


def people_by_line(text: str) -> dict[int, str]:
    """Whose row begins in each line of the file."""
    found: dict[int, str] = {}
    heading: Sequence[str] = ()
    line = 1
    for record in _records(text):
        if record.cells and heading:
            found[line] = record.cell(_NAME, heading)
        heading = heading or record.cells
        line += max(record.text.count("\n"), record.text.count("\r"))
    return found


@dataclass(frozen=True, slots=True)
class _Record:
    """A row with its text, or a comment or blank line, which has no cells."""

    text: str
    cells: Sequence[str] = ()

    @property
    def ending(self) -> str:
        """How its line ends."""
        return self.text[len(self.text.rstrip("\r\n")) :] or "\n"

    def cell(self, column: str, heading: Sequence[str]) -> str:
        """What stands under a heading; nothing where there is no such cell."""
        return dict(zip(heading, self.cells, strict=False)).get(column, "")


def _records(text: str) -> Iterator[_Record]:
    """The rows, comments and blank lines in order; all of their texts together are the text."""
    taken: list[str] = []
    passed: list[_Record] = []

    def feed() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            if not taken and (not line.strip() or line.lstrip().startswith("#")):
                passed.append(_Record(line))
            else:
                taken.append(line)
                yield line

    for cells in csv.reader(feed()):
        yield from passed
        yield _Record("".join(taken), [cell.strip() for cell in cells])
        passed.clear()
        taken.clear()
    yield from passed


def _without_empty_end(cells: Sequence[str]) -> Sequence[str]:
    return cells[: max((number for number, cell in enumerate(cells, start=1) if cell), default=0)]


def _row(columns: Sequence[str], record: _Record, heading: _Record, new: Mapping[str, str]) -> list[str]:
    return [new.get(column, record.cell(column, heading.cells)) for column in columns]


def _line(cells: Sequence[str], like: _Record) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=like.ending).writerow(cells)
    return out.getvalue()
