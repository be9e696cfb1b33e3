"""Serving: the feeds over HTTP, a watch over the configuration, and a stop that lets answers under way be finished."""

from __future__ import annotations

import contextlib
import logging
import signal
import threading
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol, Self

from ircal.config import load
from ircal.errors import ProgramError
from ircal.logs import start_logging
from ircal.service.book import FeedBook
from ircal.service.desk import DeskHands
from ircal.service.door import TokenDoor
from ircal.service.files import watch_files
from ircal.service.folder import FolderDigest
from ircal.service.in_force import Kept, LookedAfter
from ircal.service.lookout import Chores, Lookout
from ircal.service.metrics import Metrics, Ready, Watched
from ircal.service.noticing import Noticing, differing, notices_of
from ircal.service.pushing import Pushing, queue_of
from ircal.service.queue import ThreadQueue
from ircal.service.runs.visits import Visits
from ircal.service.site import About, Around, ProgrammeSite
from ircal.service.timers import Timers
from ircal.service.triggers import MarkAndNudge
from ircal.service.webhooks import Webhooks
from ircal.store import KeyRing, open_store
from ircal.tracing import start_tracing
from ircal.web import FeedSource, MetricsPage, ReadyPage, create_app, listen, make_server

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from starlette.types import ASGIApp

    from ircal.errors import Problem
    from ircal.service.in_force import Wanted
    from ircal.service.pushing import Opened
    from ircal.service.site import Site, Triers
    from ircal.settings import Settings
    from ircal.web import Health

log = logging.getLogger(__name__)

_PATIENCE = 25
"""Seconds to wait, at the end, for calls to Google that are under way. What is not done by then stays due."""
_GLANCE = 10
"""Seconds after which the files are looked at though nothing was told of them; it costs next to nothing."""


def now_in_utc() -> datetime:
    """The clock of a process that serves."""
    return datetime.now(UTC)


def serve(
    settings: Settings,
    opened: Opened | None = None,
    trier: Triers | None = None,
    *,
    works: bool = True,
    server: type[FeedServer] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM, and keep the Google calendars true; SIGHUP has it look at the files.

    `opened` opens an account at Google for one thread; without it nothing is pushed. `trier` makes what tries out
    sheets for a programme; without it none can be. Without `works` the pushing is left to other processes. `server` is
    the kind of server; one programme's unless it is given.

    Raises ProgramError when the configuration is wrong from the start and none was kept, StoreError, SettingsError, and
    IrcalError when the port cannot be listened on.
    """
    start_logging(settings)
    start_tracing()
    made = (server or FeedServer)(settings, opened, trier, works=works)
    with made, _told_by_signals(made):
        made.run()


class Served(LookedAfter, FeedSource, Protocol):
    """What is served and looked after: the feeds of one programme, or of several."""

    def programmes(self) -> Mapping[str, Health]:
        """How each programme is, by its name; where there is one, that is empty."""

    def changed(self) -> Mapping[str, datetime]:
        """By calendar, when its feed changed last."""


class FeedServer:
    """Everything that serving takes: made ready by the constructor, run by `run`, in any thread.

    The constructor raises what `serve` does. `book` is what is served; `book.refresh` may be called at any time.
    `triggers` is the door for whatever wakes the service.
    """

    def __init__(
        self, settings: Settings, opened: Opened | None = None, trier: Triers | None = None, *, works: bool = True
    ) -> None:
        self._settings = settings
        self._trier = trier
        self._stopping = threading.Event()
        with contextlib.ExitStack() as closings:
            http = settings.http
            self._listener = closings.enter_context(listen(http.host, http.port))
            self.url = http.model_copy(update={"port": self._listener.getsockname()[1]}).base_url
            self._store = open_store(settings.store_url, keep=settings.keep_removed, programme=settings.programme)
            closings.callback(self._store.close)
            self._keys = KeyRing(self._store)
            closings.callback(self._keys.write_uses)
            self._noticing = self._made_noticing(closings)
            self._lookout = self._made_lookout()
            self._served = self._made_served()
            self._queue = queue_of(settings) if opened else ThreadQueue(1)
            closings.callback(self._queue.close)
            self._pushes = opened is not None
            self._pushing = self._made_pushing(opened) if opened and works else None
            if self._pushing:
                closings.callback(self._pushing.close)
            elif opened:
                self._lookout.begin()
            self.triggers = MarkAndNudge(self._store, self._queue, self._pushed, self._lookout.look, now_in_utc)
            self._webhooks = Webhooks(settings, self._store, self.triggers, opened, self._watched, self.url, now_in_utc)
            closings.callback(self._webhooks.close)
            self._door = self._made_door()
            self.site = self._made_site(self._around(closings, opened))
            self._server = make_server(self._app(), http.proxies)
            self._closings = closings.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _made_noticing(self, closings: contextlib.ExitStack) -> Noticing | None:
        notices = notices_of(self._settings, self.url)
        if notices is None:
            return None
        closings.callback(notices.stop)
        stale = timedelta(minutes=self._settings.notices.stale_minutes)
        return Noticing(self._store, notices, stale, self._problems, now_in_utc)

    def _problems(self) -> Mapping[str, Sequence[Problem]]:
        """What is wrong with the newest configuration of each programme."""
        program = self.book.program
        return {program.settings.id if program else "ircal": self.book.problems}

    def _made_lookout(self) -> Lookout:
        settings = self._settings
        seconds = settings.refresh_seconds if settings.watch == "polling" else _GLANCE
        timers = Timers(now_in_utc(), timedelta(seconds=settings.google.poll_seconds))
        notices = [self._noticing.look] if self._noticing else []
        chores = Chores(self._prepare, self._keys.write_uses, *notices, is_busy=self._is_busy)
        return Lookout(timers, now_in_utc, timedelta(seconds=seconds), chores, self._unheard)

    def _made_served(self) -> Served:
        """The programme in force, with its feeds."""
        folder, kept = self._settings.config, Kept(self._store, self._settings.config)
        years = self._settings.window_years
        book = FeedBook(partial(load, folder), FolderDigest(folder), self._store, years, kept, self._taken)
        book.refresh(now_in_utc())
        if not book.health().loaded:
            raise ProgramError(book.problems)
        self.book = book
        return book

    def _made_pushing(self, opened: Opened) -> Pushing:
        return Pushing(
            self._settings,
            self._store,
            self._queue,
            self._served,
            opened=opened,
            clock=now_in_utc,
            stop=self._stopping,
            ready=self._lookout.begin,
            visits=self._visits(),
        )

    def _visits(self) -> Callable[..., Visits]:
        return Visits

    def _taken(self, wanted: Wanted, before: Wanted | None) -> None:
        """Pass on that something else is in force."""
        self._lookout.taken(wanted, before)
        if self._noticing:
            program = wanted.program.settings.id
            self._noticing.changed(program, {name: self._digest(name) for name in differing(wanted, before)})

    def _digest(self, calendar: str) -> str:
        """A digest of what is served of a calendar; empty where nothing is."""
        feed = self.book.feed(calendar)
        return feed.plain.etag if feed else ""

    def _pushed(self) -> list[str]:
        """The calendars that are kept true in Google, by this process or by others."""
        possible = self._pushes and (self._pushing is None or self._pushing.is_possible)
        return list(self._served.google or ()) if possible else []

    def _watched(self) -> dict[str, str] | None:
        """The same by their ids in Google; None while it is not known whether they can be pushed."""
        google = self._served.google
        if google is None or (self._pushing and not self._pushing.is_possible):
            return None
        return {name: google[name] for name in self._pushed()}

    def _made_door(self) -> TokenDoor:
        return TokenDoor(self._keys, self.book, self._settings.http.days_after_leaving, now_in_utc)

    def _prepare(self) -> None:
        self.site.prepare()

    def _around(self, closings: contextlib.ExitStack, opened: Opened | None) -> Around:
        """What all pages have in common."""
        hands = DeskHands(self._settings, self._store, opened, now_in_utc) if opened else None
        if hands:
            closings.callback(hands.close)

        def is_stopping() -> bool:
            return self._server.should_exit

        return Around(self.url, self._store, now_in_utc, self._stopping, is_stopping, hands, self._trier)

    def _made_site(self, around: Around) -> Site:
        return ProgrammeSite(About(self._settings, self._store, self.book, self._door, self.triggers), around)

    def _unheard(self) -> Collection[str] | None:
        """The calendars of which Google does not tell us; None for all."""
        return self._webhooks.unheard()

    def _is_busy(self) -> bool:
        return self._pushing is not None and self._pushing.is_busy

    def _app(self) -> ASGIApp:
        http = self._settings.http
        watched = Watched(self._store, self._served, now_in_utc)
        metrics = Metrics(watched)
        return create_app(
            self._served,
            self._door,
            feeds_by_id=http.serves_by_id,
            clock=now_in_utc,
            wrong_per_minute=http.wrong_per_minute,
            hooks=self._webhooks.hooks,
            machines={
                "/readyz": ReadyPage(Ready(watched, http.longest_lag, lambda: self._lookout.is_refused)),
                "/metrics": MetricsPage(metrics, http.metrics_secret, closed=not http.shows_metrics),
            },
            pages=self.site.app,
            answered=metrics.answered,
        )

    def run(self) -> None:
        """Serve, and look after configuration and calendars, until `stop` is called."""
        threads = [threading.Thread(target=each, name=name, daemon=True) for name, each in self._tasks()]
        for thread in threads:
            thread.start()
        log.info("Serving at %s/feeds/", self.url)
        try:
            self._server.run(sockets=[self._listener])
        finally:
            self._stopping.set()
            self._lookout.look()
            until = time.monotonic() + _PATIENCE
            for thread in threads:
                thread.join(timeout=max(0.0, until - time.monotonic()))

    def _tasks(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """What is done beside serving."""
        yield "ircal-lookout", partial(self._lookout.run, self._served, self.triggers, self._stopping)
        if self._settings.watch == "events":
            yield "ircal-files", partial(watch_files, self._settings.config, self._lookout.look, self._stopping)
        if self._pushing:
            yield "ircal-pushing", self._pushing.run
        yield "ircal-webhooks", partial(self._webhooks.run, self._stopping)

    def look(self) -> None:
        """Look at the configuration, soon; may be called from any thread and from a signal handler."""
        self._lookout.look()

    def stop(self) -> None:
        """Stop serving, soon; may be called from any thread and from a signal handler."""
        self._server.should_exit = True

    def close(self) -> None:
        """Let go of the port and the store."""
        self._closings.close()


@contextlib.contextmanager
def _told_by_signals(server: FeedServer) -> Iterator[None]:
    """Stop at SIGINT and SIGTERM, look at SIGHUP. uvicorn passes on the signals that it caught: they end here."""
    told = {signal.SIGINT: server.stop, signal.SIGTERM: server.stop, signal.SIGHUP: server.look}
    before = {number: signal.signal(number, lambda *_, act=act: act()) for number, act in told.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
