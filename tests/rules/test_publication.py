"""Until its day, a draft is as if its files were not there, whatever else names the people in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from ircal.config import load
from ircal.model.program import DraftYear
from ircal.rules.publication import published

if TYPE_CHECKING:
    from pathlib import Path

    from ircal.model.program import Program

PROGRAMME = """
program:
  id: trial
  name: Trial
  timezone: America/New_York
  first_year: 2026
  published: 2026-05-01T09:00:00-04:00
  grid: blocks
grids:
  blocks: {kind: fixed_weeks}
sites:
  west: {name: West}
rotations:
  ir: {name: IR, site: west}
people:
  ash: {name: Ash, role: resident, entered: 2024-07-01}
  elm: {name: Elm, role: resident, entered: 2026-07-01}
conferences:
  mm: {name: M&M, when: "We 17:00-18:00", audience: everyone, presenter: {pool: everyone}}
calendars:
  all: {name: Everything, kind: programme}
  residents: {each: resident}
  classes: {each: class}
overrides:
  excused: {conference: mm, date: 2027-09-01, excuse: [ash NEW]}
"""

NAMING = """\
  asked: {conference: mm, date: 2027-09-08, require: [new]}
  presents: {conference: mm, date: 2027-09-15, change: {presenter: new}}
swaps:
  weeks: {people: [ash, new], from: 2027-10-04, to: 2027-10-10}
"""

FILES = {
    "blocks/2026-27.csv": "resident,1\nash,ir\nelm,ir\n",
    "leave/early.csv": "person,kind,from,to\nash,vacation,2027-08-02,2027-08-08\n",
    "presenters/mm.csv": "date,person\n2027-07-07,ash\n",
}

DRAFT = {
    "2027-28.yaml": """\
        drafts: {2027-28: {published: 2027-05-01}}
        people: {new: {name: New, role: resident, entered: 2027-07-01}}
        milestones: {start: {name: Start, when: 2027-07-01}}
        """,
    "swaps-2027-28.yaml": "swaps: {more: {people: [ash, elm], from: 2027-11-01, to: 2027-11-07}}\n",
    "blocks/2027-28.csv": "resident,1\nash,ir\nelm,ir\nnew,ir\n",
    "assignments/2027-28.csv": "person,rotation,from,to\nelm,ir,2027-10-04,2027-10-10\n",
    "leave/2027-28.csv": "person,kind,from,to\nelm,vacation,2027-08-02,2027-08-08\n",
    "leave/more.csv": "person,kind,from,to\nnew,vacation,2027-08-02,2027-08-08\n",
    "presenters/mm.csv": "date,person\n2027-07-07,ash\n2027-07-14,new\n",
}


def laid(folder: Path, files: dict[str, str]) -> Program:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(dedent(text))
    return load(folder)


@pytest.fixture
def without(tmp_path: Path) -> Program:
    """The programme before the year was drafted."""
    return laid(tmp_path / "without", {"programme.yaml": PROGRAMME.replace(" NEW", "     "), **FILES})


@pytest.fixture
def drafted(tmp_path: Path) -> Program:
    """The programme with the draft, whose new resident is named in other files too."""
    text = PROGRAMME.replace(" NEW", ",new ") + NAMING
    return laid(tmp_path / "drafted", {"programme.yaml": text, **FILES, **DRAFT})


def test_before_its_day_a_draft_is_as_if_it_was_not_there(without: Program, drafted: Program) -> None:
    shown = published(drafted, date(2027, 4, 30))
    assert replace(shown, drafts={}) == without


def test_from_its_day_on_everything_is_there(drafted: Program) -> None:
    assert published(drafted, date(2027, 5, 1)) is drafted


def test_another_year_in_a_name_is_not_the_draft() -> None:
    draft = DraftYear(id="2027-28", published=date(2027, 5, 1))
    has = {name: draft.has(name) for name in ("2027-28.yaml", "blocks/2027-28@months.csv", "leave/x-2027-28-b.csv")}
    assert all(has.values())
    assert not any(map(draft.has, ("blocks/2026-27.csv", "12027-28.yaml", "2027-281.yaml", "2027-28/people.yaml")))
