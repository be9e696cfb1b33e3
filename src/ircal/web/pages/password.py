"""The coordinators' password: only its argon2 hash is kept, and looking at one costs time and memory on purpose."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

LONGEST = 1024
"""Characters; hashing a longer one would only keep us busy."""

_AT_ONCE = threading.BoundedSemaphore(2)
"""Each takes 64 MiB: more than two at a time wait."""


def hash_password(password: str) -> str:
    """The hash for `IRCAL_ADMIN__PASSWORD_HASH`, with a salt of its own (RFC 9106, second recommended option)."""
    return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY).hash(password)


def is_password(password: str, hashed: str) -> bool:
    """Whether it is the password of that hash."""
    if not hashed or len(password) > LONGEST:
        return False
    with _AT_ONCE:
        try:
            return PasswordHasher().verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False
