"""How many calls a minute are let through, without a second of waiting."""

from __future__ import annotations

from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import pytest

from ircal.errors import StoreError
from ircal.google.counting import InDatabase, InFile
from ircal.google.pacing import Pace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ircal.google.counting import Counts


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


def opened(place: str, request: pytest.FixtureRequest, tmp_path: Path) -> Counts:
    if place == "file":
        return InFile(tmp_path / "state" / "calls.db")
    return InDatabase(request.getfixturevalue("postgresql_url"))


@pytest.fixture(params=["file", "database"])
def counts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Counts]:
    with closing(opened(request.param, request, tmp_path)) as made:
        yield made


@pytest.fixture(params=["alone", "file", "database"])
def pace(request: pytest.FixtureRequest, time: Time, tmp_path: Path) -> Iterator[Pace]:
    with ExitStack() as stack:
        alone = request.param == "alone"
        counts = None if alone else stack.enter_context(closing(opened(request.param, request, tmp_path)))
        yield Pace(10, time.sleep, time.clock, counts)


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


def test_who_counts_in_one_place_shares_what_there_is(counts: Counts, time: Time) -> None:
    one, other = (Pace(10, time.sleep, time.clock, counts) for _ in range(2))
    one.take("me", "a", 5)
    other.take("me", "b", 5)
    assert time.slept == []
    one.take("me", "c", 1)
    assert sum(time.slept) == pytest.approx(60, abs=0.5)


def test_whoever_waits_can_be_called_away(time: Time) -> None:
    def called(_: float) -> None:
        raise KeyboardInterrupt

    pace = Pace(2, called, time.clock)
    pace.take("me", "a", 1)
    with pytest.raises(KeyboardInterrupt):
        pace.take("me", "a", 1)


def test_a_file_that_cannot_be_told_with_a_remedy(time: Time, tmp_path: Path) -> None:
    (tmp_path / "calls.db").write_bytes(b"no database" * 100)
    with closing(InFile(tmp_path / "calls.db")) as counts, pytest.raises(StoreError, match="cannot be remembered"):
        Pace(10, time.sleep, time.clock, counts).take("me", "a", 1)


def test_a_folder_that_cannot_be_made_too(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    with pytest.raises(StoreError, match="cannot be remembered"):
        InFile(tmp_path / "state" / "calls.db")


def test_a_database_that_went_away(postgresql_url: str, time: Time) -> None:
    with closing(InDatabase(postgresql_url)) as counts:
        pace = Pace(10, time.sleep, counts.clock, counts)
        pace.take("me", "a", 1)
        counts.close()
        with pytest.raises(StoreError, match="cannot be remembered") as refused:
            pace.take("me", "a", 1)
    assert "postgresql" not in str(refused.value)
