"""Who sent a webhook: the ways in which git hosts prove that they know the secret. Pure functions of headers and body.

    GitHub, Gitea, Forgejo   X-Hub-Signature-256: sha256=<hex HMAC-SHA256 of the body>
    GitLab, signed           webhook-signature: v1,<base64 HMAC-SHA256 of "<webhook-id>.<webhook-timestamp>.<body>">
                             (the Standard Webhooks form; the key is what follows `whsec_`, in base64)
    GitLab, secret token     X-Gitlab-Token: the secret itself

A signature is over the body as it came, byte by byte, so that it is worked out while the body comes and nothing of it
is kept. What is compared is compared in constant time.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

TOLERANCE = 300
"""Seconds by which the time of a signed message may differ from ours (Standard Webhooks leaves the number open)."""
_KEY_PREFIX = "whsec_"


@dataclass(frozen=True, slots=True)
class Proof:
    """What a request brings to prove itself: a beginning that is signed before the body, and what fits it.

    `said` are the signatures that were sent, in their own spelling; `once` is what no other message has, if there is
    such a thing.
    """

    key: bytes = field(repr=False)
    prefix: bytes
    said: tuple[str, ...]
    hexadecimal: bool
    once: str

    def begin(self) -> hmac.HMAC:
        """What is to be fed with the body."""
        return hmac.new(self.key, self.prefix, hashlib.sha256)

    def is_met_by(self, worked_out: hmac.HMAC) -> bool:
        """Whether one of the signatures is that of the body."""
        right = worked_out.hexdigest() if self.hexadecimal else base64.b64encode(worked_out.digest()).decode()
        fitting = [hmac.compare_digest(each.encode(), right.encode()) for each in self.said]
        return any(fitting)


def signed(headers: Mapping[str, str], secret: str, now: float) -> Proof | None:
    """The proof that a request brings; None where it brings none, or one that is too old.

    `headers` are by names in lower case, their values one character a byte; `now` is in Unix seconds.
    """
    if hub := headers.get("x-hub-signature-256"):
        said = hub.removeprefix("sha256=")
        return Proof(secret.encode(), b"", (said,), hexadecimal=True, once=said)
    if standard := headers.get("webhook-signature"):
        return _standard(headers, standard, secret, now)
    return None


def _standard(headers: Mapping[str, str], signatures: str, secret: str, now: float) -> Proof | None:
    name, sent = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (name and sent.isascii() and sent.isdecimal() and len(sent) < len("1" * 13)):
        return None
    if abs(now - int(sent)) > TOLERANCE:
        return None
    said = tuple(each.removeprefix("v1,") for each in signatures.split() if each.startswith("v1,"))
    prefix = f"{name}.{sent}.".encode("latin-1")
    return Proof(standard_key(secret), prefix, said, hexadecimal=False, once=name)


def standard_key(secret: str) -> bytes:
    """The key that a secret of the Standard Webhooks form stands for; any other text is its own bytes."""
    encoded = secret.removeprefix(_KEY_PREFIX)
    if encoded == secret:
        return secret.encode()
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return secret.encode()


def is_secret(headers: Mapping[str, str], secret: str) -> bool:
    """Whether a request brings the secret itself, as GitLab's `X-Gitlab-Token`."""
    return hmac.compare_digest(headers.get("x-gitlab-token", "").encode("latin-1"), secret.encode())
