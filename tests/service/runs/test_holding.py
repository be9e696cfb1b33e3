"""Never two at one calendar, and nobody waits for long for one that is gone."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from ircal.errors import IrcalError, StoreError
from ircal.service.runs.holding import Either, Hold, Holds
from ircal.store import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Iterator

LASTS = timedelta(seconds=12)
NEVER = threading.Event()


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 9, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Away(MemoryStore):
    """A store that can be away."""

    away = False

    def hold(self, calendar: str, holder: str, lasts: timedelta, now: datetime) -> bool:
        if self.away:
            raise StoreError("The store is away.")
        return super().hold(calendar, holder, lasts, now)


@pytest.fixture
def holds() -> Iterator[Holds]:
    with closing(Holds(MemoryStore(), Clock(), LASTS)) as made:
        yield made


def test_a_calendar_is_held_by_one_and_let_go(holds: Holds) -> None:
    with holds.one("a") as first, holds.one("a") as second, holds.one("b") as other:
        assert (first is not None, second, other is not None) == (True, None, True)
    with holds.one("a") as again:
        assert again is not None


def test_one_that_is_frozen_finds_that_it_was_taken_over() -> None:
    store, clock = MemoryStore(), Clock()
    frozen, other = (Hold(store, "a", clock, LASTS) for _ in range(2))
    assert (frozen.take(), other.take()) == (True, False)
    clock.now += LASTS
    assert other.take() is True
    assert (frozen.renew(), frozen.lost.is_set(), other.renew()) == (False, True, True)
    frozen.let_go()
    assert other.renew() is True


def test_one_that_was_let_go_is_not_taken_again_by_who_renews_it() -> None:
    """The thread that renews holds may be about to when one is let go."""
    store, clock = MemoryStore(), Clock()
    hold = Hold(store, "a", clock, LASTS)
    assert hold.take()
    hold.let_go()
    assert (hold.renew(), store.held(clock.now), hold.lost.is_set()) == (False, set(), False)


def test_a_hold_is_renewed_by_itself() -> None:
    store = MemoryStore()
    short = timedelta(seconds=0.2)
    renewed = threading.Event()

    class Watched(MemoryStore):
        times = 0

        def hold(self, calendar: str, holder: str, lasts: timedelta, now: datetime) -> bool:
            self.times += 1
            if self.times == 4:
                renewed.set()
            return store.hold(calendar, holder, lasts, now)

    with closing(Holds(Watched(), lambda: datetime.now(UTC), short)) as holds, holds.one("a") as hold:
        assert hold is not None
        assert renewed.wait(30)
        assert (hold.lost.is_set(), store.held(datetime.now(UTC))) == (False, {"a"})


def test_a_store_that_is_away_is_waited_for_as_long_as_the_hold_lasts() -> None:
    store = Away()
    long, over = Hold(store, "a", Clock(), LASTS), Hold(store, "b", Clock(), timedelta(0))
    assert (long.take(), over.take()) == (True, True)
    store.away = True
    assert (long.renew(), long.lost.is_set()) == (True, False)
    assert (over.renew(), over.lost.is_set()) == (False, True)


def test_many_are_held_together_once_the_others_are_done(holds: Holds) -> None:
    told: list[str] = []
    with holds.one("b") as other:
        assert other is not None

        def waiting(calendar: str) -> None:
            told.append(calendar)
            other.let_go()

        with holds.all(["b", "a"], NEVER, waiting, LASTS) as halt:
            assert not halt.is_set()
    assert told == ["b"]


def test_nobody_waits_for_ever(holds: Holds) -> None:
    stop = threading.Event()
    with holds.one("a"):
        with (
            pytest.raises(IrcalError, match=r"Another ircal is at a and has not come to an end\."),
            holds.all(["a"], stop, lambda _: None, timedelta(0)),
        ):
            pass
        stop.set()
        with pytest.raises(IrcalError), holds.all(["a"], stop, lambda _: None, timedelta(hours=1)):
            pass


def test_either_is_set_by_any() -> None:
    one, other = threading.Event(), threading.Event()
    either = Either(one, other)
    assert (either.is_set(), either.wait(0.01)) == (False, False)
    other.set()
    assert (either.is_set(), either.wait(60)) == (True, True)
