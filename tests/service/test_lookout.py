"""What the lookout makes due, turn by turn, with a clock that is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ircal.errors import StoreError
from ircal.service import FeedBook
from ircal.service.folder import FolderDigest
from ircal.service.lookout import Chores, Lookout
from ircal.service.timers import Timers
from ircal.store import MemoryStore
from tests.service.conftest import NOW, Coordinator

if TYPE_CHECKING:
    from collections.abc import Collection

    import pytest

    from ircal.service.triggers import Cause


class Scene:
    """A lookout over a folder of which one calendar is in Google, its clock, and what it has marked."""

    def __init__(self, coordinator: Coordinator) -> None:
        coordinator.edit("calendars.yaml", "of: mm}", "of: mm, google: mm@example.org}")
        self.now = NOW
        self.marked: list[tuple[Collection[str] | None, Cause]] = []
        self.away = False
        self.chores, self.busy = 0, False
        timers = Timers(NOW, timedelta(minutes=5))
        chores = Chores(self.chore, is_busy=lambda: self.busy)
        self.lookout = Lookout(timers, self.clock, timedelta(seconds=10), chores, lambda: ["mm"])
        folder = coordinator.folder
        self.book = FeedBook(
            coordinator.load, FolderDigest(folder), MemoryStore(), 2, taken=self.lookout.taken
        )  # fmt: skip

    def clock(self) -> datetime:
        return self.now

    def chore(self) -> None:
        self.chores += 1
        if self.away:
            raise StoreError("The store is away.")

    def mark(self, calendars: Collection[str] | None, cause: Cause, by: str = "") -> None:
        del by
        if self.away:
            raise StoreError("The store is away.")
        self.marked.append((calendars, cause))

    def look(self) -> None:
        raise NotImplementedError

    def turn(self, later: timedelta = timedelta(0)) -> list[tuple[Collection[str] | None, Cause]]:
        """What is marked in one turn, so much later."""
        self.now += later
        self.marked.clear()
        self.lookout.turn(self.book, self)
        return list(self.marked)


def test_all_is_due_at_the_beginning_and_then_what_an_edit_changes(coordinator: Coordinator) -> None:
    scene = Scene(coordinator)
    scene.lookout.begin()
    assert [scene.turn(), scene.turn()] == [[(None, "start")], []]
    coordinator.edit("conferences.yaml", "name: M&M", "name: Quality")
    assert [scene.turn(), scene.turn()] == [[(["mm"], "programme")], []]
    coordinator.edit("conferences.yaml", "name: Grand Rounds", "name: Rounds")  # which is in no Google calendar
    assert scene.turn() == []
    coordinator.edit("conferences.yaml", "name: Quality", "nme: Quality")
    assert scene.turn() == []


def test_the_window_moves_on_with_the_year(coordinator: Coordinator) -> None:
    scene = Scene(coordinator)
    coordinator.edit("conferences.yaml", ", until: 2026-12-31", "")
    scene.turn(datetime(2027, 7, 1, 3, 59, tzinfo=NOW.tzinfo) - NOW)
    assert scene.turn(timedelta(minutes=1)) == [(["mm"], "midnight")]


def test_timers_run_out(coordinator: Coordinator) -> None:
    scene = Scene(coordinator)
    scene.turn()
    assert scene.turn(timedelta(minutes=5)) == [(["mm"], "poll")]
    assert scene.turn(timedelta(hours=24)) == [(None, "night")]


def test_what_cannot_be_marked_is_marked_later(coordinator: Coordinator, caplog: pytest.LogCaptureFixture) -> None:
    scene = Scene(coordinator)
    scene.turn()
    scene.away = True
    coordinator.edit("conferences.yaml", "name: M&M", "name: Quality")
    assert [scene.turn(), scene.turn(timedelta(minutes=5))] == [[], []]
    refused = [scene.lookout.is_refused]
    scene.away = False
    assert scene.turn() == [(["mm"], "programme"), (["mm"], "poll")]
    assert [*refused, scene.lookout.is_refused] == [True, False]
    assert (scene.chores, "kept for later: The store is away." in caplog.text) == (2, True)


def test_chores_wait_while_something_new_is_on_its_way_but_not_for_ever(coordinator: Coordinator) -> None:
    scene = Scene(coordinator)
    scene.busy = True
    scene.turn()  # new: the first look
    assert scene.chores == 0
    scene.turn()
    assert scene.chores == 0
    scene.busy = False
    scene.turn()
    assert scene.chores == 1
    scene.busy = True  # with what was due anyway
    scene.turn()
    assert scene.chores == 2
    coordinator.edit("conferences.yaml", "name: M&M", "name: Quality")
    for _ in range(5):
        scene.turn()
    assert scene.chores == 2
    scene.turn()
    assert scene.chores == 3
