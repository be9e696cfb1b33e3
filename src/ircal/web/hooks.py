"""Webhooks: addresses to which others POST when something has changed elsewhere. What they have in common.

A hook wakes the service and carries no work: nothing that is sent is believed but who sent it. `/hooks/google` is for
Google's notifications (`ircal.web.google_hook`), `/hooks/config` for a git host's (`ircal.web.config_hook`).

Everything here comes from strangers until it is proved otherwise: only so much of a body is read, in so much time, and
none of it is kept.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from ircal.web.answers import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive, Scope

    from ircal.web.answers import Answer

READING_SECONDS = 30
"""For how long a body may be on its way."""

TOO_LARGE = plain(413, "That is too large.\n", connection="close")
TOO_SLOW = plain(408, "That took too long.\n", connection="close")
LATER = plain(503, "Not now. Try again.\n", retry_after="30")


class Hook(Protocol):
    """An address to which others POST."""

    async def answer(self, scope: Scope, receive: Receive) -> Answer:
        """The answer to a POST."""


class BodyRefused(Exception):
    """A body that is too large or too slow, with the answer to it."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.about)
        self.answer = answer


def headers_of(scope: Scope) -> dict[str, str]:
    """The headers by name, in lower case; of one that comes twice, the last."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def host_of(scope: Scope) -> str:
    """Where a request comes from, as the limiter counts places."""
    client = scope.get("client")
    return client[0] if client else ""


async def read_body(receive: Receive, limit: int, take: Callable[[bytes], object]) -> None:
    """Hand on a body of at most so many bytes, piece by piece. Raises BodyRefused."""
    left = limit
    try:
        async with asyncio.timeout(READING_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":  # the client is gone, and with it the rest
                    raise BodyRefused(TOO_SLOW)
                piece = message.get("body", b"")
                left -= len(piece)
                if left < 0:
                    raise BodyRefused(TOO_LARGE)
                take(piece)
                if not message.get("more_body", False):
                    return
    except TimeoutError:
        raise BodyRefused(TOO_SLOW) from None
