"""The lookout: one thread that looks at the configuration when somebody says so, and at the clock.

What it finds makes calendars due, by the door that everybody uses. Where the store is away for a while, what was to be
marked is kept here and marked later.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ircal.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from ircal.service.in_force import LookedAfter, Wanted
    from ircal.service.timers import Timers
    from ircal.service.triggers import Cause, Triggers

log = logging.getLogger(__name__)

_AGAIN = timedelta(seconds=2)
"""After this it is looked again where something was in the way."""
_UTC = ZoneInfo("UTC")


class Lookout:
    """Looks at what is in force. `pause` is how long it waits at most; `chores` are done at every turn.

    `unheard` are the calendars of which nobody tells us, so that they have to be asked; None for all.
    """

    def __init__(
        self,
        timers: Timers,
        clock: Callable[[], datetime],
        pause: timedelta,
        chores: Sequence[Callable[[], None]] = (),
        unheard: Callable[[], Collection[str] | None] = lambda: None,
    ) -> None:
        self._unheard = unheard
        self._timers = timers
        self._clock = clock
        self._pause = pause
        self._chores = chores
        self._asked = Event()
        self._resting = False
        """Whether something new was found just now: chores wait until what follows of it has begun."""
        self._untold: list[tuple[Collection[str] | None, Cause]] = []

    def begin(self) -> None:
        """Have everything be due: it is not known what was missed."""
        self._untold.append((None, "start"))
        self.look()

    def look(self) -> None:
        """Have it look soon; from any thread, and from a signal handler."""
        self._asked.set()

    def owe(self, calendars: Collection[str] | None, cause: Cause) -> None:
        """Be told what is due, and mark it soon; from any thread."""
        self._untold.append((calendars, cause))
        self.look()

    def taken(self, wanted: Wanted, before: Wanted | None) -> None:
        """Be told of what is in force from now on."""
        if before is not None and (differing := wanted.differing(before)):
            self._untold.append((differing, "midnight" if before.program is wanted.program else "programme"))

    def run(self, in_force: LookedAfter, triggers: Triggers, stop: Event) -> None:
        """Look, again and again, until stopped: set `stop` and call `look`."""
        while not stop.is_set():
            self._asked.clear()
            self.turn(in_force, triggers)
            self._asked.wait(self._rest(in_force).total_seconds())

    def turn(self, in_force: LookedAfter, triggers: Triggers) -> None:
        """Look once."""
        now = self._clock()
        self._resting = in_force.refresh(now)
        for cause in self._timers.run_out(now, _zone(in_force)):
            self._untold.append((self._unheard() if cause == "poll" else None, cause))
        self._tell(triggers)
        if not self._resting:
            for chore in self._chores:
                _done(chore)

    def _tell(self, triggers: Triggers) -> None:
        """Mark what is due. What was found while it is done is marked at the next turn."""
        while self._untold:
            try:
                triggers.mark(*self._untold[0])
            except StoreError as error:
                log.warning("What is due cannot be remembered now, and is kept for later: %s", error)
                return
            del self._untold[0]

    def _rest(self, in_force: LookedAfter) -> timedelta:
        now = self._clock()
        to_next = self._timers.next_after(now, _zone(in_force)) - now
        soon = self._untold or self._resting or not in_force.is_settled
        return min(self._pause, to_next, _AGAIN if soon else self._pause)


def _zone(in_force: LookedAfter) -> ZoneInfo:
    program = in_force.program
    return program.settings.zone if program else _UTC


def _done(chore: Callable[[], None]) -> None:
    """Do a chore; a store that is away has it done another time."""
    try:
        chore()
    except StoreError as error:
        log.warning("%s", error)
    except Exception:
        log.exception("A chore broke off; this is a fault of ircal.")
