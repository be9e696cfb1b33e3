"""A worker by itself: `ircal worker`, of which there may be any number, on any machines that share a PostgreSQL.

It serves nothing and watches no files: the programme in force is the one in the store, where a process that serves
keeps it, and is looked for at every visit. Of several programmes it is that of the calendar which is visited.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING

from ircal.errors import Problem, ProgramError, SettingsError
from ircal.logs import start_logging
from ircal.model.place import Place
from ircal.service.in_force import InForce, Kept
from ircal.service.many import ShelfVisits
from ircal.service.pushing import Pushing, queue_of
from ircal.service.runs.holding import LASTS
from ircal.service.runs.visits import Visits
from ircal.store import ScopedStore, open_store
from ircal.tracing import start_tracing

if TYPE_CHECKING:
    from datetime import timedelta
    from threading import Event

    from ircal.model.program import Program
    from ircal.recall import Recall
    from ircal.service.pushing import Opened
    from ircal.service.queue import Queue
    from ircal.settings import Settings
    from ircal.store import Store

log = logging.getLogger(__name__)


def work(  # noqa: PLR0913 what is beyond the third is said by name, and seldom
    settings: Settings,
    opened: Opened,
    stop: Event,
    *,
    several: bool = False,
    queue: Queue | None = None,
    lasts: timedelta = LASTS,
) -> None:
    """Work until stopped, for one programme or for `several`. Raises SettingsError without a database, StoreError.

    `queue` and `lasts` are for whoever cannot wait as long as the settings' queue does for a worker that is gone.
    """
    start_logging(settings)
    start_tracing()
    if not settings.is_shared:
        message = "`ircal worker` shares its work by PostgreSQL, and the store is a file of this machine."
        raise SettingsError(message, "Set IRCAL_DATABASE_URL=postgresql://..., or use `ircal serve` alone.")
    with ExitStack() as closings:
        store = closings.enter_context(closing(open_store(settings.store_url, programme=settings.programme)))
        queue = closings.enter_context(closing(queue or queue_of(settings)))
        pushing = Pushing(
            settings,
            store,
            queue,
            KeptProgrammes(store, settings) if several else kept_in(store, settings),
            opened=opened,
            clock=_now,
            stop=stop,
            look=True,
            lasts=lasts,
            visits=ShelfVisits if several else Visits,
        )
        closings.callback(pushing.close)
        log.info("Working with %d threads.", settings.workers)
        pushing.run()


def kept_in(store: Store, settings: Settings) -> InForce:
    """What is in force of one programme by its store."""
    kept = FromStore(Kept(store, settings.config))
    return InForce(kept.load, kept.digest, settings.window_years)


class KeptProgrammes:
    """What is in force of several, by the whole store; those that were visited lately are at hand. An `Opens`."""

    program = None
    wanted = None
    google = None
    is_settled = True

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._lock = Lock()
        self._at_hand: OrderedDict[str, tuple[Store, InForce]] = OrderedDict()

    def refresh(self, now: datetime) -> bool:
        """Nothing: each is looked for when one of its calendars is visited."""
        del now
        return False

    def opened(self, name: str) -> tuple[Store, InForce]:
        """A programme's part of the store, and what is in force of it, which may be nothing."""
        with self._lock:
            if name not in self._at_hand:
                part = ScopedStore(self._store, name)
                self._at_hand[name] = part, kept_in(part, self._settings)
            self._at_hand.move_to_end(name)
            while len(self._at_hand) > self._settings.programmes_at_hand:
                self._at_hand.popitem(last=False)
            return self._at_hand[name]


class FromStore:
    """What is in force by the store, as `InForce` asks for it."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def digest(self) -> str:
        """The digest of what is kept. Raises ProgramError where there is none yet."""
        digest = self._kept.digest()
        if digest is None:
            hint = "`ircal serve`, with the same IRCAL_DATABASE_URL, puts it there"
            raise ProgramError([Problem("none-in-force", "there is no programme in the store yet", Place("."), hint)])
        return digest

    def load(self, recall: Recall) -> Program:
        """It. Raises ProgramError."""
        program = self._kept.load(recall)
        if program is None:
            raise ProgramError(())
        return program


def _now() -> datetime:
    return datetime.now(UTC)
