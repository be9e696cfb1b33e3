"""Gathering: a burst of triggers for one calendar is one mark at once, and one at its end.

To remember that a calendar is due is a write to the store. The first trigger is worth it; what comes within the next
second says nothing that the mark at the end of that second does not say too. So a storm of a thousand costs a mark a
second, and so do the echoes of what we write ourselves. What waits is marked when the process ends; where it is killed
instead, everything is due at the next start.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from ircal.errors import IrcalError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

log = logging.getLogger(__name__)

PAUSE = 1.0
"""Seconds between two marks of one calendar."""


class Gathering:
    """Passes on what is to be marked. `wait` waits so many seconds, or until it is to end, and says whether it is."""

    def __init__(self, mark: Callable[[Collection[str]], None], wait: Callable[[float], bool] | None = None) -> None:
        self._mark = mark
        self._ending = threading.Event()
        self._wait = wait or self._ending.wait
        self._lock = threading.Lock()
        self._resting: set[str] = set()
        self._waiting: set[str] = set()
        self._thread: threading.Thread | None = None

    def mark(self, calendars: Collection[str]) -> None:
        """Have calendars marked: at once, or soon, where that was done a moment ago. Raises what `mark` raises."""
        with self._lock:
            fresh = set(calendars) - self._resting
            self._waiting |= self._resting & set(calendars)
            self._resting |= fresh
        if fresh:
            try:
                self._mark(fresh)
            except BaseException:
                with self._lock:
                    self._resting -= fresh
                raise
        self._have_thread()

    def _have_thread(self) -> None:
        with self._lock:
            if self._thread is None and self._resting:
                self._thread = threading.Thread(target=self._run, name="ircal-gathering", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            ending = self._wait(PAUSE)
            with self._lock:
                due, self._waiting = self._waiting, set()
                self._resting = set(due)
                if not due:
                    self._thread = None
                    return
            try:
                self._mark(due)
            except IrcalError as error:
                log.warning("What is due cannot be remembered now, and is kept for later: %s", error)
                if ending:
                    return
                with self._lock:
                    self._waiting |= due

    def close(self) -> None:
        """Mark what waits, and gather no more."""
        self._ending.set()
        if thread := self._thread:
            thread.join(timeout=10)
