"""What every queue keeps: a calendar waits once, is visited by one worker at a time, and again when asked."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from ircal.service.queue import ThreadQueue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ircal.service.queue import Queue

PATIENCE = 30
"""Seconds after which what has not happened will not happen."""


@dataclass
class Visitor:
    """Visits that last until they are let go, and what was seen of them."""

    begun: Counter[str] = field(default_factory=Counter)
    together: int = 0
    most: int = 0
    go: threading.Event = field(default_factory=threading.Event)
    changed: threading.Condition = field(default_factory=threading.Condition)
    at: set[str] = field(default_factory=set)

    def __call__(self, calendar: str) -> None:
        with self.changed:
            assert calendar not in self.at
            self.at.add(calendar)
            self.begun[calendar] += 1
            self.most = max(self.most, len(self.at))
            self.changed.notify_all()
        self.go.wait(PATIENCE)
        with self.changed:
            self.at.discard(calendar)
            self.changed.notify_all()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(condition, PATIENCE)


@pytest.fixture(params=["threads", "jobs"])
def make_queue(request: pytest.FixtureRequest) -> Iterator[Callable[[], Queue]]:
    """Makes queues: of threads, one; of jobs, several that share what waits, as processes do."""
    made: list[Queue] = []
    url = request.getfixturevalue("postgresql_url") if request.param == "jobs" else ""
    threads = ThreadQueue(2, 0.05)

    def make() -> Queue:
        if not url:
            return threads
        from ircal.service.queue.jobs import JobQueue  # noqa: PLC0415 where PostgreSQL is not there, it cannot be

        made.append(JobQueue(url, 2, sweep_seconds=0.2))
        return made[-1]

    yield make
    for queue in made:
        queue.close()


@contextmanager
def working(queue: Queue, visit: Callable[[str], None], due: Callable[[], list[str]] = list) -> Iterator[None]:
    stop = threading.Event()
    worker = threading.Thread(target=queue.work, args=(visit, due, stop))
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join(PATIENCE)
        assert not worker.is_alive()


def test_a_calendar_waits_once_and_is_visited_once_more_when_asked_during_a_visit(
    make_queue: Callable[[], Queue],
) -> None:
    queue, visitor = make_queue(), Visitor()
    for _ in range(5):
        queue.nudge(["a"])
    with working(queue, visitor):
        visitor.wait_for(lambda: visitor.at == {"a"})
        for _ in range(5):
            queue.nudge(["a"])
        queue.nudge(["b"])
        visitor.wait_for(lambda: visitor.at == {"a", "b"})
        assert visitor.begun["a"] == 1
        visitor.go.set()
        visitor.wait_for(lambda: visitor.begun == {"a": 2, "b": 1} and not visitor.at)
    assert (visitor.begun, visitor.most) == ({"a": 2, "b": 1}, 2)


def test_a_visit_that_breaks_off_ends_alone(make_queue: Callable[[], Queue], caplog: pytest.LogCaptureFixture) -> None:
    queue, visitor = make_queue(), Visitor()
    visitor.go.set()

    def visit(calendar: str) -> None:
        visitor(calendar)
        if calendar == "broken":
            raise ZeroDivisionError

    with working(queue, visit):
        queue.nudge(["broken", "well"])
        visitor.wait_for(lambda: visitor.begun == {"broken": 1, "well": 1} and not visitor.at)
        queue.nudge(["broken"])
        visitor.wait_for(lambda: visitor.begun["broken"] == 2 and not visitor.at)
    assert "The visit to broken broke off; this is a fault of ircal." in caplog.text


def test_what_nobody_was_nudged_about_is_found_by_the_sweep(make_queue: Callable[[], Queue]) -> None:
    queue, visitor = make_queue(), Visitor()
    visitor.go.set()
    with working(queue, visitor, lambda: [] if visitor.begun else ["lost"]):
        visitor.wait_for(lambda: visitor.begun["lost"] > 0)


def test_a_sweep_that_cannot_ask_asks_again(make_queue: Callable[[], Queue], caplog: pytest.LogCaptureFixture) -> None:
    queue, visitor, asked = make_queue(), Visitor(), []
    visitor.go.set()

    def due() -> list[str]:
        asked.append(1)
        if len(asked) == 1:
            raise RuntimeError("the store is away")
        return [] if visitor.begun else ["lost"]

    with working(queue, visitor, due):
        visitor.wait_for(lambda: visitor.begun["lost"] > 0)
    assert "What is due cannot be asked for now: the store is away" in caplog.text


def test_two_that_work_on_one_queue_never_visit_one_calendar_together(make_queue: Callable[[], Queue]) -> None:
    visitor, first, second = Visitor(), make_queue(), make_queue()
    visitor.go.set()
    names = [f"calendar-{number}" for number in range(6)]
    with working(first, visitor), working(second, visitor):
        for _ in range(3):
            first.nudge(names)
            second.nudge(names)
        visitor.wait_for(lambda: set(visitor.begun) == set(names) and not visitor.at)


def test_to_stop_is_to_come_to_the_end_of_a_visit(make_queue: Callable[[], Queue]) -> None:
    queue, visitor, stop = make_queue(), Visitor(), threading.Event()
    queue.nudge(["a"])
    worker = threading.Thread(target=queue.work, args=(visitor, list, stop))
    worker.start()
    visitor.wait_for(lambda: visitor.at == {"a"})
    stop.set()
    queue.nudge(["b"])
    worker.join(0.05)
    assert worker.is_alive()
    visitor.go.set()
    worker.join(PATIENCE)
    assert (worker.is_alive(), visitor.begun) == (False, {"a": 1})


def test_each_programme_has_a_queue_of_its_own(postgresql_url: str) -> None:
    from ircal.service.queue.jobs import JobQueue  # noqa: PLC0415 as above

    seen = {name: Visitor() for name in ("radiology", "a-programme-with-a-very-long-name-of-more-than-sixty-letters")}
    queues = [JobQueue(postgresql_url, 2, name, sweep_seconds=60) for name in seen]
    for visitor in seen.values():
        visitor.go.set()
    with working(queues[0], seen["radiology"]), working(queues[1], [*seen.values()][1]):
        for queue in queues:
            queue.nudge(["grand-rounds"])
        for visitor in seen.values():
            visitor.wait_for(lambda visitor=visitor: visitor.begun == {"grand-rounds": 1} and not visitor.at)  # type: ignore[misc]
    for queue in queues:
        queue.close()


def test_a_database_that_is_away_is_told_and_left_to_the_sweep(
    tmp_path: Path, postgresql_server: str, caplog: pytest.LogCaptureFixture
) -> None:
    del postgresql_server  # asked for where there are its packages
    from ircal.service.queue.jobs import JobQueue  # noqa: PLC0415 as above

    queue = JobQueue(f"postgresql://postgres:secret@/ircal?host={tmp_path}", 1)
    queue.nudge(["a"])
    queue.close()
    assert "Workers cannot be nudged now, the sweep will:" in caplog.text
    assert "secret" not in caplog.text
