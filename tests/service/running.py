"""A server of the service in a thread of the test, and a client that speaks to it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import httpx

from ircal.service import FeedServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.settings import Settings

Server = TypeVar("Server", bound=FeedServer)


@contextmanager
def in_a_thread(made: Server) -> Iterator[tuple[Server, httpx.Client]]:
    """Run a server that was made, until the end of the block."""
    with made as server:
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            with httpx.Client(base_url=server.url, trust_env=False) as client:
                yield server, client
        finally:
            server.stop()
            thread.join(timeout=30)


def with_http(settings: Settings, **http: object) -> Settings:
    return settings.model_copy(update={"http": settings.http.model_copy(update=http)})
