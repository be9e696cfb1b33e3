"""What is kept of a token that a program brings: its digest, so that the token itself stands nowhere."""

from __future__ import annotations

import hashlib
import hmac


def digest_of(token: str) -> bytes:
    """What is kept of a token. It is random and long, so that a plain digest does (SHA-256)."""
    return hashlib.sha256(token.encode()).digest()


def is_token(token: str, digest: bytes) -> bool:
    """Whether it is the token of that digest, found out in constant time; no token is that of an empty digest."""
    return bool(digest) and hmac.compare_digest(digest_of(token), digest)
