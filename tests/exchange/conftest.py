"""A programme of five residents, and sheets as people make them."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

from ircal.config import load
from ircal.errors import ScheduleRefused
from ircal.exchange import Choice, propose, read_sheets, take
from ircal.recall import Recall

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from ircal.exchange import Proposal, Taken
    from ircal.model.program import Program

PROGRAMME = """
program:
  id: irres
  name: Residency
  timezone: America/New_York
  first_year: 2026
  published: 2026-05-01T09:00:00-04:00
  grid: blocks
grids:
  blocks: {kind: fixed_weeks}
  months: {kind: months}
sites:
  west: {name: West Campus}
rotations:
  ir-west: {name: IR West, site: west, short: W, color: teal}
  ir-east: {name: IR East, site: west, short: E, color: gold}
  icu: {name: Intensive Care, site: west, short: ICU}
  pet: {name: PET/CT, site: west}
  one: {name: First, site: west, short: '1'}
cycles:
  core: {weeks: [ir-west, ir-west, ir-east, icu], epoch: 2026-06-29, offsets: {ash: 0, elm: 2}}
people:
  ash: {name: Amara Ash, role: resident, entered: 2022-07-01}
  elm: {name: Rafael Elm, role: resident, entered: 2023-07-01}
  fir-1: {name: Nkechi Fir, role: resident, entered: 2024-07-01}
  fir-2: {name: Nkechi Fir, role: resident, entered: 2024-07-01}
  berg: {name: Jos\u00e9 van den Berg, role: resident, entered: 2025-07-01}
  dean: {name: Dr. Avery Dean, role: faculty}
calendars:
  all: {name: Everything, kind: programme}
"""

BLOCKS = "resident,1,2,3\nash,W,E/icu,core\nelm,core,,W\n"
FILE = "blocks/2026-27.csv"
LEAVE = "person,kind,from,to\n" + "".join(
    f"{person},research,2026-07-01,2027-06-30\n" for person in ("ash", "elm", "fir-1", "fir-2", "berg")
)
"""Nobody has to be assigned to anything, so that a schedule may be as empty as it likes."""


@dataclass(frozen=True)
class Desk:
    """A configuration, and files beside it that may be taken over."""

    path: Path
    recall: Recall = field(default_factory=Recall)

    @property
    def config(self) -> Path:
        return self.path / "config"

    def program(self, blocks: str | None = None) -> Program:
        """The programme, with another block schedule if one is given."""
        return load(self.config, self.recall, {FILE: blocks.encode()} if blocks is not None else None)

    def file(self, data: bytes | str, name: str = "rota.xlsx") -> Path:
        target = self.path / name
        target.write_bytes(data if isinstance(data, bytes) else data.encode())
        return target

    def taken(self, data: bytes | str, choice: Choice | None = None, name: str = "rota.xlsx") -> Taken:
        return take(read_sheets(self.file(data, name)), self.program(), choice or Choice(year=2026))

    def proposed(self, data: bytes | str, choice: Choice | None = None, name: str = "rota.xlsx") -> Proposal:
        return propose(self.taken(data, choice, name), self.config)

    def changes(self, data: bytes | str, choice: Choice | None = None, name: str = "rota.xlsx") -> Mapping[str, str]:
        """What would change, as `ash 1` -> `icu`."""
        return {
            f"{who} {number}": "/".join(cell)
            for (who, number), cell in self.proposed(data, choice, name).changed.items()
        }

    def told(self, data: bytes | str, choice: Choice | None = None, name: str = "rota.xlsx") -> list[str]:
        """The problems, each as `cell: message (hint) [code]`."""
        with pytest.raises(ScheduleRefused) as refused:
            self.taken(data, choice, name)
        return [str(problem).replace("error: ", "") for problem in refused.value.problems]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A configuration with a block schedule for 2026-27."""
    return laid(tmp_path)


def laid(path: Path) -> Desk:
    """The same, in an empty folder."""
    (path / "config" / "blocks").mkdir(parents=True)
    (path / "config" / "programme.yaml").write_text(dedent(PROGRAMME), encoding="utf-8")
    (path / "config" / FILE).write_text(BLOCKS)
    (path / "config" / "leave").mkdir()
    (path / "config" / "leave" / "all.csv").write_text(LEAVE)
    return Desk(path)


def workbook(rows: Sequence[Sequence[object]], title: str = "Sheet1") -> Workbook:
    """A workbook with one sheet of these rows."""
    book = Workbook()
    sheet = sheet_of(book)
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return book


def sheet_of(book: Workbook) -> Worksheet:
    """Its first sheet."""
    sheet = book.worksheets[0]
    assert sheet is not None
    return sheet


def saved(book: Workbook) -> bytes:
    """The bytes of its file."""
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def xlsx(*rows: Sequence[object], title: str = "Sheet1") -> bytes:
    """The file of a workbook with one sheet of these rows."""
    return saved(workbook(rows, title))
