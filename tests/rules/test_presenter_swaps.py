"""Two people exchange the sessions that they present: nothing else changes, and the credit goes with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ircal.model.conferences import PublishedPresenter
from ircal.model.place import Place
from ircal.model.program import Window
from ircal.rules.expand import expand
from tests.rules import test_turns as turns

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.model.program import Program

YEAR = Window(date(2026, 7, 1), date(2027, 7, 1))
CASES = {**turns.CASES, "until": "2026-10-08"}
WEST = [
    {"person": name, "rotation": "ir-west", "start": "2026-07-01", "end": "2027-07-01", "origin": "block"}
    for name in ("ash", "birch", "cedar", "elm")
]
BY_TURN = ["ash", "birch", "cedar", "elm", "ash", "birch"]
"""Who presents on 3, 10, 17 and 24 September, 1 and 8 October."""


def exchanged(program: Callable[..., Program], *people: str, days: tuple[str, str], **more: Any) -> Program:
    """A programme in which two people exchange their sessions of two days."""
    swap = {
        "conference": "cases",
        "people": people,
        "dates": days,
        "reason": "Wedding",
        "place": Place("swaps.yaml", 2),
    }
    return program(**{"conferences": {"cases": CASES}, "assignments": WEST, "presenter_swaps": {"swap": swap}, **more})


def presenting(program: Program) -> list[str]:
    return [
        next((entry.person for entry in item.attendance if entry.reason == "presenting"), "")
        for item in expand(program, YEAR).occurrences
        if item.rule.id == "cases"
    ]


def published(program: Program, names: dict[str, str]) -> Program:
    rows = tuple(
        PublishedPresenter(date=date.fromisoformat(day), person=name, place=Place("presenters/cases.csv", line))
        for line, (day, name) in enumerate(names.items(), start=2)
    )
    return replace(program, presenters={"cases": rows})


def told(program: Program) -> list[tuple[str, str]]:
    return [(problem.code, problem.severity) for problem in expand(program, YEAR).problems]


def test_a_swap_exchanges_two_sessions_and_leaves_those_in_between(program: Callable[..., Program]) -> None:
    trial = exchanged(program, "birch", "elm", days=("2026-09-10", "2026-09-24"))
    assert presenting(trial)[:5] == ["ash", "elm", "cedar", "birch", "ash"]
    assert presenting(replace(trial, presenter_swaps=())) == BY_TURN
    assert told(trial) == []


def test_credit_is_exchanged_with_the_sessions(program: Callable[..., Program]) -> None:
    # Elm presented on 10 September, and Birch on the 24th: after Ash it is Elm who presented least recently.
    trial = exchanged(program, "birch", "elm", days=("2026-09-10", "2026-09-24"))
    assert presenting(trial)[5] == "elm"


def test_whoever_gives_the_later_session_may_be_written_first(program: Callable[..., Program]) -> None:
    one = exchanged(program, "birch", "elm", days=("2026-09-10", "2026-09-24"))
    other = exchanged(program, "elm", "birch", days=("2026-09-24", "2026-09-10"))
    assert presenting(one) == presenting(other)


def test_the_swap_is_in_the_provenance(program: Callable[..., Program]) -> None:
    trial = exchanged(program, "birch", "elm", days=("2026-09-10", "2026-09-24"))
    (item,) = (
        item for item in expand(trial, YEAR).occurrences if item.first_day == date(2026, 9, 10) and item.attendance
    )
    assert str(item.provenance[-1]) == "Birch gives this session to Elm: Wedding (swaps.yaml:2)"


def test_what_was_published_is_exchanged(program: Callable[..., Program]) -> None:
    names = {"2026-09-10": "cedar", "2026-09-17": "ash"}
    trial = published(exchanged(program, "cedar", "ash", days=("2026-09-10", "2026-09-17")), names)
    assert presenting(trial)[1:3] == ["ash", "cedar"]
    assert told(trial) == []


def test_a_list_that_says_otherwise_is_an_error_that_names_both_places(program: Callable[..., Program]) -> None:
    # The coordinator has written the swap, and the new names into the list as well.
    names = {"2026-09-10": "ash", "2026-09-17": "cedar"}
    trial = published(exchanged(program, "cedar", "ash", days=("2026-09-10", "2026-09-17")), names)
    first, second = expand(trial, YEAR).problems
    assert {(each.code, each.severity, each.place) for each in (first, second)} == {
        ("swap-without-slot", "error", Place("swaps.yaml", 2))
    }
    assert first.message == "Cedar does not present Cases on Thu 2026-09-10, Ash does"
    assert "presenters/cases.csv:2" in first.hint


def test_turns_that_have_changed_do_not_undo_a_swap_but_are_told(program: Callable[..., Program]) -> None:
    away = [{"person": "ash", "kind": "sick", "start": "2026-09-01", "end": "2026-09-08"}]
    trial = exchanged(program, "birch", "elm", days=("2026-09-10", "2026-09-24"), leave=away)
    assert (presenting(trial)[1], presenting(trial)[3]) == ("elm", "birch")
    assert told(trial) == [("presenter-swap-stale", "warning")]


def test_a_session_that_snow_cancels_is_no_error(program: Callable[..., Program]) -> None:
    closed = {"snow": {"close": {"sites": "west", "from": "2026-09-10", "to": "2026-09-10"}}}
    names = {"2026-09-10": "birch", "2026-09-24": "elm"}
    trial = exchanged(program, "birch", "elm", days=("2026-09-10", "2026-09-24"), overrides=closed)
    assert told(published(trial, names)) == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (
            {"leave": [{"person": "elm", "kind": "vacation", "start": "2026-09-07", "end": "2026-09-12"}]},
            "presenter-away",
        ),
        (
            {"conferences": {"cases": {**CASES, "presenter": {"pool": {"person": ["ash", "birch", "cedar"]}}}}},
            "presenter-outside-pool",
        ),
    ],
    ids=["away", "not of the pool"],
)
def test_whoever_cannot_take_the_session_is_told(
    program: Callable[..., Program], more: dict[str, Any], code: str
) -> None:
    names = {"2026-09-10": "birch", "2026-09-24": "elm"}
    trial = published(exchanged(program, "birch", "elm", days=("2026-09-10", "2026-09-24"), **more), names)
    assert told(trial) == [(code, "warning")]


def test_a_day_without_a_session_is_an_error(program: Callable[..., Program]) -> None:
    trial = exchanged(program, "birch", "elm", days=("2026-09-11", "2026-09-24"))
    assert ("swap-without-slot", "error") in told(trial)
