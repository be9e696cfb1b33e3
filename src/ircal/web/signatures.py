"""Who sent a webhook: the ways in which git hosts prove that they know the secret. Pure functions of headers and body.

    GitHub, Gitea, Forgejo   X-Hub-Signature-256: sha256=<hex HMAC-SHA256 of the body>
    GitLab, signed           webhook-signature: v1,<base64 HMAC-SHA256 of "<webhook-id>.<webhook-timestamp>.<body>">
                             (the Standard Webhooks form; the key is what follows `whsec_`, in base64)
    GitLab, secret token     X-Gitlab-Token: the secret itself

A signature is over the body as it came, byte by byte, so that it is worked out while the body comes and nothing of it
is kept. What is compared is compared in constant time.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ircal.standard_webhooks import begin, key_of, signature_of

if TYPE_CHECKING:
    from collections.abc import Mapping

TOLERANCE = 300
"""Seconds by which the time of a signed message may differ from ours (Standard Webhooks leaves the number open)."""
_LONGEST_TIME = 12
"""Digits of a time."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a request brings to prove itself.

    `worked_out` is to be fed with the body; `said` are the signatures that were sent; `once` is what no other message
    has.
    """

    worked_out: hmac.HMAC
    said: tuple[str, ...]
    hexadecimal: bool
    once: str

    def holds(self) -> bool:
        """Whether one of the signatures is that of the body, once the whole of it was fed."""
        right = self.worked_out.hexdigest() if self.hexadecimal else signature_of(self.worked_out)
        fitting = [hmac.compare_digest(each.encode(), right.encode()) for each in self.said]
        return any(fitting)


def signed(headers: Mapping[str, str], secret: str, now: float) -> Proof | None:
    """The proof that a request brings; None where it brings none, or one that is too old.

    `headers` are by names in lower case, their values one character a byte; `now` is in Unix seconds.
    """
    if hub := headers.get("x-hub-signature-256"):
        said = hub.removeprefix("sha256=")
        return Proof(hmac.new(secret.encode(), digestmod=hashlib.sha256), (said,), hexadecimal=True, once=said)
    if standard := headers.get("webhook-signature"):
        return _standard(headers, standard, secret, now)
    return None


def _standard(headers: Mapping[str, str], signatures: str, secret: str, now: float) -> Proof | None:
    name, sent = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (name and sent.isascii() and sent.isdecimal() and len(sent) <= _LONGEST_TIME):
        return None
    if abs(now - int(sent)) > TOLERANCE:
        return None
    said = tuple(each.removeprefix("v1,") for each in signatures.split() if each.startswith("v1,"))
    return Proof(begin(key_of(secret), name, sent), said, hexadecimal=False, once=name)


def is_secret(headers: Mapping[str, str], secret: str) -> bool:
    """Whether a request brings the secret itself, as GitLab's `X-Gitlab-Token`."""
    return hmac.compare_digest(headers.get("x-gitlab-token", "").encode("latin-1"), secret.encode())
