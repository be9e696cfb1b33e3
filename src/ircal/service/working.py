"""A worker by itself: `ircal worker`, of which there may be any number, on any machines that share a PostgreSQL.

It serves nothing and watches no files: the programme in force is the one in the store, where a process that serves
keeps it, and is looked for at every visit.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ircal.errors import Problem, ProgramError, SettingsError
from ircal.logs import start_logging
from ircal.model.place import Place
from ircal.service.in_force import InForce, Kept
from ircal.service.pushing import Pushing, queue_of
from ircal.service.runs.holding import LASTS
from ircal.store import open_store
from ircal.tracing import start_tracing

if TYPE_CHECKING:
    from datetime import timedelta
    from threading import Event

    from ircal.model.program import Program
    from ircal.recall import Recall
    from ircal.service.pushing import Opened
    from ircal.service.queue import Queue
    from ircal.settings import Settings

log = logging.getLogger(__name__)


def work(settings: Settings, opened: Opened, stop: Event, queue: Queue | None = None, lasts: timedelta = LASTS) -> None:
    """Work until stopped. Raises SettingsError without a database to share, StoreError.

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
        kept = FromStore(Kept(store, settings.config))
        in_force = InForce(kept.load, kept.digest, settings.window_years)
        pushing = Pushing(
            settings, store, queue, in_force, opened=opened, clock=_now, stop=stop, look=True, lasts=lasts
        )
        closings.callback(pushing.close)
        log.info("Working with %d threads.", settings.workers)
        pushing.run()


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
