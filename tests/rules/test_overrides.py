"""Overrides: what several say of one session, what they say of an added one, and what comes over the end of a year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from ircal.model.conferences import Session
from ircal.model.program import Window
from ircal.rules.expand import expand

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.model.program import Program
    from ircal.model.schedule import Occurrence

YEAR = Window(date(2026, 7, 1), date(2027, 7, 1))
LONGER = Window(date(2026, 7, 1), date(2028, 7, 1))
CASES = {"name": "Cases", "when": "Th 17:00-18:00", "site": "west", "room": "Room 1", "audience": "everyone"}


def with_overrides(program: Callable[..., Program], *bodies: dict[str, Any], **cases: Any) -> Program:
    overrides = {f"o{number}": {"conference": "cases", **body} for number, body in enumerate(bodies)}
    return program(conferences={"cases": {**CASES, **cases}}, overrides=overrides)


def sessions(program: Program, window: Window = YEAR) -> list[Occurrence]:
    return [item for item in expand(program, window).occurrences if item.rule.kind == "conference"]


def test_what_several_say_of_one_session_holds_in_any_order(program: Callable[..., Program]) -> None:
    say: list[dict[str, Any]] = [
        {"move": {"to": "2026-09-11", "site": "east"}},
        {"change": {"room": "Hall", "topic": "Lysis"}},
        {"change": {"at": "16:00-17:00"}},
        {"require": "ash"},
    ]
    found = set()
    for order in permutations(say):
        trial = with_overrides(program, *({"date": "2026-09-10", **each} for each in order))
        (session,) = (item for item in sessions(trial) if item.first_day == date(2026, 9, 11))
        found.add((f"{session.start:%H:%M}", session.details.location, session.details.summary))
    assert found == {("16:00", "Hall, East", "Cases: Lysis")}


def test_what_replaces_a_session_can_be_moved(program: Callable[..., Program]) -> None:
    replaced = {"date": "2026-09-10", "replace": {"name": "Visiting professor", "room": "Hall"}}
    moved = {"date": "2026-09-10", "move": {"to": "2026-09-11"}}
    for bodies in ((replaced, moved), (moved, replaced)):
        trial = with_overrides(program, *bodies)
        (session,) = (item for item in sessions(trial) if item.first_day == date(2026, 9, 11))
        assert (session.details.summary, session.details.location) == ("Visiting professor", "Hall, West")


def test_to_cancel_a_date_does_not_cancel_what_was_added_on_it(program: Callable[..., Program]) -> None:
    extra, off = {"date": "2026-09-10", "add": {"at": "07:00-08:00"}}, {"date": "2026-09-10", "cancel": True}
    both = [item for item in sessions(with_overrides(program, extra, off)) if item.first_day == date(2026, 9, 10)]
    assert [(f"{item.start:%H:%M}", item.cancelled) for item in both] == [("07:00", False), ("17:00", True)]


@pytest.mark.parametrize("body", [{"excuse": "ash"}, {"require": "ash"}])
def test_people_are_excused_from_an_added_session_too(program: Callable[..., Program], body: dict[str, Any]) -> None:
    trial = with_overrides(program, {"date": "2026-09-11", "add": {}}, {"date": "2026-09-11", **body})
    (session,) = (item for item in sessions(trial) if item.first_day == date(2026, 9, 11))
    assert "ash" in {entry.person for entry in session.attendance if entry.reason}
    assert expand(trial, YEAR).problems == ()


def test_an_added_session_is_changed_where_it_is_added(program: Callable[..., Program]) -> None:
    trial = with_overrides(
        program, {"date": "2026-09-11", "add": {}}, {"date": "2026-09-11", "change": {"room": "Hall"}}
    )
    assert [problem.code for problem in expand(trial, YEAR).problems] == ["override-without-session"]


@pytest.mark.parametrize(
    ("cases", "overrides"),
    [
        ({}, [{"date": "2027-07-08", "move": {"to": "2027-06-29"}}]),
        ({"holiday": "previous_workday", "holidays": "own"}, []),
    ],
    ids=["by hand", "by a holiday"],
)
def test_what_is_moved_into_a_year_from_the_next_is_there_whatever_window_is_looked_at(
    program: Callable[..., Program], cases: dict[str, Any], overrides: list[dict[str, Any]]
) -> None:
    own = {"own": {"add": [{"on": "2027-07-01", "name": "Inventory"}]}}
    trial = program(
        conferences={"cases": {**CASES, **cases}},
        holidays=own,
        overrides={f"o{number}": {"conference": "cases", **body} for number, body in enumerate(overrides)},
    )
    narrow, wide = sessions(trial), sessions(trial, LONGER)
    assert narrow == [item for item in wide if item.first_day < YEAR.end]
    assert narrow[-1].first_day in (date(2027, 6, 29), date(2027, 6, 30))


def test_what_has_to_be_done_before_a_session_of_the_next_year_is_due_in_this_one(
    program: Callable[..., Program],
) -> None:
    # The first session of July 2027, and its list two weeks before it.
    first = {"when": "Th[1] 17:00-18:00", "from": "2027-07-01", "presenter": {"pool": "everyone"}}
    new = {"fir": {"name": "Fir", "role": "resident", "entered": "2024-07-01"}}
    trial = program(
        people=new,
        conferences={"cases": {**CASES, **first, "deadlines": [{"name": "Case list", "days_before": 14}]}},
    )
    narrow, wide = expand(trial, YEAR), expand(trial, LONGER)
    due = [item for item in narrow.occurrences if item.rule.kind == "deadline"]
    assert [(item.first_day, item.person) for item in due] == [(date(2027, 6, 17), "fir")]
    assert due == [item for item in wide.occurrences if item.rule.kind == "deadline" and item.first_day < YEAR.end]
    assert narrow.problems == ()


def test_an_override_of_a_day_with_two_listed_sessions_would_change_both(program: Callable[..., Program]) -> None:
    trial = replace(
        program(
            conferences={"cases": {"name": "Cases", "sessions": "cases", "audience": "everyone"}},
            overrides={"o": {"conference": "cases", "date": "2026-09-10", "change": {"room": "Hall"}}},
        ),
        sessions={
            "cases": tuple(
                Session.model_validate({"date": "2026-09-10", "start": start, "end": "18:00"})
                for start in ("08:00", "13:00")
            )
        },
    )
    (problem,) = expand(trial, YEAR).problems
    assert (problem.code, problem.severity) == ("override-of-several", "error")
    assert problem.message == "cases has 2 sessions on Thu 2026-09-10, and `o` does not say which it changes"
