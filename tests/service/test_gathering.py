"""Bursts of triggers, with a pause that a test ends."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from queue import Queue
from typing import TYPE_CHECKING

import pytest

from ircal.errors import StoreError
from ircal.service.gathering import SHORTEST, Gathering

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass
class Store:
    """What was marked, in order, and a time that passes when a test lets it."""

    marked: list[set[str]] = field(default_factory=list)
    broken: bool = False
    now: float = 0.0
    pauses: Queue[float] = field(default_factory=Queue)
    ended: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def mark(self, calendars: Collection[str]) -> None:
        if self.broken:
            raise StoreError("The database is away.")
        self.marked.append(set(calendars))

    def wait(self, seconds: float) -> None:
        self.pauses.put(seconds)  # whatever was before the pause is done
        assert self.ended.acquire(timeout=10)
        self.now += seconds

    def in_a_pause(self) -> float:
        """Wait until nothing is done but waiting; for how many seconds that is."""
        return self.pauses.get(timeout=10)

    def end_the_pause(self) -> None:
        self.ended.release()


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def gathering(store: Store) -> Gathering:
    return Gathering(store.mark, store.wait, lambda: store.now)


def test_a_burst_is_a_mark_at_once_and_one_at_its_end(store: Store, gathering: Gathering) -> None:
    gathering.mark({"ash"})
    assert store.marked == [{"ash"}]
    assert store.in_a_pause() == SHORTEST
    for _ in range(1000):
        gathering.mark({"ash"})
    gathering.mark({"oak"})
    assert store.marked == [{"ash"}, {"oak"}]
    store.end_the_pause()
    assert store.in_a_pause() == SHORTEST * 2
    assert store.marked == [{"ash"}, {"oak"}, {"ash"}]
    store.end_the_pause()
    if thread := gathering._thread:
        thread.join(timeout=10)
    assert gathering.is_at_rest
    gathering.mark({"ash"})
    assert store.marked == [{"ash"}, {"oak"}, {"ash"}, {"ash"}]
    store.end_the_pause()


def test_what_goes_on_for_minutes_is_marked_less_and_less_often(store: Store, gathering: Gathering) -> None:
    gathering.mark({"ash"})
    pauses = []
    while store.now < 240:
        pauses.append(store.in_a_pause())
        for _ in range(20):
            gathering.mark({"ash"})
        store.end_the_pause()
    assert pauses[:6] == [1.0, 2.0, 4.0, 8.0, 16.0, 16.0]
    store.in_a_pause()
    assert len(store.marked) <= 21
    store.end_the_pause()


def test_what_cannot_be_marked_at_once_is_told(store: Store, gathering: Gathering) -> None:
    store.broken = True
    with pytest.raises(StoreError):
        gathering.mark({"ash"})
    store.broken = False
    gathering.mark({"ash"})
    assert store.marked == [{"ash"}]
    store.end_the_pause()


def test_what_cannot_be_marked_at_the_end_is_marked_later(store: Store, gathering: Gathering) -> None:
    gathering.mark({"ash"})
    store.in_a_pause()
    gathering.mark({"ash"})
    store.broken = True
    store.end_the_pause()
    store.in_a_pause()
    store.broken = False
    store.end_the_pause()
    store.in_a_pause()
    assert store.marked == [{"ash"}, {"ash"}]
    store.end_the_pause()


def test_what_waits_is_marked_when_it_ends(store: Store) -> None:
    gathering = Gathering(store.mark)
    gathering.mark({"ash"})
    gathering.mark({"ash"})
    gathering.close()
    assert store.marked == [{"ash"}, {"ash"}]
    assert not gathering._thread
