"""Notification channels: on which Google tells, within seconds, that somebody has changed a calendar.

A channel is a promise of Google's to POST to an address of ours (a webhook) whenever an event of one calendar changes,
until it expires. It tells that something has changed, never what, and not all of its messages arrive. It cannot be
prolonged: another one is opened in time, see `lifetimes`. Whoever knows its two ids, ours and Google's id of what is
watched (`resourceId`), may stop it.

The token comes back with each message and is all that tells Google's from anybody else's: it is random, and only its
digest is kept. Our id of a channel is random too, but for a fingerprint of what it watches and whom it tells, so that
one that is still right can be told from one that is not.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from ircal.errors import RemoteMissing
from ircal.google.errors import AlreadyThere, not_an_answer
from ircal.google.sending import ATTEMPTS, Sender

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.google.gate import Gate

LIFETIME = timedelta(days=7)
"""What is asked for, and Google's own default: what is left over by mistake does not tell for longer than this."""
PREFIX = "ircal-"
_FINGERPRINT = 12
_RANDOM_BYTES = 24


@dataclass(frozen=True, slots=True)
class Opened:
    """What Google granted; `resource` is empty where it could not be learned yet (the first message tells it)."""

    resource: str
    expires: datetime


class Channels:
    """Opens and stops channels. `service` is what `client.build_service` makes."""

    def __init__(
        self, service: Any, sleep: Callable[[float], None], attempts: int = ATTEMPTS, gate: Gate | None = None
    ) -> None:
        self._service = service
        self._sender = Sender(service, sleep, 1, attempts, gate)

    def open(self, calendar_id: str, name: str, token: str, address: str, until: datetime) -> Opened:
        """Have Google tell an address of what changes on a calendar, at most until then.

        Raises Unwatchable where that will never be, and other RemoteErrors.
        """
        wanted = {"id": name, "type": "web_hook", "address": address, "token": token}
        body = {**wanted, "expiration": str(int(until.timestamp() * 1000))}
        try:
            answer = self._sender.send(self._service.events().watch(calendarId=calendar_id, body=body), "calendar")
        except AlreadyThere:  # an attempt that got no answer was carried out all the same
            return Opened("", until)
        return _opened(answer, until)

    def stop(self, name: str, resource: str) -> bool:
        """Have Google tell no more on a channel; whether there was one. Raises RemoteError."""
        try:
            self._sender.send(self._service.channels().stop(body={"id": name, "resourceId": resource}), "calendar")
        except RemoteMissing:
            return False
        return True


class _Granted(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel)

    resource_id: str = Field(min_length=1)
    expiration: int | None = Field(default=None, ge=0, le=1 << 50)


def _opened(answer: dict[str, Any], until: datetime) -> Opened:
    try:
        granted = _Granted.model_validate(answer)
    except ValidationError as error:
        raise not_an_answer() from error
    if granted.expiration is None:
        return Opened(granted.resource_id, until)
    # It may be sooner than was asked for; later than that is not relied on.
    expires = min(granted.expiration, int(until.timestamp() * 1000)) / 1000
    return Opened(granted.resource_id, datetime.fromtimestamp(expires, UTC))


def new_token() -> str:
    """A secret of 192 random bits for the messages of a channel."""
    return secrets.token_urlsafe(_RANDOM_BYTES)


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_token(token: str, digest: str) -> bool:
    """Whether a token is the one with that digest, told in constant time."""
    return hmac.compare_digest(digest_of(token), digest)


def new_name(calendar_id: str, address: str) -> str:
    """An id for a channel that tells that address of a calendar: at most 64 characters, as Google wants it."""
    return f"{_beginning(calendar_id, address)}{secrets.token_urlsafe(_RANDOM_BYTES)}"


def is_for(name: str, calendar_id: str, address: str) -> bool:
    """Whether a channel with that id tells that address of that calendar."""
    return name.startswith(_beginning(calendar_id, address))


def _beginning(calendar_id: str, address: str) -> str:
    fingerprint = hashlib.sha256(f"{calendar_id}\n{address}".encode()).hexdigest()[:_FINGERPRINT]
    return f"{PREFIX}{fingerprint}-"
