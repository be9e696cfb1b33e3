"""`show`: what is printed for people and for machines."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tests.cli.conftest import EXAMPLE

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
    told = ircal(
        "show",
        "occurrences",
        "--config",
        str(small),
        "--calendar",
        "rounds",
        "--from",
        "2026-07-06",
        "--to",
        "2026-07-10",
        "--format",
        "json",
    )
    assert len(told.out.splitlines()) == 5


def test_an_unknown_calendar_names_the_closest(ircal: Ircal, small: Path) -> None:
    told = ircal("show", "occurrences", "--config", str(small), "--calendar", "round")
    assert told.code == 1
    assert "Did you mean rounds?" in told.err


def test_days_in_the_wrong_order_are_refused(ircal: Ircal, small: Path) -> None:
    told = ircal(
        "show", "occurrences", "--config", str(small), "--calendar", "ash", "--from", "2026-07-02", "--to", "2026-07-01"
    )
    assert told.code == 1
    assert "--to 2026-07-01 is before --from 2026-07-02" in told.err


def test_the_block_schedule_shows_every_resident_of_the_year_and_a_legend(ircal: Ircal) -> None:
    told = ircal("show", "schedule", "--config", str(EXAMPLE), "--year", "2026")
    lines = told.out.splitlines()
    residents = {line.split()[2] for line in lines if line.startswith("PGY-")}
    assert residents == {"Ash", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Juniper", "Larch", "Maple", "Oak"}
    assert re.search(r"\bW +IR West\b", told.out)


def test_the_calendars_are_listed(ircal: Ircal, small: Path) -> None:
    told = ircal("show", "calendars", "--config", str(small))
    assert [line.split()[0] for line in told.out.splitlines()[1:]] == ["ash", "rounds"]


def test_the_block_schedule_as_a_picture_needs_nothing_from_elsewhere(ircal: Ircal, tmp_path: Path) -> None:
    assert ircal("show", "schedule", "--config", str(EXAMPLE), "--year", "2026", "--svg", "year.svg").code == 0
    drawing = (tmp_path / "year.svg").read_text()
    assert set(re.findall(r"url\(\W?https?:[^)]*", drawing)) == set()
    assert "Amara" in drawing
    assert drawing == (EXAMPLE.parent / "docs" / "images" / "schedule.svg").read_text(), "run `make picture`"
