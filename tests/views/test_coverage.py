"""Who is where, week by week."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ircal.checks import Ground
from ircal.config import load
from ircal.rules.expand import expand
from ircal.views.coverage import AHEAD, Counted, Stay, whereabouts_of
from tests.checks.conftest import YEAR, Folder, made

if TYPE_CHECKING:
    from pathlib import Path

    from ircal.views.coverage import Row, Whereabouts

TODAY = date(2026, 9, 16)
"""A Wednesday."""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return made(tmp_path)


def seen(folder: Folder, today: date = TODAY) -> Whereabouts:
    return whereabouts_of(Ground.of(expand(load(folder.path), YEAR)), today)


def row(found: Whereabouts, rotation: str) -> Row:
    return next(each for site in found.sites for each in site.rows if each.id == rotation)


def names(stays: tuple[Stay, ...]) -> list[tuple[str, str]]:
    return [(each.name, each.days) for each in stays]


def test_it_begins_with_this_week_and_has_twelve_more(folder: Folder) -> None:
    found = seen(folder)
    assert found.weeks[0] == date(2026, 9, 14)
    assert len(found.weeks) == AHEAD + 1
    assert [site.name for site in found.sites] == ["East", "West"]
    assert names(row(found, "ir-west").weeks[0]) == [("Ash", ""), ("Birch", "")]
    assert {len(each.weeks) for site in found.sites for each in site.rows} == {AHEAD + 1}


def test_whoever_is_in_two_places_in_a_week_stands_in_both_with_the_days(folder: Folder) -> None:
    folder.write("assignments/2026.csv", "person,rotation,from,to\nash,icu,2026-09-16,2026-09-17\n")
    found = seen(folder)
    assert names(row(found, "icu").weeks[0]) == [("Ash", "Wed to Thu")]
    assert names(row(found, "ir-west").weeks[0]) == [("Ash", "Mon, Tue, Fri"), ("Birch", "")]
    assert names(row(found, "icu").weeks[1]) == []


def test_leave_takes_somebody_away_and_is_told_by_its_kind(folder: Folder) -> None:
    folder.write("leave/2026.csv", "person,kind,from,to\nash,vacation,2026-09-14,2026-09-18\n")
    found = seen(folder)
    [vacation] = found.leave
    assert (vacation.name, names(vacation.weeks[0]), names(vacation.weeks[1])) == ("vacation", [("Ash", "")], [])
    assert names(row(found, "ir-west").weeks[0]) == [("Birch", "")]


def test_a_resident_without_assignment_is_told(folder: Folder) -> None:
    folder.write("blocks/2026-27.csv", "resident,1,2,3\nash,W,W,W\nbirch,W,W,W\ncedar,E,E,E\nelm,E,E,\n")
    found = seen(folder)
    assert names(found.unassigned.weeks[0]) == [("Elm", "")]


def test_holes_and_surplus_are_those_of_the_checks(folder: Folder) -> None:
    folder.write(
        "checks.yaml",
        """
        checks:
          coverage:
            west: {name: West, count: {rotation: ir-west}, min: 2}
            east: {name: East, count: {rotation: [ir-east]}, max: 1, until: 2026-09-20}
            work: {name: At work, count: {pgy: 2..6}, min: 4, max: 9}
        """,
    )
    folder.write("leave/2026.csv", "person,kind,from,to\nash,vacation,2026-09-22,2026-09-22\n")
    found = seen(folder)
    east, west, work = found.wanted
    assert [each.in_words for each in found.wanted] == ["at most 1", "2 or more", "4 to 9"]
    assert [each.site for each in found.wanted] == ["East", "West", ""]
    assert west.weeks[:2] == (Counted("kept", 2, 2), Counted("low", 1, 2))
    assert east.weeks[:2] == (Counted("high", 2, 2), Counted("open"))
    assert [(of.id, week, counted.kept) for of, week, counted in found.holes] == [
        ("east", date(2026, 9, 14), "high"),
        ("work", date(2026, 9, 21), "low"),
        ("west", date(2026, 9, 21), "low"),
    ]
    assert work.weeks[0].kept == "kept"


def test_the_site_with_most_people_comes_first(folder: Folder) -> None:
    folder.write("leave/2026.csv", "person,kind,from,to\nelm,vacation,2026-09-14,2026-09-18\n")
    assert [site.name for site in seen(folder).sites] == ["West", "East"]


def test_weeks_that_the_schedule_does_not_hold_have_nobody(folder: Folder) -> None:
    found = seen(folder, date(2027, 6, 9))
    west = row(found, "ir-west")
    assert names(west.weeks[0])
    assert not west.weeks[-1]


def test_people_with_the_same_last_name_are_named_in_full(folder: Folder) -> None:
    folder.write("more.yaml", "people: {dean: {name: Avery Ash, role: fellow}, guest: {name: Ina Yew, role: fellow}}")
    folder.write("assignments/2026.csv", "person,rotation,from,to\nguest,icu,2026-09-14,2026-09-18\n")
    found = seen(folder)
    assert [(each.name, each.short) for each in row(found, "ir-west").weeks[0]] == [("Ash", "Ash"), ("Birch", "Birch")]
    assert [(each.name, each.short) for each in row(found, "icu").weeks[0]] == [("Ina Yew", "Yew")]
    folder.write("assignments/2026.csv", "person,rotation,from,to\ndean,icu,2026-09-14,2026-09-18\n")
    assert [each.short for each in row(seen(folder), "icu").weeks[0]] == ["Avery Ash"]
