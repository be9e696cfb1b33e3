"""Never two at one calendar: whoever works on it holds it, and says again and again that it still does.

A hold ends by itself some seconds after it was renewed last, so that a process that is killed keeps nobody waiting for
long. One that was only frozen finds, when it goes on, that its hold is another's, and begins nothing more.
"""

from __future__ import annotations

import logging
import time
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

from ircal.errors import IrcalError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

log = logging.getLogger(__name__)

LASTS = timedelta(seconds=15)
"""How long a hold lasts that is not renewed."""
_SHARE = 4
"""It is renewed so often in that time."""
_LOOK = 0.2
"""Seconds from one look at two events to the next."""


class HoldStore(Protocol):
    """What is asked of a store here; see `ircal.store.work.Work`."""

    def hold(self, calendar: str, holder: str, lasts: timedelta, now: datetime) -> bool:
        """Have a calendar for oneself, or for longer; whether one has it."""

    def let_go(self, calendar: str, holder: str) -> None:
        """Have it no more."""


class Halt(Protocol):
    """Says whether to begin nothing more; a `threading.Event` does."""

    def is_set(self) -> bool:
        """Whether to."""

    def wait(self, timeout: float) -> bool:
        """Wait so many seconds, or until it is so."""


class Either:
    """A `Halt` that is set as soon as one of several is."""

    def __init__(self, *halts: Halt) -> None:
        self._halts = halts

    def is_set(self) -> bool:
        """Whether one is."""
        return any(halt.is_set() for halt in self._halts)

    def wait(self, timeout: float) -> bool:
        """Wait for the first of them, and look at the others now and then."""
        left = timeout
        while not self.is_set() and left > 0:
            self._halts[0].wait(min(left, _LOOK))
            left -= _LOOK
        return self.is_set()


class Hold:
    """A calendar that is held. `lost` is set when it is not any more, although nobody has let it go.

    One that was let go is not renewed, also not by a thread that had just begun to.
    """

    def __init__(self, store: HoldStore, calendar: str, clock: Callable[[], datetime], lasts: timedelta) -> None:
        self._store, self._clock, self._lasts = store, clock, lasts
        self._holder = uuid4().hex
        self._sure_until = 0.0
        self._saying = Lock()
        self._is_over = False
        self.calendar = calendar
        self.lost = Event()

    def take(self) -> bool:
        """Have it, if nobody else does. Raises StoreError."""
        asked = time.monotonic()
        if not self._store.hold(self.calendar, self._holder, self._lasts, self._clock()):
            return False
        self._sure_until = asked + self._lasts.total_seconds()
        return True

    def renew(self) -> bool:
        """Have it for longer; whether it is still held. A store that is away is waited for while it may be."""
        with self._saying:
            if self._is_over or self.lost.is_set():
                return False
            try:
                if not self.take():
                    self._lose("somebody else has taken it over")
            except StoreError as error:
                if time.monotonic() >= self._sure_until:
                    self._lose(f"the store has not answered for too long: {error}")
            return not self.lost.is_set()

    def _lose(self, why: str) -> None:
        log.warning("%s is no longer held, so this run begins nothing more: %s", self.calendar, why)
        self.lost.set()

    def let_go(self) -> None:
        """Have it no more. A store that is away forgets it by itself."""
        with self._saying:
            self._is_over = True
        try:
            self._store.let_go(self.calendar, self._holder)
        except StoreError as error:
            log.warning("%s cannot be let go, and is held for some seconds more: %s", self.calendar, error)


class Holds:
    """What this process holds, and the thread that renews it."""

    def __init__(self, store: HoldStore, clock: Callable[[], datetime], lasts: timedelta = LASTS) -> None:
        self._store, self._clock, self._lasts = store, clock, lasts
        self._lock = Lock()
        self._held: set[Hold] = set()
        self._over = Event()
        self._renewing: Thread | None = None

    @property
    def any(self) -> bool:
        """Whether this process is at a calendar now."""
        return bool(self._held)

    @contextmanager
    def one(self, calendar: str) -> Iterator[Hold | None]:
        """Hold a calendar; None if somebody else does. Raises StoreError."""
        hold = Hold(self._store, calendar, self._clock, self._lasts)
        if not hold.take():
            yield None
            return
        self._renew(hold)
        try:
            yield hold
        finally:
            with self._lock:
                self._held.discard(hold)
            hold.let_go()

    @contextmanager
    def all(
        self, calendars: Iterable[str], halt: Halt, waiting: Callable[[str], None], patience: timedelta
    ) -> Iterator[Halt]:
        """Hold calendars, each when whoever has it is done; what says whether one was lost, or to halt.

        `waiting` is told once of the first that is waited for. Raises IrcalError when that takes longer than one is
        patient, and StoreError.
        """
        with ExitStack() as held:
            lost = [self._awaited(held, each, halt, waiting, patience) for each in sorted(calendars)]
            yield Either(halt, *lost)

    def _awaited(
        self, held: ExitStack, calendar: str, halt: Halt, waiting: Callable[[str], None], patience: timedelta
    ) -> Event:
        until = time.monotonic() + patience.total_seconds()
        told = False
        while (hold := held.enter_context(self.one(calendar))) is None:
            if not told:
                waiting(calendar)
                told = True
            if halt.wait(_LOOK) or time.monotonic() > until:
                message = f"Another ircal is at {calendar} and has not come to an end."
                raise IrcalError(message, "See what it is at (`ircal serve`, a scheduled job), and try again then.")
        return hold.lost

    def _renew(self, hold: Hold) -> None:
        with self._lock:
            self._held.add(hold)
            if self._renewing is None:
                self._renewing = Thread(target=self._renew_all, name="ircal-holds", daemon=True)
                self._renewing.start()

    def _renew_all(self) -> None:
        while not self._over.wait(self._lasts.total_seconds() / _SHARE):
            with self._lock:
                held = tuple(self._held)
            for hold in held:
                hold.renew()

    def close(self) -> None:
        """Renew nothing more."""
        self._over.set()
        if self._renewing:
            self._renewing.join()
