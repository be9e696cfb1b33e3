"""The queue of one process: calendars wait in memory, and threads visit them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from threading import Condition, Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Visit = Callable[[str], None]
"""Look at one calendar, by its id."""
Due = Callable[[], Collection[str]]
"""The calendars that are due now."""

log = logging.getLogger(__name__)


class ThreadQueue:
    """A `Queue` in memory, with so many `workers`. A sweep is made every so many seconds."""

    def __init__(self, workers: int, sweep_seconds: float = 1.0) -> None:
        self._workers = workers
        self._seconds = sweep_seconds
        self._changed = Condition()
        self._waiting: dict[str, None] = {}
        self._visited: set[str] = set()

    def nudge(self, calendars: Iterable[str]) -> None:
        """Have each wait, once."""
        with self._changed:
            self._waiting.update(dict.fromkeys(calendars))
            self._changed.notify_all()

    def work(self, visit: Visit, due: Due, stop: Event) -> None:
        """Visit until stopped; see `Queue`."""
        threads = [
            Thread(target=self._visit_all, args=(visit, stop), name=f"ircal-worker-{number}", daemon=True)
            for number in range(1, self._workers + 1)
        ]
        for thread in threads:
            thread.start()
        while True:
            self.nudge(swept(due))
            if stop.wait(self._seconds):
                break
        with self._changed:
            self._changed.notify_all()
        for thread in threads:
            thread.join()

    def close(self) -> None:
        """Nothing is held."""

    def _visit_all(self, visit: Visit, stop: Event) -> None:
        while (calendar := self._next(stop)) is not None:
            try:
                visited(visit, calendar)
            finally:
                with self._changed:
                    self._visited.discard(calendar)
                    self._changed.notify_all()

    def _next(self, stop: Event) -> str | None:
        """The calendar that waits longest of those that nobody is at; None when it is over."""
        with self._changed:
            while not stop.is_set():
                free = next((each for each in self._waiting if each not in self._visited), None)
                if free is not None:
                    del self._waiting[free]
                    self._visited.add(free)
                    return free
                self._changed.wait()
        return None


def visited(visit: Visit, calendar: str) -> None:
    """Make one visit. What goes wrong in it is a fault of ours, and is logged."""
    try:
        visit(calendar)
    except Exception:
        log.exception("The visit to %s broke off; this is a fault of ircal.", calendar)


def swept(due: Due) -> Collection[str]:
    """What is due now; nothing where that cannot be said."""
    try:
        return due()
    except Exception as error:  # noqa: BLE001 whatever the store says, the next sweep asks it again
        log.warning("What is due cannot be asked for now: %s", error)
        return ()
