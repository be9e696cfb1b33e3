"""A small programme in a folder, with which nothing is wrong: a case lays over it what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from ircal.checks import check
from ircal.config import load
from ircal.model.program import Window
from ircal.rules.expand import expand

if TYPE_CHECKING:
    from pathlib import Path

    from ircal.errors import Problem
    from ircal.model.schedule import Schedule

YEAR = Window(date(2026, 7, 1), date(2027, 7, 1))
FILES = {
    "programme.yaml": """\
        program:
          id: trial
          name: Trial
          timezone: America/New_York
          first_year: 2026
          published: 2026-05-01T09:00:00-04:00
          grid: blocks
          holidays: hospital
        grids:
          blocks: {kind: fixed_weeks}
        holidays:
          hospital: {country: US, names: [Labor Day, Thanksgiving Day, Christmas Day]}
        people:
          ash: {name: Ash, role: resident, entered: 2022-07-01}
          birch: {name: Birch, role: resident, entered: 2023-07-01}
          cedar: {name: Cedar, role: resident, entered: 2024-07-01}
          elm: {name: Elm, role: resident, entered: 2026-07-01}
        sites:
          west: {name: West}
          east: {name: East}
          childrens: {name: Children's, off_site: true}
        rotations:
          ir-west: {name: IR West, short: W, site: west, hours: 07:00-17:00, tags: [ir]}
          ir-east: {name: IR East, short: E, site: east, hours: 07:00-17:00, tags: [ir]}
          icu: {name: ICU, short: I, site: west, hours: 06:30-18:30}
          night-float:
            name: Night Float
            short: N
            site: west
            tags: [nights]
            duties:
              shift: {name: Night shift, when: Mo-Fr 20:00-07:00, holiday: keep}
        calendars:
          all: {name: Everything, kind: programme}
        """,
    "blocks/2026-27.csv": """\
        resident,1,2,3,4,5,6,7,8,9,10,11,12,13
        ash,W,W,W,W,W,W,W,W,W,W,W,W,W
        birch,W,W,W,W,W,W,W,W,W,W,W,W,W
        cedar,E,E,E,E,E,E,E,E,E,E,E,E,E
        elm,E,E,E,E,E,E,E,E,E,E,E,E,E
        """,
}


@dataclass(frozen=True)
class Folder:
    """A configuration folder, and what follows from it."""

    path: Path

    def write(self, name: str, text: str) -> None:
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(text))

    def schedule(self) -> Schedule:
        program = load(self.path)
        return expand(program, Window(YEAR.start, program.year_start(2027 + len(program.drafts))))

    def found(self) -> tuple[Problem, ...]:
        return check(self.schedule())


def made(path: Path) -> Folder:
    """The small programme, in an empty folder."""
    folder = Folder(path)
    for name, text in FILES.items():
        folder.write(name, text)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """The folder of the small programme."""
    return made(tmp_path)
