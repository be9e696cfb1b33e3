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
    from collections.abc import Callable, Collection
    from datetime import datetime

    from ircal.service.in_force import LookedAfter, Wanted
    from ircal.service.timers import Timers
    from ircal.service.triggers import Cause, Triggers

log = logging.getLogger(__name__)

_AGAIN = timedelta(seconds=2)
"""After this it is looked again where something was in the way."""
_PUT_OFF = 5
"""So many turns chores wait at most."""
_UTC = ZoneInfo("UTC")


class Chores:
    """What is done at every turn, but not at once when something new was found: people wait for their calendars.

    Then it waits for the next turn, and on while it `is_busy` to tell Google, for a while.
    """

    def __init__(self, *chores: Callable[[], None], is_busy: Callable[[], bool] = lambda: False) -> None:
        self._chores = chores
        self._is_busy = is_busy
        self._put_off = 0

    @property
    def are_put_off(self) -> bool:
        """Whether they wait for the next turn, which should be soon."""
        return self._put_off > 0

    def turn(self, *, is_new: bool) -> None:
        """Do them, or put them off."""
        if is_new or (0 < self._put_off < _PUT_OFF and self._is_busy()):
            self._put_off = 1 if is_new else self._put_off + 1
            return
        self._put_off = 0
        for chore in self._chores:
            _done(chore)


class Lookout:
    """Looks at what is in force. `pause` is how long it waits at most; `chores` are done at every turn.

    `unheard` are the calendars of which nobody tells us, so that they have to be asked; None for all.
    """

    def __init__(
        self,
        timers: Timers,
        clock: Callable[[], datetime],
        pause: timedelta,
        chores: Chores,
        unheard: Callable[[], Collection[str] | None] = lambda: None,
    ) -> None:
        self._unheard = unheard
        self._timers = timers
        self._clock = clock
        self._pause = pause
        self._chores = chores
        self._asked = Event()
        self._untold: list[tuple[Collection[str] | None, Cause]] = []
        self.is_refused = False
        """Whether the store did not take what is due, the last time that it was to remember some."""

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
        is_new = in_force.refresh(now)
        for cause in self._timers.run_out(now, _zone(in_force)):
            self._untold.append((self._unheard() if cause == "poll" else None, cause))
        self._tell(triggers)
        self._chores.turn(is_new=is_new)

    def _tell(self, triggers: Triggers) -> None:
        """Mark what is due. What was found while it is done is marked at the next turn."""
        while self._untold:
            try:
                triggers.mark(*self._untold[0])
            except StoreError as error:
                log.warning("What is due cannot be remembered now, and is kept for later: %s", error)
                self.is_refused = True
                return
            del self._untold[0]
        self.is_refused = False

    def _rest(self, in_force: LookedAfter) -> timedelta:
        now = self._clock()
        to_next = self._timers.next_after(now, _zone(in_force)) - now
        soon = self._untold or self._chores.are_put_off or not in_force.is_settled
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
