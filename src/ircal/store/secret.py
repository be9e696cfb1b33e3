"""The secret in a feed's address: how it is made, and what of it may be kept.

A calendar program can send neither a password nor a header, so whoever has the address has the calendar. The secret
has 192 random bits; only its SHA-256 is kept, which is enough for a secret that nobody can guess. The first digits of
that digest name the token where people must speak of it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from ircal.errors import TokenInUse

if TYPE_CHECKING:
    from ircal.store.protocol import Token

_BYTES = 24
_ID_DIGITS = 10

BETWEEN_USES = timedelta(hours=1)
"""How old the note of a token's last use must be before it is written again."""


def new_secret() -> str:
    """32 characters that are safe in an address."""
    return secrets.token_urlsafe(_BYTES)


def digest_of(secret: str) -> str:
    """What is kept of a secret: 64 hex digits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def public_id(digest: str) -> str:
    """The name of a token in lists and commands."""
    return digest[:_ID_DIGITS]


def same_digest(one: str, other: str) -> bool:
    """Compare in constant time, so that no speed tells how much of a guess was right."""
    return hmac.compare_digest(one, other)


def taken(token: Token) -> TokenInUse:
    """What there is to say to who wants a second token like this one."""
    message = f"{token.person} has a link to the calendar {token.calendar} already; its id is {token.id}."
    return TokenInUse(message, f"To replace it: `ircal token rotate {token.id}`.")
