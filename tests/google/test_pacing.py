"""How many calls a minute are let through, without a second of waiting."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from ircal.google.pacing import Pace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Time:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture(params=["alone", "shared"])
def pace(request: pytest.FixtureRequest, time: Time, tmp_path: Path) -> Iterator[Pace]:
    file = tmp_path / "state" / "calls.db" if request.param == "shared" else None
    with closing(Pace(10, time.clock, time.sleep, file)) as made:
        yield made


def test_what_is_allowed_is_not_waited_for(pace: Pace, time: Time) -> None:
    for calendar in ("a", "b"):
        for _ in range(5):
            pace.take("me", calendar, 1)
    assert (time.slept, pace.used("me")) == ([], 10)


def test_an_account_that_has_used_its_minute_waits_until_it_is_over(pace: Pace, time: Time) -> None:
    pace.take("me", "a", 5)
    time.now += 20
    pace.take("me", "b", 5)
    pace.take("me", "c", 1)
    assert sum(time.slept) == pytest.approx(40, abs=0.5)
    assert pace.used("me") == 6


def test_a_calendar_has_half_of_it(pace: Pace, time: Time) -> None:
    pace.take("me", "a", 5)
    pace.take("me", "a", 1)
    assert sum(time.slept) == pytest.approx(60, abs=0.5)


def test_another_account_has_a_minute_of_its_own(pace: Pace, time: Time) -> None:
    for account in ("me", "you"):
        pace.take(account, "a", 5)
    assert time.slept == []


def test_a_batch_is_as_many_calls_as_it_holds_be_it_more_than_a_minutes_worth(pace: Pace, time: Time) -> None:
    pace.take("me", "a", 12)
    assert sum(time.slept) == pytest.approx(120, abs=1)


def test_processes_share_what_there_is(time: Time, tmp_path: Path) -> None:
    with (
        closing(Pace(10, time.clock, time.sleep, tmp_path / "calls.db")) as one,
        closing(Pace(10, time.clock, time.sleep, tmp_path / "calls.db")) as other,
    ):
        one.take("me", "a", 5)
        other.take("me", "b", 5)
        assert time.slept == []
        one.take("me", "c", 1)
        assert sum(time.slept) == pytest.approx(60, abs=0.5)
