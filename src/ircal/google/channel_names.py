"""The ids and tokens of channels: random, and made here.

The token comes back with each message and is all that tells Google's from anybody else's: only its digest is kept. Our
id of a channel is random too, but for a fingerprint of what it watches and whom it tells, so that one that is still
right can be told from one that is not.

Nothing of Google's client is needed for that, which is slow to load.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

PREFIX = "ircal-"
_FINGERPRINT = 12
_RANDOM_BYTES = 24


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
