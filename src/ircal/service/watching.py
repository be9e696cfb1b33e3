"""Watching: that Google tells us of what is changed on every calendar that we write, for as long as we want to know.

`Watching.tend` looks what channels there are, and opens, renews, stops and forgets what `ircal.google.lifetimes` says.
It is to be called now and then, and when the calendars are others; there is mostly nothing to do, for one question to
the store. A channel is written down before Google is asked for it, because its first message may be faster than the
answer; where the process was killed in between, it is one that never spoke, and another is opened.

Where Google cannot tell us (no https address of ours, a calendar that it does not watch, messages that do not arrive)
calendars have to be asked: `unheard` names them. It is said once.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from ircal.errors import RemoteError, Unwatchable
from ircal.google.channel_names import digest_of, new_name, new_token
from ircal.google.lifetimes import LIFETIME, Known, Steps, Wanted, steps, unheard
from ircal.store import Channel

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import datetime

    from ircal.google.channels import Opened
    from ircal.service.triggers import Triggers
    from ircal.store import Store

log = logging.getLogger(__name__)

_PAUSE, _LONG_PAUSE = timedelta(minutes=10), timedelta(hours=12)
"""For how long Google is not asked again for a channel that it did not open, or said that it never will."""


class GoogleChannels(Protocol):
    """`ircal.google.channels.Channels`, or what stands in for it."""

    def open(self, calendar_id: str, name: str, token: str, address: str, until: datetime) -> Opened:
        """Have Google tell an address of what changes on a calendar, at most until then. Raises RemoteError."""

    def stop(self, name: str, resource: str) -> bool:
        """Have Google tell no more on a channel; whether there was one. Raises RemoteError."""


class Watching:
    """Tends the channels of one installation; to be called by one thread at a time.

    `google` is asked for when Google has to be; `address` is where Google is to tell us, None where it cannot; `clock`
    gives the present instant, with its zone.
    """

    def __init__(
        self,
        store: Store,
        triggers: Triggers,
        google: Callable[[], GoogleChannels],
        address: str | None,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._triggers = triggers
        self._google = google
        self._address = address
        self._clock = clock
        self._refused: dict[tuple[str, str], datetime] = {}
        self._said: set[str] = set()

    def tend(self, calendars: Mapping[str, str]) -> None:
        """Have these calendars watched, Google's ids by ours, and no others.

        Raises StoreError, and what `google` raises where there are no credentials.
        """
        now = self._clock()
        known = _known(self._store.channels())
        wanted = Wanted(calendars, self._address)
        todo = steps(known, wanted, now)
        for each in todo.forget:
            self._store.remove_channel(each.name)
        if todo.open or todo.stop:
            self._carry_out(todo, wanted, unheard(known, wanted, now), now)
        self._tell(known, wanted, now)

    def _carry_out(self, todo: Steps, wanted: Wanted, unheard_before: Collection[str], now: datetime) -> None:
        opening = [each for each in todo.open if not self._is_refused(each, wanted.calendars[each], now)]
        if not opening and not todo.stop:
            return
        google = self._google()
        for calendar in opening:
            if self._open(google, calendar, wanted.calendars[calendar], now) and calendar in unheard_before:
                self._triggers.mark([calendar], "poll")  # what changed before the channel was there
        for each in todo.stop:
            self._stop(google, each, now)

    def unheard(self, calendars: Mapping[str, str]) -> frozenset[str]:
        """Those of whose changes Google does not tell us, or not for sure. Raises StoreError."""
        return unheard(_known(self._store.channels()), Wanted(calendars, self._address), self._clock())

    def _is_refused(self, calendar: str, google_id: str, now: datetime) -> bool:
        """Whether Google would not open a channel for it a while ago."""
        return self._refused.get((calendar, google_id), now) > now

    def _open(self, google: GoogleChannels, calendar: str, google_id: str, now: datetime) -> bool:
        """Open a channel; whether there is one now."""
        address = self._address or ""
        name, token, until = new_name(google_id, address), new_token(), now + LIFETIME
        pending = Channel(name, calendar, digest_of(token), now, until)
        self._store.add_channel(pending)
        try:
            opened = google.open(google_id, name, token, address, until)
        except RemoteError as error:
            self._store.remove_channel(name)
            self._refused[calendar, google_id] = now + (_LONG_PAUSE if isinstance(error, Unwatchable) else _PAUSE)
            log.warning(
                "Google does not tell of changes of %s, which is asked instead: %s %s", calendar, error, error.remedy
            )
            return False
        if opened.resource:
            self._store.add_channel(replace(pending, resource=opened.resource, expires=opened.expires))
        log.info("Google tells of changes of %s until %s.", calendar, opened.expires.strftime("%Y-%m-%d %H:%M UTC"))
        return True

    def _stop(self, google: GoogleChannels, channel: Known, now: datetime) -> None:
        self._store.stop_channel(channel.name, now)
        try:
            google.stop(channel.name, channel.resource)
        except RemoteError as error:
            log.info("The channel %s could not be stopped, and ends by itself: %s", channel.name, error)
            return
        self._store.remove_channel(channel.name)

    def _tell(self, known: Iterable[Known], wanted: Wanted, now: datetime) -> None:
        if wanted.calendars and not self._address:
            self._say("Google cannot tell of changes without a public https address; calendars are asked instead.")
        silent = sorted({each.calendar for each in known if each.is_silent(now) and wanted.is_met_by(each)})
        if silent and self._address:
            names = ", ".join(silent)
            self._say(f"Nothing that Google tells arrives at {self._address} ({names}); calendars are asked instead.")

    def _say(self, sentence: str) -> None:
        if sentence not in self._said:
            self._said.add(sentence)
            log.warning("%s", sentence)


def _known(channels: Iterable[Channel]) -> list[Known]:
    return [
        Known(
            each.id,
            each.calendar,
            each.opened,
            each.expires,
            each.resource,
            spoke=each.last_message > 0,
            stopped=each.stopped is not None,
        )
        for each in channels
    ]
