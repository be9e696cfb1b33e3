"""Listening: what comes on the channels on which Google tells of changes, and whether it is Google's at all.

A message carries no work. One that has been believed marks its calendar due, so that a run looks what has changed; a
repeated or an older one than the last adds nothing to that. What we wrote ourselves is told too, and marks as well: the
run after it finds nothing to do and writes nothing, with which it ends.

Channels are known from the store, and kept in memory. One that is not there was opened by another process, or is a
stray: a channel of a store that was lost, which nobody would ever stop. It is remembered as one to be stopped, by
whoever tends the channels (`ircal.service.watching`).
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from ircal.errors import IrcalError
from ircal.google.channel_names import PREFIX, is_token
from ircal.store import Channel

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from ircal.store import Store
    from ircal.web import Notification

log = logging.getLogger(__name__)

STRAY = ""
"""What a stray has for its calendar."""
_STRAYS = 50
"""So many are remembered at once, for anybody may make them up."""
_NOTED = timedelta(minutes=1)
"""How often the store is told how far the messages of a channel have come; it need not know it better."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_STRAY_FOR = timedelta(days=31)


class Listening:
    """A `web.google_hook.Listener`. `mark` marks calendars due; `clock` gives the present instant, with its zone."""

    def __init__(self, store: Store, mark: Callable[[Collection[str]], None], clock: Callable[[], datetime]) -> None:
        self._store = store
        self._mark = mark
        self._clock = clock
        self._known: dict[str, Channel] = {}
        self._last: dict[str, int] = {}
        self._noted: dict[str, datetime] = {}

    def knows(self, channel: str, token: str) -> bool | None:
        """Whether the token is that of the channel, told in constant time; None if there is none, for all we know."""
        known = self._known.get(channel)
        return None if known is None else is_token(token, known.token_digest)

    def look(self, notification: Notification) -> None:
        """Find the channel in the store, or remember it as a stray."""
        now = self._clock()
        for name in [name for name, each in list(self._known.items()) if each.expires <= now]:
            for remembered in (self._known, self._last, self._noted):
                remembered.pop(name, None)
        try:
            found = self._store.channel(notification.channel)
            if found is None:
                self._remember_stray(notification, now)
        except IrcalError as error:
            log.warning("What Google tells of a channel cannot be looked up: %s", error)
            return
        if found and found.stopped is None:
            self._known[found.id] = found
            self._last[found.id] = found.last_message

    def _remember_stray(self, notification: Notification, now: datetime) -> None:
        if not (notification.channel.startswith(PREFIX) and notification.resource):
            return
        if len(self._store.channels(STRAY)) >= _STRAYS:
            return
        name, resource = notification.channel, notification.resource
        self._store.add_channel(Channel(name, STRAY, "", now, now + _STRAY_FOR, resource, stopped=now))
        log.info("Somebody tells of the channel %s, which is not known here. It will be stopped.", name)

    def told(self, notifications: Sequence[Notification]) -> None:
        """Mark due what is new of them, and only then remember that they came. Raises StoreError."""
        news = [each for each in notifications if each.number > self._last.get(each.channel, 0)]
        changed = {self._known[each.channel].calendar for each in news if each.state != "sync"}
        try:
            if changed:
                self._mark(changed)
            for last in _last_of_each(news):
                self._remember(last)
        except IrcalError as error:
            log.warning("What Google tells cannot be remembered: %s", error)
            raise

    def _remember(self, last: Notification) -> None:
        known = self._known[last.channel]
        if not known.resource and last.resource:  # Google's answer was lost, or is still on its way
            self._known[last.channel] = replace(known, resource=last.resource)
            self._store.add_channel(self._known[last.channel])
        now = self._clock()
        if now - self._noted.get(last.channel, _LONG_AGO) >= _NOTED:
            self._store.note_message(last.channel, last.number)
            self._noted[last.channel] = now
        self._last[last.channel] = last.number


def _last_of_each(notifications: Iterable[Notification]) -> list[Notification]:
    """The one with the highest number of each channel."""
    ordered = sorted(notifications, key=lambda each: (each.channel, each.number))
    return [list(group)[-1] for _, group in groupby(ordered, key=lambda each: each.channel)]
