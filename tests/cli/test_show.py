"""`show`: what is printed for people and for machines."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import EXAMPLE, edit, rounds

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Ircal


def test_an_occurrence_as_json_has_every_field_of_the_contract(ircal: Ircal, small: Path) -> None:
    told = ircal(
        "show",
        "occurrences",
        "--config",
        str(small),
        "--calendar",
        "ash",
        "--from",
        "2026-07-01",
        "--to",
        "2026-07-01",
        "--format",
        "json",
    )
    banner, rounds = (json.loads(line) for line in told.out.splitlines())
    assert (banner.pop("uid"), rounds.pop("uid")) != ("", "")
    assert banner == {
        "start": "2026-07-01",
        "end": "2026-08-24",
        "all_day": True,
        "summary": "IR West",
        "location": "West Campus, 1 Example Street",
        "status": "CONFIRMED",
        "provenance": [
            "block schedule: ir (blocks/2026-27.csv:2, column 1)",
            "block schedule: ir (blocks/2026-27.csv:2, column 2)",
        ],
    }
    assert rounds == {
        "start": "2026-07-01T07:00:00-04:00",
        "end": "2026-07-01T07:30:00-04:00",
        "all_day": False,
        "summary": "Rounds",
        "location": "West Campus, 1 Example Street",
        "status": "CONFIRMED",
        "provenance": ["Rounds: FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR 07:00-07:30 (programme.yaml:18)"],
    }


def test_both_days_are_included(ircal: Ircal, small: Path) -> None:
    told = rounds(ircal, small, "2026-07-06", "2026-07-10", "--format", "json")
    assert len(told.out.splitlines()) == 5


def test_an_unknown_calendar_names_the_closest(ircal: Ircal, small: Path) -> None:
    told = ircal("show", "occurrences", "--config", str(small), "--calendar", "round")
    assert told.code == 1
    assert "Did you mean rounds?" in told.err


def test_days_in_the_wrong_order_are_refused(ircal: Ircal, small: Path) -> None:
    told = ircal(
        "show", "occurrences", "--config", str(small), "--calendar", "ash", "--from", "2026-07-02", "--to", "2026-07-01"
    )
    assert told.code == 64
    assert "--to 2026-07-01 is before --from 2026-07-02" in told.err


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--from", "9999-12-31", "9999-12-31 is not in a year from 1970 to 2100"),
        ("--to", "0001-01-01", "0001-01-01 is not in a year from 1970 to 2100"),
        ("--to", "2026-02-30", "'2026-02-30' is not a date; write it as 2026-11-02"),
        ("--from", "", "'' is not a date; write it as 2026-11-02"),
        ("--calendar", " ", "it is empty; give it a value, or leave the option out"),
        ("--config", "", "it is empty; give it a value, or leave the option out"),
    ],
)
def test_a_value_that_cannot_be_is_a_usage_error(
    ircal: Ircal, small: Path, option: str, value: str, sentence: str
) -> None:
    told = ircal("--config", str(small), "show", "occurrences", "--calendar", "ash", option, value)
    assert told.code == 64
    assert sentence in told.err


@pytest.mark.parametrize("year", ["0", "9999", "-1", "abc", ""])
def test_a_year_that_cannot_be_is_a_usage_error(ircal: Ircal, small: Path, year: str) -> None:
    told = ircal("show", "schedule", "--config", str(small), "--year", year)
    assert told.code == 64
    assert "Invalid value for '--year'" in told.err
    assert told.out == ""


def test_before_its_first_year_the_programme_has_nothing(ircal: Ircal, small: Path) -> None:
    told = ircal("show", "occurrences", "--config", str(small), "--calendar", "ash", "--to", "1999-12-31")
    assert (told.code, told.out) == (1, "")
    assert "nothing from 1999-07-01 to 1999-12-31: it begins on 2026-07-01" in told.err


def test_a_year_without_a_block_schedule_names_those_that_there_are(ircal: Ircal) -> None:
    told = ircal("show", "schedule", "--config", str(EXAMPLE), "--year", "1999")
    assert (told.code, told.out) == (1, "")
    assert told.err == "The block schedule has nothing in 1999-00.\nIt has 2026-27 and 2027-28.\n"


@pytest.mark.parametrize(
    ("option", "day", "days"),
    [("--from", "2028-06-29", ["2028-06-29", "2028-06-30"]), ("--to", "2026-07-02", ["2026-07-01", "2026-07-02"])],
)
def test_one_day_alone_leaves_the_other_end_to_the_academic_year(
    ircal: Ircal, small: Path, option: str, day: str, days: list[str]
) -> None:
    command = ("show", "occurrences", "--config", str(small), "--calendar", "rounds", "--format", "json")
    told = ircal(*command, option, day)
    assert [json.loads(line)["start"][:10] for line in told.out.splitlines()] == days


def test_config_may_stand_after_the_group_and_the_innermost_wins(
    ircal: Ircal, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IRCAL_CONFIG", "environment")
    assert ircal("show", "--config", str(small), "calendars").code == 0
    assert ircal("token", "--config", str(small), "issue", "--calendar", "ash").code == 0
    assert ircal("--config", "root", "show", "--config", str(small), "calendars").code == 0
    assert ircal("--config", "root", "show", "--config", "group", "calendars", "--config", str(small)).code == 0
    assert "no folder group" in ircal("--config", str(small), "show", "--config", "group", "calendars").err


def test_a_place_is_told_with_its_room_and_site_whatever_commas_are_in_them(ircal: Ircal, small: Path) -> None:
    edit(small, "site: west, audience", 'site: west, room: "West, Room 2", audience')
    told = rounds(ircal, small, "2026-07-06", "2026-07-06")
    assert told.out.splitlines()[1].rstrip().endswith("Rounds  West, Room 2, West Campus")
    assert told.err == "1 occurrence.\n"


def test_the_block_schedule_shows_every_resident_of_the_year_and_a_legend(ircal: Ircal) -> None:
    told = ircal("show", "schedule", "--config", str(EXAMPLE), "--year", "2026")
    lines = told.out.splitlines()
    residents = {line.split()[2] for line in lines if line.startswith("PGY-")}
    assert residents == {"Ash", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Juniper", "Larch", "Maple", "Oak"}
    assert re.search(r"\bW +IR West\b", told.out)


def test_a_name_that_leave_cuts_is_in_the_legend(ircal: Ircal, small: Path) -> None:
    edit(small, "short: W", "short: WEST")
    (small / "leave").mkdir()
    (small / "leave" / "leave.csv").write_text("person,kind,from,to\nash,vacation,2026-07-13,2026-07-19\n")
    lines = ircal("show", "schedule", "--config", str(small), "--year", "2026").out.splitlines()
    row = next(line for line in lines if "Robin Ash" in line)
    assert row.split()[3:7] == ["WEST", "--", "WE", "WEST"]
    assert any(line.split()[:4] == ["WEST", "WE", "IR", "West"] for line in lines)


def test_the_calendars_are_listed(ircal: Ircal, small: Path) -> None:
    told = ircal("show", "calendars", "--config", str(small))
    assert [line.split()[0] for line in told.out.splitlines()[1:]] == ["ash", "rounds"]


@pytest.mark.parametrize("columns", ["20", "80"])
def test_an_id_is_never_cut(ircal: Ircal, small: Path, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    long = "the-rounds-that-everybody-comes-to-and-nobody-forgets"
    edit(small, "  rounds: {name: Rounds, kind", f"  {long}: {{name: Rounds, kind")
    edit(small, "ash@example.org", f"{long}@group.calendar.google.com")
    monkeypatch.setenv("COLUMNS", columns)
    told = ircal("show", "calendars", "--config", str(small))
    assert [line.split()[0] for line in told.out.splitlines()[1:]] == ["ash", long]
    assert f"{long}@group.calendar.google.com" in told.out


def test_the_calendars_as_json(ircal: Ircal, small: Path) -> None:
    told = ircal("show", "calendars", "--config", str(small), "--format", "json")
    assert [json.loads(line) for line in told.out.splitlines()] == [
        {
            "id": "ash",
            "name": "Robin Ash",
            "kind": "resident",
            "of": "ash",
            "public": False,
            "google": "ash@example.org",
            "file": "ash.ics",
        },
        {
            "id": "rounds",
            "name": "Rounds",
            "kind": "conference",
            "of": "rounds",
            "public": True,
            "google": "",
            "file": "rounds.ics",
        },
    ]


@pytest.mark.parametrize("place", [("nowhere", "year.svg"), (".",)])
def test_a_picture_that_cannot_be_written_is_a_sentence(ircal: Ircal, small: Path, place: tuple[str, ...]) -> None:
    told = ircal("show", "schedule", "--config", str(small), "--year", "2026", "--svg", "/".join(place))
    assert told.code == 1
    assert told.err.startswith("/".join(place))
    assert len(told.err.splitlines()) == 2


def test_the_block_schedule_as_a_picture_needs_nothing_from_elsewhere(ircal: Ircal, tmp_path: Path) -> None:
    assert ircal("show", "schedule", "--config", str(EXAMPLE), "--year", "2026", "--svg", "year.svg").code == 0
    drawing = (tmp_path / "year.svg").read_text()
    assert set(re.findall(r"url\(\W?https?:[^)]*", drawing)) == set()
    assert "Amara" in drawing
    assert drawing == (EXAMPLE.parent / "docs" / "images" / "schedule.svg").read_text(), "run `make picture`"
