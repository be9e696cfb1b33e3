"""Laws of the difference: none to itself, and the other way round it is the same events."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from ircal.config import load
from ircal.difference import State, compare
from ircal.feeds import make_feeds
from ircal.model.program import Window
from ircal.service import schedule_of
from tests.cli.conftest import EXAMPLE

if TYPE_CHECKING:
    from ircal.model.program import Program

WINDOW = Window(date(2026, 9, 1), date(2026, 12, 1))
OTHER_WAY = {"added": "removed", "removed": "added", "cancelled": "restored", "restored": "cancelled"}


def state(program: Program) -> State:
    schedule = schedule_of(program, WINDOW)
    return State(schedule, make_feeds(schedule, program.calendars.values(), WINDOW))


@pytest.fixture(scope="module")
def example() -> Program:
    return load(EXAMPLE)


def test_there_is_no_difference_between_a_programme_and_itself(example: Program) -> None:
    assert compare(state(example), state(example), WINDOW).nothing


def test_the_other_way_round_it_is_the_same_events(example: Program) -> None:
    fewer = replace(example, overrides=example.overrides[::2], assignments=example.assignments[:-20])
    one, other = state(example), state(fewer)
    there, back = compare(one, other, WINDOW), compare(other, one, WINDOW)
    assert there.people
    assert there.people.keys() == back.people.keys()
    assert there.calendars.keys() == back.calendars.keys()
    for name, edits in there.people.items():
        kinds = sorted(OTHER_WAY.get(edit.kind, edit.kind) for edit in edits)
        assert sorted(edit.kind for edit in back.people[name]) == kinds
    told = {(edit.before, edit.after) for edits in there.calendars.values() for edit in edits}
    assert told == {(edit.after, edit.before) for edits in back.calendars.values() for edit in edits}
