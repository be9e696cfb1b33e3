"""What is noticed, and how often it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from ircal.errors import Problem
from ircal.model.place import Place
from ircal.service import FeedBook
from ircal.service.folder import FolderDigest
from ircal.service.noticing import Noticing, differing
from ircal.store import MemoryStore, Run

if TYPE_CHECKING:
    from ircal.notices.notice import Notice
    from ircal.service.in_force import Wanted
    from ircal.store import RunState
    from tests.service.conftest import Coordinator

START = datetime(2026, 9, 1, 8, tzinfo=UTC)
STALE = timedelta(minutes=15)


@dataclass
class Desk:
    """What is remembered, and what was told of it."""

    store: MemoryStore = field(default_factory=MemoryStore)
    told: list[Notice] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    now: datetime = START
    runs: int = 0

    def __post_init__(self) -> None:
        self.noticing = self.anew()

    def anew(self) -> Noticing:
        return Noticing(self.store, self.told.append, STALE, lambda: {"irres": self.problems}, self.clock)

    def clock(self) -> datetime:
        return self.now

    def run(self, state: RunState, error: str = "", calendar: str = "ash") -> None:
        self.runs += 1
        self.store.end_run(Run(f"run{self.runs}", calendar, "google", self.now, self.now, state, error=error))

    def look(self, after: timedelta = timedelta()) -> list[str]:
        """The kinds of what is told at a look."""
        self.now += after
        count = len(self.told)
        self.noticing.look()
        return [each.kind for each in self.told[count:]]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_refusal_is_told_once_and_again_when_it_is_another_or_was_well(desk: Desk) -> None:
    desk.run("refused", "12 of 20 events would be removed.")
    assert desk.look() == ["guard.refused"]
    assert desk.told[0].about == "ash"
    assert desk.told[0].sentence.endswith("somebody has to look. 12 of 20 events would be removed.")
    assert desk.look() == []
    desk.run("refused", "12 of 20 events would be removed.")
    assert desk.look() == []
    desk.run("refused", "all 20 events would be removed.")
    assert desk.look() == ["guard.refused"]
    desk.run("done")
    assert desk.look() == []
    desk.run("refused", "all 20 events would be removed.")
    assert desk.look() == ["guard.refused"]
    assert len({each.id for each in desk.told}) == 3


def test_what_fails_for_a_while_is_told_once_and_that_it_is_well_again(desk: Desk) -> None:
    desk.run("failed", "Google cannot be reached.")
    assert desk.look() == []
    desk.now += STALE
    desk.run("failed", "Google has a fault of its own.")
    assert desk.look() == ["sync.failing"]
    assert "since 2026-09-01 08:00 UTC. Google has a fault of its own." in desk.told[0].sentence
    assert desk.look(STALE) == []
    desk.run("done")
    assert desk.look() == ["sync.recovered"]
    assert desk.look() == []


def test_what_fails_once_is_not_told(desk: Desk) -> None:
    desk.run("failed", "Google cannot be reached.")
    assert desk.look(STALE / 2) == []
    desk.run("done")
    assert desk.look(STALE) == []


def test_a_calendar_to_which_nobody_comes_is_told_of(desk: Desk) -> None:
    desk.run("done")
    desk.store.raise_due(["ash"], "google", desk.now)
    assert desk.look() == []
    assert desk.look(STALE) == ["sync.failing"]
    assert desk.told[0].sentence.endswith("nobody has come to it")
    generation = desk.store.begin_due("ash")
    assert generation is not None
    desk.store.finish_due("ash", generation)
    desk.run("done")
    assert desk.look() == ["sync.recovered"]


def test_after_a_restart_the_same_has_the_same_id(desk: Desk) -> None:
    desk.run("failed", "no")
    desk.now += STALE
    desk.run("refused", "no", "oak")
    desk.problems = [Problem("x", "is wrong", Place("people.yaml", 3))]
    for _ in range(2):
        desk.noticing = desk.anew()
        desk.look()
        desk.look(STALE)
    assert [each.kind for each in desk.told] == ["sync.failing", "guard.refused", "feed.stale"] * 2
    assert len({each.id for each in desk.told}) == 3


def test_a_wrong_configuration_is_told_when_it_stays_wrong(desk: Desk) -> None:
    desk.problems = [Problem("x", "is wrong", Place("people.yaml", 3))]
    assert desk.look() == []
    assert desk.look(STALE - timedelta(seconds=1)) == []
    assert desk.look(timedelta(seconds=1)) == ["feed.stale"]
    assert desk.told[0].sentence == "The newest configuration has 1 problem; what is served is older."
    assert desk.told[0].details["problems"] == ["people.yaml:3: error: is wrong [x]"]
    assert desk.look(STALE) == []
    desk.problems = []
    assert desk.look() == []
    desk.problems = [Problem("x", "is wrong", Place("people.yaml", 3))]
    assert desk.look(STALE) == []


def test_which_calendars_another_programme_changes(desk: Desk, coordinator: Coordinator) -> None:
    editions: list[tuple[Wanted, Wanted | None]] = []
    book = FeedBook(
        coordinator.load,
        FolderDigest(coordinator.folder),
        MemoryStore(),
        2,
        taken=lambda wanted, before: editions.append((wanted, before)),
    )
    book.refresh(START)
    coordinator.edit("conferences.yaml", "name: M&M", "name: Morbidity")
    book.refresh(START)
    book.refresh(START + timedelta(days=1))
    for each in editions:
        desk.noticing.changed("irres", {name: f"#{name}" for name in differing(*each)})
    assert [(each.kind, each.about, each.details) for each in desk.told] == [
        ("schedule.changed", "irres", {"calendars": ["mm"]})
    ]
    assert len(editions) == 3
    assert desk.told[0].sentence == "The schedule has changed: the calendar mm says something else."
