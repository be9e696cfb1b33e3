"""The timers, with a clock that is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from ircal.service.timers import Timers

NEW_YORK = ZoneInfo("America/New_York")
BEGAN = datetime(2026, 9, 1, 8, tzinfo=UTC)  # four in the morning there
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_every_night_there_everything_is_compared() -> None:
    timers = Timers(BEGAN)
    night = datetime(2026, 9, 2, 7, tzinfo=UTC)
    assert [timers.run_out(at, NEW_YORK) for at in (BEGAN, night - MINUTE, night, night + MINUTE)] == [
        [],
        [],
        ["night"],
        [],
    ]
    assert timers.run_out(night + 24 * HOUR, NEW_YORK) == ["night"]


def test_who_begins_in_the_evening_compares_in_the_same_night() -> None:
    timers = Timers(datetime(2026, 9, 2, 6, tzinfo=UTC))
    assert timers.run_out(datetime(2026, 9, 2, 7, tzinfo=UTC), NEW_YORK) == ["night"]


def test_what_nobody_tells_is_asked_for() -> None:
    timers = Timers(BEGAN, 5 * MINUTE)
    asked = [timers.run_out(BEGAN + number * MINUTE, NEW_YORK) for number in range(12)]
    assert [number for number, causes in enumerate(asked) if causes == ["poll"]] == [5, 10]
    assert timers.next_after(BEGAN + 11 * MINUTE, NEW_YORK) == BEGAN + 15 * MINUTE


def test_a_clock_that_jumps_runs_nothing_out_twice() -> None:
    timers = Timers(BEGAN, 5 * MINUTE)
    assert timers.run_out(BEGAN + 72 * HOUR, NEW_YORK) == ["night"]  # which asks, too
    assert timers.run_out(BEGAN, NEW_YORK) == []
    assert timers.run_out(BEGAN + 5 * MINUTE, NEW_YORK) == ["poll"]
    assert timers.run_out(BEGAN + 24 * HOUR, NEW_YORK) == ["poll"]
    assert timers.run_out(BEGAN + 96 * HOUR, NEW_YORK) == ["night"]


def test_a_new_day_begins_at_midnight_there() -> None:
    evening = datetime(2026, 11, 1, 3, 30, tzinfo=UTC)  # half past eleven, and clocks are put back in that night
    midnight = datetime(2026, 11, 1, 4, tzinfo=UTC)
    assert Timers(BEGAN).next_after(evening, NEW_YORK) == midnight
    assert Timers(BEGAN).next_after(midnight, NEW_YORK) == datetime(2026, 11, 1, 8, tzinfo=UTC)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)), st.booleans())  # noqa: DTZ001
def test_the_next_time_is_ahead_and_within_a_day(now: datetime, polls: bool) -> None:
    timers = Timers(now - 10 * HOUR, HOUR if polls else None)
    timers.run_out(now, NEW_YORK)
    assert now < timers.next_after(now, NEW_YORK) <= now + (HOUR if polls else 25 * HOUR)
