"""The pages of the feeds: who may read what, and which answer they get.

Everything that is not to be read is the same 404, to the byte: an unknown calendar, a private one, a secret that never
was, one that was revoked and one that is over cannot be told apart. All of them take the same way through memory.
"""

from __future__ import annotations

import asyncio
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from starlette.concurrency import run_in_threadpool

from ircal.web.answers import NOT_FOUND, NOT_READY, Answer, feed_answers, too_many
from ircal.web.health import HasHealth
from ircal.web.negotiation import accepts_gzip, has_current

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from starlette.types import Scope

    from ircal.web.limiter import WrongTries
    from ircal.web.resource import FeedResource

_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}(/[A-Za-z0-9_-]{1,128})?")
"""What a secret or an id is made of, with the programme's name before it where there are several; anything else is not
even looked up."""

_AT_ONCE = 2
"""So many programmes are fetched at once; who asks for others waits, and nobody else does."""

_ASKED = frozenset({b"accept-encoding", b"if-none-match", b"if-modified-since"})


class FeedSource(HasHealth, Protocol):
    """What is served. It is asked at every request."""

    def feed(self, calendar: str) -> FeedResource | None:
        """The feed of a calendar; None if there is no such calendar, or it is away. Must not block."""

    def is_away(self, calendar: str) -> bool:
        """Whether the calendar's programme is not at hand, so that it has to be fetched first. Must not block."""

    def fetch(self, calendar: str) -> None:
        """Have the calendar's programme at hand, if it can be. May block, and runs in a thread."""


class Door(Protocol):
    """Whom the secret addresses belong to, as far as it is known in memory."""

    def calendar_of(self, secret: str) -> str | None:
        """The calendar that a secret opens; None if it opens nothing. Must not block."""

    def is_stale(self) -> bool:
        """Whether `look` is due."""

    def look(self) -> None:
        """Find out what has changed. May block, and runs in a thread."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a secret address opens: a calendar, and when a program last fetched it by that address (UTC), if known."""

    calendar: str
    fetched: datetime | None


class _NotAtHand(Exception):
    """The programme of a calendar cannot be had."""


class FeedPage(ABC):
    """A folder of addresses, `<name>.ics`. `clock` gives the present instant, with its zone."""

    def __init__(self, feeds: FeedSource, clock: Callable[[], datetime]) -> None:
        self._feeds = feeds
        self._clock = clock
        self._fetching = asyncio.Semaphore(_AT_ONCE)

    async def answer(self, scope: Scope, name: str) -> Answer:
        """The answer to a GET or HEAD of that name."""
        if not self._feeds.health().loaded:  # a 404 would make clients drop the calendar
            return NOT_READY
        try:
            resource, open_to_all = await self._find(name) if _NAME.fullmatch(name) else (None, False)
        except _NotAtHand:  # its programme was never right: a 404 would make clients drop the calendar
            return NOT_READY
        if resource is None:
            return self._nothing(scope)
        return _chosen(scope["headers"], resource, self._clock(), open_to_all=open_to_all)

    @abstractmethod
    async def _find(self, name: str) -> tuple[FeedResource | None, bool]:
        """What the name stands for, and whether it is no secret."""

    async def _feed(self, calendar: str) -> FeedResource | None:
        """The feed of a calendar, whose programme is fetched where it is away. Raises _NotAtHand."""
        if self._feeds.is_away(calendar):
            async with self._fetching:
                await run_in_threadpool(self._feeds.fetch, calendar)
            if self._feeds.is_away(calendar):
                raise _NotAtHand
        return self._feeds.feed(calendar)

    def _nothing(self, scope: Scope) -> Answer:
        del scope
        return NOT_FOUND


class PublicFeeds(FeedPage):
    """`/public/<calendar>.ics`: the calendars that the configuration makes public, and no others."""

    async def _find(self, name: str) -> tuple[FeedResource | None, bool]:
        resource = await self._feed(name)
        return (resource if resource and resource.public else None), True


class SecretFeeds(FeedPage):
    """`/feeds/<secret>.ics`: what the secret opens; also a public calendar by its id, and any, where `by_id`."""

    def __init__(
        self, feeds: FeedSource, door: Door, wrong: WrongTries, clock: Callable[[], datetime], *, by_id: bool
    ) -> None:
        super().__init__(feeds, clock)
        self._door = door
        self._wrong = wrong
        self._any_by_id = by_id

    async def _find(self, name: str) -> tuple[FeedResource | None, bool]:
        resource = await self._feed(name)
        if resource and (resource.public or self._any_by_id):
            return resource, resource.public
        if self._door.is_stale():
            await run_in_threadpool(self._door.look)
        calendar = self._door.calendar_of(name)
        if calendar is not None and self._feeds.is_away(calendar):
            await self._feed(calendar)
            calendar = self._door.calendar_of(name)  # whose link it is may have left, by a programme that was away
        return (self._feeds.feed(calendar) if calendar is not None else None), False

    def _nothing(self, scope: Scope) -> Answer:
        client = scope.get("client")
        seconds = self._wrong.count(client[0] if client else "")
        return too_many(seconds) if seconds else NOT_FOUND


def _chosen(
    headers: Iterable[tuple[bytes, bytes]], resource: FeedResource, now: datetime, *, open_to_all: bool
) -> Answer:
    """The answer in the coding that the client reads, without what it has already."""
    asked = _asked(headers)
    chosen = resource.gzipped if accepts_gzip(asked.get(b"accept-encoding")) else resource.plain
    answers = resource.answers(chosen, open_to_all=open_to_all)
    if now < resource.last_modified:  # the clock jumped back; no change lies in the future (RFC 9110, 8.8.2.1)
        modified = now.replace(microsecond=0)
        answers = feed_answers(resource.calendar, chosen, modified, open_to_all=open_to_all)
    conditions = asked.get(b"if-none-match"), asked.get(b"if-modified-since")
    return answers.unchanged if has_current(*conditions, chosen.etag, resource.last_modified) else answers.full


def _asked(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, str]:
    """The values of the headers that matter; one may come in several lines."""
    found: dict[bytes, str] = {}
    for name, value in headers:
        if name in _ASKED:
            text = value.decode("latin-1")
            found[name] = f"{found[name]}, {text}" if name in found else text
    return found
