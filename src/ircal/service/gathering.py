"""Gathering: a burst of triggers for one calendar is one mark at once, and one at its end.

To remember that a calendar is due is a write to the store, and leads to a run. The first trigger is worth it; what
comes within the next second says nothing that a mark at the end of that second does not say too. Where they go on, the
second becomes two, four, and at last sixteen, until one of these has passed without any. So a storm of a thousand is a
few marks, and so are the echoes of what we write ourselves. What waits is marked when the process ends; where it is
killed instead, everything is due at the next start.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ircal.errors import IrcalError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

log = logging.getLogger(__name__)

SHORTEST, LONGEST = 1.0, 16.0
"""Seconds between two marks of one calendar."""


@dataclass
class _Rest:
    """A calendar that was marked a moment ago: for how long it is left alone, until when, and whether it is waiting."""

    pause: float
    until: float
    waiting: bool = False


class Gathering:
    """Passes on what is to be marked. `wait` waits so many seconds, or until it is to end; `clock` counts seconds."""

    def __init__(
        self,
        mark: Callable[[Collection[str]], None],
        wait: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.shortest = SHORTEST
        self._mark = mark
        self._ending = threading.Event()
        self._wait = wait or self._ending.wait
        self._clock = clock
        self._lock = threading.Lock()
        self._rests: dict[str, _Rest] = {}
        self._thread: threading.Thread | None = None

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing waits, and nothing was marked a moment ago."""
        return not self._rests

    def mark(self, calendars: Collection[str]) -> None:
        """Have calendars marked: at once, or soon, where that was done a moment ago. Raises what `mark` raises."""
        with self._lock:
            fresh = set(calendars) - self._rests.keys()
            for each in set(calendars) - fresh:
                self._rests[each].waiting = True
            until = self._clock() + self.shortest
            self._rests |= {each: _Rest(self.shortest, until) for each in fresh}
        if fresh:
            try:
                self._mark(fresh)
            except BaseException:
                with self._lock:
                    self._rests = {name: rest for name, rest in self._rests.items() if name not in fresh}
                raise
        with self._lock:
            if self._thread is None and self._rests:
                self._thread = threading.Thread(target=self._run, name="ircal-gathering", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while (seconds := self._to_next()) is not None:
            self._wait(seconds)
            if due := self._ended():
                self._mark_late(due)

    def _to_next(self) -> float | None:
        """How long until the first rest ends; None when there is none, or it is to end and nothing waits."""
        with self._lock:
            untils = [rest.until for rest in self._rests.values() if rest.waiting or not self._ending.is_set()]
            if not untils:
                self._thread = None
                return None
            return max(0.0, min(untils) - self._clock())

    def _ended(self) -> set[str]:
        """What is to be marked now that some rests have ended, or all are to."""
        with self._lock:
            now = self._clock()
            over = [name for name, rest in self._rests.items() if rest.until <= now or self._ending.is_set()]
            due = {name for name in over if self._rests[name].waiting}
            for name in over:
                rest = self._rests.pop(name)
                if rest.waiting:
                    pause = min(rest.pause * 2, LONGEST)
                    self._rests[name] = _Rest(pause, now + pause)
            return due

    def _mark_late(self, due: set[str]) -> None:
        try:
            self._mark(due)
        except IrcalError as error:
            log.warning("What is due cannot be remembered now, and is kept for later: %s", error)
            if self._ending.is_set():
                return
            with self._lock:
                for name in due:
                    self._rests[name].waiting = True

    def close(self) -> None:
        """Mark what waits, and gather no more."""
        self._ending.set()
        if thread := self._thread:
            thread.join(timeout=10)
