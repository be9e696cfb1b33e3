"""The Standard Webhooks signature: how a message over HTTP proves who sent it, and when (specification, version 1.0.0).

    webhook-id: msg_1           the same at each attempt, so that whoever gets it twice knows
    webhook-timestamp: 17880    Unix seconds of this attempt
    webhook-signature: v1,...   base64 of the HMAC-SHA256 of "<id>.<timestamp>.<body>"

ircal checks such signatures of others (a git host's), and signs its own notices so.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

_KEY_PREFIX = "whsec_"


def key_of(secret: str) -> bytes:
    """The key that a secret stands for: what follows `whsec_` in base64; any other text is its own bytes."""
    encoded = secret.removeprefix(_KEY_PREFIX)
    if encoded == secret:
        return secret.encode()
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return secret.encode()


def begin(key: bytes, message_id: str, timestamp: str) -> hmac.HMAC:
    """What is to be fed with the body; ids and timestamps are ASCII, or bytes as Latin-1 says them."""
    return hmac.new(key, f"{message_id}.{timestamp}.".encode("latin-1"), hashlib.sha256)


def signature_of(worked_out: hmac.HMAC) -> str:
    """The signature, as it is written behind `v1,`."""
    return base64.b64encode(worked_out.digest()).decode()


def headers(key: bytes, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers that prove a message of ours."""
    worked_out = begin(key, message_id, str(timestamp))
    worked_out.update(body)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature_of(worked_out)}",
    }
