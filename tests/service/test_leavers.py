from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ircal.service import Leavers
from ircal.store import Token
from tests.service.conftest import Coordinator

THERE = ZoneInfo("America/New_York")
ISSUED = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def token(calendar: str, person: str = "", expires: datetime | None = None) -> Token:
    return Token("one", calendar, ISSUED, person=person, expires=expires)


@pytest.fixture
def leavers(coordinator: Coordinator) -> Leavers:
    """Of the programme in which Ash entered in 2026 and so graduates in 2031, and Bay in 2029."""
    return Leavers.of(coordinator.load(), 30)


GRADUATED = datetime(2031, 7, 31, tzinfo=THERE)


def test_a_link_outlives_the_last_day_of_its_reader(leavers: Leavers) -> None:
    assert leavers.end_of(token("rounds", "ash")) == GRADUATED
    assert leavers.end_of(token("ash", "bay")) == datetime(2029, 7, 31, tzinfo=THERE)


def test_the_link_to_a_residents_calendar_is_theirs_unless_it_says_otherwise(leavers: Leavers) -> None:
    assert leavers.end_of(token("ash")) == GRADUATED


def test_a_link_for_nobody_in_particular_does_not_end(leavers: Leavers) -> None:
    assert leavers.end_of(token("rounds")) is None
    assert leavers.end_of(token("calendar-that-is-gone")) is None


def test_a_link_for_somebody_who_is_not_known_any_more_has_ended(leavers: Leavers) -> None:
    assert leavers.end_of(token("rounds", "cole")) == ISSUED


def test_whichever_end_comes_first_counts(leavers: Leavers) -> None:
    grace = ISSUED + timedelta(days=7)
    assert leavers.end_of(token("rounds", "ash", grace)) == grace
    assert leavers.end_of(token("rounds", "ash", GRADUATED + timedelta(days=7))) == GRADUATED
    assert leavers.end_of(token("rounds", expires=grace)) == grace


def test_who_leaves_early_or_stays_longer_is_asked_of_the_programme(coordinator: Coordinator) -> None:
    program = coordinator.load()
    ash = program.people["ash"].model_copy(update={"left": date(2027, 1, 1)})
    changed = Leavers.of(replace(program, people={"ash": ash}), 0)
    assert changed.end_of(token("rounds", "ash")) == datetime(2027, 1, 1, tzinfo=THERE)
