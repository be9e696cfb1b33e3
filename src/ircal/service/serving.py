"""Serving: the feeds over HTTP, a watch over the configuration, and a stop that lets answers under way be finished."""

from __future__ import annotations

import contextlib
import logging
import signal
import threading
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Self

from ircal.config import load
from ircal.errors import ProgramError
from ircal.logs import start_logging
from ircal.service.book import FeedBook
from ircal.service.door import TokenDoor
from ircal.service.folder import FolderDigest
from ircal.service.pages import PageBook, pages_of
from ircal.store import KeyRing, open_store
from ircal.web import create_app, listen, make_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import ASGIApp

    from ircal.settings import Settings

log = logging.getLogger(__name__)

_PATIENCE = 2
"""Seconds to wait, at the end, for a look at the configuration that is under way. It can be cut short safely."""


def _now() -> datetime:
    return datetime.now(UTC)


def serve(settings: Settings) -> None:
    """Serve the feeds until SIGINT or SIGTERM.

    Raises ProgramError when the configuration is wrong from the start, StoreError, and IrcalError when the port cannot
    be listened on.
    """
    start_logging(settings)
    with FeedServer(settings) as server, _stopped_by_signals(server.stop):
        server.run()


class FeedServer:
    """Everything that serving takes: made ready by the constructor, run by `run`, in any thread.

    The constructor raises what `serve` does. `book` is what is served; `book.refresh` may be called at any time.
    """

    def __init__(self, settings: Settings) -> None:
        self._seconds = settings.refresh_seconds
        self._stopping = threading.Event()
        with contextlib.ExitStack() as opened:
            http = settings.http
            self._listener = opened.enter_context(listen(http.host, http.port))
            self.url = http.model_copy(update={"port": self._listener.getsockname()[1]}).base_url
            self._store = open_store(settings.store_url, keep=settings.keep_removed)
            opened.callback(self._store.close)
            folder = settings.config
            self.book = FeedBook(partial(load, folder), FolderDigest(folder), self._store, settings.window_years)
            self.book.refresh(_now())
            if not self.book.health().loaded:
                raise ProgramError(self.book.problems)
            self._keys = KeyRing(self._store)
            opened.callback(self._keys.write_uses)
            self._pages = PageBook(self.book)
            self._server = make_server(self._app(settings), http.proxies)
            self._opened = opened.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _app(self, settings: Settings) -> ASGIApp:
        http = settings.http
        door = TokenDoor(self._keys, self.book, http.days_after_leaving, _now)
        return create_app(
            self.book,
            door,
            feeds_by_id=http.serves_by_id,
            clock=_now,
            wrong_per_minute=http.wrong_per_minute,
            pages=pages_of(self._pages, door, settings, self.url, _now),
        )

    def run(self) -> None:
        """Serve, and look after the configuration, until `stop` is called."""
        watch = threading.Thread(target=self._watch, name="ircal-watch", daemon=True)
        watch.start()
        log.info("Serving at %s/feeds/", self.url)
        try:
            self._server.run(sockets=[self._listener])
        finally:
            self._stopping.set()
            watch.join(timeout=_PATIENCE)

    def _watch(self) -> None:
        self._pages.prepare()
        while not self._stopping.wait(self._seconds):
            self.book.refresh(_now())
            self._pages.prepare()
            self._keys.write_uses()

    def stop(self) -> None:
        """Stop serving, soon; may be called from any thread and from a signal handler."""
        self._server.should_exit = True

    def close(self) -> None:
        """Let go of the port and the store."""
        self._opened.close()


@contextlib.contextmanager
def _stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` on SIGINT and SIGTERM. uvicorn passes on the signals that it caught: they end here, quietly."""
    before = {number: signal.signal(number, lambda *_: stop()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
