"""`/hooks/google`: Google tells that a calendar has changed.

A notification is a POST without a body. Its headers name the channel (an id that we made), what is watched, a state
(`sync`: the channel has been opened; `exists`: something has changed; `not_exists`: the calendar is gone), a number
that grows, and the channel's token, by which alone we know that it is Google's (guide "Push notifications").

What comes while others are being handed on waits for them and is then handed on as one: a storm of a thousand costs
about as many look-ups in memory, and few writes. Google is answered when it is done, so that it tries again where it
was not. A message about a channel that nobody knows and one with a wrong token get the 404 of any address that is none.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, cast

from starlette.concurrency import run_in_threadpool

from ircal.web.answers import NOT_FOUND, UNSEEN, answer, too_many
from ircal.web.hooks import LATER, headers_of, host_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.types import Receive, Scope

    from ircal.web.answers import Answer
    from ircal.web.limiter import WrongTries

State = Literal["sync", "exists", "not_exists"]

_STATES = frozenset({"sync", "exists", "not_exists"})
_LONGEST = 512
"""Characters of a header that is looked at; ids and tokens have at most half as many."""
_LARGEST = 18
"""Digits of a message number, which is to fit a database."""
_TAKEN = answer(204, UNSEEN, about="hooks/google")


@dataclass(frozen=True, slots=True)
class Notification:
    """One message of Google's, before or after it is believed."""

    channel: str
    resource: str
    state: State
    number: int


class Listener(Protocol):
    """Whoever knows the channels, and is told what came on them."""

    def knows(self, channel: str, token: str) -> bool | None:
        """Whether the token is that channel's, told in constant time; None for a channel unknown. Must not block."""

    def look(self, channel: str) -> None:
        """Find out about a channel that is not known. May block, and runs in a thread."""

    def told(self, notifications: Sequence[Notification]) -> None:
        """These came, in this order, and are Google's. May block, and runs in a thread. Raises where it is in vain."""

    def stray(self, notification: Notification) -> None:
        """Something came on a channel that nobody knows; it may be anybody's. Must not block."""


class GoogleHook:
    """Answers Google. `wrong` counts what is not Google's."""

    def __init__(self, listener: Listener, wrong: WrongTries) -> None:
        self._listener = listener
        self._wrong = wrong
        self._together = Together(listener.told)

    async def answer(self, scope: Scope, receive: Receive) -> Answer:
        """204 for what is Google's, or what a wrong address gets."""
        del receive  # a notification has no body, and what is none is not read
        headers = headers_of(scope)
        notification, token = read(headers), headers.get("x-goog-channel-token", "")
        if notification is None or not await self._is_true(notification, token, host_of(scope)):
            seconds = self._wrong.count(host_of(scope))
            return too_many(seconds) if seconds else NOT_FOUND
        try:
            await self._together.hand_on(notification)
        except Exception:  # noqa: BLE001 whoever was told has logged it; Google tries again
            return LATER
        return _TAKEN

    async def _is_true(self, notification: Notification, token: str, host: str) -> bool:
        known = self._listener.knows(notification.channel, token)
        if known is None and not self._wrong.wait(host):
            await run_in_threadpool(self._listener.look, notification.channel)
            known = self._listener.knows(notification.channel, token)
            if known is None:
                self._listener.stray(notification)
        return bool(known)


def read(headers: Mapping[str, str]) -> Notification | None:
    """What the headers say; None for what is no notification."""
    names = ("channel-id", "resource-id", "resource-state", "message-number")
    channel, resource, state, number = (headers.get(f"x-goog-{name}", "") for name in names)
    long = max(map(len, (channel, resource, headers.get("x-goog-channel-token", "")))) > _LONGEST
    digits = number.isascii() and number.isdecimal() and len(number) <= _LARGEST
    if long or not channel or not digits or state not in _STATES:
        return None
    return Notification(channel, resource, cast("State", state), int(number))


class _Batch:
    def __init__(self) -> None:
        self.notifications: list[Notification] = []
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class Together:
    """Hands on what comes while the last is being handed on as one."""

    def __init__(self, hand_on: Callable[[Sequence[Notification]], None]) -> None:
        self._hand_on = hand_on
        self._next: _Batch | None = None
        self._working: asyncio.Task[None] | None = None

    async def hand_on(self, notification: Notification) -> None:
        """Hand one on; returns when it is done, and raises what was raised."""
        batch = self._next = self._next or _Batch()
        batch.notifications.append(notification)
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        await asyncio.shield(batch.done)

    async def _work(self) -> None:
        while batch := self._next:
            self._next = None
            try:
                await run_in_threadpool(self._hand_on, batch.notifications)
            except Exception as error:  # noqa: BLE001 it is raised where somebody waits
                batch.done.set_exception(error)
            else:
                batch.done.set_result(None)
        self._working = None
