"""Presenters that are made known stay, and nothing else changes by it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ircal.announcement import Row, file_after, file_of, unannounced
from ircal.config import load
from ircal.model.program import Window
from ircal.rules.expand import expand
from tests.checks.conftest import Folder, made

if TYPE_CHECKING:
    from pathlib import Path

    from ircal.model.schedule import Schedule

YEAR = Window(date(2026, 7, 1), date(2027, 7, 1))
UNTIL = date(2026, 12, 31)
CONFERENCES = """\
    conferences:
      mm: {name: M&M, when: "We[3] 17:00-18:00", audience: everyone, presenter: {pool: everyone}}
      rounds: {name: Rounds, when: Mo 07:00-07:30, season: 09-01..09-30, audience: everyone}
    overrides:
      off: {conference: mm, date: 2026-09-16, cancel: true}
      guest: {conference: mm, date: 2026-10-21, change: {presenter: cedar}}
      later: {conference: mm, date: 2026-11-18, move: {to: 2026-11-19}}
    swaps:
      talks: {people: [ash, birch], conference: mm, dates: [2026-07-15, 2026-12-16]}
    """


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    small = made(tmp_path)
    small.write("conferences.yaml", CONFERENCES)
    small.write("presenters/mm.csv", "# Made known in June.\nperson,date\nelm,2026-08-19\n")
    return small


def schedule(folder: Folder) -> Schedule:
    return expand(load(folder.path), YEAR)


def presenting(folder: Folder) -> dict[date, str]:
    part = schedule(folder).parts["conference:mm"]
    return {item.first_day: each.person for item in part for each in item.attendance if each.reason == "presenting"}


def announce(folder: Folder) -> None:
    for name, rows in unannounced(schedule(folder), UNTIL).items():
        path = folder.path / file_of(name)
        path.write_text(file_after(path.read_text(), rows))


def test_who_has_a_turn_and_is_not_fixed_is_to_be_made_known(folder: Folder) -> None:
    found = unannounced(schedule(folder), UNTIL)
    # Of the sessions that are swapped it is who gives them; the one that is moved goes by the date of its rule.
    assert found == {
        "mm": (Row(date(2026, 7, 15), "ash"), Row(date(2026, 11, 18), "birch"), Row(date(2026, 12, 16), "birch"))
    }


def test_what_is_made_known_changes_nothing_and_stays_when_somebody_comes(folder: Folder) -> None:
    before = presenting(folder)
    announce(folder)
    assert presenting(folder) == before
    assert unannounced(schedule(folder), UNTIL) == {}
    told = {day: person for day, person in before.items() if day <= UNTIL}
    folder.write("people.yaml", "people: {aspen: {name: Aspen, role: resident, entered: 2022-07-01}}")
    folder.write("assignments/x.csv", "person,rotation,from,to\naspen,ir-west,2026-07-01,2027-06-30\n")
    after = presenting(folder)
    assert {day: person for day, person in after.items() if day in told} == told
    assert after[date(2027, 1, 20)] == "aspen"


def test_without_it_somebody_who_comes_moves_the_turns(folder: Folder) -> None:
    before = presenting(folder)
    folder.write("people.yaml", "people: {aardvark: {name: Aardvark, role: resident, entered: 2022-07-01}}")
    folder.write("assignments/x.csv", "person,rotation,from,to\naardvark,ir-west,2026-07-01,2027-06-30\n")
    assert presenting(folder) != before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "date,person\n2026-09-02,ash\n"),
        ("", "date,person\n2026-09-02,ash\n"),
        ("# A list\nperson,date\nelm,2026-08-19", "# A list\nperson,date\nelm,2026-08-19\nash,2026-09-02\n"),
        ("\ufeffdate,person\r\n", "\ufeffdate,person\r\n2026-09-02,ash\r\n"),
    ],
)
def test_rows_are_added_at_the_end_as_the_file_is_written(before: str | None, after: str) -> None:
    assert file_after(before, [Row(date(2026, 9, 2), "ash")]) == after
