"""`explain`: why something is on a calendar on a day, and why something else is not.

Each case of tests/golden/explain is a command and what it says; run with IRCAL_UPDATE_GOLDEN=1 to see it anew.
"""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Ircal, Told

GOLDEN = Path(__file__).parents[1] / "golden" / "explain"
CASES = sorted(GOLDEN.glob("*.txt"))
"""The commands leave out `--config`, which is the folder `config` beside them."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_golden_case_says_what_is_written(ircal: Ircal, case: Path) -> None:
    expected = case.read_text()
    command = expected.splitlines()[0]
    told = ircal(*shlex.split(command.removeprefix("$ ircal ")), "--config", str(GOLDEN / "config"))
    written = f"{command}\n{told.out}"
    if os.environ.get("IRCAL_UPDATE_GOLDEN"):
        case.write_text(written)
    assert told.code == 0
    assert written == expected


def test_there_are_golden_cases() -> None:
    assert len(CASES) >= 17


def ask(ircal: Ircal, *arguments: str) -> Told:
    return ircal("explain", "--config", str(GOLDEN / "config"), *arguments)


def entries(told: Told) -> list[dict[str, Any]]:
    return [json.loads(line) for line in told.out.splitlines()]


def test_json_has_one_object_a_line_with_every_field_of_the_contract(ircal: Ircal) -> None:
    told = entries(ask(ircal, "--calendar", "mm", "--on", "2027-04-28", "--format", "json"))
    (session,) = told
    assert session.pop("uid").endswith("@small.ircal")
    assert session.pop("sentences")[1] == {
        "text": "Moved from 2027-04-21 to 2027-04-28 by Chief resident on 2027-03-30: School vacation week.",
        "file": "programme.yaml",
        "line": 100,
        "column": "",
    }
    assert session == {
        "summary": "Quality conference (Tomasz Birch presenting)",
        "start": "2027-04-28T17:00:00-04:00",
        "end": "2027-04-28T18:00:00-04:00",
        "present": True,
        "cancelled": False,
    }


def test_a_day_without_anything_says_why_in_json_too(ircal: Ircal) -> None:
    told = entries(ask(ircal, "--calendar", "oak", "--on", "2026-10-07", "--format", "json"))
    (nothing,) = told
    assert (nothing["uid"], nothing["present"]) == ("", False)
    assert "enters on Thu 1 Jul 2027" in nothing["sentences"][0]["text"]


def uid_of_rounds(ircal: Ircal) -> str:
    told = entries(ask(ircal, "--calendar", "ash", "--on", "2026-07-01", "--format", "json"))
    return next(str(entry["uid"]) for entry in told if entry["summary"] == "Rounds")


def test_a_uid_is_explained_alone(ircal: Ircal) -> None:
    told = ask(ircal, "--uid", uid_of_rounds(ircal), "--on", "2026-07-01", "--format", "json")
    assert [(entry["summary"], entry["present"]) for entry in entries(told)] == [("Rounds", True)]


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2026-11-26", "Left out: 2026-11-26 is Thanksgiving Day."),
        ("2026-07-04", "Its rules do not name Sat 4 Jul 2026; the nearest is Fri 3 Jul 2026."),
        ("2026-07-07", "Amara Ash is excused: on leave (vacation)."),
    ],
)
def test_a_uid_on_a_day_without_it_says_why(ircal: Ircal, day: str, reason: str) -> None:
    told = entries(ask(ircal, "--uid", uid_of_rounds(ircal), "--on", day, "--format", "json"))
    assert [(entry["present"], entry["sentences"][0]["text"]) for entry in told] == [(False, reason)]


def test_a_uid_without_a_day_is_that_of_a_coming_or_the_last_session(ircal: Ircal) -> None:
    told = ask(ircal, "--uid", uid_of_rounds(ircal), "--calendar", "ash")
    if told.code == 0:  # until July 2027, when the window of today leaves that series behind
        assert "Rounds: every Monday to Friday, 07:00-07:30." in told.out
        assert "--on chooses another" in told.err
    else:
        assert "--on looks in other years" in told.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--calendar", "asch"), "Did you mean ash?"),
        (("--person", "sorell"), "Did you mean sorrel?"),
        (("--uid", "nothing@small.ircal", "--on", "2026-07-01"), "No calendar has an entry with the UID"),
        (("--calendar", "ash", "--on", "2020-01-01"), "it begins on 2026-07-01"),
    ],
)
def test_what_is_not_known_ends_with_1_and_a_sentence(ircal: Ircal, arguments: tuple[str, ...], said: str) -> None:
    told = ask(ircal, *arguments)
    assert (told.code, told.out) == (1, "")
    assert said in told.err


@pytest.mark.parametrize(
    "arguments", [(), ("--calendar", "ash", "--person", "ash"), ("--uid", "x", "--on", "9999-12-31"), ("--uid", "")]
)
def test_a_question_about_nothing_or_two_things_is_a_usage_error(ircal: Ircal, arguments: tuple[str, ...]) -> None:
    assert ask(ircal, *arguments).code == 64
