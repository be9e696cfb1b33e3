"""Pushing: the workers of this process, which keep Google calendars true.

Where a process has none (`ircal serve --no-worker`), it marks calendars due all the same, for others to work on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from ircal.errors import IrcalError, SettingsError
from ircal.service.queue import ThreadQueue
from ircal.service.runs.account import Account
from ircal.service.runs.guarding import guard_of
from ircal.service.runs.holding import LASTS, Holds
from ircal.service.runs.visits import Accounts, Visits
from ircal.settings import Settings
from ircal.store import Store

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from threading import Event

    from ircal.plan import Guard
    from ircal.service.in_force import LookedAfter, Wanted
    from ircal.service.queue import Queue

log = logging.getLogger(__name__)

Opened = Callable[[Settings, Store], AbstractContextManager[Account]]
"""What opens an account at Google for one thread; it may raise IrcalError for credentials that cannot be used."""


_TRIED_AGAIN = 300.0
"""Seconds after which credentials that could not be used are tried again."""
_LOOKED_AGAIN = 5.0
"""Seconds after which a programme that names no Google calendar is looked at again."""


def queue_of(settings: Settings) -> Queue:
    """The queue that the settings call for. Raises SettingsError where its packages are missing."""
    if not settings.is_shared:
        return ThreadQueue(settings.workers)
    try:
        from ircal.service.queue.jobs import JobQueue  # noqa: PLC0415 an optional package, and slow to import
    except ModuleNotFoundError as missing:
        raise SettingsError(f"PostgreSQL needs the package {missing.name}.", "pip install 'ircal[postgres]'") from None
    address = make_url(settings.store_url).set(drivername="postgresql")
    return JobQueue(address.render_as_string(hide_password=False), settings.workers, settings.programme or "")


class Pushing:
    """The workers of a process.

    `look` has them look for the programme in force themselves, where nobody else does. `ready` is called once, when it
    is known that they can work, before they do. `lasts` is for how long a calendar is held at a time.
    """

    def __init__(  # noqa: PLR0913 made in two places, by name
        self,
        settings: Settings,
        store: Store,
        queue: Queue,
        in_force: LookedAfter,
        *,
        opened: Opened,
        clock: Callable[[], datetime],
        stop: Event,
        look: bool = False,
        ready: Callable[[], None] = lambda: None,
        lasts: timedelta = LASTS,
        visits: Callable[..., Visits] = Visits,
    ) -> None:
        self._queue = queue
        self._in_force = in_force
        self._stop = stop
        self._ready = ready
        self._said = ""
        self._closing = ExitStack()
        self._accounts = Accounts(partial(opened, settings, store))
        self._holds = Holds(store, clock, lasts)
        self._closing.callback(self._accounts.close)
        self._closing.callback(self._holds.close)

        def guard(wanted: Wanted, now: datetime) -> Guard:
            return guard_of(settings, wanted.program, now)

        self.visits = visits(store, in_force, self._holds, self._accounts, guard, clock, stop, look)
        self.is_possible = False
        """Whether there is anything to push, and the credentials for it."""

    @property
    def is_busy(self) -> bool:
        """Whether a calendar is worked on now."""
        return self._holds.any

    def run(self) -> None:
        """Work until stopped. Without credentials that can be used it is said once, and tried again now and then."""
        while not self._stop.is_set() and not self.is_possible:
            google = self._in_force.google
            there = google is None or bool(google)
            self.is_possible = there and self._has_account()
            if not self.is_possible:
                self._stop.wait(_TRIED_AGAIN if there else _LOOKED_AGAIN)
        if self.is_possible:
            self._ready()
            self._queue.work(self.visits, self.visits.due, self._stop)

    def _has_account(self) -> bool:
        try:
            self._accounts.mine()
        except IrcalError as error:
            told = f"{error} {error.remedy}"
            if told != self._said:
                log.warning("The Google calendars are not pushed: %s", told)
            self._said = told
            return False
        return True

    def close(self) -> None:
        """Let go of accounts and holds, once `run` has returned."""
        self._closing.close()
