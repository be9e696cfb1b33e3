"""A small programme in a folder, complete enough that a test has only to spoil one thing."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from ircal.config import load
from ircal.errors import ProgramError

if TYPE_CHECKING:
    from pathlib import Path

    from ircal.model.program import Program

FILES = {
    "programme.yaml": """\
        program:
          id: irres
          name: Interventional Radiology Residency
          timezone: America/New_York
          first_year: 2026
          published: 2026-06-01T08:00:00-04:00
          grid: ir
          holidays: hospital
          phases:
            dr: {pgy: 2}
            ir: {pgy: 5, on: 11-01}
        grids:
          ir: {kind: fixed_weeks}
          months: {kind: months}
        holidays:
          hospital: {country: US, subdivision: MA, names: [Labor Day, "Patriots' Day"]}
        """,
    "people.yaml": """\
        people:
          r-ash: {name: Ash, role: resident, entered: 2026-07-01}
          r-bay: {name: Bay, role: resident, entered: 2022-07-01}
          f-elm: {name: Elm, role: faculty}
        """,
    "rotations.yaml": """\
        sites:
          west: {name: West Campus}
          vein: {name: Vein Centre, off_site: true}
        rotations:
          ir-west: {name: IR West, short: W, site: west, tags: [ir]}
          external: {name: External, short: X, site: vein, tags: [ir]}
          icu: {name: ICU, site: west}
        cycles:
          core:
            weeks: [ir-west, external]
            epoch: 2026-06-29
            offsets: {r-bay: 0}
        """,
    "conferences.yaml": """\
        conferences:
          mm:
            name: M&M
            when: We[3] 17:00-18:00
            audience: {pgy: 5..6}
            topics: mm
            presenter: {pool: {pgy: 6}}
          nesir: {name: NESIR, sessions: nesir, audience: everyone}
        milestones:
          core-exam: {name: Core exam, when: {pgy: 4, on: 06-01}}
        overrides:
          mm-moved: {conference: mm, date: 2026-09-16, move: {to: 2026-09-17}}
        swaps:
          one: {people: [r-ash, r-bay], from: 2026-09-07, to: 2026-09-13}
        calendars:
          all: {name: Everything, kind: programme}
          residents: {each: resident}
        """,
    "blocks/2026-27.csv": "resident,1,2,3\nr-ash,W/X,ICU,icu\nr-bay,core,W,\n".replace("ICU", "icu"),
    "assignments/2026.csv": "person,rotation,from,to\nr-ash,icu,2026-11-02,2026-11-08\n",
    "leave/2026.csv": "person,kind,from,to\nr-bay,vacation,2026-12-21,2026-12-27\n",
    "topics/mm.csv": "topic,speaker\nPortal access,f-elm\nLysis,\n",
    "sessions/nesir.csv": "date,start,end,site\n2026-09-14,18:00,20:30,west\n",
    "presenters/mm.csv": "date,person\n2026-09-16,r-bay\n",
}


@dataclass(frozen=True)
class Folder:
    """A configuration folder, and what loading it says."""

    path: Path

    def write(self, name: str, text: str | bytes) -> None:
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else dedent(text).encode())

    def load(self) -> Program:
        return load(self.path)

    def told(self) -> list[str]:
        """What a person reads; nothing when the folder can be loaded."""
        try:
            self.load()
        except ProgramError as error:
            return [str(problem) for problem in error.problems]
        return []


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder with a complete small programme."""
    made = Folder(tmp_path)
    for name, text in FILES.items():
        made.write(name, text)
    return made
