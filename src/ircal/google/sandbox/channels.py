"""Notification channels: who is told, by a POST to which address, that a calendar's events have changed.

A channel is opened for one calendar (`events.watch`), lives for as long as it was granted, and ends then without a
word, or when it is stopped. What is told on it is only that something has changed, never what: a message is a handful
of headers and has no body. Here a channel and its messages are values; `delivery` puts them on the wire.

From the documentation (guide "Push notifications", reference of `events.watch` and `channels.stop`): ids of at most 64
characters that are the project's own, tokens of at most 256, https alone, a week where no lifetime is asked for, the
headers, a `sync` message with number 1 first, then numbers that grow and are not consecutive, calls of our own told
like those of others, calendars that Google makes up (holidays) not to be watched.
Guessed: a lifetime over 30 days is cut to 30; one that is over already is refused; a deleted calendar is told of once,
as `not_exists`; a change of reminders alone is not told.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from ircal.google.sandbox.errors import HookNotHttps, Invalid, NotFound, NotUnique, PushNotSupported, Required
from ircal.google.sandbox.model import Resource

DEFAULT_TTL_SECONDS = 604_800
LONGEST_TTL_SECONDS = 2_592_000
MAX_ID, MAX_TOKEN = 64, 256
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

State = Literal["sync", "exists", "not_exists"]

_ID = re.compile(r"[A-Za-z0-9\-_+/=]+")
_MADE_UP = "@group.v.calendar.google.com"
"""How the ids of calendars end that Google works out by itself."""
_LARGEST_STEP = 3
"""Message numbers grow by one to so many."""


@dataclass(frozen=True, slots=True)
class Channel:
    """An open channel; `expiration` is in milliseconds since 1970, `number` that of the last message on it."""

    id: str
    calendar_id: str
    address: str
    token: str
    expiration: int
    number: int = 0

    @property
    def resource_id(self) -> str:
        """What names the events of that calendar, the same for every channel."""
        return hashlib.sha256(self.calendar_id.encode()).hexdigest()[:27]

    @property
    def resource_uri(self) -> str:
        """Their address, for a given version of the API."""
        path = f"calendars/{quote(self.calendar_id, safe='')}/events"
        return f"https://www.googleapis.com/calendar/v3/{path}?alt=json"

    def is_over(self, now: datetime) -> bool:
        """Whether it has ended by itself."""
        return self.expiration <= _milliseconds(now)

    def resource(self) -> Resource:
        """The channel as `events.watch` answers it."""
        shown: Resource = {"kind": "api#channel", "id": self.id, "resourceId": self.resource_id}
        shown |= {"resourceUri": self.resource_uri, "expiration": str(self.expiration)}
        return shown | ({"token": self.token} if self.token else {})


@dataclass(frozen=True, slots=True)
class Message:
    """One notification, before it is sent."""

    channel: Channel
    state: State
    number: int

    @property
    def headers(self) -> dict[str, str]:
        """All that it says."""
        expires = datetime.fromtimestamp(self.channel.expiration / 1000, UTC)
        return {
            "X-Goog-Channel-ID": self.channel.id,
            **({"X-Goog-Channel-Token": self.channel.token} if self.channel.token else {}),
            "X-Goog-Channel-Expiration": format_datetime(expires, usegmt=True),
            "X-Goog-Resource-ID": self.channel.resource_id,
            "X-Goog-Resource-URI": self.channel.resource_uri,
            "X-Goog-Resource-State": self.state,
            "X-Goog-Message-Number": str(self.number),
        }


class Channels:
    """The open channels of a world, by id. `send` is given every message as it arises, and must not wait."""

    def __init__(self) -> None:
        self.send: Callable[[Message], None] = lambda _message: None
        self._open: dict[str, Channel] = {}

    def __contains__(self, channel_id: object) -> bool:
        return channel_id in self._open

    def __getitem__(self, channel_id: str) -> Channel:
        return self._open[channel_id]

    def __len__(self) -> int:
        return len(self._open)

    def open(self, calendar_id: str, body: Mapping[str, Any], now: datetime) -> Channel:
        """Open the channel that was asked for, and say so on it."""
        channel = _granted(calendar_id, body, self._open, now)
        self._tell(channel, "sync", 1)
        return channel

    def stop(self, body: Mapping[str, Any]) -> None:
        """End the channel that is named by both of its ids."""
        channel = self._open.get(channel_id := str(body.get("id") or ""))
        if not channel or channel.resource_id != body.get("resourceId"):
            raise NotFound(f"Channel '{channel_id}' not found for project")
        del self._open[channel_id]

    def end_all(self) -> None:
        """End every channel without a word, as their time does."""
        self._open.clear()

    def tell(self, calendar_id: str, state: State, revision: int, now: datetime) -> None:
        """Tell of a change of a calendar's events, on each of its channels that has not ended."""
        for channel in [each for each in self._open.values() if each.calendar_id == calendar_id]:
            if channel.is_over(now):
                del self._open[channel.id]
            else:
                self._tell(channel, state, channel.number + 1 + revision % _LARGEST_STEP)

    def _tell(self, channel: Channel, state: State, number: int) -> None:
        self._open[channel.id] = replace(channel, number=number)
        self.send(Message(channel, state, number))


def _granted(calendar_id: str, body: Mapping[str, Any], taken: Mapping[str, Channel], now: datetime) -> Channel:
    channel_id, address, token = (str(body.get(name) or "") for name in ("id", "address", "token"))
    if not channel_id or not address:
        raise Required(location="address" if channel_id else "id")
    if body.get("type") not in ("web_hook", "webhook") or len(token) > MAX_TOKEN:
        raise Invalid
    if len(channel_id) > MAX_ID or not _ID.fullmatch(channel_id):
        raise Invalid(location="id")
    if channel_id in taken:
        raise NotUnique(channel_id)
    _check_address(address)
    if calendar_id.endswith(_MADE_UP):
        raise PushNotSupported
    return Channel(channel_id, calendar_id, address, token, _expiration(body, now))


def _check_address(address: str) -> None:
    url = urlsplit(address)
    # Google wants https with a valid certificate; a service that listens beside the sandbox has neither.
    if url.scheme != "https" and not (url.scheme == "http" and url.hostname in LOOPBACK):
        raise HookNotHttps(address)


def _expiration(body: Mapping[str, Any], now: datetime) -> int:
    began = _milliseconds(now)
    parameters = body.get("params")
    ttl = parameters.get("ttl") if isinstance(parameters, dict) else None
    try:
        if body.get("expiration") is not None:
            asked = int(body["expiration"])
        else:
            asked = began + int(ttl if ttl is not None else DEFAULT_TTL_SECONDS) * 1000
    except (TypeError, ValueError):
        raise Invalid from None
    if asked <= began:
        raise Invalid(location="expiration")
    return min(asked, began + LONGEST_TTL_SECONDS * 1000)


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
